"""Compiled: how much two differ, how strong ties become, and who is whose friend."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.contacts.focus import Focus

type Rows = NDArray[np.int32]
type Positions = NDArray[np.intp]
type Bools = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Floats = NDArray[np.float64]
type Weights = NDArray[np.float32]

_ENTRANCE, _COMPLEX, _DISTRICT = int(Focus.ENTRANCE), int(Focus.COMPLEX), int(Focus.DISTRICT)


@compiled
def deal_friends(a: Rows, b: Rows, order: Rows, start: Rows, friend: Rows) -> None:
    """Fill ``friend`` with the friends of each resident, in the given order; those of row i begin at ``start[i]``.

    Entries are dealt out twice, by row and then in the order of the friends: that takes a few passes and no sort.
    """
    for i in range(a.size):
        start[np.uint32(a[i]) + np.uint32(1)] += 1
        start[np.uint32(b[i]) + np.uint32(1)] += 1
    for row in range(order.size):
        start[row + 1] += start[row]
    near, place = np.empty(friend.size, np.int32), start.copy()
    for i in range(a.size):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        near[np.uint32(place[one])] = other
        place[one] += 1
        near[np.uint32(place[other])] = one
        place[other] += 1
    place[:] = start
    # looked up beforehand: a loop of which the end is not known yet would wait for memory again and again
    begin, end = np.empty(order.size, np.uint32), np.empty(order.size, np.uint32)
    for i in range(order.size):
        begin[i], end[i] = start[order[i]], start[order[i] + 1]
    for i in range(order.size):
        for k in range(begin[i], end[i]):
            one = np.uint32(near[k])
            friend[np.uint32(place[one])] = order[i]
            place[one] += 1


@compiled
def unlike(
    first: Rows,
    second: Rows,
    milieu: NDArray[Any],
    age: Counts,
    household: Rows,
    children: Counts,
    moved_in: Counts,
    month: int,
    stages: Floats,
    weights: Floats,
    out: Floats,
) -> None:
    """Fill ``out`` with what two residents differ: by milieu, stage of life and months as neighbours, weighed.

    ``stages`` are the ages at which the middle and the last stage begin; ``weights`` those of milieu, stage and
    overlap, and the months after which the overlap is full.
    """
    for i in range(first.size):
        a, b = first[i], second[i]
        one, other = household[a], household[b]
        stage_a = 1 if children[one] > 0 else 2 * (age[a] >= stages[0]) + (age[a] >= stages[1])
        stage_b = 1 if children[other] > 0 else 2 * (age[b] >= stages[0]) + (age[b] >= stages[1])
        together = month - max(moved_in[one], moved_in[other])
        log = weights[2] * (1 - min(max(together / weights[3], 0.0), 1.0))
        if milieu[a] != milieu[b]:
            log += weights[0]
        if stage_a != stage_b:
            log += weights[1]
        out[i] = log


@compiled
def take_off(a: Rows, b: Rows, positions: Positions, known: Counts) -> None:
    """Take the ties at ``positions`` off the count of both ends."""
    for i in positions:
        known[a[i]] -= 1
        known[b[i]] -= 1


# fmt: off
@compiled
def strengthened(
    a: Rows, b: Rows, layer: Codes, root: Weights, rates: Weights, kept: Weights, gain: Weights, floor: np.float32,
    start: int, stop: int, strength: Weights, known: Counts, faded: Positions,
) -> int:
    # fmt: on
    """Let ties from ``start`` to ``stop`` fade and grow with encounters, and list in ``faded`` those that end.

    These end below the floor; return how many. ``rates``, ``kept`` and ``gain`` are by layer, and ``known`` counts the
    ties of each resident.
    """
    first, last, count = np.uint32(start), np.uint32(stop), np.uint32(0)
    for i in range(first, last):
        way = np.uint8(layer[i])
        met = root[np.uint32(a[i])] * root[np.uint32(b[i])] * rates[way]
        strength[i] = min(strength[i] * kept[way] + met * gain[way], np.float32(1))
    for i in range(first, last):
        if strength[i] < floor:  # few are: the branch is hardly ever guessed wrong
            faded[count] = i
            count += np.uint32(1)
    for i in faded[:count]:
        known[a[i]] -= 1
        known[b[i]] -= 1
    return int(count)


# fmt: off
@compiled
def moved_along(
    moved: Bools, dwelling: Rows, remembered: Rows, a: Rows, b: Rows, household: Rows, district: Rows, entrance: Rows,
    complex_: Rows, kept: np.float32, floor: np.float32, strength: Weights, layer: Codes, known: Counts,
    ended: Positions,
) -> int:
    # fmt: on
    """Weaken the ties of those who have ``moved``, give them the place shared now, and remember all dwellings.

    Fill ``ended`` with those that end: below the floor, to another district, or within one household; return how many.
    ``known`` counts the ties of each resident.
    """
    remembered[:] = dwelling
    touched = 0
    for i in range(a.size):
        if moved[np.uint32(a[i])] | moved[np.uint32(b[i])]:  # few did: the branch is hardly ever guessed wrong
            ended[touched] = i
            touched += 1
    count = 0
    for k in range(touched):
        i = ended[k]
        one, other = household[a[i]], household[b[i]]
        strength[i] *= kept
        if layer[i] <= _DISTRICT:
            layer[i] = _DISTRICT
            if complex_[one] == complex_[other]:
                layer[i] = _COMPLEX
            if entrance[one] == entrance[other]:
                layer[i] = _ENTRANCE
        if one == other or district[a[i]] != district[b[i]] or strength[i] < floor:
            known[a[i]] -= 1
            known[b[i]] -= 1
            ended[count] = i
            count += 1
    return count
