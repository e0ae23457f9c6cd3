"""What tests of levers on school and work share: one month of levers, and what they put on a rate."""

from __future__ import annotations

import numpy as np

from wijksim.kernel.context import Context
from wijksim.kernel.lever import Lever

AT_ONCE = {"ramp": 0.0, "uptake": 1.0, "coverage": 1.0}


def act(ctx: Context, *levers: Lever) -> None:
    """Let levers act on a fresh month, as the engine does, without stepping any mechanism."""
    ctx.effects.clear()
    ctx.ledger.clear()
    for lever in levers:
        for item in lever.costs:
            ctx.ledger.declare(item)
        lever.step(ctx)
    ctx.effects.prepare(
        ctx.world, ctx.values["kernel.lever_ratio_low"], ctx.values["kernel.lever_ratio_high"]
    )


def ratios(ctx: Context, rate: str, table: str = "resident") -> np.ndarray:
    """Factor that levers put on a rate, one per row; all ones where none does."""
    offsets = ctx.effects.offsets(rate, table)
    return np.ones(ctx.world.tables[table].size) if offsets is None else np.exp(offsets)


def untouched(ctx: Context, lever: Lever) -> bool:
    """Whether a lever left no trace at all."""
    act(ctx, lever)
    return not ctx.effects.touched() and not ctx.effects.acts and not ctx.ledger.month


def everybody_willing(ctx: Context) -> None:
    """Let trust and willingness stand in nobody's way."""
    table = ctx.world.resident
    table.uptake[:] = 1.0
    if "trust" in table:
        table.trust[:] = 1.0
