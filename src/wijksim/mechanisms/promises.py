"""Promises that were not kept: programmes that stop, and calls for help that nobody answers (R6, stop-go policy).

Whom a programme reaches has been promised something. When it is no longer in force, what it did may fade slowly, but
the promise is broken at once, for everybody whom it reached not long ago and whom no other programme still in force
reaches. Whoever gives up waiting for help has been promised help. So has everybody been promised to be treated fairly:
a check by the police that is felt as unfair is a promise broken too, and levers that bring such checks say whom they
struck. All are remembered and fade; trust hears them (wellbeing), and with less trust the next programme reaches fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.kernel.kept import Kept
from wijksim.kernel.mechanism import MECHANISMS, Mechanism
from wijksim.kernel.relax import step_fraction
from wijksim.state.column import Column
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PROGRAMMES = "promises.programmes"
LET_DOWN = "let_down"

_NEVER = -(2**14)
_NOBODY = np.empty(0, np.int32)
_FORGOTTEN = 2**-10


@dataclass
class Promised:
    """Whom one programme reached: uid and month by row, long ago for rows that it never reached."""

    uid: NDArray[np.uint64]
    month: NDArray[np.int16]

    def note(self, rows: Rows, uid: NDArray[np.uint64], month: int, size: int) -> None:
        """Add those reached this month; ``size`` is that of the table of residents."""
        if rows.size == 0:
            return
        short = size - self.uid.size
        if short > 0:
            self.uid = np.append(self.uid, np.zeros(short, np.uint64))
            self.month = np.append(self.month, np.full(short, _NEVER, np.int16))
        remember(rows, uid, month, self.uid, self.month)

    def since(self, ctx: Context, month: int) -> Rows:
        """Residents still here whom it reached after ``month``."""
        table = ctx.world.resident
        rows = (self.month > month).nonzero()[0].astype(np.int32)
        here: Rows = rows[table.alive[rows] & (table.uid[rows] == self.uid[rows])]
        return here


@compiled
def remember(
    rows: Rows, uid: NDArray[np.uint64], month: int, uids: NDArray[np.uint64], months: NDArray[np.int16]
) -> None:
    """Write down who was reached, and when."""
    for i in range(rows.size):
        uids[rows[i]] = uid[i]
        months[rows[i]] = month


@compiled
def fade(
    memory: NDArray[np.float32],
    broken: NDArray[np.bool_],
    kept: float,
    forgotten: float,
    most: float,
) -> None:
    """Let memories fade, to nothing once they are below what is forgotten; one more where one is ``broken`` now."""
    part, least, highest = np.float32(kept), np.float32(forgotten), np.float32(most)
    for i in range(memory.size):
        left = memory[i] * part
        memory[i] = np.float32(0) if left < least else left
    for i in range(memory.size):
        if broken[i]:
            memory[i] = min(memory[i] + np.float32(1), highest)


@Kept
def _limits(values: dict[str, float]) -> tuple[float, float, float]:
    """What is kept of a memory in a month, below what it is forgotten, and what nobody remembers more than."""
    return 1 - step_fraction(values["promises.memory_half_life"]), _FORGOTTEN, values["promises.most"]


@MECHANISMS.register
class Promises(Mechanism):
    """Remembers whom programmes reached and what was not kept (verbroken beloften)."""

    name = "promises"
    channels = (f"promises.{LET_DOWN}",)
    owns = (
        Column("resident.broken_promise", np.float32, "promises",
               "Programmes that stopped and calls without answer, fading (verbroken beloften)", low=0),
    )  # fmt: skip
    reads = ("resident.gave_up",)

    def step(self, ctx: Context) -> None:
        """Memories fade, programmes that stopped and calls without answer are added."""
        resident = ctx.world.resident
        fade(resident.broken_promise, resident.gave_up, *_limits(ctx.values))
        stopped = self._programmes(ctx)
        if stopped.size:
            ctx.counters.add("promises.broken_by_programmes", stopped.size)
            self._break(ctx, stopped)
        for _, owner, act, details in ctx.effects.acts:
            if owner == self.name and act == LET_DOWN:
                struck = details["residents"]
                self._break(ctx, struck[ctx.world.resident.alive[struck]])

    def _break(self, ctx: Context, rows: Rows) -> None:
        if rows.size == 0:
            return
        memory = ctx.world.resident.broken_promise
        memory[rows] = np.minimum(memory[rows] + 1, ctx.values["promises.most"])

    def _programmes(self, ctx: Context) -> Rows:
        """Note whom programmes in force reach; return whom those that stopped have let down."""
        store: dict[str, Promised] = ctx.world.stores.setdefault(PROGRAMMES, {})
        in_force = ctx.effects.programmes
        if not in_force and not store:
            return _NOBODY
        for lever in sorted(in_force):
            known = store.setdefault(lever, Promised(np.empty(0, np.uint64), np.empty(0, np.int16)))
            for rows, uid in in_force[lever]:
                known.note(rows, uid, ctx.month, ctx.world.resident.size)
        ended = [lever for lever in sorted(store) if lever not in in_force]
        if not ended:
            return _NOBODY
        oldest = ctx.month - int(ctx.values["promises.reached_months"]) - 1
        parts = [store.pop(lever).since(ctx, oldest) for lever in ended]
        let_down = np.unique(np.concatenate(parts))
        still = np.concatenate(
            [np.empty(0, np.int32), *(rows for found in in_force.values() for rows, _ in found)]
        )
        gone: Rows = np.setdiff1d(let_down, still).astype(np.int32)
        return gone

    def facts(self, ctx: Context) -> dict[str, Any]:
        """Residents who remember a broken promise, and promises that stopped programmes broke in the run."""
        return {
            "promises.remembered_by": int(np.count_nonzero(ctx.world.resident.broken_promise)),
            "promises.broken_by_programmes": ctx.counters.sums.get("promises.broken_by_programmes", 0.0),
        }
