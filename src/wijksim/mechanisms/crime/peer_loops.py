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
# the young and who offends; the young outside the world of crime, at its fringe, active; and newcomers
LISTS = ("around", "recruits", "fringe", "active", "new")
_ACTIVE, _NEW = LISTS.index("active"), LISTS.index("new")


@compiled
def around(a: Ends, b: Ends, strength: Weights, young: Bools, offends: Bools, known: Floats) -> None:
    """Add up the strength of the ties of each of the young, and of those with offenders, a line for each in ``known``.

    Strengths are narrow and sums are not: they come out the same in any order.
    """
    near, count = np.empty(a.size + 1, np.uint32), np.uint32(0)
    for i in range(np.uint32(a.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        near[count] = i
        count += np.uint32(young[np.uint32(a[i])] | young[np.uint32(b[i])])
    for k in range(count):
        i = near[k]
        first, second, tie = np.uint32(a[i]), np.uint32(b[i]), np.float64(strength[i])
        one, other = tie if young[first] else 0.0, tie if young[second] else 0.0
        known[first, 0] += one
        known[first, 1] += one if offends[second] else 0.0
        known[second, 0] += other
        known[second, 1] += other if offends[first] else 0.0


@compiled
def exposure(
    rows: Ends, district: Ends, known: Floats, local: Floats, prior: float, floor: float, level: float, out: Floats,
) -> None:  # fmt: skip
    """Fill ``out`` with offending around each of ``rows`` against its national ``level``.

    Ties count by strength, people of the same age in the district (``local``) as ``prior`` ties.
    """
    for i in range(rows.size):
        row = np.uint32(rows[i])
        around_here = local[district[row]] if district[row] >= 0 else 0.0
        found = (known[row, 1] + prior * around_here) / (known[row, 0] + prior)
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
    size, a, b, d, e = np.uint32(alive.size), np.uint32(0), np.uint32(0), 0, 0
    for i in range(size):
        offends[i] = alive[i] & (stage[i] > 0) & (not detained[i])
    for i in range(size):
        young[i] = alive[i] & (age[i] >= first) & (age[i] <= last)
    for i in range(size):
        rows[a] = i  # here and below overwritten by the next unless it counts: no branch that could be guessed wrong
        a += np.uint32(young[i] | offends[i])
        if alive[i] & (stage[i] > 0):  # few are: the branch is hardly ever guessed wrong
            fringe[d] = active[e] = i
            d += stage[i] == _FRINGE
            e += stage[i] != _FRINGE
    for k in range(a):
        row = np.uint32(rows[k])
        recruits[b] = row
        b += np.uint32(young[row] & (stage[row] <= 0))
        if young[row] and district[row] >= 0:
            youths[district[row]] += 1
            offenders[district[row]] += offends[row]
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
    count = 0
    for i in range(alive.size):
        if arrived[i] == month and origin[i] == outside and alive[i]:  # few did: it is hardly ever guessed wrong
            rows[count] = i
            count += 1
    return count


# fmt: off
@compiled
def exposed(
    month: int, outside: int, kept: tuple[float, float], districts: int, a: Ends, b: Ends, strength: Weights,
    youngest: float, recruit_to: float, offer: float, prior: float, floor: float, level: float, alive: Bools,
    origin: Codes, arrived: Ages, case_memory: Weights, victim_memory: Weights, stage: Codes, detained: Bools,
    age: Ages, household: Ends, income: Floats, persons: Ages, gap: Weights, district: Ends, sibling_offends: Bools,
    exposure_of: Weights, lists: Ends, out: Floats,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """Fill the :data:`LISTS`, and ``out`` with the offending around each of the first; return how many each holds.

    Also mark the young with a sibling who offends, fill ``gap`` with what an offer is above the income per member, as a
    share of the offer, and ``exposure_of`` with zeros. ``districts`` is how many there are; the young are those from
    the ``youngest`` age to that up to which anybody is recruited. See :func:`groups` and :func:`begun` for the lists.
    """
    rows, first, last = lists[0], int(np.ceil(youngest)), int(np.floor(recruit_to))  # whole: ages are
    number = begun(alive, origin, outside, arrived, month, kept, case_memory, victim_memory, lists[_NEW])
    for home in range(gap.size):
        gap[home] = min(max(1.0 - income[home] / max(persons[home], 1) / offer, 0.0), 1.0)
    young, offends = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    youths, offenders = np.zeros(districts), np.zeros(districts)
    counts = groups(
        alive, stage, detained, age, first, last, district, young, offends, youths, offenders, rows, lists[1],
        lists[2], lists[_ACTIVE],
    )  # fmt: skip
    known = np.zeros((alive.size, 2))
    around(a, b, strength, young, offends, known)
    for i in range(districts):
        offenders[i] /= max(youths[i], 1.0)
    found = rows[: counts[0]]
    exposure(found, district, known, offenders, prior, floor, level, out)
    siblings(found, young, offends, household, np.zeros(gap.size, np.int64), sibling_offends)
    exposure_of[:] = 0
    return (*counts, number)
