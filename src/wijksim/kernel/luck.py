"""Luck of rows of a table under a stream that has its key at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.mixing import uniforms

if TYPE_CHECKING:
    from wijksim.core.rng import Stream
    from wijksim.kernel.context import Context
    from wijksim.state.table import Rows, Table


def luck_for(
    ctx: Context, stream: Stream, table: Table, rows: Rows, month: int, *, lane: int = 0
) -> NDArray[np.float64]:
    """Draw what :meth:`wijksim.core.rng.Draws.uniform` draws, the short way, for who makes something else of it."""
    uid, luck = table.uid, np.empty(rows.size)
    uniforms(uid.take(rows), ctx.draws.key(stream, uid, rows, month, lane), luck)
    return luck
