"""Events of which the base rate is looked up, by a pass of its own, for those only who can be hit at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.calm import Calm
from wijksim.kernel.event import Event, Offset, Piecewise
from wijksim.kernel.weigh_loops import Packed, strike
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_empty, _ROW = np.empty, np.dtype(np.int32)  # at hand, as they are needed every month
_NONE, _NO_KEY = np.empty(0), np.empty(0, np.uint64)


@dataclass(frozen=True)
class ByPass(Piecewise):
    """A base rate that a compiled pass looks up, which also tells who can be hit at all.

    The pass takes rows, places for those of them who are chosen, their draws and their rates; identities, the key of
    the draws and the highest chance; and what is :meth:`given`. It returns how many are chosen: without a key, all.
    """

    look_up: ClassVar[Callable[..., int]]

    def given(self, ctx: Context) -> tuple[Any, ...]:
        """Columns and parameters of which the rate is made, as the pass takes them last."""
        raise TypeError(f"{type(self).__name__} does not say what it is given")

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Rate per row, per year."""
        rate, uid = np.empty(rows.size), ctx.world.tables[table].uid
        self.look_up(rows, np.empty_like(rows), _NONE, rate, uid, _NO_KEY, 1.0, *self.given(ctx))
        return rate


class LookedUp(Event):
    """An event with a base rate that no column holds: draws come first, and rates are of the few that remain.

    That is what an event does anyway; where nothing on which it stands has changed and no lever acts, it is done here
    without asking further.
    """

    base: ByPass
    # what drawing is handed over in the months with a mark, as long as tables lie where they do: what the pass of the
    # base rate takes from the identities on, where drivers lie, and where chances are counted
    _held: tuple[Calm, int, tuple[Any, ...], Packed, NDArray[np.int64]] | None = None

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
        _, _, given, where, counts = held
        chosen, u, each = _empty(size, _ROW), _empty(size), _empty(size)
        asked = self.base.look_up(rows, chosen, u, each, *given)
        if asked:
            asked = strike(
                chosen[:asked], u[:asked], *where, each[:asked], _NONE, 0.0, _NONE, ctx.month, _NONE, counts
            )
        return chosen[:asked]

    def _anew(self, ctx: Context, rows: Rows, lane: int, offset: Offset | None) -> Rows:
        """Draw as any event does, and hold on to what it was settled with if this is a calm month."""
        chosen = super().draw(ctx, rows, lane=lane, offset=offset)
        ready, calm = self._ready, ctx.calm
        if ready is not None and calm is not None and ready.calm is calm and ready.laid == Table.laid:
            uid = ready.table.uid
            key = ctx.draws.key(self._stream, uid, rows, ctx.month, 0)
            if key is self._stream.key:  # it is in the same place in every month
                given = uid, key, ready.settled.highest, *self.base.given(ctx)
                self._held = calm, Table.laid, given, ready.where, ready.counts
        return chosen
