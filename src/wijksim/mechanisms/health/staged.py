"""Events drawn in two stages, so that what they have in common is computed once.

First every event of a group draws for those at risk and keeps the few whose draw is low enough for anybody's
chance (candidates). Then the chances of the candidates of all events are computed in one pass
(:class:`Together`): a dozen candidates cost the same whether they come from one event or from four. Events of one
group see the same state, so their effects are applied after the whole group is decided.

Each event keeps its own stream, base rate, normaliser and levers. Drivers are added up in the order in which the
group first names them, which can differ from the order of a single event in the last bits of a chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health import chance_loops
from wijksim.mechanisms.health.chance_loops import EACH, KINDS, STEP
from wijksim.state.structure import ADULT_AGE, REACH
from wijksim.state.table import Rows, Table
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_Weighed = tuple[Influence, NDArray[np.float32]]
_NOBODY, _NO_DRAWS, _NO_MEMORY = np.empty(0, dtype=np.int32), np.empty(0), np.empty(0, np.float32)
_EPS = float(np.finfo(np.float64).eps)


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
    memory
        Full name of the column in which earlier events of a row are remembered that add to its chance, if any do.
    excitation
        Parameter name: hazard per month added by one unit of memory.
    """

    memory: str | None = None
    excitation: str | None = None

    def __init__(
        self, name: str, *, table: str, base: str, influences: Sequence[Influence] = (), doc: str = ""
    ) -> None:
        super().__init__(name, table=table, base=base, influences=influences, doc=doc)
        self.rate = base

    def highest(self, ctx: Context, at_risk: Rows | Without) -> float:
        """Chance above which nobody of those at risk can come by drivers and levers alone."""
        return self._highest(ctx, self._settle(ctx, self._measurable(ctx, at_risk)), None)

    def _measurable(self, ctx: Context, at_risk: Rows | Without) -> Rows:
        """Rows over which the normaliser is measured: those at risk are looked up only where that has to be done."""
        if not isinstance(at_risk, Without):
            return at_risk
        measured = self.name in ctx.reference.stored and not ctx.reference.tracking
        return _NOBODY if measured else at_risk.rows()

    def ceiling(self, ctx: Context) -> float:
        """Chance above which nobody can come by drivers alone, where no lever scales the rate and all is measured."""
        return self._settle(ctx, _NOBODY).highest


@lru_cache(maxsize=2**6)
def _hazard(chance: float) -> float:
    """Hazard that goes with a chance: ``1 - exp(-x) <= x``, so a sum of hazards bounds a chance by itself."""
    return float(-np.log1p(-np.float64(min(chance, 1 - _EPS))))


type _Places = tuple[
    NDArray[np.uint8], NDArray[np.uint8], int, NDArray[np.int64], NDArray[np.float64], NDArray[np.int64],
    NDArray[np.float32],
]  # fmt: skip
# candidates, their draws and the bounds of draws without memory, by event
type _Near = tuple[tuple[Rows, ...], tuple[NDArray[np.float64], ...], tuple[float, ...]]

_EVERYBODY = Without(np.empty(0, np.int16), np.empty(0, np.bool_), np.empty(0, np.bool_))
_NO_STEPS = np.empty((0, len(STEP)), np.int64)
_NOWHERE: _Places = (
    np.empty(0, np.uint8), np.empty(0, np.uint8), 0, _NO_STEPS, np.empty(0), np.empty(0, np.int64),
    np.empty((0, 1), np.float32),
)  # fmt: skip


