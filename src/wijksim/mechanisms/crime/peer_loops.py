"""Compiled passes over the young, their ties and their brothers and sisters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.crime.columns import CrimeStage

type Ages = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Weights = NDArray[np.float32]
type Ends = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

_FRINGE = int(CrimeStage.FRINGE)


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
def groups(
    alive: Bools, stage: Codes, detained: Bools, age: Ages, first: int, last: int, district: Ends, young: Bools,
    offends: Bools, youths: Floats, offenders: Floats, rows: Ends, recruits: Ends, fringe: Ends, active: Ends,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Mark the young and who offends, count young and young offenders per district, and list both in ``rows``.

    Also list the young outside the world of crime (``recruits``), and who is at its fringe or active; return how many
    each list holds.
    """
    inside, a, b, c = np.empty(alive.size + 1, np.int32), np.uint32(0), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        rows[a] = recruits[b] = inside[c] = i
        within = alive[i] & (stage[i] > 0)
        offends[i] = within & (not detained[i])
        young[i] = alive[i] & (age[i] >= first) & (age[i] <= last)
        a += np.uint32(young[i] | offends[i])
        b += np.uint32(young[i] & (not within))
        c += np.uint32(within)
    for k in range(a):
        i = rows[k]
        if young[i] and district[i] >= 0:
            youths[district[i]] += 1
            offenders[district[i]] += offends[i]
    d, e = 0, 0
    for k in range(c):
        fringe[d] = active[e] = inside[k]
        d += stage[inside[k]] == _FRINGE
        e += stage[inside[k]] != _FRINGE
    return int(a), int(b), d, e


# fmt: off
@compiled
def begun(
    alive: Bools, origin: Codes, outside: int, arrived: Ages, month: int, kept: tuple[float, float],
    case_memory: Weights, victim_memory: Weights, rows: Ends,
) -> int:
    # fmt: on
    """Let memories fade and fill ``rows`` with who came from outside in a month, return how many."""
    cases, crimes = np.float32(kept[0]), np.float32(kept[1])
    for i in range(alive.size):
        case_memory[i] *= cases
        victim_memory[i] *= crimes
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        rows[count] = i  # overwritten by the next unless it counts
        count += np.uint32((arrived[i] == month) & (origin[i] == outside) & alive[i])
    return int(count)


# fmt: off
@compiled
def exposed(
    alive: Bools, origin: Codes, outside: int, arrived: Ages, month: int, kept: tuple[float, float],
    case_memory: Weights, victim_memory: Weights,
    stage: Codes, detained: Bools, age: Ages, first: int, last: int, household: Ends, income: Floats,
    persons: Ages, offer: float, gap: Weights, district: Ends, districts: int, a: Ends, b: Ends, strength: Weights,
    prior: float, floor: float, level: float, rows: Ends, recruits: Ends, fringe: Ends, active: Ends, new: Ends,
    out: Floats, sibling_offends: Bools, exposure_of: Weights,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """List the young and who offends in ``rows``, and fill ``out`` with the offending around each.

    Also mark the young with a sibling who offends, fill ``gap`` with what an offer is above the income per member, as a
    share of the offer, and ``exposure_of`` with zeros. ``districts`` is how many there are. Lists and what is returned
    are those of :func:`groups`, and last what :func:`begun` does.
    """
    number = begun(alive, origin, outside, arrived, month, kept, case_memory, victim_memory, new)
    for home in range(gap.size):
        gap[home] = min(max(1.0 - income[home] / max(persons[home], 1) / offer, 0.0), 1.0)
    young, offends = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    youths, offenders = np.zeros(districts), np.zeros(districts)
    counts = groups(
        alive, stage, detained, age, first, last, district, young, offends, youths, offenders, rows, recruits, fringe,
        active,
    )  # fmt: skip
    seen, weight = np.zeros(alive.size), np.zeros(alive.size)
    around(a, b, strength, young, offends, seen, weight)
    for i in range(districts):
        offenders[i] /= max(youths[i], 1.0)
    found = rows[: counts[0]]
    exposure(found, district, seen, weight, offenders, prior, floor, level, out)
    siblings(found, young, offends, household, np.zeros(gap.size, np.int64), sibling_offends)
    exposure_of[:] = 0
    return (*counts, number)
