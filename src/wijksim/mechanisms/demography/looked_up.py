"""Events of which the base rate is looked up, by a pass of its own, for those only who can be hit at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.mixing import below
from wijksim.core.uids import Uids
from wijksim.kernel.calm import Calm
from wijksim.kernel.event import Event, Offset, Piecewise
from wijksim.kernel.weigh_loops import Packed, strike
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
    # what drawing is handed over in the months with a mark, as long as tables lie where they do: identities and the key
    # of the draws, the highest chance, where drivers lie, and where chances are counted
    _held: tuple[Calm, int, Uids, Uids, float, Packed, NDArray[np.int64]] | None = None

    passing: ClassVar[Mapping[str, Any]] = {**Event.passing, "_held": None}

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: Offset | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        held, size = self._held, rows.size
        if (
            held is None
            or held[0] is not ctx.calm
            or held[1] != Table.laid
            or ctx.effects.scales
            or lane
            or offset is not None
        ):
            return self._anew(ctx, rows, lane, offset)
        if size == 0:
            return rows
        _, _, uid, key, highest, where, counts = held
        month, chosen, u = ctx.month, np.empty(size, np.int32), np.empty(size)
        asked = below(uid, rows, key, highest, chosen, u)
        chosen = chosen[:asked]
        if asked == 0:
            return chosen
        each = self.base.values(ctx, self.table, chosen)
        hit = strike(chosen, u[:asked], *where, each, _NONE, 0.0, _NONE, month, _NONE, counts)
        return chosen[:hit]

    def _anew(self, ctx: Context, rows: Rows, lane: int, offset: Offset | None) -> Rows:
        """Draw as any event does, and hold on to what it was settled with if this is a calm month."""
        chosen = super().draw(ctx, rows, lane=lane, offset=offset)
        ready, calm = self._ready, ctx.calm
        if ready is not None and calm is not None and ready.calm is calm and ready.laid == Table.laid:
            uid = ready.table.uid
            key = ctx.draws.key(self._stream, uid, rows, ctx.month, 0)
            if key is self._stream.key:  # it is in the same place in every month
                self._held = calm, Table.laid, uid, key, ready.settled.highest, ready.where, ready.counts
        return chosen
