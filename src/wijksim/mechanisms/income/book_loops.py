"""Compiled passes for who takes up allowances, and for who comes without a past wage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]


@compiled
def takeup_split(alive: Bools, takeup: Bools, without: Rows, within: Rows) -> tuple[int, int]:
    """Fill the lists with who misses allowances and who claims them; return how many each holds."""
    a, b = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        without[a] = within[b] = i  # overwritten by the next unless it counts
        a += np.uint32(alive[i] & (not takeup[i]))
        b += np.uint32(takeup[i])
    return int(a), int(b)


@compiled
def without_past(
    rows: Rows, activity: NDArray[np.int8], code: int, last_wage: NDArray[np.float32], out: Rows
) -> int:
    """Fill ``out`` with those of ``rows`` who have this activity and no past wage, return how many."""
    count = 0
    for row in rows:
        if activity[row] == code and last_wage[row] <= 0:
            out[count] = row
            count += 1
    return count
