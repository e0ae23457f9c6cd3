"""The monthly balance of households: money comes from somewhere and goes somewhere.

What a household owns less what it owes changes by income, less housing, spending, unplanned expenses, charges and
debts that come to light, plus what creditors write off; nothing else. The sum is tested every month.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.account import Account
from wijksim.mechanisms.debt.balance_loops import needs, settled
from wijksim.mechanisms.debt.stage_loops import charged, written_off
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
_BUDGET = itemgetter("debt.basic_budget", "debt.budget_adult", "debt.budget_child", "debt.student_share")
_REPAY = itemgetter("debt.repay_share", "debt.arrangement_share", "debt.garnish_share")
_SPEND = itemgetter("debt.floor_share", "debt.spend_share", "debt.buffer_months", "debt.drawdown")
_CREDIT = itemgetter("debt.credit_months", "debt.unpaid_rent_share")
UNPAID = (
    "debt.unpaid_rent"  # what levers scale: part of a shortage that a household leaves unpaid at the landlord
)


def basic_need(ctx: Context, rows: Rows | None = None) -> Floats:
    """Basic budget of households without rent and health premium, euros a month; zero for dead rows.

    The budget holds the energy of a mean home; what a household pays above or below that comes on top.
    """
    table = ctx.world.household
    adults, children, head, more = table.adults, table.children, table.head, table.energy_excess
    if rows is not None:
        adults, children, head, more = adults[rows], children[rows], head[rows], more[rows]
    need = np.empty(adults.size)
    budget = np.array(_BUDGET(ctx.values), np.float64)
    needs(adults, children, head, ctx.world.resident.activity, budget, need)
    need += more
    np.maximum(need, 0, out=need)
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
        amounts = np.empty(rows.size)
        written_off(rows, left, self.table.debt, self.table.rent_debt, amounts)
        self.account.receive(np.array([amounts.sum()]))
        return amounts

    def charge(self) -> None:
        """Interest and collection costs on problem debt outside an arrangement."""
        table = self.table
        amounts = np.empty(table.size)
        rate = self.ctx.values["debt.charge_rate"] / MONTHS_PER_YEAR
        count = charged(table.problem_debt, table.debt_track, rate, table.debt, amounts)
        self.account.spend(np.array([amounts[:count].sum()]))

    def settle(self, stream: str, month: int) -> None:
        """Income comes in; rent, repayments, unplanned expenses and spending go out; shortages become debt.

        Parameters
        ----------
        stream, month
            Under which unplanned expenses are drawn.
        """
        table = self.table
        hit, shock = self._shocks(stream, month)
        net, spent = np.empty((2, table.size))
        repay, spend, credit = (
            np.array(get(self.ctx.values), np.float64) for get in (_REPAY, _SPEND, _CREDIT)
        )
        lever = self.ctx.effects.offsets(UNPAID, "household")
        firmer = np.empty(0) if lever is None else np.exp(lever)
        # fmt: off
        settled(
            table.income, table.housing_cost, self.need, table.problem_debt, table.debt_track, hit, shock,
            repay, spend, credit, firmer,
            table.savings, table.debt, table.rent_debt, table.arrears, net, spent,
        )
        # fmt: on
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
        hit, _ = ctx.draws.near(stream, table.uid, table.rows, month, chance)
        size = ctx.draws.exponential(f"{stream}_size", table.uid[hit], month)
        return hit, ctx.values["debt.shock_mean"] * size
