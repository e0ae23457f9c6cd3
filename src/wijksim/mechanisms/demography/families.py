"""Births, leaving the parental home, couples that form and couples that part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel import derive
from wijksim.kernel.event import Event, Piecewise
from wijksim.kernel.influence import Influence
from wijksim.state.codes import Activity, HouseholdType, Role, Sex
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.pool import Pool

type Bools = NDArray[np.bool_]

LEAVING_HOME, PARTING_COUPLE = 1, 2  # codes of resident.wants_home
PARTNER_POOL = "partner"
PARITIES: tuple[str, ...] = ("0", "1", "2", "3")  # children at home; the last is this many or more


@dataclass(frozen=True)
class Fertility(Piecewise):
    """Base rate of women by age, times ratios for children at home and for having no partner."""

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Births per woman, per year."""
        resident, value = ctx.world.resident, ctx.values
        children = ctx.world.household.children[resident.household[rows]]
        # the children at home of a woman who still lives with her parents are her brothers and sisters
        own = np.where(resident.role[rows] == Role.CHILD, 0, np.minimum(children, len(PARITIES) - 1))
        single = value["demography.birth_single_ratio"]
        base = super().values(ctx, table, rows)
        return np.asarray(base * self._parity(ctx)[own] * np.where(resident.partnered[rows], 1, single))

    def highest(self, ctx: Context) -> float:
        """Highest rate of all, per year."""
        single = ctx.values["demography.birth_single_ratio"]
        return super().highest(ctx) * float(self._parity(ctx).max()) * max(single, 1)

    def _parity(self, ctx: Context) -> NDArray[np.float64]:
        return np.array([ctx.values[f"demography.birth_parity_{count}"] for count in PARITIES])


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
    world = ctx.world
    kind = world.household.type
    together: Bools = world.household.alive & (
        (kind == HouseholdType.COUPLE) | (kind == HouseholdType.FAMILY)
    )
    leaving = np.flatnonzero(world.resident.wants_home == PARTING_COUPLE)
    together[world.resident.household[leaving]] = False
    return together


def clear_wishes(ctx: Context) -> None:
    """Drop wishes whose ground is gone: the child became head, the partner left or died."""
    table = ctx.world.resident
    wishing = np.flatnonzero(table.wants_home)
    if wishing.size == 0:
        return
    kind = ctx.world.household.type[table.household[wishing]]
    alone = (kind != HouseholdType.COUPLE) & (kind != HouseholdType.FAMILY)
    child = table.role[wishing] == Role.CHILD
    idle = np.where(table.wants_home[wishing] == LEAVING_HOME, ~child, alone | child)
    table.wants_home[wishing[idle]] = 0


def births(ctx: Context, women: Rows) -> None:
    """Births this month to ``women`` of childbearing age."""
    table, value = ctx.world.resident, ctx.values
    interval = int(value["demography.birth_interval"])
    mothers = BIRTH.draw(ctx, women[table.bore[women] <= ctx.month - interval])
    if mothers.size == 0:
        return
    boy = ctx.draws.uniform("demography.sex", table.uid[mothers], ctx.month) < value["demography.boy_share"]
    table.bore[mothers] = ctx.month
    ctx.requests.bear(mothers, np.where(boy, Sex.MALE, Sex.FEMALE).astype(np.int8))


def leave_home(ctx: Context, children: Rows) -> None:
    """Grown children who begin to look for a home this month."""
    table = ctx.world.resident
    waiting = table.wants_home[children] == 0
    starters = LEAVE_HOME.draw(ctx, children[waiting])
    table.wants_home[starters] = LEAVING_HOME
    table.wants_home_since[starters] = ctx.month


