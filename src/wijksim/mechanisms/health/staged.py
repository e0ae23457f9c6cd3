"""Events drawn in two stages, so that what they have in common is computed once.

First every event of a group draws for those at risk and keeps the few whose draw is low enough for anybody's
chance (candidates). Then the chances of the candidates of all events are computed in one pass
(:class:`Together`): a dozen candidates cost the same whether they come from one event or from four. Events of one
group see the same state, so their effects are applied after the whole group is decided.

Each event keeps its own stream, base rate, normaliser and levers. Drivers are added up in the order in which the
group first names them, which can differ from the order of a single event in the last bits of a chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from operator import is_, itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.keeper import Keeper
from wijksim.core.rng import Stream
from wijksim.kernel.calm import Calm
from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health import chance_loops
from wijksim.mechanisms.health.chance_loops import EACH
from wijksim.mechanisms.health.layout import Floats, Known, Layout, bounds_of, hazard, lay_out
from wijksim.state.column import place_of
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows, Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NOBODY, _NO_DRAWS, _NO_MEMORY = np.empty(0, dtype=np.int32), np.empty(0), np.empty(0, np.float32)
_NO_LEVERS = np.empty((0, 0))
_NEVER = Calm()  # the mark of no month

# bounds with what levers make of rates where they make nothing, the table and how often it was laid out, and the rest
type _Handed = tuple[Any, ...]
_NOT_YET: _Handed = ((), None, 0, ())


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

    def highest(self, ctx: Context, at_risk: Rows) -> float:
        """Chance above which nobody of those at risk can come by drivers and levers alone."""
        return self._highest(ctx, self._settle(ctx, at_risk), None)

    def ceiling(self, ctx: Context) -> float:
        """Chance above which nobody can come by drivers alone, where no lever scales the rate and all is measured."""
        return self._settle(ctx, _NOBODY).highest


class Together(Keeper):
    """Events of one table that are decided in one pass.

    Parameters
    ----------
    events
        In the order in which those at risk are given and those struck come back.
    sieved
        Number of the event of which all adults are at risk who have neither of two problems, -1 for none. They are most
        people: to list them costs more than to draw for everybody and to ask of low draws alone.
    problems
        Columns of the two problems, which may be the same.
    """

    passing: ClassVar[Mapping[str, Any]] = {
        "_values": None,
        "_layout": None,
        "_calm": _NEVER,
        "_handed": _NOT_YET,
    }

    def __init__(self, *events: StagedEvent, sieved: int = -1, problems: tuple[str, str] = ("", "")) -> None:
        self.events = events
        self.sieved = sieved
        self.problems = problems
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
        self._given = itemgetter("kernel.hazard_clip", "kernel.probability_cap", *names)
        self._excited = [event.excitation is not None for event in events]
        remembered = "" if self.memory is None else place_of(self.memory)[1]
        self._columns = self.table, sieved, (remembered, "age" if sieved >= 0 else "", *problems)
        self._streams = [Stream(name) for name in self.names]
        self._nobody = (_NOBODY,) * len(events)
        self._hits = np.zeros(len(events), np.int64)  # how many were struck, by event
        self._values: dict[str, float] | None = None  # parameters last looked at
        self._known: Known | None = None
        self._layout: Layout | None = None
        self._calm = _NEVER  # mark of the months for which what is handed over is kept
        self._handed = _NOT_YET

    def draw(self, ctx: Context, *at_risk: Rows, longest: float | None = None) -> tuple[Rows, ...]:
        """Return for each event those at risk of it to whom it happens, ascending.

        Those at risk of the event that is ``sieved`` are all living rows. ``longest`` is the most that anybody
        remembers; looked up if it is not known.
        """
        if longest is None:
            longest = 0.0 if self.memory is None else float(ctx.world.column(self.memory).max(initial=0))
        plain, own, laid, handed = self._handed
        if self._calm is not ctx.calm or laid != Table.laid:
            ready = self._at_hand(ctx)
            if ready is None or ready.where is None or ctx.tracer is not None:
                return self._closely(ctx, at_risk, longest)
            plain, own, laid, handed = self._hold(ctx, ready, at_risk)
        if ctx.effects.scales and self._layout is not None:
            plain = self._scaled(ctx, self._layout)
        hits = np.empty(len(at_risk) * own.size, np.int32)
        count = chance_loops.happen(at_risk, longest, hits, *plain, *handed)
        return self._told(hits) if count else self._nobody

    def _hold(self, ctx: Context, ready: Layout, at_risk: tuple[Rows, ...]) -> _Handed:
        """What drawing is handed over, kept for the months with the mark of this one."""
        uid, streams = ready.sources[0].uid, self._streams
        keys = [
            ctx.draws.key(stream, uid, rows, ctx.month, 0)
            for stream, rows in zip(streams, at_risk, strict=True)
        ]
        assert ready.where is not None
        given = (uid, tuple(keys), *ready.where, self._hits, self._totals(ctx))
        handed = (ready.bounds, _NO_LEVERS), ready.sources[0], Table.laid, given
        kept = ctx.calm is not None and all(map(is_, keys, [stream.key for stream in streams]))
        self._calm, self._handed = (ctx.calm if kept and ctx.calm else _NEVER), handed
        return handed

    def _totals(self, ctx: Context) -> tuple[NDArray[np.int64], ...]:
        """Where the chances of events are counted."""
        return tuple([ctx.counters.drawn(name) for name in self.names])

    def _told(self, hits: Rows) -> tuple[Rows, ...]:
        """Tell those who were struck apart by event."""
        found, begin = [*self._nobody], 0
        for event, number in enumerate(self._hits.tolist()):
            if number:
                found[event] = hits[begin : begin + number]
                begin += number
        return tuple(found)

    def _closely(self, ctx: Context, at_risk: tuple[Rows, ...], longest: float) -> tuple[Rows, ...]:
        """Do :meth:`draw` step by step: for a tracer, or a chance that one pass cannot read."""
        known, values = self._kept(ctx), ctx.values
        those, draws, bounds = self._near(ctx, at_risk, longest, known)
        if not any(rows.size for rows in those):
            return tuple(those)
        known = known or self._weights(ctx)
        memory = _NO_MEMORY if self.memory is None else ctx.world.column(self.memory)
        push = known.each[EACH.index("push")].astype(np.float32)
        keep = [
            (u < bound + (more * memory[rows]).astype(np.float64))
            if memory.size
            else np.ones(u.size, np.bool_)
            for rows, u, bound, more in zip(those, draws, bounds, push, strict=True)
        ]
        if self.sieved >= 0:
            keep[self.sieved] &= self._free(ctx)[those[self.sieved]]
        each = known.each
        if known.bounds is None:
            each = each.copy()
            each[EACH.index("reference")] = [
                ctx.reference.normaliser(
                    ctx, event.name, event.index, rows[kept], values["kernel.hazard_clip"]
                )
                for event, rows, kept in zip(self.events, those, keep, strict=True)
            ]
        rows, stays = np.concatenate(those), np.concatenate(keep)
        of = np.arange(len(those)).repeat([one.size for one in those])
        power = np.zeros(rows.size, np.float32)
        for influence, weights in known.drivers:
            power += influence.values(ctx, self.table, rows) * weights[of]
        rows, of, exponent = rows[stays], of[stays], np.empty(np.count_nonzero(stays))
        chance_loops.exponents(power[stays], each, of, values["kernel.hazard_clip"], exponent)
        if ctx.effects.scales:
            for number, name in enumerate(self.names):
                lever, mine = ctx.effects.offsets(name, self.table), of == number
                exponent[mine] += 0.0 if lever is None else lever[rows[mine]]
        return self._struck(ctx, (rows, np.concatenate(draws)[stays], of), exponent, each, memory)

    def _struck(
        self,
        ctx: Context,
        candidates: tuple[Rows, Floats, NDArray[np.intp]],
        exponent: Floats,
        each: Floats,
        memory: NDArray[np.float32],
    ) -> tuple[Rows, ...]:
        """Decide who of the candidates, their draws and their events is struck, and let the tracer hear."""
        rows, u, of = candidates
        chances = np.empty(0 if ctx.tracer is None else rows.size)
        cap, hits = ctx.values["kernel.probability_cap"], np.empty(rows.size, np.int32)
        totals = self._totals(ctx)
        chance_loops.strike(rows, u, of, exponent, each, memory, cap, chances, hits, self._hits, totals)
        if ctx.tracer is not None:
            for number, event in enumerate(self.events):
                mine = of == number
                if mine.any():
                    ctx.tracer.event(ctx, event, rows[mine], chances[mine], u[mine] < chances[mine])
        return self._told(hits)

    def _near(
        self, ctx: Context, at_risk: tuple[Rows, ...], longest: float, known: Known | None
    ) -> tuple[list[Rows], list[Floats], list[float]]:
        """Draw for those at risk; keep who may be struck, their draws, and the bounds of draws without memory.

        A draw is a function of who, what and when, so nobody's luck depends on who else is drawn.
        """
        table, reference = ctx.world.tables[self.table], ctx.reference
        found, luck, bounds = [], [], []
        for number, event in enumerate(self.events):
            rows, u, bound = at_risk[number], _NO_DRAWS, inf
            if rows.size:
                mine = rows
                if number == self.sieved:
                    # those at risk are looked up only where the normaliser has to be measured over them
                    measured = event.name in reference.stored and not reference.tracking
                    mine = _NOBODY if measured else rows[self._free(ctx)[rows]]
                if known is None or known.bounds is None or ctx.effects.scales:
                    most = event.highest(ctx, mine)
                else:
                    most = float(known.bounds[0, number])
                if event.excitation is not None:
                    bound = hazard(most)
                    most = float(bound + ctx.values[event.excitation] * np.float32(longest))
                rows, u = ctx.draws.near(event.name, table.uid, rows, ctx.month, most)
            found.append(rows)
            luck.append(u)
            bounds.append(bound)
        return found, luck, bounds

    def _free(self, ctx: Context) -> NDArray[np.bool_]:
        """Whether rows are adults with neither of the two problems."""
        table = ctx.world.tables[self.table]
        one, other = self.problems
        return np.asarray((table["age"] >= ADULT_AGE) & ~(table[one] | table[other]))

    def _scaled(self, ctx: Context, layout: Layout) -> tuple[Floats, Floats]:
        """Bounds where levers scale rates, and the log of what they make of these; empty if they scale none."""
        if not any(map(ctx.effects.touches, self.names)):
            return layout.bounds, _NO_LEVERS
        levers = np.zeros((len(self.events), ctx.world.tables[self.table].size))
        for line, name in zip(levers, self.names, strict=True):
            found = ctx.effects.offsets(name, self.table)
            if found is not None:
                line[:] = found
        return bounds_of([event.highest(ctx, _NOBODY) for event in self.events], self._excited), levers

    def _at_hand(self, ctx: Context) -> Layout | None:
        """Where all that chances depend on lies; None if it is not known yet, or a loop is off or watched."""
        ready, reference, loops = self._layout, ctx.reference, ctx.loops
        if (
            ready is None
            or ready.laid != Table.laid
            or ready.tables is not ctx.world.tables
            or self._values is not ctx.values
            or ready.known.stored is not reference.stored
            or ready.known.size != len(ready.known.stored)
            or reference.tracking
        ):
            known = self._kept(ctx)
            if known is None or known.bounds is None:
                return None
            ready = self._layout = self._laid_out(ctx, known, known.bounds)
            self._calm = _NEVER  # what is handed over goes with another layout, perhaps of another run
        if (loops.off or loops.watched) and not ready.driven.isdisjoint(loops.special):
            return None
        return ready

    def _laid_out(self, ctx: Context, known: Known, bounds: Floats) -> Layout:
        """Where drivers lie: as they did, if parameters were only looked at again or other tables laid out."""
        ready, tables = self._layout, ctx.world.tables
        if ready is not None and ready.known is known and ready.tables is tables and ready.where is not None:
            memory = ready.where[:2]
            if all(table.memory is one for table, one in zip(ready.sources, memory, strict=False)):
                return ready._replace(laid=Table.laid)
        return lay_out(ctx.world, known, bounds, self._columns)

    def _kept(self, ctx: Context) -> Known | None:
        """What is known of the group as long as parameters and reference stay what they are: usually a whole run."""
        reference, known, values = ctx.reference, self._known, ctx.values
        if (
            known is None
            or known.stored is not reference.stored
            or known.size != len(known.stored)
            or reference.tracking
        ):
            return None
        if values is not self._values:
            if known.given != self._given(values):
                return None
            self._values = values
        return known

    def _weights(self, ctx: Context) -> Known:
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
        rates = [ctx.values[event.rate] for event in self.events]
        pushes = [0.0 if event.excitation is None else ctx.values[event.excitation] for event in self.events]
        references = normalisers if measured else [0.0] * count
        self._values = ctx.values
        self._known = Known(
            given, stored, len(stored), drivers, given[:2],
            np.array([rates, pushes, constants.astype(np.float32), references], np.float64),
            bounds_of([event.ceiling(ctx) for event in self.events], self._excited) if measured else None,
        )  # fmt: skip
        return self._known
