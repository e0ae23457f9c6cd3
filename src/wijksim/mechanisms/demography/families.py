"""Births, leaving the parental home, couples that form and couples that part."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream, derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_normal
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.kernel.luck import luck_for
from wijksim.mechanisms.demography import loops, rate_loops
from wijksim.mechanisms.demography.looked_up import ByPass, LookedUp
from wijksim.mechanisms.demography.loops import LEAVING_HOME
from wijksim.mechanisms.demography.loops import PARTING_COUPLE as PARTING_COUPLE
from wijksim.state.codes import Activity, HouseholdType, Sex
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.pool import Pool

type Bools = NDArray[np.bool_]

PARTNER_POOL = "partner"
PARITIES: tuple[str, ...] = ("0", "1", "2", "3")  # children at home; the last is this many or more
_SEX, _LEAVER, _INSIDE, _SETTLES, _SAME_SEX, _GAP = (
    Stream(f"demography.{name}")
    for name in (
        "sex",
        "parting_leaver",
        "partner_inside",
        "partner_settles",
        "partner_same_sex",
        "partner_gap",
    )
)
_SEXES = np.array([Sex.FEMALE, Sex.MALE], np.int8)  # of who is no boy, and of a boy
_PARITY = itemgetter(*(f"demography.birth_parity_{count}" for count in PARITIES))


@dataclass(frozen=True)
class Fertility(ByPass):
    """Base rate of women by age, times ratios for children at home and for having no partner."""

    look_up = staticmethod(rate_loops.fertility)

    def given(self, ctx: Context) -> tuple[Any, ...]:
        """What :func:`rate_loops.fertility` takes last."""
        resident, value = ctx.world.resident, ctx.values
        return (
            resident.age, resident.household, ctx.world.household.children, resident.role, resident.partnered,
            *self.pieces(value), _PARITY(value), value["demography.birth_single_ratio"],
        )  # fmt: skip

    def highest(self, ctx: Context) -> float:
        """Highest rate of all, per year."""
        parity, single = max(_PARITY(ctx.values)), ctx.values["demography.birth_single_ratio"]
        return super().highest(ctx) * float(parity) * max(single, 1)


@dataclass(frozen=True)
class ByHead(ByPass):
    """Base rate of households by the age of the head."""

    look_up = staticmethod(rate_loops.by_head)

    def given(self, ctx: Context) -> tuple[Any, ...]:
        """What :func:`rate_loops.by_head` takes last."""
        return ctx.world.household.head, ctx.world.resident.age, *self.pieces(ctx.values)


def _ages(event: str, pieces: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    edges = tuple(f"demography.{event}_age_{piece}" for piece in pieces[1:])
    return edges, tuple(f"demography.{event}_rate_{piece}" for piece in pieces)


def _pieces(event: str, column: str, pieces: tuple[str, ...]) -> Piecewise:
    return Piecewise(column, *_ages(event, pieces))


_BIRTH = _ages("birth", ("15", "20", "25", "30", "35", "40", "45"))
BIRTH = LookedUp(
    "demography.birth",
    table="resident",
    base=Fertility("resident.age", *_BIRTH),
    doc="Birth of a child (geboorte); base rates are of women with a partner and without children",
)
LEAVE_HOME = Event(
    "demography.leaving_home",
    table="resident",
    base=_pieces("leaving", "resident.age", ("18", "20", "22", "25", "28")),
    influences=(
        Influence("resident.sex", "demography.leaving_female_ratio", equals=Sex.FEMALE),
        Influence("resident.activity", "demography.leaving_student_ratio", equals=Activity.STUDENT),
        Influence("resident.activity", "demography.leaving_employed_ratio", equals=Activity.EMPLOYED),
    ),
    doc="Beginning to look for a home of one's own (uit huis gaan)",
)
PAIRING = Event(
    "demography.pairing",
    table="resident",
    base=_pieces("pairing", "resident.age", ("18", "25", "30", "40", "50", "65")),
    influences=(
        Influence("resident.activity", "demography.pairing_employed_ratio", equals=Activity.EMPLOYED),
        Influence("household.type", "demography.pairing_parent_ratio", equals=HouseholdType.SINGLE_PARENT),
        Influence("resident.psychiatric", "demography.pairing_psychiatric_ratio"),
        Influence("resident.addiction", "demography.pairing_addiction_ratio"),
    ),
    doc="Moving in with a partner (gaan samenwonen)",
)
PARTING = LookedUp(
    "demography.parting",
    table="household",
    base=ByHead("resident.age", *_ages("parting", ("18", "30", "40", "50", "65"))),
    influences=(
        Influence("resident.activity", "demography.parting_employed_ratio", equals=Activity.EMPLOYED),
        Influence("household.problem_debt", "demography.parting_debt_ratio", loop="scarcity"),
        Influence("resident.stress", "demography.parting_stress_ratio", loop="scarcity"),
    ),
    doc="Couple that breaks up (scheiding)",
)


def births(ctx: Context, fertile: Rows) -> None:
    """Births this month to women of childbearing age whose last birth is long enough ago."""
    table, value = ctx.world.resident, ctx.values
    mothers = BIRTH.draw(ctx, fertile)
    if mothers.size == 0:
        return
    luck = luck_for(ctx, _SEX, table, mothers, ctx.month)
    table.bore[mothers] = ctx.month
    ctx.requests.bear(mothers, _SEXES.take(luck < value["demography.boy_share"]))


def leave_home(ctx: Context, waiting: Rows) -> None:
    """Grown children at home, ``waiting`` to leave, who begin to look for a home this month."""
    table = ctx.world.resident
    starters = LEAVE_HOME.draw(ctx, waiting)
    if starters.size:
        table.wants_home[starters] = LEAVING_HOME
        table.wants_home_since[starters] = ctx.month


def part(ctx: Context, together: Rows) -> None:
    """Couples (households ``together``) who part: one of the two begins to look for a home."""
    world = ctx.world
    households = PARTING.draw(ctx, together)
    if households.size == 0:
        return
    table, home = world.resident, world.household
    luck = luck_for(ctx, _LEAVER, home, households, ctx.month)
    loops.part(
        households, table.household, table.role, home.head, home.type, table.sex, luck,
        ctx.values["demography.parting_mother_stays"], 1 / 2, ctx.month,
        table.partnered, table.wants_home, table.wants_home_since,
    )  # fmt: skip


def pair(ctx: Context, heads: Rows) -> None:
    """Singles among ``heads`` who move in with a partner, from the districts or from outside.

    Of those who find a partner a share meets another such single of the districts: men and women are matched by
    age, the household with the smaller home moves in with the other. Whoever is left over, and everybody else,
    is joined by somebody from outside. Where the world has no pool of partners, only residents pair.
    """
    table, value = ctx.world.resident, ctx.values
    lovers = PAIRING.draw(ctx, heads)
    if lovers.size == 0:
        return
    inside = luck_for(ctx, _INSIDE, table, lovers, ctx.month)
    meets = (inside < value["demography.partner_inside_share"]).nonzero()[0]
    rest = lovers
    if meets.size > 1:
        rest = lovers[_match_inside(ctx, lovers, meets)]
    pool = ctx.world.pools.get(PARTNER_POOL)
    if pool is not None and rest.size:
        settles = luck_for(ctx, _SETTLES, table, rest, ctx.month)
        rest = rest[settles < value["demography.partner_settles_share"]]
        if rest.size:
            _join_outside(ctx, rest, pool)


def _match_inside(ctx: Context, lovers: Rows, meets: NDArray[np.intp]) -> Bools:
    """Unite women and men by age among those of ``lovers`` who meet each other; return who is left over."""
    world = ctx.world
    table = world.resident
    meeting = lovers[meets]
    by_age = meets[np.lexsort((table.uid[meeting], table.birth_month[meeting]))]
    left = np.ones(lovers.size, dtype=np.bool_)
    stay, move = np.empty((2, meets.size), dtype=np.int32)
    gap = ctx.values["demography.partner_gap_most"] * MONTHS_PER_YEAR
    count = loops.unite(
        lovers, by_age, table.sex, table.birth_month, gap, table.household, world.household.dwelling,
        world.dwelling.rooms, left, stay, move,
    )  # fmt: skip
    ctx.requests.unite(stay[:count], move[:count])
    return left


def _join_outside(ctx: Context, lovers: Rows, pool: Pool) -> None:
    """Partners from outside, of about the right age and (nearly always) the other sex, move in."""
    table, value, month = ctx.world.resident, ctx.values, ctx.month
    order, by_sex, ages = _index(ctx, pool)
    same = luck_for(ctx, _SAME_SEX, table, lovers, month) < value["demography.same_sex_share"]
    spread = luck_for(ctx, _GAP, table, lovers, month)
    to_normal(spread)
    spread *= value["demography.partner_gap_spread"]
    records = np.empty(lovers.size, dtype=np.int64)
    loops.matches(
        lovers, table.sex, table.birth_month, month, same, value["demography.partner_gap"], spread, MONTHS_PER_YEAR,
        order, by_sex, ages, records,
    )  # fmt: skip
    uids = derive_uid("partner", table.uid.take(lovers), month)
    ctx.requests.join(table.household.take(lovers), PARTNER_POOL, records, uids)


def _index(ctx: Context, pool: Pool) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Records of the pool by sex and age of their first person (made once per world)."""
    key = "demography.partner_index"
    if key not in ctx.world.stores:
        first = pool.start[:-1]
        sex, age = pool.resident["sex"][first], pool.resident["age_months"][first]
        order = np.lexsort((age, sex)).astype(np.int64)
        by_sex = np.searchsorted(sex[order], np.arange(len(Sex) + 1)).astype(np.int64)
        ctx.world.stores[key] = (order, by_sex, age[order].astype(np.int64))
    index: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] = ctx.world.stores[key]
    return index