def part(ctx: Context, together: Bools) -> None:
    """Couples who part: one of the two begins to look for a home."""
    world, value = ctx.world, ctx.values
    households = PARTING.draw(ctx, np.flatnonzero(together).astype(np.int32))
    if households.size == 0:
        return
    table = world.resident
    members = derive.members(world, households)
    partners = members[table.role[members] == Role.PARTNER]
    homes, first = np.unique(table.household[partners], return_index=True)
    partner = partners[first]
    head = world.household.head[homes]
    luck = ctx.draws.uniform("demography.parting_leaver", world.household.uid[homes], ctx.month)
    mother_stays = value["demography.parting_mother_stays"]
    head_is_woman = table.sex[head] == Sex.FEMALE
    mixed = table.sex[head] != table.sex[partner]
    parents = mixed & (world.household.type[homes] == HouseholdType.FAMILY)
    even = 1 / 2
    head_stays = np.where(parents, np.where(head_is_woman, mother_stays, 1 - mother_stays), even)
    leaver = np.where(luck < head_stays, partner, head)
    table.partnered[np.concatenate([head, partner])] = False
    table.wants_home[leaver] = PARTING_COUPLE
    table.wants_home_since[leaver] = ctx.month


def pair(ctx: Context) -> None:
    """Singles who move in with a partner, from the districts or from outside.

    Of those who find a partner a share meets another such single of the districts: men and women are matched by
    age, the household with the smaller home moves in with the other. Whoever is left over, and everybody else,
    is joined by somebody from outside. Where the world has no pool of partners, only residents pair.
    """
    world, value = ctx.world, ctx.values
    table, household = world.resident, world.household
    alone = household.alive & (
        (household.type == HouseholdType.SINGLE) | (household.type == HouseholdType.SINGLE_PARENT)
    )
    heads = household.head[np.flatnonzero(alone)]
    age = table.age[heads]
    first, last = int(value["demography.pairing_age_18"]), int(value["demography.pairing_age_last"])
    lovers = PAIRING.draw(ctx, heads[(age >= first) & (age < last)])
    if lovers.size == 0:
        return
    inside = ctx.draws.uniform("demography.partner_inside", table.uid[lovers], ctx.month)
    meets = inside < value["demography.partner_inside_share"]
    matched = _match_inside(ctx, lovers[meets])
    if PARTNER_POOL in world.pools:
        rest = lovers[~np.isin(lovers, matched)]
        settles = ctx.draws.uniform("demography.partner_settles", table.uid[rest], ctx.month)
        rest = rest[settles < value["demography.partner_settles_share"]]
        if rest.size:
            _join_outside(ctx, rest, world.pools[PARTNER_POOL])


def _match_inside(ctx: Context, lovers: Rows) -> Rows:
    """Unite women and men by age; return those matched."""
    world = ctx.world
    table = world.resident
    by_age = lovers[np.lexsort((table.uid[lovers], table.birth_month[lovers]))]
    women = by_age[table.sex[by_age] == Sex.FEMALE]
    men = by_age[table.sex[by_age] == Sex.MALE]
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
    sex = np.where(same, table.sex[lovers], 1 - table.sex[lovers])
    older = np.where(table.sex[lovers] == Sex.FEMALE, 1, -1) * value["demography.partner_gap"] * ~same
    spread = value["demography.partner_gap_spread"] * draws.normal("demography.partner_gap", uid, month)
    wanted = month - table.birth_month[lovers] + (older + spread) * MONTHS_PER_YEAR
    records = np.empty(lovers.size, dtype=np.int64)
    for code in Sex:
        mine = np.flatnonzero(sex == code)
        low, high = by_sex[code], by_sex[code + 1]
        if low == high:  # a pool without this sex: take from the whole of it
            low, high = 0, order.size
        place = low + np.searchsorted(ages[low:high], wanted[mine])
        records[mine] = order[np.minimum(place, high - 1)]
    households = table.household[lovers]
    ctx.requests.join(
        households, PARTNER_POOL, records, np.asarray(derive_uid("partner", uid, month), dtype=np.uint64)
    )


def _index(ctx: Context, pool: Pool) -> tuple[NDArray[np.int64], list[int], NDArray[Any]]:
    """Records of the pool by sex and age of their first person (made once per world)."""
    key = "demography.partner_index"
    if key not in ctx.world.stores:
        first = pool.start[:-1]
        sex, age = pool.resident["sex"][first], pool.resident["age_months"][first]
        order = np.lexsort((age, sex)).astype(np.int64)
        by_sex = [int(np.searchsorted(sex[order], code)) for code in range(len(Sex) + 1)]
        ctx.world.stores[key] = (order, by_sex, age[order])
    index: tuple[NDArray[np.int64], list[int], NDArray[Any]] = ctx.world.stores[key]
    return index
