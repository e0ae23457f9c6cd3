"""Events drawn in two stages, so that what they have in common is computed once.

First every event of a group draws for those at risk and keeps the few whose draw is low enough for anybody's
chance (``candidates``). Then the chances of the candidates of all events are computed in one pass
(:class:`Together`): a dozen candidates cost the same whether they come from one event or from four. Events of one
group see the same state, so their effects are applied after the whole group is decided.

Each event keeps its own stream, base rate, normaliser and levers. Drivers are added up in the order in which the
group first names them, which can differ from the order of a single event in the last bits of a chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health import chance_loops
from wijksim.mechanisms.health.chance_loops import KINDS, STEP
from wijksim.state.structure import ADULT_AGE, REACH
from wijksim.state.table import Rows, Table
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_Weighed = tuple[Influence, NDArray[np.float32]]
_NOBODY, _NO_DRAWS = np.empty(0, dtype=np.int32), np.empty(0)


class Without(NamedTuple):
    """Adults who have neither of two problems (of which both may be the same), by columns of their table."""

    age: NDArray[np.int16]
    one: NDArray[np.bool_]
    other: NDArray[np.bool_]

    def rows(self) -> Rows:
        """Look everybody up."""
        free = (self.age >= ADULT_AGE) & ~(self.one | self.other)
        return free.nonzero()[0].astype(np.int32)


class StagedEvent(Event):
    """Event with one national rate that can be decided together with others of its table.

    Attributes
    ----------
    excites
        Whether earlier events of a row add to its chance.
    """

    excites = False

    def __init__(
        self, name: str, *, table: str, base: str, influences: Sequence[Influence] = (), doc: str = ""
    ) -> None:
        super().__init__(name, table=table, base=base, influences=influences, doc=doc)
        self.rate = base

    def near(self, ctx: Context, rows: Rows, highest: float) -> tuple[Rows, NDArray[np.float64]]:
        """Those of ``rows`` who may be struck if drivers make a chance of at most ``highest``, and their draws."""
        return ctx.draws.near(self.name, ctx.world.tables[self.table].uid, rows, ctx.month, highest)

    def excite(self, ctx: Context, rows: Rows, lacking: NDArray[np.float64]) -> None:
        """Bring what earlier events left behind into ``lacking``, minus the chances that drivers make; here nothing."""
        del ctx, rows, lacking

    def candidates(self, ctx: Context, at_risk: Rows | Without) -> tuple[Rows, NDArray[np.float64]]:
        """Draw for those at risk and keep those who may be struck, and their draws.

        Where nearly everybody is at risk, all living rows are drawn for and only low draws are asked whether they
        are: listing three quarters of the residents costs more than drawing for the rest as well. A draw is a
        function of who, what and when, so nobody's luck depends on who else is drawn.
        """
        free, rows = None, at_risk
        if isinstance(rows, Without):
            reference, free = ctx.reference, rows
            # those at risk are looked up only where the normaliser has to be measured
            measured = self.name in reference.stored and not reference.tracking
            settled = self._settle(ctx, _NOBODY if measured else free.rows())
            rows = ctx.world.tables[self.table].rows
        elif rows.size:
            settled = self._settle(ctx, rows)
        else:
            return rows, _NO_DRAWS
        highest = self._highest(ctx, settled, None) if ctx.effects.scales else settled.highest
        rows, u = self.near(ctx, rows, highest)
        if free is not None:
            count = chance_loops.keep_free(rows, u, *free)
            rows, u = rows[:count], u[:count]
        return rows, u


type _Places = tuple[
    NDArray[np.uint8],
    NDArray[np.uint8],
    int,
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.float32],
]


class _Known(NamedTuple):
    """Rates and weights of a group, and all that they follow from; normalisers by event, None if one is not stored."""

    given: tuple[float, ...]
    rates: NDArray[np.float64]
    stored: dict[str, Any]
    size: int
    drivers: list[_Weighed]
    constants: NDArray[np.float32]
    references: NDArray[np.float64] | None


class _Layout(NamedTuple):
    """Where the drivers of a group lie in the memory of their tables; holds as long as these are laid out the same.

    Attributes
    ----------
    known, laid, tables
        What all the rest follows from.
    loops
        Loops to which drivers belong.
    places
        Memory of the own table and of another, the road there, steps, what nobody holds, codes and weights, as
        :func:`wijksim.mechanisms.health.chance_loops.summed` takes them; None if the drivers are too odd for it.
    """

    known: _Known
    laid: int
    tables: dict[str, Table]
    loops: frozenset[str | None]
    places: _Places | None


class Together:
    """Events of one table that are decided in one pass.

    Parameters
    ----------
    events
        In the order in which those at risk are given and those struck come back.
    """

    def __init__(self, *events: StagedEvent) -> None:
        self.events = events
        self.table = events[0].table
        self.numbers = np.arange(len(events))
        self.excites = any(event.excites for event in events)
        # where in the matrix of weights each influence of each event stands
        self._drivers: list[Influence] = []
        self._places: list[tuple[int, int, str, str]] = []
        seen: dict[tuple[str, str | None], int] = {}
        for number, event in enumerate(events):
            for influence, key in zip(event.index.influences, event.index.keys, strict=True):
                place = seen.setdefault((influence.key, influence.loop), len(seen))
                if place == len(self._drivers):
                    self._drivers.append(influence)
                self._places.append((place, number, influence.weight, key))
        names = [weight for _, _, weight, _ in self._places]
        names = [*(event.rate for event in events), *names]
        # the first once more: of a single name the getter would give a number and not a tuple
        self._given = itemgetter(*names, names[0])
        self._known: _Known | None = None
        self._layout: _Layout | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables."""
        return {**self.__dict__, "_layout": None}

    def draw(self, ctx: Context, *at_risk: Rows | Without) -> list[Rows]:
        """Return for each event those at risk of it to whom it happens, ascending."""
        near = [event.candidates(ctx, those) for event, those in zip(self.events, at_risk, strict=True)]
        those, draws = zip(*near, strict=True)
        rows = np.concatenate(those)
        if rows.size == 0:
            return list(those)
        u, sizes = np.concatenate(draws), [one.size for one in those]
        of = self.numbers.repeat(sizes)
        cap, known = ctx.values["kernel.probability_cap"], self._weights(ctx)
        exponent = self._exponents(ctx, those, rows, of, known)
        np.exp(exponent, out=exponent)
        chance_loops.hazards(exponent, known.rates, of, MONTHS_PER_YEAR)
        lacking = np.expm1(exponent, out=exponent)  # minus the chance by drivers and levers
        capped = chance_loops.cut(lacking, cap, of, len(sizes)).tolist() if self.excites else None
        end = 0
        for event, mine, size in (
            zip(self.events, those, sizes, strict=True) if self.excites or ctx.tracer else ()
        ):
            start, end = end, end + size
            if event.excites and size:
                event.excite(ctx, mine, lacking[start:end])
            if ctx.tracer is not None and size:
                p = np.minimum(-lacking[start:end], cap)
                ctx.tracer.event(ctx, event, mine, p, u[start:end] < p)
        hits, numbers = chance_loops.struck(rows, u, lacking, cap, of, len(sizes))
        counts, over = numbers.tolist()
        for event, size, beyond in zip(self.events, sizes, capped or over, strict=True):
            ctx.counters.caps(event.name, size, beyond)
        return [hits[end - number : end] for end, number in zip(accumulate(counts), counts, strict=True)]

    def _exponents(
        self, ctx: Context, those: Sequence[Rows], rows: Rows, of: NDArray[np.intp], known: _Known
    ) -> NDArray[np.float64]:
        """Drivers of ``rows``, weighed by the event ``of`` each, centred, clipped and normalised, and levers."""
        exponent, clip, references = np.empty(rows.size), ctx.values["kernel.hazard_clip"], known.references
        if references is None:
            references = np.array([
                ctx.reference.normaliser(ctx, event.name, event.index, mine, clip)
                for event, mine in zip(self.events, those, strict=True)
            ])  # fmt: skip
        layout, special = self._layout, ctx.loops.special
        if (
            layout is None
            or layout.known is not known
            or layout.laid != Table.laid
            or layout.tables is not ctx.world.tables
        ):
            layout = self._layout = _lay_out(self.table, ctx.world, known, len(self.events))
        if layout.places is not None and (not special or layout.loops.isdisjoint(special)):
            chance_loops.summed(rows, *layout.places, of, known.constants, references, clip, exponent)
        else:
            power = np.zeros(rows.size, dtype=np.float32)
            for influence, weights in known.drivers:
                power += influence.values(ctx, self.table, rows) * weights[of]
            chance_loops.exponents(power, known.constants, references, of, clip, exponent)
        if ctx.effects.scales:
            end = 0
            for event, mine in zip(self.events, those, strict=True):
                start, end = end, end + mine.size
                lever = ctx.effects.offsets(event.name, self.table)
                if lever is not None:
                    exponent[start:end] += lever[mine]
        return exponent

    def _weights(self, ctx: Context) -> _Known:
        """Drivers that count, each with its weight per event, and what centring takes off per event.

        Kept for as long as parameters and reference stay what they are: usually a whole run.
        """
        reference, known = ctx.reference, self._known
        given = self._given(ctx.values)
        if (
            known is not None
            and known.given == given
            and known.stored is reference.stored
            and known.size == len(reference.stored)
            and not reference.tracking
        ):
            return known
        count = len(self.events)
        matrix, constants = np.zeros((len(self._drivers), count)), np.zeros(count)
        places = {(number, key): place for place, number, _, key in self._places}
        for number, event in enumerate(self.events):
            for influence, mean, factor in event.index.factors(ctx):
                matrix[places[number, f"{event.name}|{influence.key}"], number] += factor
                constants[number] += mean * factor
        drivers = [
            (influence, row.astype(np.float32))
            for influence, row in zip(self._drivers, matrix, strict=True)
            if row.any()
        ]
        stored = reference.stored
        normalisers = [stored.get(event.name) if event.index.influences else 0.0 for event in self.events]
        references = None if reference.tracking or None in normalisers else np.array(normalisers, np.float64)
        rates = np.array(given[:count], np.float64)
        self._known = _Known(
            given, rates, stored, len(stored), drivers, constants.astype(np.float32), references
        )
        return self._known


