"""Compiled passes over all residents: who goes, who changes activity, and references to those who went."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]


@compiled
def leavers(alive: Bools, household: Rows, own: Codes, way: Codes, rows: Rows, fates: Codes) -> int:
    """Fill ``rows`` and ``fates`` with the living who go their ``own`` way or that of their household.

    Both hold -1 for those who stay; return how many go. ``way`` has a spare last place, as there may be no household.
    """
    count = 0
    for row in range(np.uint32(alive.size)):
        other = way[np.uint32(max(household[row], 0))]  # the dead are in none, and do not count
        if max(own[row], other) >= 0 and alive[row]:
            rows[count] = row
            fates[count] = own[row] if own[row] >= 0 else other
            count += 1
    return count


@compiled
def forget(column: Rows, gone: Bools) -> None:
    """Set references to rows that are gone to -1; -1 looks at the spare last place, which is never gone."""
    for row in range(column.size):
        if gone[column[row]]:
            column[row] = -1


@compiled
def become(
    residents: Rows,
    posts: NDArray[np.int64],
    alive: Bools,
    activity: Codes,
    changed: Rows,
    before: Codes,
) -> int:
    """Write the wanted activities, the last one counts; list who changed by it, ascending, and return how many.

    ``posts`` holds how many of ``residents`` want which activity, one line after another, shape ``(n, 2)``.
    """
    unasked = -1
    was = np.full(activity.size, unasked, np.int8)
    i = 0
    for post in range(posts.shape[0]):
        for _ in range(posts[post, 0]):
            row = residents[i]
            i += 1
            if alive[row]:
                if was[row] == unasked:
                    was[row] = activity[row]
                activity[row] = posts[post, 1]
    count = 0
    for row in range(was.size):
        if was[row] != unasked and was[row] != activity[row]:
            changed[count] = row
            before[count] = was[row]
            count += 1
    return count
