"""What a month of debts takes from parameters alone, kept until they are others."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.prices import indexed, price_of
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.debt.budget import BUDGET, spending

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_MEMORIES = itemgetter("debt.early_help_months", "debt.new_tenant_months", "debt.relapse_months")
_SPELLS = itemgetter("debt.manageable_months", "debt.arrangement_months", "debt.attempt_months")
_ARREARS = itemgetter("debt.signal_arrears", "debt.notice_arrears")


class Terms(NamedTuple):
    """Numbers as the compiled passes take them.

    Attributes
    ----------
    risk
        For ``risk_loops.circumstances``: basic budgets, months of memories, how far the usual income goes to the
        present one in a month, and the share of it below which income has dropped.
    memory
        Months out of problem debt after which its clock starts anew.
    spells
        Months of income that who leaves goes on owing, months of an arrangement and until an answer.
    carrying
        For ``balance_loops.carried_on``: share of applications that creditors accept, costs a month on problem debt,
        months in arrears from which a landlord signals and gives notice, and those of ``budget.spending``.
    prices
        Of a track, a signal, a euro and an eviction in euros of the accounts.
    """

    risk: tuple[tuple[float, float, float, float], tuple[float, float, float], float, float]
    memory: float
    spells: tuple[float, float, float]
    carrying: tuple[
        float, float, tuple[float, float], tuple[float, ...], tuple[float, ...], tuple[float, ...]
    ]
    prices: NDArray[np.float64]


def terms(ctx: Context) -> Terms:
    """Make the terms of the parameters in force."""
    v = ctx.values
    euro = indexed(ctx, 1.0, ctx.parameters["debt.claim_mean"].price_year)
    track, signal, eviction = (
        price_of(ctx, f"debt.{name}_price") for name in ("track", "signal", "eviction")
    )
    return Terms(
        (BUDGET(v), _MEMORIES(v), step_fraction(v["debt.income_memory"]), 1 - v["debt.income_drop_share"]),
        v["debt.memory"], _SPELLS(v),
        (v["debt.accepted"], v["debt.charge_rate"] / MONTHS_PER_YEAR, _ARREARS(v), *spending(v)),
        np.array([track, signal, euro, eviction]),
    )  # fmt: skip
