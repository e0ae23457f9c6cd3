"""How everybody is at the end of a run: what is needed to find the same person again in another variant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.state.structure import ADULT_AGE


@dataclass(frozen=True)
class People:
    """Adults who lived here at the start and still do, in the order of their numbers.

    Attributes
    ----------
    uid, start, district, stress
        Number, district at the start, and district and stress (0 to 1) at the end, shape ``(people,)`` each.
    """

    uid: NDArray[np.uint64]
    start: NDArray[np.int32]
    district: NDArray[np.int32]
    stress: NDArray[np.float64]


class Roll:
    """Knows who is adult and lives here when it is made, and says at the end how they are.

    Parameters
    ----------
    ctx
        The run at its start.
    """

    def __init__(self, ctx: Context) -> None:
        table = ctx.world.resident
        rows = np.flatnonzero(table.alive & (table.age >= ADULT_AGE))
        rows = rows[np.argsort(table.uid[rows])]
        self._uid, self._start = table.uid[rows].copy(), table.district[rows].astype(np.int32)

    def people(self, ctx: Context) -> People:
        """Those of the start who are still here."""
        table = ctx.world.resident
        if "stress" not in table.columns:
            nowhere = np.empty(0, np.int32)
            return People(np.empty(0, np.uint64), nowhere, nowhere, np.empty(0))
        rows = np.flatnonzero(table.alive & np.isin(table.uid, self._uid) & (table.district >= 0))
        rows = rows[np.argsort(table.uid[rows])]
        return People(
            table.uid[rows].copy(),
            self._start[np.searchsorted(self._uid, table.uid[rows])],
            table.district[rows].astype(np.int32),
            table.stress[rows].astype(np.float64),
        )
