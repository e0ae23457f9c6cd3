"""Events drawn in two stages, so that what they have in common is computed once.

First every event of a group draws for those at risk and keeps the few whose draw is low enough for anybody's
chance (``near``). Then the chances of the candidates of all events are computed in one pass
(:class:`Together`): a dozen candidates cost the same whether they come from one event or from four. Events of one
group see the same state, so their effects are applied after the whole group is decided.

Each event keeps its own stream, base rate, normaliser and levers. Drivers are added up in the order in which the
group first names them, which can differ from the order of a single event in the last bits of a chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.drivers import WIDE
from wijksim.kernel.event import Event, Settled
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.health import chance_loops
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_Weighed = tuple[Influence, NDArray[np.float32]]
Eligible = Callable[[NDArray[Any]], NDArray[np.bool_]]
"""Which of given rows are at risk."""


@dataclass(frozen=True)
class Near:
    """Candidates of an event this month, ascending, and their draws."""

    event: StagedEvent
    rows: Rows
    u: NDArray[np.float64]


class StagedEvent(Event):
    """Event with one national rate that can be decided together with others of its table."""

    def __init__(
        self, name: str, *, table: str, base: str, influences: Sequence[Influence] = (), doc: str = ""
    ) -> None:
        super().__init__(name, table=table, base=base, influences=influences, doc=doc)
        self.rate = base

    def near(self, ctx: Context, rows: Rows) -> Near:
        """Draw for ``rows`` and keep those who may be struck."""
        if rows.size == 0:
            return Near(self, rows, np.empty(0))
        return self._near(ctx, rows, self._settle(ctx, rows))

    def near_where(self, ctx: Context, eligible: Eligible) -> Near:
        """Draw for all living rows and ask only of low draws whether they are at risk.

        For events to which most of a table is at risk and which befall very few: listing three quarters of the
        residents costs more than drawing for the rest as well. A draw is a function of who, what and when, so
        nobody's luck depends on who else is drawn.
        """
        settled = self._settle(ctx, self._at_risk(ctx, eligible))
        near = self._near(ctx, ctx.world.tables[self.table].rows, settled)
        right = eligible(near.rows)
        return Near(self, near.rows[right], near.u[right])

    def _near(self, ctx: Context, rows: Rows, settled: Settled) -> Near:
        """Those of ``rows`` with a draw below the highest chance anybody can have."""
        highest = self._highest(ctx, settled, None)
        uid = ctx.world.tables[self.table].uid
        return Near(self, *ctx.draws.near(self.name, uid, rows, ctx.month, highest))

    def chance(self, ctx: Context, rows: Rows, base: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance of each of ``rows`` given the chance that its drivers make."""
        del ctx, rows
        return base

    def _at_risk(self, ctx: Context, eligible: Eligible) -> Rows:
        """Rows at risk, which are looked up only where the normaliser has to be measured."""
        if self.name in ctx.reference.stored and not ctx.reference.tracking:
            return np.empty(0, dtype=np.int32)
        everybody = np.arange(ctx.world.tables[self.table].size, dtype=np.int32)
        return everybody[eligible(everybody)]


class _Known(NamedTuple):
    """Weights of a group, and all that they follow from."""

    given: tuple[float, ...]
    stored: dict[str, Any]
    size: int
    drivers: list[_Weighed]
    constants: NDArray[np.float32]


class Together:
    """Events of one table that are decided in one pass.

    Parameters
    ----------
    events
        In the order in which their candidates are given and those struck come back.
    """

    def __init__(self, *events: StagedEvent) -> None:
        self.events = events
        self.table = events[0].table
        self.numbers = np.arange(len(events))
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
        # the first once more: of a single name the getter would give a number and not a tuple
        self._given = itemgetter(*names, names[0])
        self._known: _Known | None = None

    def decide(self, ctx: Context, *candidates: Near) -> list[Rows]:
        """Return for each event those of its candidates to whom it happens, ascending."""
        sizes = [near.rows.size for near in candidates]
        rows = np.concatenate([near.rows for near in candidates])
        if rows.size == 0:
            return [near.rows for near in candidates]
        of = self.numbers.repeat(sizes)
        base = self._chances(ctx, candidates, rows, of)
        capped = np.zeros(len(sizes), dtype=np.intp)
        chance_loops.cut(base, ctx.values["kernel.probability_cap"], of, capped)
        found = []
        for near, end, size, over in zip(candidates, accumulate(sizes), sizes, capped.tolist(), strict=True):
            ctx.counters.caps(near.event.name, size, over)
            p = near.event.chance(ctx, near.rows, base[end - size : end])
            if ctx.tracer is not None and size:
                ctx.tracer.event(ctx, near.event, near.rows, p, near.u < p)
            hit = np.empty_like(near.rows, shape=size + 1)
            found.append(hit[: chance_loops.struck(near.rows, near.u, p, hit)])
        return found

    def _sum(
        self, ctx: Context, rows: Rows, of: NDArray[np.intp], drivers: list[_Weighed]
    ) -> NDArray[np.float32]:
        """Drivers of ``rows``, weighed by the event ``of`` each."""
        world, special = ctx.world, ctx.loops.special
        power = np.zeros(rows.size, dtype=np.float32)
        links = {self.table: rows}
        for influence, weights in drivers:
            source, attribute = influence.place
            column = getattr(world.tables[source], attribute)
            if influence.loop in special or column.dtype in WIDE:
                power += influence.values(ctx, self.table, rows) * weights[of]
                continue
            link = links.get(source)
            if link is None:
                link = links[source] = world.link(self.table, rows, source)
            nobody = influence.nobody(world)
            if influence.wanted is None:
                chance_loops.add(power, column, link, nobody, weights, of)
            else:
                chance_loops.add_match(power, column, link, nobody, influence.wanted, weights, of)
        return power

    def _chances(
        self, ctx: Context, candidates: Sequence[Near], rows: Rows, of: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Chance from drivers and levers of the candidates of all events, uncapped, in the order of ``rows``."""
        values, clip = ctx.values, ctx.values["kernel.hazard_clip"]
        drivers, constants = self._weights(ctx)
        references = [
            ctx.reference.normaliser(ctx, near.event.name, near.event.index, near.rows, clip)
            for near in candidates
        ]
        power, exponent = self._sum(ctx, rows, of, drivers), np.empty(rows.size)
        chance_loops.exponents(power, constants, np.array(references), of, clip, exponent)
        end = 0
        for near in candidates:
            start, end = end, end + near.rows.size
            lever = ctx.effects.offsets(near.event.name, self.table)
            if lever is not None:
                exponent[start:end] += lever[near.rows]
        np.exp(exponent, out=exponent)
        rates = np.array([values[event.rate] for event in self.events])
        chance_loops.hazards(exponent, rates, of, MONTHS_PER_YEAR)
        return np.negative(np.expm1(exponent, out=exponent), out=exponent)

    def _weights(self, ctx: Context) -> tuple[list[_Weighed], NDArray[np.float32]]:
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
            return known.drivers, known.constants
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
        self._known = _Known(given, stored, len(stored), drivers, constants.astype(np.float32))
        return drivers, self._known.constants
