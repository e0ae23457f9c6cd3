"""Conditions on rows, as data: a measure that says so which rows count is read in machine code."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import Works
from wijksim.state.column import place_of

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Where(NamedTuple):
    """Rows with a value of a column of their own table within bounds, which count as well.

    Parameters
    ----------
    column
        Full name. Where the world knows no such column, nobody has a value within.
    low, high
        Least and largest value.
    now
        True if the bounds are months from the present one.
    but
        True for all rows but those.
    """

    column: str
    low: float = -inf
    high: float = inf
    now: bool = False
    but: bool = False

    def bounds(self, month: int) -> tuple[float, float]:
        """Least and largest value in a month."""
        return (self.low + month, self.high + month) if self.now else (self.low, self.high)

    def mask(self, ctx: Context) -> NDArray[np.bool_]:
        """Whether it holds, by row."""
        table, attribute = place_of(self.column)
        holder = ctx.world.tables[table]
        if attribute not in holder:
            return np.full(holder.size, self.but)
        low, high = self.bounds(ctx.month)
        values = holder[attribute]
        within = (values >= low) & (values <= high)
        return ~within if self.but else within


def code(column: str, first: int, last: int | None = None) -> Where:
    """Rows with a code, or one of some that follow each other."""
    return Where(column, int(first), int(first if last is None else last))


def true(column: str) -> Where:
    """Rows for which a column holds."""
    return Where(column, 1, 1)


def above(column: str, value: float) -> Where:
    """Rows with more than a value."""
    return Where(column, high=value, but=True)


def holding(ctx: Context, terms: tuple[Where, ...]) -> NDArray[np.bool_]:
    """Rows for which all terms hold."""
    found = terms[0].mask(ctx)
    for term in terms[1:]:
        found = found & term.mask(ctx)
    return found


STANDING = code("dwelling.works", Works.SITE)._replace(but=True)
"""Dwellings that exist and are no building site (:func:`wijksim.kernel.stock.standing`)."""
