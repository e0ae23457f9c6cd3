"""Compiled: who finds whom, and how strong the ties become that exist."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.contacts.focus import Focus
from wijksim.state.codes import Role

type Rows = NDArray[np.int32]
type Positions = NDArray[np.intp]
type Bools = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Wholes = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Weights = NDArray[np.float32]

_HEAD = int(Role.HEAD)
_ENTRANCE, _COMPLEX, _DISTRICT = int(Focus.ENTRANCE), int(Focus.COMPLEX), int(Focus.DISTRICT)
_SCHOOL, _WORK = int(Focus.SCHOOL), int(Focus.WORK)


@inlined
def _digit(luck: float, count: int) -> tuple[int, float]:
    """Read an option out of ``count`` off a uniform draw, and the uniform that is left."""
    scaled = luck * count
    # a draw that was stretched before may reach 1 by rounding
    which = min(int(scaled), max(int(count) - 1, 0))
    return which, scaled - which


@compiled
def ways_taken(
    rows: Rows,
    luck: Floats,
    edges: Floats,
    width: Floats,
    ways: int,
    household: Rows,
    children: Counts,
    activity: Codes,
    works: Bools,
    focus: Wholes,
) -> None:
    """Fill ``focus`` with where each of ``rows`` meets somebody, -1 for an introduction; ``luck`` becomes what is left.

    Kinds of resident lie on one line, parents of minors behind others and those in work behind those who are not.
    """
    for i in range(rows.size):
        row = rows[i]
        kind = 2 * (children[household[row]] > 0) + works[activity[row]]
        spot = luck[i] + kind
        first = place = kind * ways
        for way in range(1, ways):
            place += edges[first + way] <= spot
        # rounding may lead to the next kind
        while place + 1 < edges.size and edges[place + 1] <= spot:
            place += 1
        luck[i] = (spot - edges[place]) / width[place]
        focus[i] = place % ways - 1


@compiled
def behind_doors(
    rows: Rows,
    focus: Wholes,
    luck: Floats,
    household: Rows,
    dwelling: Rows,
    holder: Rows,
    order: Rows,
    first: NDArray[np.int32],
    count: NDArray[np.int32],
    head: Rows,
    adults: Counts,
    children: Counts,
    activity: Codes,
    works: Bools,
    role: Codes,
    grown: Bools,
    found: Rows,
) -> None:
    """Fill ``found`` with the adult whom each of ``rows`` finds behind a door of the focus, -1 for nobody.

    Those with a focus of -1 are passed over.

    The one found is the head, or the last or the first of the other adults. Of four adults or more, those in
    between are not found: they are few.
    """
    last_other, first_other = np.full(head.size, -1, np.int32), np.full(head.size, -1, np.int32)
    others, number = np.empty(grown.size + 1, np.int32), np.uint32(0)
    for row in range(np.uint32(grown.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        others[number] = row
        number += np.uint32(grown[row] & (role[row] != _HEAD))
    for k in range(number):
        row = others[k]
        home = household[row]
        last_other[home] = row
        if first_other[home] < 0:
            first_other[home] = row
    for i in range(rows.size):
        found[i] = -1
        own = household[rows[i]]
        place = dwelling[own]
        if place < 0 or focus[i] < 0:
            continue
        width = min(focus[i], _DISTRICT)
        which, rest = _digit(luck[i], count[width, place])
        home = holder[order[first[width, place] + which]]
        if home < 0 or home == own or adults[home] <= 0:
            continue
        which, _ = _digit(rest, adults[home])
        person = head[home]
        if which > 0:
            person = last_other[home] if which == 1 else first_other[home]
        if person < 0 or (focus[i] == _SCHOOL and children[home] <= 0):
            continue
        if focus[i] != _WORK or works[activity[person]]:
            found[i] = person


@compiled
def deal_friends(a: Rows, b: Rows, rank: Rows, order: Rows, start: Rows, friend: Rows) -> None:
    """Fill ``friend`` with the friends of each resident, by row and then by rank; row i begins at ``start[i]``.

    ``rank`` is the place of each row in ``order``. Entries are dealt out twice, by friend and then by row: that takes
    a few passes and no sort.
    """
    size = rank.size
    begin = np.zeros(size + 1, np.int32)
    for i in range(a.size):
        start[a[i] + 1] += 1
        start[b[i] + 1] += 1
    for i in range(size):
        begin[i + 1] = start[order[i] + 1]
    for i in range(size):
        begin[i + 1] += begin[i]
        start[i + 1] += start[i]
    end = np.empty(friend.size, np.int32)
    place = begin.copy()
    for i in range(a.size):
        end[place[rank[b[i]]]] = a[i]
        place[rank[b[i]]] += 1
        end[place[rank[a[i]]]] = b[i]
        place[rank[a[i]]] += 1
    place = start.copy()
    for i in range(size):
        for k in range(begin[i], begin[i + 1]):
            friend[place[end[k]]] = order[i]
            place[end[k]] += 1


@compiled
def introduced(
    rows: Rows,
    focus: Wholes,
    luck: Floats,
    start: Rows,
    count: Rows,
    friend: Rows,
    household: Rows,
    district: Rows,
    grown: Bools,
    found: Rows,
) -> None:
    """Fill ``found`` with a friend of a friend of each of ``rows`` whose focus is -1; -1 for nobody."""
    for i in range(rows.size):
        if focus[i] >= 0:
            continue
        found[i] = -1
        row, rest = rows[i], luck[i]
        # nobody, or a resident who came since the list was made and is not on it
        if row >= count.size or count[row] == 0:
            continue
        which, rest = _digit(rest, count[row])
        other = friend[start[row] + which]
        if other >= count.size or count[other] == 0:
            continue
        which, rest = _digit(rest, count[other])
        other = friend[start[other] + which]
        if household[other] != household[row] and grown[other] and district[other] == district[row]:
            found[i] = other


@compiled
def pair_codes(
    rows: Rows, second: Rows, focus: Wholes, household: Rows, entrance: Rows, complex_: Rows, out: Wholes
) -> int:
    """Fill ``out`` with one number per pair found, return how many.

    Way, focus and who found whom stand in the lowest bits, so that one sort does: rows stay below 2**26. Those who
    were introduced meet in the narrowest place they share.
    """
    number = 0
    for i in range(rows.size):
        a, b = np.int64(rows[i]), np.int64(second[i])
        if b < 0:
            continue
        way, place = np.int64(focus[i] < 0), focus[i]
        if way:
            one, other = household[a], household[b]
            place = _DISTRICT
            if entrance[one] == entrance[other]:
                place = _ENTRANCE
            elif complex_[one] == complex_[other]:
                place = _COMPLEX
        pair = min(a, b) << 32 | max(a, b)
        out[number] = ((pair << 1 | way) << 3 | place) << 1 | np.int64(a > b)
        number += 1
    return number


@compiled
def pairs_once(
    codes: Wholes,
    seeks: Weights,
    most: float,
    introduction: Floats,
    first: Rows,
    second: Rows,
    focus: Wholes,
    chance: Floats,
) -> int:
    """Take sorted codes apart, each pair once, by own accord and in the narrowest focus; return how many pairs.

    ``first`` is the one who found the other. ``chance`` becomes that of a tie for the most alike, as a share of the
    highest there is.
    """
    number = 0
    previous = np.int64(-1)
    for code in codes:
        pair = code >> 5
        if pair == previous:
            continue
        previous = pair
        low, high = pair >> 32, np.int64(np.uint32(pair & 0xFFFFFFFF))
        turned = code & 1
        place = code >> 1 & 0b111
        first[number] = high if turned else low
        second[number] = low if turned else high
        focus[number] = place
        share = np.float64(seeks[second[number]]) / most
        chance[number] = share * introduction[place] if code >> 4 & 1 else share
        number += 1
    return number


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
def count_ties(a: Rows, b: Rows, positions: Positions, change: int, known: Counts) -> None:
    """Add ``change`` to the count of both ends of the ties at ``positions``."""
    for i in positions:
        known[a[i]] += change
        known[b[i]] += change


@compiled
def outgoing(
    activity: Codes,
    age: Counts,
    table: Weights,
    sociability: Weights,
    language: Weights,
    grown: Bools,
    out: Weights,
) -> None:
    """Fill ``out`` with how much people are about by activity and age, times language and sociability; 0 for minors."""
    last = table.shape[1] - 1
    for i in range(out.size):
        level = table[activity[i], min(age[i], last)] * sociability[i] * language[i]
        out[i] = level if grown[i] else np.float32(0)


@compiled
def indoors(fear: Weights, district: Rows, places: Weights, out: Weights) -> None:
    """Multiply ``out`` with what fear, as odds, leaves of going out, and with what there is to go to by district."""
    one = np.float32(1)
    for i in range(out.size):
        out[i] = out[i] * (one / (fear[i] + one))
        if district[i] >= 0:
            out[i] *= places[district[i]]


@compiled
def strengthened(
    a: Rows,
    b: Rows,
    layer: Codes,
    root: Weights,
    rates: Weights,
    kept: Weights,
    gain: Weights,
    floor: float,
    strength: Weights,
    faded: Positions,
) -> int:
    """Let ties fade and grow with encounters; fill ``faded`` with those that end below the floor, return how many.

    ``rates``, ``kept`` and ``gain`` are by layer.
    """
    least = np.float32(floor)
    count = 0
    for i in range(a.size):
        way = layer[i]
        met = root[np.uint32(a[i])] * root[np.uint32(b[i])] * rates[way]
        level = min(strength[i] * kept[way] + met * gain[way], np.float32(1))
        strength[i] = level
        faded[count] = i
        count += level < least
    return count
