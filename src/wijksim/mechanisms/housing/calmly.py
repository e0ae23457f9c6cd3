"""What follows from parameters and from the reference, kept for as long as a month is marked as the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Calmly[T]:
    """Made of a context, and kept for the months with the mark of the first (:mod:`wijksim.kernel.calm`).

    Parameters
    ----------
    make
        Makes it of what such months have in common: parameters, and what the reference has stored.
    """

    def __init__(self, make: Callable[[Context], T]) -> None:
        self._make = make
        self._calm: object = self
        self._made: T

    def __call__(self, ctx: Context) -> T:
        """What goes with this month."""
        if self._calm is ctx.calm:
            return self._made
        made = self._make(ctx)
        if ctx.calm is not None:
            self._calm, self._made = ctx.calm, made
        return made
