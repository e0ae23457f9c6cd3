"""The monthly balance of households: money comes from somewhere and goes somewhere.

What a household owns less what it owes changes by income, less housing, spending, unplanned expenses, charges and
debts that come to light, plus what creditors write off; nothing else. The sum is tested every month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def basic_need(ctx: Context, rows: Rows | None = None) -> Floats:
    """Basic budget of households without rent and health premium, euros a month; zero for dead rows."""
    v = ctx.values
    table = ctx.world.household
    adults, children, head = table.adults, table.children, table.head
    if rows is not None:
        adults, children, head = adults[rows], children[rows], head[rows]
    # a few sizes of household only: the budget is looked up, and nobody at all (a dead row) needs nothing
    wide = int(children.max(initial=0)) + 1
    grown, young = np.arange(int(adults.max(initial=0)) + 1)[:, None], np.arange(wide)
    size = 1 + v["debt.budget_adult"] * np.maximum(grown - 1, 0) + v["debt.budget_child"] * young
    budget = v["debt.basic_budget"] * size
    budget[0, 0] = 0
    need: Floats = budget.take(adults * wide + children)
    student = ctx.world.resident.activity.take(head) == Activity.STUDENT
    np.multiply(need, v["debt.student_share"], out=need, where=student)
    return need


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
        rows = table.problem_debt.nonzero()[0]
        rows = rows[table.debt_track.take(rows) != Track.ARRANGED]
        amounts = table.debt.take(rows) * (self.ctx.values["debt.charge_rate"] / MONTHS_PER_YEAR)
        table.debt[rows] += amounts
        self.account.spend(np.array([amounts.sum()]))

    def settle(self, stream: str, month: int) -> None:
        """Income comes in; rent, repayments, unplanned expenses and spending go out; shortages become debt.

        What concerns few households (expenses that come unplanned, shortages, rent debts) is computed for them only.

        Parameters
        ----------
        stream, month
            Under which unplanned expenses are drawn.
        """
        table, v = self.table, self.ctx.values
        income, housing = table.income, table.housing_cost
        savings: Floats = table.savings
        hit, shock = self._shocks(stream, month)
        net = income - housing
        floor = v["debt.floor_share"] * self.need
        room = np.subtract(net, floor)
        free = np.maximum(room, 0, out=room)
        repaid = self._repaid(free)
        rest = np.subtract(free, repaid, out=free)
        needed = np.minimum(rest, self.need - floor)
        rest -= needed
        rest *= v["debt.spend_share"]
        spent = np.add(floor, needed, out=needed)
        spent += rest
        buffer = v["debt.buffer_months"] * income
        np.maximum(buffer, 0, out=buffer)
        above = np.subtract(savings, buffer, out=buffer)
        np.maximum(above, 0, out=above)
        above *= v["debt.drawdown"]
        spent += above
        cash = savings + income
        cash -= housing
        cash -= repaid
        cash[hit] -= shock
        cash -= spent
        rows = (cash < 0).nonzero()[0]
        self._cut(rows, spent, cash, floor)
        self._lack(rows, cash, repaid)
        np.maximum(cash, 0, out=savings)
        total = np.array([net.sum() - spent.sum() - shock.sum()])
        self.account.receive(np.maximum(total, 0))
        self.account.spend(np.maximum(-total, 0))

    def close(self) -> None:
        """Test that nothing vanished."""
        error = self.account.close(self._net_worth(), float(np.finfo(np.float32).eps))
        self.ctx.counters.peak("debt.largest_money_error_share", error)

    def _shocks(self, stream: str, month: int) -> tuple[Rows, Floats]:
        """Unplanned expenses: few households a month, exponential amounts."""
        ctx, table = self.ctx, self.table
        chance = -np.expm1(-ctx.values["debt.shock_rate"] / MONTHS_PER_YEAR)
        rows = table.rows
        hit = rows[ctx.draws.uniform(stream, table.uid.take(rows), month) < chance]
        size = ctx.draws.exponential(f"{stream}_size", table.uid[hit], month)
        return hit, ctx.values["debt.shock_mean"] * size

    def _repaid(self, free: Floats) -> Floats:
        """Repayments out of what is free: a share by the state of the debt, never more than is owed."""
        v, table = self.ctx.values, self.table
        debt: Floats = table.debt
        repaid = v["debt.repay_share"] * free
        rows = table.problem_debt.nonzero()[0]
        arranged = table.debt_track.take(rows) == Track.ARRANGED
        share = np.where(arranged, v["debt.arrangement_share"], v["debt.garnish_share"])
        repaid[rows] = share * free.take(rows)
        return np.minimum(debt, repaid, out=repaid)

    def _cut(self, rows: NDArray[np.intp], spent: Floats, cash: Floats, floor: Floats) -> None:
        """Cut spending of ``rows``, whose cash runs out: to the floor, or below it where nobody lends any more."""
        limit = self.ctx.values["debt.credit_months"] * self.need.take(rows)
        lowest = np.where(self.table.debt.take(rows) < limit, floor.take(rows), 0.0)
        cut = np.minimum(-cash.take(rows), np.maximum(spent.take(rows) - lowest, 0))
        spent[rows] -= cut
        cash[rows] += cut

    def _lack(self, rows: NDArray[np.intp], cash: Floats, repaid: Floats) -> None:
        """Book repayments, and what ``rows`` are short of as debt, part of it towards the landlord or bank."""
        table = self.table
        housing = table.housing_cost
        debt: Floats = table.debt
        rent_debt: Floats = table.rent_debt
        short = np.maximum(-cash.take(rows), 0)
        unpaid = np.minimum(
            self.ctx.values["debt.unpaid_rent_share"] * short, np.maximum(housing.take(rows), 0)
        )
        owed = debt.take(rows) + (short - repaid.take(rows))
        debt -= repaid
        debt[rows] = owed
        behind = rent_debt > 0
        behind[rows] = True
        late = behind.nonzero()[0]
        more = np.zeros(table.size)
        more[rows] = unpaid
        before = rent_debt.take(late)
        now = before + (more.take(late) - np.minimum(before, repaid.take(late)))
        now = np.minimum(np.maximum(now, 0), np.maximum(debt.take(late), 0))
        rent_debt[late] = now
        # whole months of rent or mortgage that are unpaid (huurachterstand)
        months = now / np.maximum(housing.take(late), 1)
        table.arrears[:] = 0
        table.arrears[late] = np.minimum(months, MOST_MONTHS)
