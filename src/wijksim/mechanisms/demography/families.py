"""Births, leaving the parental home, couples that form and couples that part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.demography import loops
from wijksim.mechanisms.demography.loops import LEAVING_HOME
from wijksim.mechanisms.demography.loops import PARTING_COUPLE as PARTING_COUPLE
from wijksim.state.codes import Activity, HouseholdType, Role, Sex
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.pool import Pool

type Bools = NDArray[np.bool_]

PARTNER_POOL = "partner"
PARITIES: tuple[str, ...] = ("0", "1", "2", "3")  # children at home; the last is this many or more
_PARITY_RATIOS = tuple(f"demography.birth_parity_{count}" for count in PARITIES)


@dataclass(frozen=True)
class Fertility(Piecewise):
    """Base rate of women by age, times ratios for children at home and for having no partner."""

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Births per woman, per year."""
        resident, value = ctx.world.resident, ctx.values
        children = ctx.world.household.children[resident.household[rows]]
        # the children at home of a woman who still lives with her parents are her brothers and sisters
        own = np.minimum(children, len(PARITIES) - 1) * (resident.role[rows] != Role.CHILD.value)
        single = value["demography.birth_single_ratio"]
        rate = super().values(ctx, table, rows)
        rate *= np.array(self._parity(ctx))[own]
        rate *= np.where(resident.partnered[rows], 1, single)
        return rate

    def highest(self, ctx: Context) -> float:
        """Highest rate of all, per year."""
        single = ctx.values["demography.birth_single_ratio"]
        return super().highest(ctx) * max(self._parity(ctx)) * max(single, 1)

    def _parity(self, ctx: Context) -> list[float]:
        return [ctx.values[name] for name in _PARITY_RATIOS]


