"""Weak signals that are put together: two within some months are followed up as one strong one (L067).

Most signals lead to nothing: nobody is met, or help is not wanted. Where those who see residents share what they saw,
such a signal is remembered, and a second one from anybody within some months is followed by visits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.professionals import access
from wijksim.mechanisms.professionals.columns import NEVER, NO_CASE, long_ago
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def put_together(ctx: Context, rows: Rows, unheard: NDArray[np.float64], missed: Rows) -> Rows:
    """Residents about whom a second shared signal comes in this month.

    Parameters
    ----------
    rows, unheard
        Residents in need without help, and the yearly rate of signals about each that lead to nothing.
    missed
        Residents who were signalled this month, once more or less, and not found.
    """
    table, size = ctx.world.resident, ctx.world.resident.size
    share, memory = np.zeros(size), 0.0
    for details in access.asked(ctx, access.SHARE):
        share[details["residents"]] = np.maximum(share[details["residents"]], details["share"])
        memory = max(memory, details["months"])
    signs = np.zeros(size, dtype=np.int64)
    shared = rows[share[rows] > 0]
    mean = unheard[share[rows] > 0] * share[shared] / MONTHS_PER_YEAR
    signs[shared] = ctx.draws.poisson("professionals.shared_signals", table.uid[shared], ctx.month, mean)
    once = np.unique(missed)
    luck = ctx.draws.uniform("professionals.shared_missed", table.uid[once], ctx.month)
    signs[once] += luck < share[once]
    signs[(table.case != NO_CASE) | ~table.alive] = 0
    here = signs.nonzero()[0].astype(np.int32)
    before = table.sign_month[here] > long_ago(ctx.month, memory)
    again = here[signs[here] + before > 1]
    table.sign_month[here] = ctx.month
    table.sign_month[again] = NEVER  # it has been acted upon
    ctx.counters.add("professionals.signals_put_together", again.size)
    return again
