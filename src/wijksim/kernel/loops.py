"""Feedback loops by name, and what it means to switch one off.

Switched off, every influence that carries the loop takes the value it has at the same moment for the same row in the
*null run*: the same future without levers, which goes along beside the run (its shadow). What a lever does then reaches
the driver no more, and the difference with the full run is what the feedback does. A freeze at the start value would
count every drift of the null as feedback. A row that the null run does not have gets the mean of the national
reference. With all loops off and no lever, a run is its null run, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.influence import Influence

LOOPS: dict[str, str] = {
    "concentration": "R1: cheap vacancies draw priority groups, nuisance follows, those who can leave",
    "firefighting": "R2: crises eat the hours that would prevent them, strain makes staff leave",
    "scarcity": "R3: job loss, debt, stress and health feed each other",
    "street": "R4: disorder, fear, fewer encounters, less social control",
    "youth": "R5: unstable home, dropout and peers lead to recruitment",
    "trust": "R6: stop-go policy and unanswered calls cost trust and take-up",
    "facilities": "R7: purchasing power keeps shops and places, places keep encounters",
    "support": "B1: support lowers crises",
    "ties": "B2: ties absorb need",
    "employment": "B3: work lowers care use and loneliness",
    "enforcement": "B4: enforcement lowers visible crime and displaces part of it",
}


@dataclass(frozen=True)
class Seen:
    """What a driver was for a whole table at one moment of the null run."""

    uid: NDArray[np.uint64]
    values: NDArray[Any]

    def find(self, uid: NDArray[np.uint64], rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Rows of the null run that hold ``uid``, -1 for none; mostly the ``rows`` that hold them here."""
        place = np.where(rows < self.uid.size, rows, 0)
        same = (self.uid[place] == uid) & (rows < self.uid.size)
        place[~same] = -1
        elsewhere = (~same).nonzero()[0]
        if elsewhere.size and self.uid.size:
            order = np.argsort(self.uid, kind="stable")
            # the last of equal uids: a row released in the null keeps the uid of its last holder
            guess = np.searchsorted(self.uid, uid[elsewhere], side="right", sorter=order) - 1
            found = order[np.maximum(guess, 0)]
            place[elsewhere] = np.where(self.uid[found] == uid[elsewhere], found, -1)
        return place


class Loops:
    """Which loops are off, and where the values come from at which they stand still.

    Parameters
    ----------
    off
        Loops switched off.
    shadow
        The null run in the same future; without one, drivers stay what they were when the run began.
    watched
        Loops whose drivers are noted down each time they are used: those that are off where this is the shadow.
    """

    def __init__(
        self, off: Iterable[str] = (), *, shadow: Context | None = None, watched: Iterable[str] = ()
    ) -> None:
        self.off = frozenset(off)
        self.watched = frozenset(watched)
        self.shadow = shadow
        self._kept: dict[str, list[Seen]] = {}
        self._used: dict[str, int] = {}

    @property
    def special(self) -> frozenset[str]:
        """Loops whose drivers are not simply read."""
        return self.off | self.watched if self.watched else self.off

    def begin_stage(self) -> None:
        """Forget what was noted: a stage of the month begins in both runs."""
        if self.shadow is not None or self.watched:
            self._kept.clear()
            self._used.clear()

    def note(self, ctx: Context, influence: Influence, table: str) -> None:
        """Keep a driver as it is now for the whole table."""
        seen = Seen(ctx.world.tables[table].uid.copy(), np.array(influence.live(ctx, table, slice(None))))
        self._kept.setdefault(f"{table}|{influence.key}", []).append(seen)

    def frozen(
        self, ctx: Context, influence: Influence, table: str, rows: Rows | slice, *, live: NDArray[Any]
    ) -> NDArray[Any]:
        """Values of the null run; live values during the warm-up."""
        if ctx.month < 0:
            return live
        holder = ctx.world.tables[table]
        seen = self._null(ctx, influence, table)
        index = np.arange(holder.size)[rows]
        place = seen.find(holder.uid[index], index)
        result = np.full(index.size, ctx.reference.mean_of(ctx, table, influence), dtype=np.float32)
        known = place >= 0
        result[known] = seen.values[place[known]]
        return result

    def null_value(self, ctx: Context, loop: str, column: str) -> NDArray[Any]:
        """A column of a table that never changes (districts, entrances), of the null run if ``loop`` is off."""
        if loop in self.off and self.shadow is not None and ctx.month >= 0:
            return self.shadow.world.column(column)
        return ctx.world.column(column)

    def _null(self, ctx: Context, influence: Influence, table: str) -> Seen:
        key = f"{table}|{influence.key}"
        if self.shadow is None:
            if key not in self._kept:
                self.note(ctx, influence, table)
            return self._kept[key][0]
        noted = self.shadow.loops._kept.get(key)
        if noted:
            # the n-th use in this stage here is the n-th use there: in between the driver may have moved
            turn = self._used.get(key, 0)
            self._used[key] = turn + 1
            return noted[min(turn, len(noted) - 1)]
        holder = self.shadow.world.tables[table]
        return Seen(holder.uid, np.asarray(influence.live(self.shadow, table, slice(None))))
