"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import allowances, person_loops, rule_loops, watch_loops
from wijksim.mechanisms.income.norms import Norms, norms
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SPREADS = itemgetter("income.wia_spread", "income.pension_spread")
_NOBODY = np.empty((len(person_loops.SUMS), 0)), np.empty((len(person_loops.COUNTS), 0), np.int64)


class Members(NamedTuple):
    """Members of households to be assessed: residents, place of the household of each, and person effects.

    The effects are those on benefits without a past wage, one after the other, and then those on pensions.
    """

    residents: NDArray[np.intp]
    home: NDArray[np.intp]
    skews: NDArray[np.float32]


def assess(ctx: Context, households: Rows, rules: Norms, nation: tuple[Any, ...]) -> None:
    """Assess living households and write their budgets, euros a month, and their place in the ``nation``."""
    found = _means(ctx, households.size, members_of(ctx, households), rules)
    rule_loops.assessed(*_columns(ctx, households, rules, nation, found))


def assess_and_add(
    ctx: Context, households: Rows, members: Members, rules: tuple[Norms, tuple[Any, ...]], costs: tuple[float, float]
) -> Floats:  # fmt: skip
    """Assess living households, and add up the transfers to all there are by district, shape ``(items, districts)``.

    ``costs`` are those of handling assistance in a month, and the euro of the rules in euros of the accounts.
    """
    world, (norms_, nation), found = ctx.world, rules, _NOBODY
    if households.size:
        found = _means(ctx, households.size, members, norms_)
    columns = _columns(ctx, households, norms_, nation, found)
    places = world.household.entrance, world.entrance.district
    return rule_loops.assessed_and_added(*(*columns, *places, *costs, world.n_districts))


def _columns(
    ctx: Context, households: Rows, rules: Norms, nation: tuple[Any, ...], found: tuple[Floats, Whole]
) -> tuple[Any, ...]:
    """What :func:`rule_loops.assessed` takes."""
    table = ctx.world.household
    return (
        households, table.type, table.head, table.tenure, table.dwelling, table.takeup, table.savings, table.persons,
        table.adults, table.children, table.mortgage, ctx.world.resident.activity, ctx.world.dwelling.rent,
        rules.assistance, rules.allowance, rules.whole, nation, *found,
        table.income_fifth, table.poor, table.income, table.housing_cost, table.assistance, table.assistance_count,
        table.allowances, table.benefits, table.tax,
    )  # fmt: skip


def own_income(ctx: Context, households: Rows) -> Floats:
    """What members bring in themselves and assistance at the norm, euros a month: a first guess without allowances."""
    amounts, counts = _means(ctx, households.size, members_of(ctx, households), norms(ctx.values))
    adults = np.maximum(ctx.world.household.adults[households], 1)
    norm = allowances.assistance_norm(ctx.values, adults)
    result: Floats = amounts[0] + norm * (counts[1] + counts[2])
    return result


def members_of(ctx: Context, households: Rows) -> Members:
    """Members of ``households``, as the watch lists them for those who are due."""
    table = ctx.world.resident
    found = watch_loops.members(
        households, table.household, ctx.world.household.size, table.ability, SPREADS(ctx.values)
    )
    return listed(found)


def listed(found: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]) -> Members:
    """Members as they were listed, with their effects and no longer the logs of these."""
    residents, home, effects = found
    np.exp(effects, out=effects)
    return Members(residents, home, effects)


def _means(ctx: Context, size: int, members: Members, rules: Norms) -> tuple[Floats, Whole]:
    """Sums over members of so many households of what they bring in (see ``person_loops.brought_in``).

    Sources: tax schedule and norms of 2024 (NORM-TAX-2024, NORM-AOW-2024, NORM-WIA-2019, NORM-STUDENT-2023).
    """
    table = ctx.world.resident
    return person_loops.brought_in(
        members.residents, members.home, table.activity, table.role, table.household, ctx.world.household.type,
        table.education, table.activity_since, table.age, table.wage, table.last_wage, ctx.month, members.skews,
        rules.person, rules.member, size,
    )  # fmt: skip
