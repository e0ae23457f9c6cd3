"""Compiled loops over residents whose need may come to be known: who is in need, and what channels make of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]

# channels in the order in which their candidates stand
_SELF, _NEIGHBOUR, _CARETAKER, _OUTREACH = range(2**2)


@compiled
def noticed(
    need: Amounts, least: Amounts, case: Codes, alive: Flags, age: Months, crises: Codes, no_case: int, adult: int
) -> tuple[Rows, Rows]:  # fmt: skip
    """Adults without help whose need is at least ``least``, one for all or per resident; those without it in crisis."""
    rows, told = np.empty(need.size + 1, np.int32), np.empty(need.size + 1, np.int32)
    n, m = np.uint32(0), np.uint32(0)
    each = np.uint32(least.size > 1)
    for i in range(np.uint32(need.size)):
        # both are overwritten by the next unless they count: no branch that could be guessed wrong
        rows[n] = told[m] = i
        free = case[i] == no_case
        n += np.uint32((need[i] >= least[i * each]) & free & alive[i] & (age[i] >= adult))
        m += np.uint32((crises[i] > 0) & free)
    return rows[:n].copy(), told[:m].copy()


@compiled
def weighed(
    rows: Rows, sizes: Whole, rates: Floats, trust: Floats, likely: Floats, findable: float, least: float,
    former: float, relapse: int, case_closed: Months, district: Rows, caretakers: Floats,
    knows_neighbours: Flags, household: Rows, tenure: Codes, corporation: int, reached: Flags,
    found: Whole, able: Flags, base: Floats, ratio: Floats, closed: Floats, care: Floats,
) -> None:  # fmt: skip
    """Fill the last five for candidates, who stand channel by channel, ``sizes`` of each; count those ``found``.

    Whether the channel can find them at all, its yearly rate, the ratio by trust (or, for signals by others, by contact
    and acceptance), and the logs of what an earlier case (after month ``relapse``) and ``caretakers`` add.
    """
    i = 0
    for channel in range(sizes.size):
        for _ in range(sizes[channel]):
            row = rows[i]
            able[i], base[i], care[i] = True, rates[channel], 0.0
            if channel == _SELF:
                ratio[i] = max(trust[i] * findable, least)
            else:
                ratio[i] = min(max(likely[i], least), 1.0)
            closed[i] = former if case_closed[row] > relapse else 0.0
            if channel == _NEIGHBOUR:
                able[i] = knows_neighbours[row]
            elif channel == _CARETAKER:
                home = household[row]
                able[i] = home >= 0 and tenure[home] == corporation
                care[i] = caretakers[district[row]]
            elif channel == _OUTREACH:
                able[i] = reached[row]
            found[channel] += able[i]
            i += 1
