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


def piece_of(months: NDArray[np.integer], edges: tuple[float, ...]) -> NDArray[np.intp]:
    """Piece of a step function to which each duration belongs."""
    piece = np.zeros(months.shape, dtype=np.intp)
    for edge in edges:  # two or three comparisons cost less than one search
        piece += months >= edge
    return piece