class _Known(NamedTuple):
    """Rates, excitation and weights of a group, and all that they follow from.

    Attributes
    ----------
    values, given, stored, size
        What the rest follows from; the first are the parameters themselves, which a month with others has anew.
    drivers
        Drivers that count, each with its weight per event.
    each
        Numbers of every event, shape ``(len(EACH), events)``.
    highest
        Highest chances of the events by drivers alone; None until all normalisers are stored.
    """

    values: dict[str, float]
    given: tuple[float, ...]
    stored: dict[str, Any]
    size: int
    drivers: list[_Weighed]
    each: NDArray[np.float64]
    highest: tuple[float, ...] | None


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
    sieved
        Number of the event of which those at risk are given as a :class:`Without`, -1 for none.
    """

    def __init__(self, *events: StagedEvent, sieved: int = -1) -> None:
        self.events = events
        self.sieved = sieved
        self.table = events[0].table
        self.names = [event.name for event in events]
        memories = {event.memory for event in events if event.memory is not None}
        if len(memories) > 1:
            raise ValueError(f"events decided together remember in one column, not in {sorted(memories)}")
        self.memory = next(iter(memories), None)
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
        names += [event.excitation for event in events if event.excitation is not None]
        self._given = itemgetter("kernel.hazard_clip", *names)
        self._known: _Known | None = None
        self._layout: _Layout | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from tables."""
        return {**self.__dict__, "_layout": None}

    def draw(self, ctx: Context, *at_risk: Rows | Without, longest: Any = None) -> list[Rows]:
        """Return for each event those at risk of it to whom it happens, ascending.

        ``longest`` is the most that anybody remembers, in single precision; looked up if it is not known.
        """
        values, counters = ctx.values, ctx.counters
        memory = _NO_MEMORY if self.memory is None else ctx.world.column(self.memory)
        if longest is None and memory.size:
            longest = np.maximum.reduce(memory)
        known, scaled = self._kept(ctx), ctx.effects.scales
        those, draws, bounds = self._near(
            ctx, at_risk, longest, None if scaled or not known else known.highest
        )
        sizes = [one.size for one in those]
        if not any(sizes):
            return list(those)
        known, sieve = known or self._weights(ctx), _EVERYBODY
        if self.sieved >= 0:
            sieve = cast(Without, at_risk[self.sieved])
        each = known.each
        if known.highest is None:
            each = self._measured(ctx, (those, draws, bounds), each, sieve, memory)
        places, power = self._drivers_of(ctx, those, known)
        shift = self._shift(ctx, those) if scaled else _NO_DRAWS
        chances = np.empty(0 if ctx.tracer is None else sum(sizes))
        rows, u, hits, numbers = chance_loops.decided(
            those, draws, bounds, each, shift, power, self.sieved, sieve.age, sieve.one, sieve.other, memory,
            *places,
            values["kernel.hazard_clip"], values["kernel.probability_cap"], chances,
        )  # fmt: skip
        found, begin, end, first = [], 0, 0, 0
        for event, asked, struck, capped in zip(self.events, *numbers.tolist(), strict=True):
            begin, end = end, end + struck
            found.append(hits[begin:end])
            counters.caps(event.name, asked, capped)
            if ctx.tracer is not None:
                mine, first = slice(first, first + asked), first + asked
                if asked:
                    ctx.tracer.event(ctx, event, rows[mine], chances[mine], u[mine] < chances[mine])
        return found

    def _near(
        self, ctx: Context, at_risk: Sequence[Rows | Without], longest: Any, highest: tuple[float, ...] | None
    ) -> _Near:
        """Draw for those at risk and keep those who may be struck, their draws, and the bounds of draws without memory.

        Where nearly everybody is at risk, all living rows are drawn for and only low draws are asked whether they
        are: listing three quarters of the residents costs more than drawing for the rest as well. A draw is a
        function of who, what and when, so nobody's luck depends on who else is drawn. Memory, of which ``longest`` is
        the most that anybody has, is zero for nearly everybody: first come those whom that could strike. ``highest``
        are the chances above which nobody can come by drivers alone, if they are known already.
        """
        table, draws, month = ctx.world.tables[self.table], ctx.draws, ctx.month
        found, luck, bounds = [], [], []
        for number, event in enumerate(self.events):
            mine = at_risk[number]
            rows, u, bound = table.rows if isinstance(mine, Without) else mine, _NO_DRAWS, inf
            if rows.size:
                most = event.highest(ctx, mine) if highest is None else highest[number]
                if event.excitation is not None:
                    bound = _hazard(most)
                    most = float(bound + ctx.values[event.excitation] * longest)
                rows, u = draws.near(event.name, table.uid, rows, month, most)
            found.append(rows)
            luck.append(u)
            bounds.append(bound)
        return tuple(found), tuple(luck), tuple(bounds)

    def _measured(
        self,
        ctx: Context,
        near: _Near,
        each: NDArray[np.float64],
        sieve: Without,
        memory: NDArray[np.float32],
    ) -> NDArray[np.float64]:
        """Numbers of the events with normalisers that are not stored, or are being measured, over who may be struck."""
        result, clip = each.copy(), ctx.values["kernel.hazard_clip"]
        for number, (event, rows, u, bound) in enumerate(zip(self.events, *near, strict=True)):
            keep = np.ones(rows.size, np.bool_)
            if number == self.sieved:
                keep &= (sieve.age[rows] >= ADULT_AGE) & ~(sieve.one[rows] | sieve.other[rows])
            if memory.size:
                added = (np.float32(each[EACH.index("push"), number]) * memory[rows]).astype(np.float64)
                keep &= u < bound + added
            found = ctx.reference.normaliser(ctx, event.name, event.index, rows[keep], clip)
            result[EACH.index("reference"), number] = found
        return result

    def _drivers_of(
        self, ctx: Context, those: tuple[Rows, ...], known: _Known
    ) -> tuple[_Places, NDArray[np.float32]]:
        """Where the drivers lie; or, where one pass cannot read them, nothing and what they add up to per row."""
        layout, special = self._layout, ctx.loops.special
        if (
            layout is None
            or layout.known is not known
            or layout.laid != Table.laid
            or layout.tables is not ctx.world.tables
        ):
            layout = self._layout = _lay_out(self.table, ctx.world, known, len(self.events))
        if layout.places is not None and (not special or layout.loops.isdisjoint(special)):
            return layout.places, _NO_MEMORY
        rows = np.concatenate(those)
        power = np.zeros(rows.size, dtype=np.float32)
        of = np.arange(len(those)).repeat([one.size for one in those])
        for influence, weights in known.drivers:
            power += influence.values(ctx, self.table, rows) * weights[of]
        return _NOWHERE, power

    def _shift(self, ctx: Context, those: tuple[Rows, ...]) -> NDArray[np.float64]:
        """Log of what levers make of the rates, per row; empty if no rate is scaled."""
        if not any(map(ctx.effects.touches, self.names)):
            return _NO_DRAWS
        levers = [ctx.effects.offsets(name, self.table) for name in self.names]
        return np.concatenate(
            [
                np.zeros(one.size) if lever is None else lever[one]
                for lever, one in zip(levers, those, strict=True)
            ]
        )

    def _kept(self, ctx: Context) -> _Known | None:
        """What is known of the group as long as parameters and reference stay what they are: usually a whole run."""
        reference, known = ctx.reference, self._known
        if (
            known is not None
            and (known.values is ctx.values or known.given == self._given(ctx.values))
            and known.stored is reference.stored
            and known.size == len(reference.stored)
            and not reference.tracking
        ):
            return known
        return None

    def _weights(self, ctx: Context) -> _Known:
        """Drivers that count, each with its weight per event, and what centring takes off per event."""
        reference, given = ctx.reference, self._given(ctx.values)
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
        measured = not reference.tracking and None not in normalisers
        rates = given[1 : count + 1]
        pushes = [0.0 if event.excitation is None else ctx.values[event.excitation] for event in self.events]
        references = normalisers if measured else [0.0] * count
        self._known = _Known(
            ctx.values, given, stored, len(stored), drivers,
            np.array([rates, pushes, constants.astype(np.float32), references], np.float64),
            tuple(event.ceiling(ctx) for event in self.events) if measured else None,
        )  # fmt: skip
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