def _lay_out(table: str, world: World, known: _Known, count: int) -> _Layout:
    """Find the drivers of a group of ``count`` events in the memory of their tables."""
    own, other, road = world.tables[table], None, 0
    steps: list[tuple[int, ...]] = []
    codes: list[int] = []
    found = True
    for influence, _ in known.drivers:
        source, attribute = influence.place
        holder = world.tables[source]
        if holder is not own:
            found &= other is None or holder is other
            other, road = holder, own.begins(REACH[table, source])
        kind = KINDS.get(holder[attribute].dtype.str)
        if kind is None:
            found = False
            break
        begin = len(codes)
        codes += influence.codes
        steps.append((kind, holder.begins(attribute), int(holder is not own), begin, len(codes)))
    places = None
    if found:
        places = (
            own.memory,
            np.empty(0, np.uint8) if other is None else other.memory,
            road,
            np.array(steps, np.int64).reshape(-1, len(STEP)),
            np.array([influence.nobody(world) for influence, _ in known.drivers], np.float64),
            np.array(codes, np.int64),
            np.array([weights for _, weights in known.drivers], np.float32).reshape(-1, count),
        )
    loops = frozenset(influence.loop for influence, _ in known.drivers)
    return _Layout(known, Table.laid, world.tables, loops, places)
