"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import allowances, person_loops, rule_loops, watch_loops
from wijksim.mechanisms.income.norms import Rules, budgets
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.state.world import World

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SPREADS = itemgetter("income.wia_spread", "income.pension_spread")
_SPLIT = len(("without", "within"))


class Members(NamedTuple):
    """Members of households to be assessed: how many, residents, place of the household of each, and person effects.

    Arrays may have more places than there are members. The effects are those on benefits without a past wage, one after
    the other, and then those on pensions.
    """

    number: int
    residents: NDArray[np.intp]
    home: NDArray[np.intp]
    skews: NDArray[np.float32]


class Room(NamedTuple):
    """Columns as compiled passes take them last, and room to work in, as wide as the table of households.

    Attributes
    ----------
    takeup
        For ``book_loops.takeup_split``.
    persons, budgets, places
        For ``person_loops.brought_in`` and ``rule_loops.assessed``; what goes behind the latter to add up by district.
    amounts, counts
        Sums over members, from the one to the other.
    """

    takeup: tuple[NDArray[Any], ...]
    persons: tuple[NDArray[Any], ...]
    budgets: tuple[NDArray[Any], ...]
    places: tuple[NDArray[Any], ...]
    amounts: Floats
    counts: Whole


def room(world: World) -> Room:
    """Lay out what goes with the residents and households there are."""
    table, resident, size = world.household, world.resident, world.household.size
    amounts, counts = (
        np.empty((len(person_loops.SUMS), size)),
        np.empty((len(person_loops.COUNTS), size), np.int64),
    )
    return Room(
        (table.alive, table.takeup, np.empty((_SPLIT, size + 1), np.int32)),
        (
            resident.activity, resident.role, resident.household, table.type, resident.education,
            resident.activity_since, resident.age, resident.wage, resident.last_wage, amounts, counts,
        ),
        (
            table.type, table.head, table.tenure, table.dwelling, table.takeup, table.savings, table.persons,
            table.adults, table.children, table.mortgage, resident.activity, world.dwelling.rent, amounts, counts,
            table.income_fifth, table.poor, table.income, table.housing_cost, table.assistance, table.assistance_count,
            table.allowances, table.benefits, table.tax,
        ),
        (table.entrance, world.entrance.district),
        amounts, counts,
    )  # fmt: skip


def assess(ctx: Context, households: Rows, rules: tuple[Rules, Rules]) -> None:
    """Assess living households and write their budgets, euros a month, and their place in the nation.

    Sources: tax schedule and norms of 2024 (NORM-TAX-2024, NORM-AOW-2024, NORM-WIA-2019, NORM-STUDENT-2023).
    """
    laid, (persons, whole) = room(ctx.world), rules
    person_loops.brought_in(households.size, *members_of(ctx, households), ctx.month, *persons, *laid.persons)
    rule_loops.assessed(households, *whole, *laid.budgets)


def assess_and_add(
    ctx: Context, due: tuple[Rows, Members], rules: tuple[Rules, Rules], costs: tuple[float, float], laid: Room
) -> Floats:  # fmt: skip
    """Do :func:`assess`, and add up the transfers to all households by district, shape ``(items, districts)``.

    ``costs`` are those of handling assistance in a month, and the euro of the rules in euros of the accounts.
    """
    (households, members), (persons, whole) = due, rules
    if households.size:
        person_loops.brought_in(households.size, *members, ctx.month, *persons, *laid.persons)
    sums = np.zeros((len(rule_loops.ITEMS), ctx.world.n_districts))
    rule_loops.assessed_and_added(households, *costs, sums, *whole, *laid.budgets, *laid.places)
    return sums


def own_income(ctx: Context, households: Rows) -> Floats:
    """What members bring in themselves and assistance at the norm, euros a month: a first guess without allowances."""
    laid, size = room(ctx.world), households.size
    person_loops.brought_in(
        size, *members_of(ctx, households), ctx.month, *budgets(ctx.values)[0], *laid.persons
    )
    amounts, counts = laid.amounts[:, :size], laid.counts[:, :size]
    adults = np.maximum(ctx.world.household.adults[households], 1)
    norm = allowances.assistance_norm(ctx.values, adults)
    result: Floats = amounts[0] + norm * (counts[1] + counts[2])
    return result


def members_of(ctx: Context, households: Rows) -> Members:
    """Members of ``households``, as the watch lists them for those who are due."""
    table, lines = ctx.world.resident, lines_for(ctx.world.resident.size)
    number = watch_loops.members(
        households, ctx.world.household.size, SPREADS(ctx.values), table.household, table.ability, *lines
    )
    return listed(number, *lines)


def lines_for(residents: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Room for :class:`Members` of so many residents."""
    return (
        np.empty(residents + 1, np.intp),
        np.empty(residents + 1, np.intp),
        np.empty(2 * residents, np.float32),
    )


def listed(
    number: int, residents: NDArray[np.intp], home: NDArray[np.intp], skews: NDArray[np.float32]
) -> Members:
    """Members as they were listed, with their effects and no longer the logs of these."""
    effects = skews[: 2 * number]
    np.exp(effects, out=effects)
    return Members(number, residents, home, skews)
