"""Primitive 1: an event with a yearly rate.

``p(month) = 1 - exp(-rate / 12)`` with ``rate = base * exp(clip(index) - c)`` times what levers add. Draws come
first: a row whose draw exceeds the highest chance anybody can have is done with, and the index is only computed
for the few that remain. That is exact, and it is what makes a month cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Index, Influence
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


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

    def values(self, ctx: Context, table: str, rows: Rows) -> NDArray[np.float64]:
        """Base rate per row, per year."""
        raw = ctx.world.gather(table, rows, self.column)
        if self.since:
            raw = ctx.month - raw
        edges = np.array([ctx.values[name] for name in self.edges])
        rates = np.array([ctx.values[name] for name in self.rates])
        return rates[np.searchsorted(edges, raw, side="right")]

    def highest(self, ctx: Context) -> float:
        """Highest of the pieces, per year."""
        return max(ctx.values[name] for name in self.rates)


class Event:
    """A monthly chance for rows of one table.

    Parameters
    ----------
    name
        ``<mechanism>.<event>``: the random stream, the name levers scale, the key in the reference.
    table
        Table whose rows are at risk.
    base
        Parameter name of the national yearly rate, or a :class:`Piecewise` base.
    influences
        Hazard ratios.
    doc
        One sentence for the generated pages.
    """

    def __init__(
        self,
        name: str,
        *,
        table: str,
        base: str | Piecewise,
        influences: Sequence[Influence] = (),
        doc: str = "",
    ) -> None:
        self.name = name
        self.table = table
        self.base = base
        self.doc = doc
        self.index = Index(name, table, influences, scaled=False)

    def probability(
        self, ctx: Context, rows: Rows, *, offset: NDArray[Any] | None = None
    ) -> NDArray[np.float64]:
        """Chance this month for each of ``rows``, shape of ``rows``, without drawing.

        Parameters
        ----------
        offset
            Log of a further ratio per row (a place factor, a policy), not normalised.
        """
        clip = ctx.values["kernel.hazard_clip"]
        c = ctx.reference.normaliser(ctx, self.name, self.index, rows, clip)
        return self._probability(ctx, rows, c, offset)

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: NDArray[Any] | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        if rows.size == 0:
            return rows
        clip = ctx.values["kernel.hazard_clip"]
        c = ctx.reference.normaliser(ctx, self.name, self.index, rows, clip)
        highest = self._highest(ctx, c, clip, offset)
        uid = ctx.world.tables[self.table].uid[rows]
        u = ctx.draws.uniform(self.name, uid, ctx.month, lane)
        candidate = np.flatnonzero(u < highest)
        if candidate.size == 0:
            return rows[:0]
        chosen = rows[candidate]
        p = self._probability(ctx, chosen, c, None if offset is None else offset[candidate])
        hit = u[candidate] < p
        if ctx.tracer is not None:
            ctx.tracer.event(ctx, self, chosen, p, hit)
        return chosen[hit]

    def _probability(
        self, ctx: Context, rows: Rows, c: float, offset: NDArray[Any] | None
    ) -> NDArray[np.float64]:
        clip = ctx.values["kernel.hazard_clip"]
        cap = ctx.values["kernel.probability_cap"]
        base = (
            self.base.values(ctx, self.table, rows)
            if isinstance(self.base, Piecewise)
            else ctx.values[self.base]
        )
        power: NDArray[Any] | float = -c
        if self.index.influences:
            power = np.clip(self.index.at(ctx, rows), -clip, clip).astype(np.float64) - c
        lever = ctx.effects.offsets(self.name, self.table)
        if lever is not None:
            power = power + lever[rows]
        if offset is not None:
            power = power + offset
        p = -np.expm1(-base * np.exp(power) / MONTHS_PER_YEAR) * np.ones(rows.size)
        ctx.counters.caps(self.name, rows.size, int(np.count_nonzero(p > cap)))
        return np.minimum(p, cap)

    def _highest(self, ctx: Context, c: float, clip: float, offset: NDArray[Any] | None) -> float:
        base = self.base.highest(ctx) if isinstance(self.base, Piecewise) else ctx.values[self.base]
        power = (clip if self.index.influences else 0.0) - c
        if ctx.effects.offsets(self.name, self.table) is not None:
            power += log(ctx.values["kernel.lever_ratio_high"])
        if offset is not None and offset.size:
            power += float(offset.max())
        return min(-expm1(-base * exp(power) / MONTHS_PER_YEAR), 1.0)