def _ages(event: str, pieces: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    edges = tuple(f"demography.{event}_age_{piece}" for piece in pieces[1:])
    return edges, tuple(f"demography.{event}_rate_{piece}" for piece in pieces)


def _pieces(event: str, column: str, pieces: tuple[str, ...]) -> Piecewise:
    return Piecewise(column, *_ages(event, pieces))


BIRTH = Event(
    "demography.birth",
    table="resident",
    base=Fertility("resident.age", *_ages("birth", ("15", "20", "25", "30", "35", "40", "45"))),
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
PARTING = Event(
    "demography.parting",
    table="household",
    base=_pieces("parting", "resident.age", ("18", "30", "40", "50", "65")),
    influences=(
        Influence("resident.activity", "demography.parting_employed_ratio", equals=Activity.EMPLOYED),
        Influence("household.problem_debt", "demography.parting_debt_ratio", loop="scarcity"),
        Influence("resident.stress", "demography.parting_stress_ratio", loop="scarcity"),
    ),
    doc="Couple that breaks up (scheiding)",
)


def couples(ctx: Context) -> Bools:
    """Households of two partners of whom none is on the way out, shape ``(households,)``."""
    household, table = ctx.world.household, ctx.world.resident
    together = np.empty(household.size, dtype=np.bool_)
    loops.couples(household.alive, household.type, table.wants_home, table.household, together)
    return together


def clear_wishes(ctx: Context) -> None:
    """Drop wishes whose ground is gone: the child became head, the partner left or died."""
    table = ctx.world.resident
    loops.clear_wishes(table.role, table.household, ctx.world.household.type, table.wants_home)


def births(ctx: Context, fertile: Rows) -> None:
    """Births this month to women of childbearing age whose last birth is long enough ago."""
    table, value = ctx.world.resident, ctx.values
    mothers = BIRTH.draw(ctx, fertile)
    if mothers.size == 0:
        return
    boy = ctx.draws.uniform("demography.sex", table.uid[mothers], ctx.month) < value["demography.boy_share"]
    table.bore[mothers] = ctx.month
    ctx.requests.bear(mothers, np.where(boy, Sex.MALE, Sex.FEMALE).astype(np.int8))


def leave_home(ctx: Context, waiting: Rows) -> None:
    """Grown children at home, ``waiting`` to leave, who begin to look for a home this month."""
    table = ctx.world.resident
    starters = LEAVE_HOME.draw(ctx, waiting)
    table.wants_home[starters] = LEAVING_HOME
    table.wants_home_since[starters] = ctx.month


def part(ctx: Context, together: Bools) -> None:
    """Couples who part: one of the two begins to look for a home."""
    world, value = ctx.world, ctx.values
    households = PARTING.draw(ctx, together.nonzero()[0].astype(np.int32))
    if households.size == 0:
        return
    table = world.resident
    partner = _partners_in(ctx, households)
    households, partner = households[partner >= 0], partner[partner >= 0]
    home = world.household
    luck = ctx.draws.uniform("demography.parting_leaver", home.uid[households], ctx.month)
    loops.part(
        households, partner, home.head, home.type, table.sex, luck, value["demography.parting_mother_stays"], 1 / 2,
        ctx.month, table.partnered, table.wants_home, table.wants_home_since,
    )  # fmt: skip


def _partners_in(ctx: Context, households: Rows) -> Rows:
    """Resident with the role of partner in each of ``households``, -1 if none (of several the first)."""
    table = ctx.world.resident
    position = np.full(
        ctx.world.household.size + 1, -1, dtype=np.int32
    )  # the dead look at the spare last place
    found = np.empty(households.size, dtype=np.int32)
    loops.partners_in(households, table.role, table.household, position, found)
    return found


def pair(ctx: Context) -> None:
    """Singles who move in with a partner, from the districts or from outside.

    Of those who find a partner a share meets another such single of the districts: men and women are matched by
    age, the household with the smaller home moves in with the other. Whoever is left over, and everybody else,
    is joined by somebody from outside. Where the world has no pool of partners, only residents pair.
    """
    world, value = ctx.world, ctx.values
    table, household = world.resident, world.household
    first, last = int(value["demography.pairing_age_18"]), int(value["demography.pairing_age_last"])
    heads = np.empty(household.size + 1, dtype=np.int32)
    alone = loops.singles(household.alive, household.type, household.head, table.age, first, last, heads)
    lovers = PAIRING.draw(ctx, heads[:alone])
    if lovers.size == 0:
        return
    inside = ctx.draws.uniform("demography.partner_inside", table.uid[lovers], ctx.month)
    meets = inside < value["demography.partner_inside_share"]
    matched = _match_inside(ctx, lovers[meets])
    if PARTNER_POOL in world.pools:
        left = np.zeros(table.size, dtype=bool)
        left[lovers] = True
        left[matched] = False
        rest = lovers[left[lovers]]
        settles = ctx.draws.uniform("demography.partner_settles", table.uid[rest], ctx.month)
        rest = rest[settles < value["demography.partner_settles_share"]]
        if rest.size:
            _join_outside(ctx, rest, world.pools[PARTNER_POOL])


def _match_inside(ctx: Context, lovers: Rows) -> Rows:
    """Unite women and men by age; return those matched."""
    world = ctx.world
    table = world.resident
    by_age = lovers[np.lexsort((table.uid[lovers], table.birth_month[lovers]))]
    sex = table.sex[by_age]
    women, men = by_age[sex == Sex.FEMALE.value], by_age[sex == Sex.MALE.value]
    count = min(women.size, men.size)
    gap = ctx.values["demography.partner_gap_most"] * MONTHS_PER_YEAR
    women, men = women[:count], men[:count]
    near = np.abs(table.birth_month[women].astype(np.int64) - table.birth_month[men]) <= gap
    women, men = women[near], men[near]
    ours, theirs = table.household[women], table.household[men]
    rooms = world.dwelling.rooms
    hers = rooms[world.household.dwelling[ours]] >= rooms[world.household.dwelling[theirs]]
    ctx.requests.unite(np.where(hers, ours, theirs), np.where(hers, theirs, ours))
    return np.concatenate([women, men])


def _join_outside(ctx: Context, lovers: Rows, pool: Pool) -> None:
    """Partners from outside, of about the right age and (nearly always) the other sex, move in."""
    table, value, draws = ctx.world.resident, ctx.values, ctx.draws
    order, by_sex, ages = _index(ctx, pool)
    uid, month = table.uid[lovers], ctx.month
    same = draws.uniform("demography.partner_same_sex", uid, month) < value["demography.same_sex_share"]
    spread = value["demography.partner_gap_spread"] * draws.normal("demography.partner_gap", uid, month)
    records = np.empty(lovers.size, dtype=np.int64)
    loops.matches(
        lovers, table.sex, table.birth_month, month, same, value["demography.partner_gap"], spread, MONTHS_PER_YEAR,
        order, by_sex, ages, records,
    )  # fmt: skip
    households = table.household[lovers]
    ctx.requests.join(
        households, PARTNER_POOL, records, np.asarray(derive_uid("partner", uid, month), dtype=np.uint64)
    )


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
