"""Compiled passes over households for the take-up of allowances and the sums of the month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]


@compiled
def takeup_split(alive: Bools, takeup: Bools, without: Rows, within: Rows) -> tuple[int, int]:
    """Fill the lists with who misses allowances and who claims them; return how many each holds."""
    a, b = 0, 0
    for i in range(alive.size):
        without[a] = i  # overwritten by the next unless it counts
        within[b] = i
        a += alive[i] and not takeup[i]
        b += takeup[i]
    return a, b


@compiled
def totals(
    entrance: Rows,
    district: Rows,
    assistance: Floats,
    recipients: NDArray[np.float32],
    allowances: Floats,
    benefits: Floats,
    tax: Floats,
    handling: float,
    euro: float,
    result: Floats,
) -> None:
    """Add the amounts up per district: ``result`` of shape ``(5, n_districts)``, zero at first.

    The second are benefits in payment at the cost of their ``handling``; all are brought to another ``euro``. They are
    added up per entrance first: sums that all end in one of a few places have to wait for each other.
    """
    behind = np.zeros((district.size, result.shape[0]))
    for i in range(entrance.size):
        place = entrance[i]
        if place < 0:
            continue
        if recipients[i] != 0:
            behind[place, 0] += assistance[i]
            behind[place, 1] += recipients[i]
        behind[place, 2] += allowances[i]
        behind[place, 3] += benefits[i]
        behind[place, 4] += tax[i]
    for place in range(district.size):
        if district[place] >= 0:
            for item in range(behind.shape[1]):
                result[item, district[place]] += behind[place, item]
    for d in range(result.shape[1]):
        result[1, d] *= handling
        for item in range(result.shape[0]):
            result[item, d] *= euro


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
