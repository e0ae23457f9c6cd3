"""Primitive 1: an event with a yearly rate.

``p(month) = 1 - exp(-rate / 12)`` with ``rate = base * exp(clip(index) - c)`` times what levers add. Draws come
first: a row whose draw exceeds the highest chance anybody can have is done with, and the index is only computed
for the few that remain. That is exact, and it is what makes a month cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, expm1, log
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import Keeper
from wijksim.core.rng import Stream
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.calm import Calm
from wijksim.kernel.influence import Factors, Index, Influence, Layout
from wijksim.kernel.piecewise import Piecewise
from wijksim.kernel.weigh_loops import KINDS, ROUNDING, Packed, befall, happen, packed, strike
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

__all__ = ["Event", "Offset", "Piecewise", "Settled"]

type Offset = NDArray[Any] | float
type _Handed = tuple[Any, ...]

_NEVER = Calm()  # the mark of no month
_NOTHING = np.zeros(1)
_NONE, _NO_COUNTS = np.empty(0), np.empty(0, np.int64)
_empty, _ROW = np.empty, np.dtype(np.int32)  # at hand, as eighty draws a month need them
_OF_NOTHING = (-1, 0, 0)  # the column of a base rate that is no matter of pieces of a column at hand
_SLACK = float(np.sqrt(np.finfo(np.float32).eps))  # a sum of drivers in float32 is never off by so much


@dataclass(slots=True, eq=False)
class Settled:
    """What the parameters and the reference make of an event, kept until one of them is another.

    Attributes
    ----------
    values, numbers, stored, known, tables
        Dictionary of parameters last looked at and those read out of it, the stored reference and how much it knows,
        and the tables: what all the rest follows from.
    c, factors
        Normaliser and drivers that count.
    base, power
        Highest base rate per year and highest log of what drivers make of it.
    highest
        Chance above which nobody can come where no lever and no offset raises it.
    edges, bases
        Lower bounds of the pieces of the base rate but the first, and the rate of each piece; no bound and one rate
        where it does not depend on a column.
    """

    values: dict[str, float]
    numbers: tuple[float, ...]
    stored: dict[str, Any]
    known: int
    tables: dict[str, Table]
    c: float
    factors: Factors
    base: float
    power: float
    highest: float
    edges: NDArray[np.float64]
    bases: NDArray[np.float64]


@dataclass(slots=True, eq=False)
class _Ready:
    """What compiled passes are handed over as long as nothing else is settled, laid out or off.

    Attributes
    ----------
    settled, table, laid, layout, off, watched
        What all the rest follows from, and where the drivers lie.
    where
        Memory of the tables and what :func:`wijksim.kernel.weigh_loops.packed` gives.
    whole
        Whether the base rate is in it too.
    calm, counts
        Mark of the months in which all this holds without another look, and where their chances are counted.
    drawn, handed
        The same mark once somebody has drawn, and what :func:`wijksim.kernel.weigh_loops.happen` takes last from then
        on, where no lever scales the rate.
    """

    settled: Settled
    table: Table
    laid: int
    layout: Layout
    off: frozenset[str]
    watched: frozenset[str]
    where: Packed
    whole: bool
    calm: Calm
    counts: NDArray[np.int64]
    drawn: Calm
    handed: _Handed


class Event(Keeper):
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

    passing: ClassVar[Mapping[str, Any]] = {"_settled": None, "_ready": None}

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
        bases = (*base.edges, *base.rates) if isinstance(base, Piecewise) else (base,)
        weights = [influence.weight for influence in influences]
        names = ("kernel.hazard_clip", "kernel.probability_cap", *bases, *weights)
        self._numbers = itemgetter(*names)
        self._stream = Stream(name)
        self._settled: Settled | None = None
        self._ready: _Ready | None = None

    def probability(self, ctx: Context, rows: Rows, *, offset: Offset | None = None) -> NDArray[np.float64]:
        """Chance this month for each of ``rows``, shape of ``rows``, without drawing.

        Parameters
        ----------
        offset
            Log of a further ratio (a place factor, a policy), not normalised, per row or one for all.
        """
        chance, ready = np.empty(rows.size), self._ready
        lever = ctx.effects.offsets(self.name, self.table) if ctx.effects.scales else None
        calm = ready is not None and ready.calm is ctx.calm and ready.laid == Table.laid
        if ready is None or not calm or lever is not None or not ready.whole:
            self._strike(ctx, (rows, _NONE), self._found(ctx, rows), (lever, offset), chance)
        else:
            shift, each = (0.0, _NONE) if offset is None else _parted(offset)
            strike(rows, _NONE, *ready.where, _NONE, _NONE, shift, each, ctx.month, chance, ready.counts)
        return chance

    def draw(self, ctx: Context, rows: Rows, *, lane: int = 0, offset: Offset | None = None) -> Rows:
        """Return those of ``rows`` to whom the event happens this month (ascending as given)."""
        size = rows.size
        if not size:
            return rows
        ready = self._ready
        if ready is None or ready.drawn is not ctx.calm or ready.laid != Table.laid or lane:
            found = self._found(ctx, rows)
            ready = found[1]
            if ready is None or not ready.whole or ctx.tracer is not None:
                return self._closely(ctx, rows, found, (offset, lane))
            handed = self._hold(ctx, rows, found[0], ready, lane)
        else:
            handed = ready.handed
        if ctx.effects.scales:  # most months of most runs have none
            handed = self._scaled(ctx, handed)
        chosen = _empty(size, _ROW)
        if offset is None:
            return chosen[: happen(rows, ctx.month, chosen, 0.0, _NONE, *handed)]
        shift, each = _parted(offset)
        return chosen[: happen(rows, ctx.month, chosen, shift, each, *handed)]

    def _found(self, ctx: Context, rows: Rows) -> tuple[Settled, _Ready | None]:
        """What parameters make of the event and where all that it depends on lies; None if one pass cannot read it."""
        ready = self._ready
        if ready is not None and ready.calm is ctx.calm and ready.laid == Table.laid:
            return ready.settled, ready
        settled = self._settle(ctx, rows)
        ready = self._at_hand(ctx, settled)
        if ready is not None:
            # what has yet to be measured is settled anew next time
            kept = self._settled is settled
            ready.calm, ready.drawn = (ctx.calm if kept and ctx.calm else _NEVER), _NEVER
            ready.counts = ctx.counters.drawn(self.name)
        return settled, ready

    def _hold(self, ctx: Context, rows: Rows, settled: Settled, ready: _Ready, lane: int) -> _Handed:
        """What drawing is handed over, kept for the months with the mark of this one."""
        key = ctx.draws.key(self._stream, ready.table.uid, rows, ctx.month, lane)
        handed = (_NONE, settled.power, ready.table.uid, key, *ready.where, ready.counts)
        if key is self._stream.key and lane == 0:
            ready.handed, ready.drawn = handed, ready.calm
        return handed

    def _scaled(self, ctx: Context, handed: _Handed) -> _Handed:
        """What drawing is handed over in a month in which levers may scale the rate."""
        lever = ctx.effects.offsets(self.name, self.table)
        if lever is None:
            return handed
        _, power, *rest = handed
        return (lever, power + log(ctx.values["kernel.lever_ratio_high"]), *rest)

    def _closely(
        self, ctx: Context, rows: Rows, found: tuple[Settled, _Ready | None], how: tuple[Offset | None, int]
    ) -> Rows:
        """Do :meth:`draw`, with an offset and a lane, step by step: for a tracer, or where one pass cannot read all."""
        offset, lane = how
        lever = ctx.effects.offsets(self.name, self.table) if ctx.effects.scales else None
        highest = self._highest(ctx, found[0], offset)
        uid = ctx.world.tables[self.table].uid
        if isinstance(offset, np.ndarray):
            candidate, u = ctx.draws.first_below(self.name, uid.take(rows), ctx.month, highest, lane=lane)
            chosen, offset = rows.take(candidate), offset.take(candidate)
        else:
            chosen, u = ctx.draws.near(self.name, uid, rows, ctx.month, highest, lane=lane)
        if chosen.size == 0:
            return chosen
        chance = _NONE
        if ctx.tracer is not None:
            candidates, chance = chosen.copy(), np.empty(chosen.size)
        count = self._strike(ctx, (chosen, u), found, (lever, offset), chance)
        if ctx.tracer is not None:
            ctx.tracer.event(ctx, self, candidates, chance, u < chance)
        return chosen[:count]

    def _strike(
        self,
        ctx: Context,
        draws: tuple[Rows, NDArray[np.float64]],
        found: tuple[Settled, _Ready | None],
        ratios: tuple[NDArray[np.float64] | None, Offset | None],
        chance: NDArray[np.float64],
    ) -> int:
        """Bring those who are hit to the front of the rows drawn for; how many they are.

        ``ratios`` are logs: what levers make of every row, if any do, and the offset of those drawn for; ``chance`` may
        be empty.
        """
        (rows, u), (lever, offset), (settled, ready) = draws, ratios, found
        if ready is None:
            power, cap = self._index(ctx, rows, settled, offset, lever), ctx.values["kernel.probability_cap"]
            counts = ctx.counters.drawn(self.name)
            return befall(rows, u, power, self._base(ctx, rows, settled), cap, chance, counts)
        each = _NONE if ready.whole else self._base(ctx, rows, settled)
        levers = _NONE if lever is None else lever
        shift, offsets = (0.0, _NONE) if offset is None else _parted(offset)
        return strike(rows, u, *ready.where, each, levers, shift, offsets, ctx.month, chance, ready.counts)

    def _at_hand(self, ctx: Context, settled: Settled) -> _Ready | None:
        """Where all that the chance depends on lies; None if one pass cannot read it."""
        ready, loops = self._ready, ctx.loops
        if (
            ready is None
            or ready.settled is not settled
            or ready.laid != Table.laid
            or ready.off is not loops.off
            or ready.watched is not loops.watched
        ):
            ready = self._ready = self._prepare(ctx, settled)
        return ready

    def _prepare(self, ctx: Context, settled: Settled) -> _Ready | None:
        """Do :meth:`_at_hand` anew."""
        constant, layout = self.index.layout(ctx, settled.factors)
        if layout is None:
            return None
        loops, ready = ctx.loops, self._ready
        if (
            ready is not None
            and ready.settled is settled
            and ready.layout is layout
            and ready.off is loops.off
            and ready.watched is loops.watched
        ):
            ready.laid = Table.laid  # what was laid out anew is none of the tables at hand
            return ready
        base, held, table = self.base, _OF_NOTHING, ctx.world.tables[self.table]
        whole = not isinstance(base, Piecewise)
        if (
            isinstance(base, Piecewise)
            and type(base).values is Piecewise.values
            and base.place[0] == self.table
        ):
            attribute = base.place[1]
            held = (KINDS[table[attribute].dtype.str], table.begins(attribute), int(base.since))
            whole = True
        clip, cap = settled.numbers[:2]
        numbers = (constant, clip, settled.c, settled.base, cap)
        arrays = packed(layout.where, numbers, held, (settled.edges, settled.bases))
        where = (*layout.memory, *arrays)
        return _Ready(
            settled, table, Table.laid, layout, loops.off, loops.watched, where, whole, _NEVER, _NO_COUNTS, _NEVER, ()
        )  # fmt: skip

    def _base(self, ctx: Context, rows: Rows, settled: Settled) -> NDArray[np.float64]:
        """Yearly rate of each of ``rows``, or one for all."""
        return self.base.values(ctx, self.table, rows) if isinstance(self.base, Piecewise) else settled.bases

    def _index(
        self,
        ctx: Context,
        rows: Rows,
        settled: Settled,
        offset: Offset | None,
        lever: NDArray[np.float64] | None,
    ) -> NDArray[np.float64]:
        """Log of what drivers, levers and the offset make of the rate of each of ``rows``, or one for all."""
        power: NDArray[np.float64] = _NOTHING
        if self.index.influences:
            clip = ctx.values["kernel.hazard_clip"]
            found = self.index.powers(ctx, rows, settled.factors, clip=clip, c=settled.c)
            power = np.array([found]) if isinstance(found, float) else found
        if lever is not None:
            power = power + lever[rows]
        return power if offset is None else power + offset

    def _settle(self, ctx: Context, rows: Rows) -> Settled:
        """Normaliser, drivers and highest chance; ``rows`` are at risk, where the normaliser has yet to be measured."""
        reference, values, kept = ctx.reference, ctx.values, self._settled
        if (
            kept is not None
            and kept.stored is reference.stored
            and kept.known == len(kept.stored)
            and kept.tables is ctx.world.tables
            and not reference.tracking
        ):
            if values is kept.values and values is ctx.steady:
                return kept
            if self._numbers(values) == kept.numbers:
                kept.values = values
                return kept
        clip = values["kernel.hazard_clip"]
        c = reference.normaliser(ctx, self.name, self.index, rows, clip)
        factors = self.index.factors(ctx)
        base = self.base.highest(ctx) if isinstance(self.base, Piecewise) else values[self.base]
        power = 0.0
        if self.index.influences:
            most = self.index.ceiling(ctx, factors)
            power = min(max(most + _SLACK, -clip), clip) - c
        stored, tables = reference.stored, ctx.world.tables
        edges, bases = _NONE, np.array([base])
        if isinstance(self.base, Piecewise) and self.base.rates:
            edges, bases = self.base.pieces(values)
        highest = _chance(base, power)
        found = Settled(
            values, self._numbers(values), stored, len(stored), tables, c, factors, base, power, highest, edges, bases
        )  # fmt: skip
        # a normaliser that could not be measured yet, as nobody was at risk, is asked for again
        measured = not self.index.influences or self.name in stored
        self._settled = found if measured else None
        return found

    def _highest(self, ctx: Context, settled: Settled, offset: Offset | None) -> float:
        """Chance above which nobody can come: all drivers at the ends of their domains, or the clip."""
        lever = ctx.effects.touches(self.name)
        if not lever and offset is None:
            return settled.highest
        power = settled.power
        if lever:
            power += log(ctx.values["kernel.lever_ratio_high"])
        if isinstance(offset, np.ndarray):
            power += float(offset.max()) if offset.size else 0.0
        elif offset is not None:
            power += offset
        return _chance(settled.base, power)


def _parted(offset: Offset) -> tuple[float, NDArray[np.float64]]:
    """One log of a ratio for all, or that of each row."""
    if not isinstance(offset, np.ndarray):
        return float(offset), _NONE
    return (
        (float(offset.item()), _NONE) if offset.size == 1 else (0.0, np.ascontiguousarray(offset, np.float64))
    )


def _chance(base: float, power: float) -> float:
    """Highest chance of a month, with room for the last bits: the long way round computes it in another order."""
    return min(-expm1(-base * exp(power) / MONTHS_PER_YEAR) * (1 + ROUNDING), 1.0)
