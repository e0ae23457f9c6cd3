"""Compiled: which pairs take to each other, and how strong the ties become that exist."""

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
type Wholes = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Weights = NDArray[np.float32]

_ENTRANCE, _COMPLEX, _DISTRICT = int(Focus.ENTRANCE), int(Focus.COMPLEX), int(Focus.DISTRICT)
# of a pair in one number: bits of the higher row, bits of the layer, and masks of these
_ROW_BITS, _LAYER_BITS = 2**5, 1 + 2
_ROW, _LAYER = 2**_ROW_BITS - 1, 2**_LAYER_BITS - 1


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


# fmt: off
@compiled
def taken(
    first: Rows, second: Rows, focus: Codes, chance: Floats, luck: Floats, likeness: Floats, alike: Floats,
    stages: tuple[int, int], start: np.float32, milieu: NDArray[Any], age: Counts, household: Rows, children: Counts,
    moved_in: Counts, month: int, low: Wholes, high: Wholes, layer: Codes, strength: Weights,
) -> int:
    # fmt: on
    """Fill the last four with the pairs whose luck lies below their chance times their likeness, return how many.

    They are put in the order of the lower row, the higher row and the layer; all ``start`` with the same strength.
    ``first`` are rising, so that only pairs in which it is the higher one have to be sorted. ``likeness`` is that of
    each pair, or nothing where it is to be read off ``alike``, by another milieu, another of the ``stages`` of life and
    months as neighbours. It takes the most work and is at most 1: it is only looked at where all else is well.
    """
    close, number, (middle, old) = np.empty(first.size + 1, np.uint32), np.uint32(0), stages
    for i in range(np.uint32(first.size)):
        close[number] = i  # here and below overwritten by the next unless it counts
        number += np.uint32(luck[i] < chance[i])
    homes, last = np.empty((2, number + 1), np.uint32), alike.shape[2] - 1
    for k in range(number):
        homes[0, k], homes[1, k] = household[np.uint32(first[close[k]])], household[np.uint32(second[close[k]])]
    rising, others = np.empty(number + 1, np.int64), np.empty(number + 1, np.int64)
    n, m = np.uint32(0), np.uint32(0)
    for k in range(number):
        i, one, other = close[k], homes[0, k], homes[1, k]
        a, b = np.uint32(first[i]), np.uint32(second[i])
        if likeness.size:
            like = likeness[i]
        else:
            stage_a = 0 if children[one] > 0 else 1 + (age[a] >= middle) + (age[a] >= old)
            stage_b = 0 if children[other] > 0 else 1 + (age[b] >= middle) + (age[b] >= old)
            together = min(max(month - max(moved_in[one], moved_in[other]), 0), last)
            like = alike[np.uint32(milieu[a] != milieu[b]), np.uint32(stage_a != stage_b), np.uint32(together)]
        code = np.int64(min(a, b)) << _ROW_BITS | np.int64(max(a, b))
        rising[n] = others[m] = code << _LAYER_BITS | (focus[i] & _LAYER)
        fits = luck[i] < chance[i] * like
        n += np.uint32(fits & (a < b))
        m += np.uint32(fits & (a >= b))
    others[:m].sort()
    rising[n] = others[m] = np.iinfo(np.int64).max
    x, y = np.uint32(0), np.uint32(0)
    for k in range(n + m):
        code, from_rising = min(rising[x], others[y]), rising[x] < others[y]
        x += np.uint32(from_rising)
        y += np.uint32(not from_rising)
        low[k], high[k] = code >> _LAYER_BITS >> _ROW_BITS, code >> _LAYER_BITS & _ROW
        layer[k], strength[k] = code & _LAYER, start
    return int(n + m)


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
