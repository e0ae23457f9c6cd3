"""Primitive 1: an event with a yearly rate.

``p(month) = 1 - exp(-rate / 12)`` with ``rate = base * exp(clip(index) - c)`` times what levers add. Draws come
first: a row whose draw exceeds the highest chance anybody can have is done with, and the index is only computed
for the few that remain. That is exact, and it is what makes a month cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, expm1, log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.influence import Index, Influence
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


type Factors = Sequence[tuple[Influence, float, float]]

_ROUNDING = float(np.finfo(np.float32).eps)
_SLACK = float(np.sqrt(np.finfo(np.float32).eps))  # a sum of drivers in float32 is never off by so much


@lru_cache(maxsize=2**8)
def _numbers(values: tuple[float, ...]) -> NDArray[np.float64]:
    """Parameters as an array, kept: they hardly ever change in a run."""
    result = np.array(values, dtype=np.float64)
    result.flags.writeable = False
    return result


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
        edges = _numbers(tuple([ctx.values[name] for name in self.edges]))
        rates = _numbers(tuple([ctx.values[name] for name in self.rates]))
        return rates.take(edges.searchsorted(raw, side="right"))

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
        p = self._probability(ctx, rows, c, offset)
        return p if isinstance(p, np.ndarray) else np.full(rows.size, p)

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: NDArray[Any] | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        if rows.size == 0:
            return rows
        clip = ctx.values["kernel.hazard_clip"]
        c = ctx.reference.normaliser(ctx, self.name, self.index, rows, clip)
        factors = self.index.factors(ctx)
        highest = self._highest(ctx, c, clip, offset, factors=factors)
        uid = ctx.world.tables[self.table].uid
        if offset is None:
            chosen, u = ctx.draws.near(self.name, uid, rows, ctx.month, highest, lane=lane)
            part = None
        else:
            candidate, u = ctx.draws.first_below(self.name, uid.take(rows), ctx.month, highest, lane=lane)
            chosen, part = rows.take(candidate), offset.take(candidate)
        if chosen.size == 0:
            return rows[:0]
        p = self._probability(ctx, chosen, c, part, factors=factors, highest=highest)
        hit = u < p
        if ctx.tracer is not None:
            full = p if isinstance(p, np.ndarray) else np.full(chosen.size, p)
            ctx.tracer.event(ctx, self, chosen, full, hit)
        return chosen[hit]

    def _probability(
        self,
        ctx: Context,
        rows: Rows,
        c: float,
        offset: NDArray[Any] | None,
        *,
        factors: Factors | None = None,
        highest: float = 1.0,
    ) -> NDArray[np.float64] | float:
        """Chance per row, at most ``highest``; one number where nothing tells the rows apart."""
        values = ctx.values
        cap = values["kernel.probability_cap"]
        base: NDArray[np.float64] | float
        base = (
            self.base.values(ctx, self.table, rows) if isinstance(self.base, Piecewise) else values[self.base]
        )
        power: NDArray[Any] | float = 0.0
        if self.index.influences:
            clip = values["kernel.hazard_clip"]
            index = self.index.sum(ctx, rows, self.index.factors(ctx) if factors is None else factors)
            power = np.asarray(index, dtype=np.float64)
            power = np.minimum(np.maximum(power, -clip), clip)
            power -= c
        lever = ctx.effects.offsets(self.name, self.table)
        if lever is not None:
            power = power + lever[rows]
        if offset is not None:
            power = power + offset
        if isinstance(power, float) and isinstance(base, float):
            p = -expm1(-base / MONTHS_PER_YEAR)
            ctx.counters.caps(self.name, rows.size, rows.size if p > cap else 0)
            return min(p, cap)
        chance: NDArray[np.float64] = np.exp(power) * base
        chance /= -MONTHS_PER_YEAR
        chance = -np.expm1(chance)
        if chance.shape != rows.shape:
            chance = np.broadcast_to(chance, rows.shape)
        over = int(np.count_nonzero(chance > cap)) if highest > cap else 0
        ctx.counters.caps(self.name, rows.size, over)
        return np.minimum(chance, cap) if over else chance

    def _highest(
        self,
        ctx: Context,
        c: float,
        clip: float,
        offset: NDArray[Any] | None,
        *,
        factors: Factors | None = None,
    ) -> float:
        """Chance above which nobody can come: all drivers at the ends of their domains, or the clip."""
        values = ctx.values
        base = self.base.highest(ctx) if isinstance(self.base, Piecewise) else values[self.base]
        power = 0.0
        if self.index.influences:
            most = self.index.ceiling(ctx, self.index.factors(ctx) if factors is None else factors)
            power = min(max(most + _SLACK, -clip), clip) - c
        if ctx.effects.offsets(self.name, self.table) is not None:
            power += log(values["kernel.lever_ratio_high"])
        if offset is not None and offset.size:
            power += float(offset.max())
        # the long way round computes the same number in another order: leave room for the last bits
        return min(-expm1(-base * exp(power) / MONTHS_PER_YEAR) * (1 + _ROUNDING), 1.0)
