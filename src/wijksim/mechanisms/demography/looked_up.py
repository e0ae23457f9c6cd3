"""Events of which the base rate is looked up, by a pass of its own, for those only who can be hit at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.mixing import below
from wijksim.kernel.event import Event, Offset, Piecewise
from wijksim.kernel.weigh_loops import strike
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NONE = np.empty(0)


class LookedUp(Event):
    """An event with a base rate that no column holds: draws come first, and rates are of the few that remain.

    That is what an event does anyway; where nothing on which it stands has changed and no lever acts, it is done here
    without asking further.
    """

    base: Piecewise

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: Offset | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        ready, size = self._ready, rows.size
        if (
            ready is None
            or size == 0
            or ready.calm is not ctx.calm
            or ready.laid != Table.laid
            or ctx.effects.scales
            or lane
            or offset is not None
        ):
            return super().draw(ctx, rows, lane=lane, offset=offset)
        month, uid, chosen, u = ctx.month, ready.table.uid, np.empty(size, np.int32), np.empty(size)
        key = ctx.draws.key(self._stream, uid, rows, month, 0)
        asked = below(uid, rows, key, ready.settled.highest, chosen, u)
        chosen = chosen[:asked]
        if asked == 0:
            return chosen
        each = self.base.values(ctx, self.table, chosen)
        shift, counts = 0.0, ready.counts
        return chosen[
            : strike(chosen, u[:asked], *ready.where, each, _NONE, shift, _NONE, month, _NONE, counts)
        ]
