"""The monthly balance of households: money comes from somewhere and goes somewhere.

What a household owns less what it owes changes by income, less housing, spending, unplanned expenses, charges and
debts that come to light, plus what creditors write off; nothing else. The sum is tested every month.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.account import ConservationError
from wijksim.mechanisms.debt.balance_loops import charged_and_settled, needs, net_worth
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
BUDGET = itemgetter("debt.basic_budget", "debt.budget_adult", "debt.budget_child", "debt.student_share")
_REPAY = itemgetter("debt.repay_share", "debt.arrangement_share", "debt.garnish_share")
_SPEND = itemgetter("debt.floor_share", "debt.spend_share", "debt.buffer_months", "debt.drawdown")
_CREDIT = itemgetter("debt.credit_months", "debt.unpaid_rent_share")
_NO_LEVER = np.empty(0)
_TOLERANCE = float(np.finfo(np.float32).eps)
UNPAID = (
    "debt.unpaid_rent"  # what levers scale: part of a shortage that a household leaves unpaid at the landlord
)


def basic_need(ctx: Context) -> Floats:
    """Basic budget of households without rent and health premium, euros a month; zero for dead rows.

    The budget holds the energy of a mean home; what a household pays above or below that comes on top.
    """
    table = ctx.world.household
    need = np.empty(table.size)
    needs(
        table.adults, table.children, table.head, table.energy_excess, ctx.world.resident.activity,
        BUDGET(ctx.values), need,
    )  # fmt: skip
    return need


class Balance:
    """One month of money, for all households at once: a conserved stock of one number.

    Parameters
    ----------
    ctx
        The month.
    need
        Basic budget, shape of the household table.
    opening
        What all households own less what they owe, if it is known.
    """

    def __init__(self, ctx: Context, need: Floats, opening: float | None = None) -> None:
        self.ctx = ctx
        self.need = need
        table = ctx.world.household
        self.table = table
        self.opening = net_worth(table.savings, table.debt) if opening is None else opening
        self.received = self.spent = 0.0

    def claim(self, amount: float) -> None:
        """Debts come to light."""
        self.spent += amount

    def write_off(self, amounts: Floats) -> None:
        """Creditors give up what is owed."""
        self.received += float(np.add.reduce(amounts))

    def settle(self, stream: str, month: int, rate: float = 0.0) -> None:
        """Income comes in; rent, repayments, unplanned expenses and spending go out; shortages become debt.

        Parameters
        ----------
        stream, month
            Under which unplanned expenses are drawn.
        rate
            At which problem debt outside an arrangement is charged with interest and costs first.
        """
        table, v = self.table, self.ctx.values
        hit, shock = self._shocks(stream, month)
        lever = self.ctx.effects.offsets(UNPAID, "household")
        charges, left = charged_and_settled(
            rate, table.income, table.housing_cost, self.need, table.problem_debt, table.debt_track, hit, shock,
            _REPAY(v), _SPEND(v), _CREDIT(v), _NO_LEVER if lever is None else np.exp(lever),
            table.savings, table.debt, table.rent_debt, table.arrears,
        )  # fmt: skip
        self.spent += charges
        self.received += max(left, 0.0)
        self.spent += max(-left, 0.0)

    def close(self, closing: float | None = None) -> None:
        """Test that nothing vanished, with what all own less what they owe now, if that is known."""
        now = net_worth(self.table.savings, self.table.debt) if closing is None else closing
        scale = max(abs(self.opening) + self.received + self.spent, 1.0)
        error = abs(now - (self.opening + self.received - self.spent)) / scale
        if error > _TOLERANCE:
            raise ConservationError(f"account debt.net_worth: off by {error:.3g} of its flows")
        self.ctx.counters.peak("debt.largest_money_error_share", error)

    def _shocks(self, stream: str, month: int) -> tuple[Rows, Floats]:
        """Unplanned expenses: few households a month, exponential amounts."""
        ctx, table = self.ctx, self.table
        chance = _chance(ctx.values["debt.shock_rate"])
        hit, _ = ctx.draws.near(stream, table.uid, table.rows, month, chance)
        size = ctx.draws.exponential(f"{stream}_size", table.uid.take(hit), month)
        return hit, ctx.values["debt.shock_mean"] * size


@lru_cache(maxsize=8)
def _chance(rate: float) -> float:
    """Chance a month at a yearly rate."""
    return float(-np.expm1(-rate / MONTHS_PER_YEAR))
