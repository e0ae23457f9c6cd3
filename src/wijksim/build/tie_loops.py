"""Who knows whom, in compiled loops: whom chance brings together, pairs each once, and the triangles they are in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]

_SPREAD = np.uint64(
    0x9E3779B97F4A7C15
)  # 2^64 over the golden ratio: numbers that follow each other lie far apart
_WORD = np.uint64(64)
_ONE = np.uint64(1)
_NOBODY = np.uint64(2**64 - 1)


@inlined
def _number(first: int, second: int, size: int) -> np.uint64:
    low, high = min(first, second), max(first, second)
    return np.uint64(low) * np.uint64(size) + np.uint64(high)


@inlined
def _slot(code: np.uint64, slots: NDArray[np.uint64], bits: int) -> np.uint64:
    """Where a pair is, or the free place where it belongs."""
    last = np.uint64(slots.size - 1)
    at = (code * _SPREAD) >> (_WORD - np.uint64(bits))
    while slots[at] != code and slots[at] != _NOBODY:
        at = (at + _ONE) & last
    return at


@compiled
def fresh(
    first: Rows,
    second: Rows,
    size: int,
    turn: int,
    slots: NDArray[np.uint64],
    turns: Rows,
    bits: int,
    index: Rows,
) -> int:
    """List pairs of two that are not known, each once and the first of each, until ``index`` is full.

    Parameters
    ----------
    size
        A row is below it.
    turn
        Number of this look, above 0: what is proposed again in another turn is still new.
    slots, turns
        Numbers of pairs by a hash of so many ``bits``, and the turn in which each was proposed last; 0 if it is known.

    Returns
    -------
    int
        How many positions ``index`` holds.
    """
    count = 0
    for i in range(first.size):
        if count == index.size:
            break
        if first[i] != second[i]:
            code = _number(first[i], second[i], size)
            at = _slot(code, slots, bits)
            if slots[at] == _NOBODY or (turns[at] != 0 and turns[at] != turn):
                slots[at], turns[at] = code, turn
                index[count] = i
                count += 1
    return count


@compiled
def know(first: Rows, second: Rows, size: int, slots: NDArray[np.uint64], turns: Rows, bits: int) -> None:
    """Note pairs as known, in what :func:`fresh` takes."""
    for i in range(first.size):
        code = _number(first[i], second[i], size)
        at = _slot(code, slots, bits)
        slots[at], turns[at] = code, 0


@inlined
def _above(running: Floats, guide: Rows, value: float) -> int:
    """First position whose running sum is above a value; the guide says about where."""
    last: int = running.size - 1
    at = int(min(guide[min(int(value / running[last] * running.size), last)], last))
    while at < last and running[at] <= value:
        at += 1
    while at > 0 and running[at - 1] > value:
        at -= 1
    return at


@inlined
def _guide(running: Floats, guide: Rows) -> None:
    size, at = running.size, 0
    for k in range(size):
        while at < size and running[at] * size <= k * running[size - 1]:
            at += 1
        guide[k] = at


# fmt: off
@compiled
def propose(
    group: Rows, place: Rows, running: Floats, household: Rows, one_luck: Floats, other_luck: Floats, luck: Floats,
    first: Rows, second: Rows, kept: Floats,
) -> int:
    # fmt: on
    """Draw pairs of one place each, by weight, and leave out those of one household.

    Parameters
    ----------
    group, place, running
        Residents in order of their place, these places, and the running sum of their weights.
    household
        Of all residents.
    one_luck, other_luck, luck
        Draws for one end, for the other, and for what becomes of the pair.
    first, second, kept
        Filled: both ends, and the third draw.

    Returns
    -------
    int
        How many pairs there are.
    """
    size, count = group.size, 0
    if not running[size - 1] > 0:
        return 0
    guide, begins, ends = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    _guide(running, guide)
    for i in range(size):
        begins[i] = begins[i - 1] if i > 0 and place[i] == place[i - 1] else i
    for i in range(size - 1, -1, -1):
        ends[i] = ends[i + 1] if i < size - 1 and place[i] == place[i + 1] else i + 1
    for i in range(luck.size):
        one = _above(running, guide, one_luck[i] * running[size - 1])
        begin, end = begins[one], ends[one]
        floor = running[begin - 1] if begin > 0 else 0.0
        wanted = floor + other_luck[i] * (running[end - 1] - floor)
        other = min(max(_above(running, guide, wanted), begin), end - 1)
        a, b = group[one], group[other]
        first[count], second[count], kept[count] = a, b, luck[i]
        count += int(household[a] != household[b])
    return count


# fmt: off
@compiled
def wedges(
    starts: NDArray[np.int64], ends: Rows, middles: NDArray[np.intp], middle_luck: Floats, one_luck: Floats,
    other_luck: Floats, district: Rows, household: Rows, first: Rows, second: Rows,
) -> int:
    # fmt: on
    """Draw two of those whom somebody knows, of one district and two households.

    Parameters
    ----------
    starts, ends
        As :func:`acquaint` fills them.
    middles
        Residents with two ties or more.
    middle_luck, one_luck, other_luck
        Draws for the one in the middle and for both ends.
    district, household
        Of all residents.
    first, second
        Filled with the pairs.

    Returns
    -------
    int
        How many pairs there are.
    """
    count = 0
    for i in range(middle_luck.size):
        middle = middles[int(middle_luck[i] * middles.size)]
        begin, degree = starts[middle], starts[middle + 1] - starts[middle]
        one, other = int(one_luck[i] * degree), int(other_luck[i] * (degree - 1))
        other += int(other >= one)
        a, b = ends[begin + one], ends[begin + other]
        first[count], second[count] = a, b
        count += int((district[a] == district[b]) & (household[a] != household[b]))
    return count


@compiled
def acquaint(
    first: Rows, second: Rows, starts: NDArray[np.int64], ends: Rows, seen: Rows, triangles: NDArray[np.int64]
) -> None:
    """Sort the other ends of ties by resident and count pairs of ends that are tied themselves, each way round.

    Parameters
    ----------
    first, second
        Ends of ties, each tie once.
    starts, ends
        Filled: the ends of the ties of a resident, rising, lie in ``ends`` from ``starts[row]`` to ``starts[row + 1]``.
    seen
        Place to work in, as long as ``ends`` and as there are residents.
    triangles
        Filled, per resident.
    """
    size = triangles.size
    starts[:] = 0
    for i in range(first.size):
        starts[first[i] + 1] += 1
        starts[second[i] + 1] += 1
    for row in range(size):
        starts[row + 1] += starts[row]
    place = starts.copy()
    for i in range(first.size):
        a, b = first[i], second[i]
        seen[place[a]] = b
        seen[place[b]] = a
        place[a] += 1
        place[b] += 1
    # whoever hands itself to those it knows, from the first on, comes to each of them in order
    place[:] = starts
    for row in range(size):
        for i in range(starts[row], starts[row + 1]):
            ends[place[seen[i]]] = row
            place[seen[i]] += 1
    seen[:] = -1
    triangles[:] = 0
    # a triangle is found by the lowest of the three, from those above it to those above these
    for row in range(size):
        for i in range(starts[row], starts[row + 1]):
            seen[ends[i]] = row
        for i in range(starts[row + 1] - 1, starts[row] - 1, -1):
            middle = ends[i]
            if middle < row:
                break
            for k in range(starts[middle + 1] - 1, starts[middle] - 1, -1):
                end = ends[k]
                if end < middle:
                    break
                if seen[end] == row:
                    triangles[row] += 2
                    triangles[middle] += 2
                    triangles[end] += 2
