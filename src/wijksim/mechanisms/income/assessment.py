"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import allowances, person_loops, rule_loops
from wijksim.mechanisms.income.norms import Norms, norms
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
_SPREADS = itemgetter("income.wia_spread", "income.pension_spread")


def assess(ctx: Context, households: Rows, rules: Norms, nation: tuple[Any, ...]) -> None:
    """Assess living households and write their budgets, euros a month, and their place in the ``nation``."""
    table = ctx.world.household
    amounts, counts = _means(ctx, households, rules)
    rule_loops.assessed(
        households, table.type, table.head, table.tenure, table.dwelling, table.takeup, table.savings, table.persons,
        table.adults, table.children, table.mortgage, ctx.world.resident.activity, ctx.world.dwelling.rent,
        rules.assistance, rules.allowance, rules.whole, nation, amounts, counts,
        table.income_fifth, table.poor, table.income, table.housing_cost, table.assistance, table.assistance_count,
        table.allowances, table.benefits, table.tax,
    )  # fmt: skip


def own_income(ctx: Context, households: Rows) -> Floats:
    """What members bring in themselves and assistance at the norm, euros a month: a first guess without allowances."""
    amounts, counts = _means(ctx, households, norms(ctx.values))
    adults = np.maximum(ctx.world.household.adults[households], 1)
    norm = allowances.assistance_norm(ctx.values, adults)
    result: Floats = amounts[0] + norm * (counts[1] + counts[2])
    return result


def _means(ctx: Context, households: Rows, rules: Norms) -> tuple[Floats, NDArray[np.int64]]:
    """Sums over members of ``households`` of what they bring in (see ``person_loops.brought_in``).

    Sources: tax schedule and norms of 2024 (NORM-TAX-2024, NORM-AOW-2024, NORM-WIA-2019, NORM-STUDENT-2023).
    """
    table, home, size = ctx.world.resident, ctx.world.household, households.size
    residents, place = np.empty((2, table.size + 1), dtype=np.intp)
    skews = np.empty(2 * table.size, np.float32)
    count = person_loops.members(
        households, table.household, home.size, table.ability, _SPREADS(ctx.values), residents, place, skews
    )
    skews = skews[: 2 * count]
    np.exp(skews, out=skews)
    amounts = np.zeros((len(person_loops.SUMS), size))
    counts = np.zeros((len(person_loops.COUNTS), size), dtype=np.int64)
    person_loops.brought_in(
        residents[:count], place[:count], table.activity, table.role, table.household, home.type, table.education,
        table.activity_since, table.age, table.wage, table.last_wage, ctx.month, skews, rules.person, rules.member,
        amounts, counts,
    )  # fmt: skip
    return amounts, counts
