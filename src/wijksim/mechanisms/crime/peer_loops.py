"""Compiled passes over the young, their ties and their brothers and sisters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]


@compiled
def around(
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    young: Bools,
    offends: Bools,
    seen: Floats,
    weight: Floats,
) -> None:
    """Add to ``weight`` the strength of the ties of each of the young, to ``seen`` that of ties with offenders.

    Sums go over the ties in which they are the first end, then over the others, and the two are added up.
    """
    seen_second, weight_second = np.zeros(seen.size), np.zeros(weight.size)
    near, count = np.empty(a.size + 1, np.uint32), np.uint32(0)
    for i in range(np.uint32(a.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        near[count] = i
        count += np.uint32(young[np.uint32(a[i])] | young[np.uint32(b[i])])
    for k in range(count):
        i = near[k]
        first, second, tie = np.uint32(a[i]), np.uint32(b[i]), np.float64(strength[i])
        if young[first]:
            weight[first] += tie
            if offends[second]:
                seen[first] += tie
        if young[second]:
            weight_second[second] += tie
            if offends[first]:
                seen_second[second] += tie
    for row in range(seen.size):
        seen[row] += seen_second[row]
        weight[row] += weight_second[row]


# fmt: off
@compiled
def groups(
    alive: Bools, stage: NDArray[np.int8], detained: Bools, age: NDArray[np.int16], first: int, last: int,
    district: Ends, young: Bools, offends: Bools, youths: Floats, offenders: Floats, rows: Ends,
) -> int:
    # fmt: on
    """Mark the young and who offends, count young and young offenders per district, and list both in ``rows``."""
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        offends[i] = alive[i] & (stage[i] > 0) & (not detained[i])
        young[i] = alive[i] & (age[i] >= first) & (age[i] <= last)
        rows[count] = i
        count += np.uint32(young[i] | offends[i])
    for k in range(count):
        i = rows[k]
        if young[i] and district[i] >= 0:
            youths[district[i]] += 1
            offenders[district[i]] += offends[i]
    return int(count)


@compiled
def exposure(
    rows: Ends, district: Ends, seen: Floats, weight: Floats, local: Floats, prior: float, floor: float, level: float,
    out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` with offending around each of ``rows`` against its national ``level``.

    Ties count by strength, people of the same age in the district (``local``) as ``prior`` ties.
    """
    for i in range(rows.size):
        row = rows[i]
        around_here = local[district[row]] if district[row] >= 0 else 0.0
        found = (seen[row] + prior * around_here) / (weight[row] + prior)
        out[i] = (found + floor * level) / ((1 + floor) * level)


@compiled
def siblings(
    rows: Ends, young: Bools, offends: Bools, household: Ends, offenders: NDArray[np.int64], out: Bools
) -> None:
    """Mark those of ``rows`` who are young and share a home with another young offender; ``offenders`` holds zeros."""
    out[:] = False
    for row in rows:
        if young[row] and offends[row]:
            offenders[household[row]] += 1
    for row in rows:
        if young[row] and offenders[household[row]] > offends[row]:
            out[row] = True


# fmt: off
@compiled
def exposed(
    alive: Bools, stage: NDArray[np.int8], detained: Bools, age: NDArray[np.int16], first: int, last: int,
    household: Ends, homes: int, district: Ends, districts: int, a: Ends, b: Ends, strength: NDArray[np.float32],
    prior: float, floor: float, level: float, rows: Ends, out: Floats, sibling_offends: Bools,
) -> int:
    # fmt: on
    """List the young and who offends in ``rows``, and fill ``out`` with the offending around each; return how many.

    ``homes`` and ``districts`` are how many there are. Also mark the young with a sibling who offends.
    """
    young, offends = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    youths, offenders = np.zeros(districts), np.zeros(districts)
    count = groups(
        alive, stage, detained, age, first, last, district, young, offends, youths, offenders, rows
    )
    seen, weight = np.zeros(alive.size), np.zeros(alive.size)
    around(a, b, strength, young, offends, seen, weight)
    for i in range(districts):
        offenders[i] /= max(youths[i], 1.0)
    exposure(rows[:count], district, seen, weight, offenders, prior, floor, level, out)
    siblings(rows[:count], young, offends, household, np.zeros(homes, np.int64), sibling_offends)
    return count
