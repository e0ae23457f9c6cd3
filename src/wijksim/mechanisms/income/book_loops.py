"""Compiled passes for who takes up allowances, and for who comes without a past wage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]


@compiled
def takeup_split(alive: Bools, takeup: Bools, lists: Rows) -> tuple[int, int]:
    """List who misses allowances, and who claims them; return how many.

    The lines of ``lists`` have a place more than there are households.
    """
    without, within = lists[0], lists[1]
    a, b = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        without[a] = within[b] = i  # overwritten by the next unless it counts
        a += np.uint32(alive[i] & (not takeup[i]))
        b += np.uint32(takeup[i])
    return int(a), int(b)


@compiled
def without_past(rows: Rows, activity: NDArray[np.int8], code: int, last_wage: NDArray[np.float32]) -> Rows:
    """List those of ``rows`` who have this activity and no past wage."""
    out, count = np.empty(rows.size, np.int32), 0
    for row in rows:
        if activity[row] == code and last_wage[row] <= 0:
            out[count] = row
            count += 1
    return out[:count]
