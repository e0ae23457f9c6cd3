"""Feedback loops by name, and what it means to switch one off.

Switched off, every influence that carries the loop keeps the value it had for that row when the run began; a
newcomer gets the mean of the national reference. The rest of the model runs on, so that the difference with the full
run is what the feedback does.
"""

from __future__ import annotations

from collections.abc import Iterable
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


class Loops:
    """Which loops are off, and the values at which they stand still."""

    def __init__(self, off: Iterable[str] = ()) -> None:
        self.off = frozenset(off)
        self._kept: dict[str, tuple[NDArray[np.uint64], NDArray[Any]]] = {}

    def is_off(self, loop: str) -> bool:
        """Tell whether a loop is switched off."""
        return loop in self.off

    def frozen(
        self, ctx: Context, influence: Influence, table: str, rows: Rows | slice, *, live: NDArray[Any]
    ) -> NDArray[Any]:
        """Values at the start of the run; live values during the warm-up."""
        if ctx.month < 0:
            return live
        holder = ctx.world.tables[table]
        key = f"{table}|{influence.key}"
        if key not in self._kept:
            self._kept[key] = (holder.uid.copy(), np.array(influence.live(ctx, table, slice(None))))
        uids, values = self._kept[key]
        index = np.arange(holder.size)[rows]
        known = index < uids.size
        known[known] = uids[index[known]] == holder.uid[index[known]]
        result = np.full(index.size, ctx.reference.mean_of(ctx, table, influence), dtype=np.float32)
        result[known] = values[index[known]]
        return result
