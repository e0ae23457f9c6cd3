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
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event, Settled
from wijksim.kernel.influence import Influence
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
        self._known: tuple[tuple[Any, ...], list[_Weighed], NDArray[np.float32]] | None = None

    def decide(self, ctx: Context, *candidates: Near) -> list[Rows]:
        """Return for each event those of its candidates to whom it happens, ascending."""
        sizes = [near.rows.size for near in candidates]
        rows = np.concatenate([near.rows for near in candidates])
        if rows.size == 0:
            return [near.rows for near in candidates]
        base = self._chances(ctx, candidates, rows, sizes)
        cap = ctx.values["kernel.probability_cap"]
        over = base > cap
        capped = bool(over.any())
        if capped:
            np.minimum(base, cap, out=base)
        struck = []
        for near, end, size in zip(candidates, accumulate(sizes), sizes, strict=True):
            part = slice(end - size, end)
            ctx.counters.caps(near.event.name, size, int(np.count_nonzero(over[part])) if capped else 0)
            p = near.event.chance(ctx, near.rows, base[part])
            hit = near.u < p
            if ctx.tracer is not None and size:
                ctx.tracer.event(ctx, near.event, near.rows, p, hit)
            struck.append(near.rows[hit])
        return struck

    def _chances(
        self, ctx: Context, candidates: Sequence[Near], rows: Rows, sizes: list[int]
    ) -> NDArray[np.float64]:
        """Chance from drivers and levers of the candidates of all events, uncapped, in the order of ``rows``."""
        values, clip = ctx.values, ctx.values["kernel.hazard_clip"]
        of = self.numbers.repeat(sizes)
        drivers, constants = self._weights(ctx)
        power = np.zeros(rows.size, dtype=np.float32)
        for influence, weights in drivers:
            power += influence.values(ctx, self.table, rows) * weights[of]
        power -= constants[of]
        references = [
            ctx.reference.normaliser(ctx, near.event.name, near.event.index, near.rows, clip)
            for near in candidates
        ]
        exponent = power.astype(np.float64)
        np.minimum(np.maximum(exponent, -clip, out=exponent), clip, out=exponent)
        exponent -= np.array(references)[of]
        for near, end, size in zip(candidates, accumulate(sizes), sizes, strict=True):
            lever = ctx.effects.offsets(near.event.name, self.table)
            if lever is not None:
                exponent[end - size : end] += lever[near.rows]
        np.exp(exponent, out=exponent)
        exponent *= np.array([values[event.rate] for event in self.events])[of]
        exponent /= -MONTHS_PER_YEAR
        return np.negative(np.expm1(exponent, out=exponent), out=exponent)

    def _weights(self, ctx: Context) -> tuple[list[_Weighed], NDArray[np.float32]]:
        """Drivers that count, each with its weight per event, and what centring takes off per event.

        Kept for as long as parameters and reference stay what they are: usually a whole run.
        """
        values, stored = ctx.values, ctx.reference.stored
        given = tuple([(values[weight], *stored.get(key, ())) for _, _, weight, key in self._places])
        if not ctx.reference.tracking and self._known is not None and self._known[0] == given:
            return self._known[1:]
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
        self._known = given, drivers, constants.astype(np.float32)
        return self._known[1:]
