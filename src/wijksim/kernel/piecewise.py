"""Base rates of events that depend on a column in steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.event_loops import held, held_for
from wijksim.state.column import place_of
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@lru_cache(maxsize=2**8)
def _pieces(numbers: tuple[float, ...], edges: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Edges and rates as arrays, kept: they hardly ever change in a run."""
    found = np.array(numbers, dtype=np.float64)
    return found[:edges].copy(), found[edges:-1].copy()


@dataclass(frozen=True)
class Piecewise:
    """A base rate that depends on one column in steps (a duration, an age, a code).

    Parameters
    ----------
    column
        Column read over the structure.
    edges
        Parameter names of the lower bounds of piece 1, 2, ... in ascending order of value; piece 0 lies below
        the first. The columns ``months in state`` and ``age`` are the usual case.
    rates
        One parameter per piece, ``len(edges) + 1``.
    since
        True if the column holds the month in which something began, so that the duration is what counts.
    """

    column: str
    edges: tuple[str, ...]
    rates: tuple[str, ...]
    since: bool = False

    @cached_property
    def place(self) -> tuple[str, str]:
        """Table and attribute of the column."""
        return place_of(self.column)

    @cached_property
    def _numbers(self) -> Callable[[dict[str, float]], tuple[float, ...]]:
        """Edges and rates in one look-up; the last once more, as of a single name this would give no tuple."""
        names = (*self.edges, *self.rates)
        return itemgetter(*names, names[-1])

    def pieces(self, values: dict[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower bounds of the pieces but the first, and their rates."""
        return _pieces(self._numbers(values), len(self.edges))

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Base rate per row, per year."""
        edges, rates = self.pieces(ctx.values)
        found = np.empty(rows.size)
        source, attribute = self.place
        if source == table:
            column = ctx.world.tables[table][attribute]
        else:
            column, rows = ctx.world.see(table, rows, source, attribute), np.arange(rows.size, dtype=np.int32)
        if self.since:
            held_for(column, rows, ctx.month, edges, rates, found)
        else:
            held(column, rows, edges, rates, found)
        return found

    def highest(self, ctx: Context) -> float:
        """Highest of the pieces, per year."""
        return max(ctx.values[name] for name in self.rates)
