"""Conditions on rows, as data: a measure that says so which rows count is read in machine code."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.errors import did_you_mean
from wijksim.kernel.mechanism import MECHANISMS
from wijksim.state.codes import Works
from wijksim.state.column import place_of
from wijksim.state.structure import STRUCTURE, TRAITS

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Where(NamedTuple):
    """Rows with a value of a column of their own table within bounds, which count as well.

    Parameters
    ----------
    column
        Full name. In a world without the mechanism that owns it, nobody has a value within.
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
            refuse_unknown(self.column)
            return np.full(holder.size, self.but)
        low, high = self.bounds(ctx.month)
        values = holder[attribute]
        within = (values >= low) & (values <= high)
        return ~within if self.but else within


@lru_cache(maxsize=2**8)
def refuse_unknown(column: str) -> None:
    """Refuse a column that no mechanism owns, one that is not at work included.

    Raises
    ------
    ValueError
        With the nearest name there is.
    """
    owned = (one.name for _, kind in MECHANISMS.items() for one in kind.owns)
    names = sorted({one.name for one in (*STRUCTURE, *TRAITS)}.union(owned))
    if column not in names:
        hint = did_you_mean(column, names)
        meant = f", did you mean '{hint}'?" if hint else ""
        raise ValueError(f"there is no column '{column}'{meant}")


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
