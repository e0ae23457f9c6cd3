"""Said once a month, so that every event need not look for itself: nothing on which events stand has changed.

What parameters, the reference and loops make of an event is kept from month to month. To see that all of it still
holds is a dozen comparisons, by each of some eighty events a month; a mark that is the same object as long as it does
makes that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Calm:
    """A mark that is one and the same object in all months in which nothing on which events stand has changed.

    Attributes
    ----------
    seen
        On what that is: each has to be the same object.
    known
        How many numbers the reference has stored.
    """

    __slots__ = ("known", "seen")

    def __init__(self, seen: Sequence[Any] = (), known: int = 0) -> None:
        self.seen = tuple(seen)
        self.known = known

    def __reduce__(self) -> tuple[type[Calm], tuple[()]]:
        """A copy marks nothing: it belongs to another run, with objects of its own."""
        return Calm, ()


def mark(ctx: Context, before: Calm | None) -> Calm | None:
    """Mark of a month that begins: that of the month ``before`` if all is as it was.

    None where every event has to look for itself: where somebody listens, the reference is being measured or draws are
    audited.
    """
    reference, loops = ctx.reference, ctx.loops
    since = ctx.draws.begin(ctx.month)
    if since is None or ctx.tracer is not None or reference.tracking or ctx.values is not ctx.steady:
        return None
    stored = reference.stored
    seen = (ctx.values, stored, ctx.world.tables, loops.off, loops.watched, ctx.counters, since)
    if before is not None and before.known == len(stored) and all(map(is_, seen, before.seen)):
        return before
    return Calm(seen, len(stored))
