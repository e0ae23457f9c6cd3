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

from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.core.variates import to_exponential
from wijksim.kernel.account import ConservationError
from wijksim.kernel.luck import luck_for
from wijksim.mechanisms.debt.balance_loops import charged_and_settled, net_worth
from wijksim.mechanisms.debt.risk_loops import needs
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
BUDGET = itemgetter("debt.basic_budget", "debt.budget_adult", "debt.budget_child", "debt.student_share")
_REPAY = itemgetter("debt.repay_share", "debt.arrangement_share", "debt.garnish_share")
_SPEND = itemgetter("debt.floor_share", "debt.spend_share", "debt.buffer_months", "debt.drawdown")
_CREDIT = itemgetter("debt.credit_months", "debt.unpaid_rent_share")
_NO_LEVER = np.empty(0)
_SIZES = {name: Stream(f"{name}_size") for name in ("debt.shock", "debt.run_in")}  # streams of amounts
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
    """One month of money without anything else, for all households at once: a conserved stock of one number.

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
        self.table = table = ctx.world.household
        self.opening = net_worth(table.savings, table.debt)
        self.received = self.spent = 0.0

    def settle(self, stream: str, month: int) -> None:
        """Income comes in; rent, repayments, unplanned expenses and spending go out; shortages become debt.

        Unplanned expenses are drawn under ``stream`` and ``month``.
        """
        ctx, table = self.ctx, self.table
        hit, shock = shocks(ctx, stream, month)
        charges, left = charged_and_settled(
            0.0, table.income, table.housing_cost, self.need, table.problem_debt, table.debt_track, hit, shock,
            *spending(ctx.values), firmness(ctx), table.savings, table.debt, table.rent_debt, table.arrears,
        )  # fmt: skip
        self.received += max(left, 0.0)
        self.spent += charges + max(-left, 0.0)

    def close(self) -> None:
        """Test that nothing vanished."""
        now = net_worth(self.table.savings, self.table.debt)
        scale = max(abs(self.opening) + self.received + self.spent, 1.0)
        check(self.ctx, abs(now - (self.opening + self.received - self.spent)) / scale)


def check(ctx: Context, error: float) -> None:
    """Refuse a month in which money vanished: ``error`` is that of its account, over all that went by."""
    if error > _TOLERANCE:
        raise ConservationError(f"account debt.net_worth: off by {error:.3g} of its flows")
    ctx.counters.peak("debt.largest_money_error_share", error)


def spending(values: dict[str, float]) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Numbers of repaying, spending and borrowing, as :func:`balance_loops.settled` takes them."""
    return _REPAY(values), _SPEND(values), _CREDIT(values)


def firmness(ctx: Context) -> Floats:
    """What levers make of the part of a shortage that the landlord does not get; empty where none does."""
    lever = ctx.effects.offsets(UNPAID, "household") if ctx.effects.scales else None
    return _NO_LEVER if lever is None else np.exp(lever)


def shocks(ctx: Context, stream: str, month: int) -> tuple[Rows, Floats]:
    """Unplanned expenses: few households a month, exponential amounts."""
    table, values = ctx.world.household, ctx.values
    hit, _ = ctx.draws.near(stream, table.uid, table.rows, month, _chance(values["debt.shock_rate"]))
    size = luck_for(ctx, _SIZES[stream], table, hit, month)
    to_exponential(size)
    size *= values["debt.shock_mean"]
    return hit, size


@lru_cache(maxsize=8)
def _chance(rate: float) -> float:
    """Chance a month at a yearly rate."""
    return float(-np.expm1(-rate / MONTHS_PER_YEAR))
