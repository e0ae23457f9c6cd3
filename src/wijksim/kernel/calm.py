"""Said once a month, so that every event need not look for itself: nothing on which events stand has changed.

What parameters, the reference and loops make of an event is kept from month to month. To see that all of it still
holds is a dozen comparisons, by each of some eighty events a month; a mark that is the same object as long as it does
makes that one.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Calm:
    """A mark that is one and the same object in all months in which nothing on which events stand has changed.

    It holds nothing: who keeps a mark keeps nothing else of a run.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Calm], tuple[()]]:
        """A copy marks nothing: it belongs to another run, with objects of its own."""
        return Calm, ()


class Marks:
    """Marks the months of a run."""

    def __init__(self) -> None:
        self._last: Calm | None = None
        self._seen: tuple[Any, ...] = ()  # on what the last mark stands: each has to be the same object
        self._known = 0  # how many numbers the reference had stored

    def __getstate__(self) -> dict[str, Any]:
        """A copy has marked nothing: it belongs to another run, with objects of its own."""
        return vars(Marks())

    def mark(self, ctx: Context) -> Calm | None:
        """Mark of a month that begins: that of the last one with a mark, if all is as it was.

        None where every event has to look for itself: where somebody listens, the reference is being measured or draws
        are audited.
        """
        reference, loops = ctx.reference, ctx.loops
        since = ctx.draws.begin(ctx.month)
        if since is None or ctx.tracer is not None or reference.tracking or ctx.values is not ctx.steady:
            return None
        stored = reference.stored
        seen = (ctx.values, stored, ctx.world.tables, loops.off, loops.watched, ctx.counters, since)
        if self._last is None or self._known != len(stored) or not all(map(is_, seen, self._seen)):
            self._last, self._seen, self._known = Calm(), seen, len(stored)
        return self._last
