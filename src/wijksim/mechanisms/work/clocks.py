"""Clocks of work and assistance, which do not reset (spells of assistance mix duration and sorting)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.work import group_loops

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def advance(ctx: Context) -> None:
    """Move the clocks of everybody one month.

    Months on assistance count up; a basic job holds the clock still (it is a funded place, not a way out); any
    other month counts as out of assistance. After ``work.forget_months`` out the clock goes back to zero, after
    ``work.follow_months`` a job no longer counts as one found from assistance.
    """
    table = ctx.world.resident
    # fmt: off
    group_loops.advance(
        table.activity, table.activity_since, ctx.month,
        float(ctx.values["work.forget_months"]), float(ctx.values["work.follow_months"]),
        table.assistance_clock, table.assistance_out, table.job_months,
    )
    # fmt: on


def stationary_stock(rates: tuple[float, float, float], edges: tuple[float, float]) -> dict[str, float]:
    """Closed form of a stock whose members leave at rates that depend on the months they have been in it.

    Parameters
    ----------
    rates
        Exits per month before the first edge, between the edges and after the second.
    edges
        Months.

    Returns
    -------
    dict
        ``months`` (mean spell), ``turnover`` (exits in a year per member), ``three_years`` and ``five_years``
        (share of the stock that is in for at least so long).
    """

    def survivors(t: float) -> float:
        parts = (min(t, edges[0]), min(max(t - edges[0], 0), edges[1] - edges[0]), max(t - edges[1], 0))
        return float(np.exp(-sum(rate * part for rate, part in zip(rates, parts, strict=True))))

    def beyond(t: float) -> float:
        """Integral of the survivors from ``t`` on."""
        total, at = 0.0, t
        for rate, edge in zip(rates, edges, strict=False):
            if at < edge:
                total += (survivors(at) - survivors(edge)) / rate
                at = edge
        return total + survivors(at) / rates[-1]

    whole = beyond(0)
    return {
        "months": whole,
        "turnover": 12 / whole,
        "three_years": beyond(12 * (1 + 2)) / whole,
        "five_years": beyond(12 * (1 + 2 + 2)) / whole,
    }


def piece_of(months: NDArray[np.integer], edges: tuple[float, ...]) -> NDArray[np.intp]:
    """Piece of a step function to which each duration belongs."""
    piece = np.zeros(months.shape, dtype=np.intp)
    for edge in edges:  # two or three comparisons cost less than one search
        piece += months >= edge
    return piece
