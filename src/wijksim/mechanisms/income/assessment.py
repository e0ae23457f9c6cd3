"""From the means of persons to the budget of a household: assistance, allowances, housing cost, poverty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income import allowances, person_loops, rule_loops
from wijksim.mechanisms.income.norms import Norms, norms
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
# rows of the sums over members (see ``person_loops.brought_in``)
_SUMS = ("own", "gross", "tax", "payments", "outside", "child_benefit", "child_extra")
_COUNTS = ("sharers", "assisted", "others")


class Assessment(NamedTuple):
    """Budget of households, euros a month, arrays of equal length, in the order of ``rule_loops.budgets``.

    Attributes
    ----------
    income
        Disposable income without rent allowance, net of the nominal health premium.
    housing_cost
        Rent less rent allowance, or the mortgage payment.
    assistance
        Social assistance paid to head and partner and to other members.
    recipients
        Assistance benefits in payment (a couple is one).
    allowances
        Rent, care and child allowances together.
    benefits
        Unemployment, incapacity and student payments, supplement and child benefit.
    tax
        Tax and contributions withheld from wages and benefits.
    """

    income: Floats
    housing_cost: Floats
    assistance: Floats
    recipients: Floats
    allowances: Floats
    benefits: Floats
    tax: Floats


def assess(ctx: Context, households: Rows) -> Assessment:
    """Assess living households; the result is in the order given."""
    rules, table, dwelling = norms(ctx.values), ctx.world.household, ctx.world.dwelling
    amounts, counts = _means(ctx, households, rules)
    found = np.empty((len(Assessment._fields), households.size))
    rule_loops.budgets(
        households, table.type, table.head, table.tenure, table.dwelling, table.takeup, table.savings, table.persons,
        table.adults, table.children, table.mortgage, ctx.world.resident.activity, dwelling.rent, rules.assistance,
        rules.allowance, rules.whole, amounts, counts, found,
    )  # fmt: skip
    return Assessment(*found)


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
    table, home, v = ctx.world.resident, ctx.world.household, ctx.values
    residents, place = np.empty((2, table.size + 1), dtype=np.intp)
    count = person_loops.members(households, table.household, home.size, residents, place)
    residents, place = residents[:count], place[:count]
    ability = table.ability.take(residents)
    wia_spread, pension_spread = v["income.wia_spread"], v["income.pension_spread"]
    amounts = np.zeros((len(_SUMS), households.size))
    counts = np.zeros((len(_COUNTS), households.size), dtype=np.int64)
    person_loops.brought_in(
        residents, place, table.activity, table.role, table.household, home.type, table.education,
        table.activity_since, table.age, table.wage, table.last_wage, ctx.month,
        np.exp(wia_spread * ability - wia_spread**2 / 2), np.exp(pension_spread * ability - pension_spread**2 / 2),
        rules.person, rules.member, amounts, counts,
    )  # fmt: skip
    return amounts, counts
