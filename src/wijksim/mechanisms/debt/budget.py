"""The monthly balance of households: money comes from somewhere and goes somewhere.

What a household owns less what it owes changes by income, less housing, spending, unplanned expenses, charges and
debts that come to light, plus what creditors write off; nothing else. The sum is tested every month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.account import Account
from wijksim.mechanisms.debt.codes import Track
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
MOST_MONTHS = np.iinfo(np.int8).max  # arrears are counted in an int8


def basic_need(ctx: Context, rows: Rows | slice = slice(None)) -> Floats:
    """Basic budget of households without rent and health premium, euros a month; zero for dead rows."""
    v = ctx.values
    table = ctx.world.household
    adults, children = table.adults[rows], table.children[rows]
    size = 1 + v["debt.budget_adult"] * np.maximum(adults - 1, 0) + v["debt.budget_child"] * children
    need: Floats = v["debt.basic_budget"] * size * table.alive[rows]
    student = ctx.world.resident.activity[table.head[rows]] == Activity.STUDENT
    return np.where(student, v["debt.student_share"] * need, need)


class Balance:
    """One month of money, for all households at once.

    Parameters
    ----------
    ctx
        The month.
    need
        Basic budget, shape of the household table.
    """

    def __init__(self, ctx: Context, need: Floats) -> None:
        self.ctx = ctx
        self.need = need
        table = ctx.world.household
        self.table = table
        self.account = Account("debt.net_worth", self._net_worth())
        self.written_off = np.zeros(0)

    def _net_worth(self) -> Floats:
        return np.array([self.table.savings.sum() - self.table.debt.sum()])

    def claim(self, rows: Rows, amounts: Floats) -> None:
        """Debts come to light."""
        self.table.debt[rows] += amounts
        self.account.spend(np.array([amounts.sum()]))

    def write_off(self, rows: Rows, left: Floats) -> Floats:
        """Creditors give up what ``rows`` owe above ``left``; return the amounts."""
        debt: Floats = self.table.debt
        amounts: Floats = np.maximum(debt[rows] - left, 0)
        debt[rows] -= amounts
        self.table.rent_debt[rows] = np.minimum(self.table.rent_debt[rows], debt[rows])
        self.account.receive(np.array([amounts.sum()]))
        return amounts

    def charge(self) -> None:
        """Interest and collection costs on problem debt outside an arrangement."""
        table = self.table
        rows = np.flatnonzero(table.problem_debt & (table.debt_track != Track.ARRANGED))
        amounts = table.debt[rows] * (self.ctx.values["debt.charge_rate"] / MONTHS_PER_YEAR)
        table.debt[rows] += amounts
        self.account.spend(np.array([amounts.sum()]))

    def settle(self, stream: str, month: int) -> None:
        """Income comes in; rent, repayments, unplanned expenses and spending go out; shortages become debt.

        Parameters
        ----------
        stream, month
            Under which unplanned expenses are drawn.
        """
        table, v = self.table, self.ctx.values
        income, housing = table.income, table.housing_cost
        shock = self._shocks(stream, month)
        floor = v["debt.floor_share"] * self.need
        room = income - housing - floor
        free = np.maximum(room, 0)
        repaid = np.minimum(table.debt, self._repay_share() * free)
        rest = free - repaid
        needed = np.minimum(rest, self.need - floor)
        spent = floor + needed + v["debt.spend_share"] * (rest - needed)
        buffer = v["debt.buffer_months"] * income
        spent += v["debt.drawdown"] * np.maximum(table.savings - np.maximum(buffer, 0), 0)
        cash = table.savings + income - housing - repaid - shock - spent
        spent, cash = self._cut(spent, cash, floor)
        short = np.maximum(-cash, 0)
        unpaid = np.minimum(v["debt.unpaid_rent_share"] * short, np.maximum(housing, 0))
        table.savings[:] = np.maximum(cash, 0)
        debt: Floats = table.debt
        debt += short - repaid
        rent_debt: Floats = table.rent_debt
        rent_debt += unpaid - np.minimum(rent_debt, repaid)
        np.clip(rent_debt, 0, np.maximum(debt, 0), out=rent_debt)
        self._count_arrears(housing)
        total = np.array([income.sum() - housing.sum() - spent.sum() - shock.sum()])
        self.account.receive(np.maximum(total, 0))
        self.account.spend(np.maximum(-total, 0))

    def close(self) -> None:
        """Test that nothing vanished."""
        self.account.close(self._net_worth(), float(np.finfo(np.float32).eps))

    def _shocks(self, stream: str, month: int) -> Floats:
        """Unplanned expenses: few households a month, exponential amounts."""
        ctx, table = self.ctx, self.table
        result = np.zeros(table.size)
        chance = -np.expm1(-ctx.values["debt.shock_rate"] / MONTHS_PER_YEAR)
        rows = table.rows
        at, _ = ctx.draws.first_below(stream, table.uid[rows], month, chance)
        hit = rows[at]
        size = ctx.draws.exponential(f"{stream}_size", table.uid[hit], month)
        result[hit] = ctx.values["debt.shock_mean"] * size
        return result

    def _repay_share(self) -> Floats:
        v, table = self.ctx.values, self.table
        share = np.where(table.problem_debt, v["debt.garnish_share"], v["debt.repay_share"])
        share[table.debt_track == Track.ARRANGED] = v["debt.arrangement_share"]
        return share

    def _cut(self, spent: Floats, cash: Floats, floor: Floats) -> tuple[Floats, Floats]:
        """Cut spending where cash runs out: to the floor, or below it where nobody lends any more."""
        limit = self.ctx.values["debt.credit_months"] * self.need
        lowest = np.where(self.table.debt < limit, floor, 0.0)
        cut = np.minimum(np.maximum(-cash, 0), np.maximum(spent - lowest, 0))
        return spent - cut, cash + cut

    def _count_arrears(self, housing: NDArray[Any]) -> None:
        """Whole months of rent or mortgage that are unpaid (huurachterstand)."""
        months = self.table.rent_debt / np.maximum(housing, 1)
        np.minimum(months, MOST_MONTHS, out=months)
        self.table.arrears[:] = months
