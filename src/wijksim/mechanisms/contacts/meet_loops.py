"""Compiled: who goes out to meet somebody, whom they find, and who take to each other.

Memory is what takes time here: each of those who look for somebody follows several references to places that nobody
has read before. So work is done in short loops of one step each, without branches that could be guessed wrong: then
the processor waits for many of these places at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import below, fraction, mixed
from wijksim.mechanisms.contacts.focus import Focus
from wijksim.state.codes import Role

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Floats = NDArray[np.float64]
type Weights = NDArray[np.float32]
type Wholes = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_HEAD = int(Role.HEAD)
_ENTRANCE, _COMPLEX, _DISTRICT = int(Focus.ENTRANCE), int(Focus.COMPLEX), int(Focus.DISTRICT)
_SCHOOL, _WORK = int(Focus.SCHOOL), int(Focus.WORK)
_WAYS = len(Focus) + 1  # of meeting: an introduction and each focus
# of a household: who of it is found, the head and the last and the first of the other adults; and its members, twice
# the adults and one more if there are children
_LAST, _FIRST, _MEMBERS, _SEATS = 1, 2, 2 + 1, 2**2
BY_FRIEND = 2**3
"""Added to the focus of those who were introduced to each other by a friend."""
# of a pair in one number: bits of the higher row, bits of the layer, and masks of these
_ROW_BITS, _LAYER_BITS = 2**5, 1 + 2
_ROW, _LAYER = 2**_ROW_BITS - 1, 2**_LAYER_BITS - 1


@inlined
def _digit(luck: float, count: int) -> tuple[int, float]:
    """Read an option out of ``count`` off a uniform draw, and the uniform that is left."""
    scaled = luck * count
    # a draw that was stretched before may reach 1 by rounding
    which = min(int(scaled), max(int(count) - 1, 0))
    return which, scaled - which


@inlined
def _seeking(row: np.uint32, root: Weights, scale: np.float32, most: np.float32, lift: Weights) -> np.float32:
    """How much a resident does to make new ties."""
    level: np.float32 = min(root[row] * scale, most)
    return level * lift[row] if lift.size else level


# fmt: off
@compiled
def seekers(
    rows: Rows, u: Floats, root: Weights, scale: np.float32, most: np.float32, lift: Weights, height: np.float32,
    user: Bools, room_ratio: np.float32, luck: Floats,
) -> int:
    # fmt: on
    """Move those of ``rows`` whose draw lies below their own chance to the front, return how many.

    ``luck`` becomes what is left of their draws, uniform on [0, 1). ``user`` are those who have a shared room, or
    nothing where there is none.
    """
    count = 0
    for i in range(rows.size):
        bound = _seeking(np.uint32(rows[i]), root, scale, most, lift) * height
        if user.size and user[rows[i]]:
            bound *= room_ratio
        bound = min(bound, np.float32(1))
        rows[count] = rows[i]
        luck[count] = u[i] / np.float64(bound)
        count += u[i] < bound  # overwritten by the next unless it counts
    return count


# fmt: off
@compiled
def ways_taken(
    rows: Rows, luck: Floats, edges: Floats, width: Floats, household: Rows, children: Counts, activity: Codes,
    works: Bools, focus: Codes,
) -> None:
    # fmt: on
    """Fill ``focus`` with where each of ``rows`` meets somebody, -1 for an introduction; ``luck`` becomes what is left.

    Kinds of resident lie on one line, parents of minors behind others and those in work behind those who are not.
    """
    kinds, one = np.empty(rows.size, np.uint32), np.uint32(1)
    for i in range(rows.size):
        row = np.uint32(rows[i])
        kinds[i] = 2 * np.uint32(children[household[row]] > 0) + np.uint32(works[np.uint8(activity[row])])
    for i in range(rows.size):
        spot, first = luck[i] + np.float64(kinds[i]), kinds[i] * np.uint32(_WAYS)
        place = first
        for way in range(1, _WAYS):
            place += np.uint32(edges[first + np.uint32(way)] <= spot)
        # rounding may lead to the next kind
        while place + one < np.uint32(edges.size) and edges[place + one] <= spot:
            place += one
        luck[i] = (spot - edges[place]) / width[place]
        focus[i] = np.int32((place - first) % np.uint32(_WAYS)) - 1


# fmt: off
@compiled
def seated(
    household: Rows, head: Rows, adults: Counts, children: Counts, role: Codes, grown: Bools
) -> NDArray[np.int32]:
    # fmt: on
    """Lay out side by side what is looked for behind the door of each household; -1 for nobody."""
    seats = np.empty((head.size, _SEATS), np.int32)
    for home in range(head.size):
        seats[home, 0], seats[home, _LAST], seats[home, _FIRST] = head[home], -1, -1
        seats[home, _MEMBERS] = 2 * adults[home] + (children[home] > 0)
    beside = np.empty(grown.size, np.bool_)
    for row in range(beside.size):
        beside[row] = grown[row] & (role[row] != _HEAD)
    others, number = np.empty(grown.size + 1, np.uint32), np.uint32(0)
    for row in range(np.uint32(grown.size)):
        others[number] = row  # overwritten by the next unless it counts: no branch that could be guessed wrong
        number += np.uint32(beside[row])
    for k in range(number):
        home, first = household[others[k]], seats[household[others[k]], _FIRST]
        seats[home, _LAST] = others[k]
        seats[home, _FIRST] = others[k] if first < 0 else first
    return seats


# fmt: off
@compiled
def behind_doors(
    which: Rows, rows: Rows, focus: Codes, luck: Floats, household: Rows, dwelling: Rows, holder: Rows, order: Rows,
    doors: NDArray[np.int32], seats: NDArray[np.int32], activity: Codes, works: Bools, found: Rows,
) -> None:
    # fmt: on
    """Fill ``found`` with the adult whom those at the places ``which`` of ``rows`` find behind a door of the focus.

    -1 for nobody. The one found is the head, or the last or the first of the other adults. Of four adults or more,
    those in between are not found: they are few.
    """
    if order.size == 0:
        return
    homes = np.empty(which.size, np.int32)
    for k in range(which.size):
        i = np.uint32(which[k])
        own = household[np.uint32(rows[i])]
        place = dwelling[np.uint32(own)]
        width, door = np.uint32(min(focus[i], _DISTRICT)), np.uint32(max(place, 0))
        number, luck[i] = _digit(luck[i], doors[door, width, 1])
        home = holder[np.uint32(order[np.uint32(doors[door, width, 0] + number)])]
        homes[k] = home if (place >= 0) & (home != own) else -1
    for k in range(which.size):
        i, home = np.uint32(which[k]), np.uint32(max(homes[k], 0))
        members = seats[home, _MEMBERS]
        seat, _ = _digit(luck[i], members >> 1)
        person = seats[home, np.uint32(min(seat, _FIRST))]
        fits = (homes[k] >= 0) & (members > 1) & (person >= 0) & ((focus[i] != _SCHOOL) | (members & 1))
        if focus[i] == _WORK and fits:
            fits = works[activity[person]]
        found[i] = person if fits else -1


# fmt: off
@compiled
def introduced(
    which: Rows, rows: Rows, focus: Codes, luck: Floats, start: Rows, friend: Rows, household: Rows, entrance: Rows,
    complex_: Rows, district: Rows, grown: Bools, found: Rows,
) -> None:
    # fmt: on
    """Fill ``found`` with a friend of a friend of those at the places ``which`` of ``rows`` who find one.

    Friends of row i stand in ``friend`` from ``start[i]`` on; who came since the list was made is not on it. The
    focus becomes the narrowest place that the two share, and says that they were introduced.
    """
    listed, last = start.size - 1, friend.size - 1
    if last < 0:
        return
    near, left = np.empty(which.size, np.int32), np.empty(which.size)
    for k in range(which.size):
        near[k], left[k] = rows[np.uint32(which[k])], luck[np.uint32(which[k])]
    for _ in range(2):
        for k in range(which.size):
            known = (near[k] >= 0) & (near[k] < listed)
            row = np.uint32(near[k]) if known else np.uint32(0)
            begin, number = start[row], start[row + np.uint32(1)] - start[row]
            place, left[k] = _digit(left[k], number)
            other = friend[np.uint32(min(begin + place, last))]
            near[k] = other if known & (number > 0) else -1
    for k in range(which.size):
        row, other = rows[which[k]], near[k]
        if other < 0:
            continue
        one, home = household[row], household[other]
        if (home == one) | (not grown[other]) | (district[other] != district[row]):
            continue
        found[which[k]] = other
        place = _COMPLEX if complex_[one] == complex_[home] else _DISTRICT
        focus[which[k]] = BY_FRIEND + (_ENTRANCE if entrance[one] == entrance[home] else place)


@compiled
def pairs_once(rows: Rows, found: Rows, met: Rows, first: Rows, second: Rows, focus: Codes) -> int:
    """Fill ``first`` and ``second`` with who found somebody and whom, each pair once; return how many pairs.

    Of two who found each other it is the one of own accord, of these the one in the narrowest focus, of equals the one
    with the lower row. ``met`` is by resident, and holds -1.
    """
    number = 0
    for i in range(rows.size):
        first[number], second[number], focus[number] = rows[i], found[i], focus[i]
        number += found[i] >= 0
    for k in range(number):
        met[first[k]] = k
    twice = np.zeros(number, np.bool_)
    for k in range(number):
        back = max(met[second[k]], 0)
        if (met[second[k]] >= 0) & (second[back] == first[k]):
            own, other = 2 * focus[k] + (first[k] > second[k]), 2 * focus[back] + (first[back] > second[back])
            twice[k] = other < own
    left = 0
    for k in range(number):
        first[left], second[left], focus[left] = first[k], second[k], focus[k]
        left += not twice[k]
    return left


# fmt: off
@compiled
def meetings(
    rows: Rows, u: Floats, root: Weights, lift: Weights, user: Bools, scale: np.float32, most: np.float32,
    height: np.float32, room_ratio: np.float32, edges: Floats, width: Floats, introduction: Floats, works: Bools,
    household: Rows, district: Rows, activity: Codes, role: Codes, grown: Bools, uid: Uids, dwelling: Rows,
    entrance: Rows, complex_: Rows, head: Rows, adults: Counts, children: Counts, holder: Rows, order: Rows,
    doors: NDArray[np.int32], start: Rows, friend: Rows, first: Rows, second: Rows,
    focus: Codes, chance: Floats, uids: NDArray[np.uint64],
) -> int:
    # fmt: on
    """Let those of ``rows`` whose draw is low enough meet somebody: fill pairs, ``first`` found ``second``; how many.

    ``chance`` becomes that of a tie for the most alike, as a share of the highest there is, and ``uids`` the
    identities of both. What is left of the draw is read digit by digit: first the way of meeting, then the door or
    the friend, then the person behind it. 53 bits are plenty.
    """
    luck = np.empty(rows.size)
    size = seekers(rows, u, root, scale, most, lift, height, user, room_ratio, luck)
    rows = rows[:size]
    ways_taken(rows, luck, edges, width, household, children, activity, works, focus)
    at_door, by_friend, a, b = np.empty(size + 1, np.int32), np.empty(size + 1, np.int32), 0, 0
    for i in range(size):
        at_door[a] = by_friend[b] = i
        a += focus[i] >= 0
        b += focus[i] < 0
    found = np.full(size, -1, np.int32)
    seats = seated(household, head, adults, children, role, grown)
    behind_doors(
        at_door[:a], rows, focus, luck, household, dwelling, holder, order, doors, seats, activity, works, found
    )
    introduced(
        by_friend[:b], rows, focus, luck, start, friend, household, entrance, complex_, district, grown, found
    )
    number = pairs_once(rows, found, np.full(root.size, -1, np.int32), first, second, focus)
    for k in range(number):
        one, other = np.uint32(first[k]), np.uint32(second[k])
        share = np.float64(_seeking(other, root, scale, most, lift)) / np.float64(most)
        place = np.uint32(focus[k] & (BY_FRIEND - 1))
        share *= introduction[place] if focus[k] & BY_FRIEND else 1.0
        if user.size and place > _COMPLEX and user[one]:
            share *= np.float64(np.float32(1) / room_ratio)
        chance[k] = share
        uids[0, k], uids[1, k] = uid[one], uid[other]
    return number


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
def pair_luck(uids: NDArray[np.uint64], words: Uids, key: Uids, luck: Floats) -> None:
    """Fill ``luck`` with what :meth:`wijksim.core.rng.Draws.pair` draws, under the keys of words and of draws."""
    for i in range(luck.size):
        one, other = uids[0, i], uids[1, i]
        word = mixed(min(one, other), words[0], words[1]) ^ max(one, other)
        luck[i] = fraction(mixed(word, key[0], key[1]))


# fmt: off
@compiled
def met(
    people: Rows, near_key: Uids, limit: float, root: Weights, lift: Weights, user: Bools, grown: Bools, month: int,
    words: Uids, key: Uids, order: Rows, doors: NDArray[np.int32], start: Rows, friend: Rows, scale: np.float32,
    most: np.float32, height: np.float32, room_ratio: np.float32, edges: Floats, width: Floats, introduction: Floats,
    works: Bools, alike: Floats, stages: tuple[int, int], begin: np.float32, household: Rows, district: Rows,
    activity: Codes, role: Codes, uid: Uids, dwelling: Rows, entrance: Rows, complex_: Rows, head: Rows, adults: Counts,
    children: Counts, holder: Rows, milieu: NDArray[Any], age: Counts, moved_in: Counts, low: Wholes, high: Wholes,
    layer: Codes, strength: Weights,
) -> int:
    # fmt: on
    """Draw for those who may go out, do :func:`meetings`, draw for each pair, and do :func:`taken` by the table.

    Of all ``people`` nobody goes out whose draw is not below the ``limit``.
    """
    near, u = np.empty(people.size, np.int32), np.empty(people.size)
    count = below(uid, people, near_key, limit, near, u)
    rows, u = near[:count], u[:count]
    room = rows.size + 1
    first, second, focus = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int8)
    chance, uids = np.empty(room), np.empty((2, room), np.uint64)
    number = meetings(
        rows, u, root, lift, user, scale, most, height, room_ratio, edges, width, introduction, works, household,
        district, activity, role, grown, uid, dwelling, entrance, complex_, head, adults, children, holder, order,
        doors, start, friend, first, second, focus, chance, uids,
    )  # fmt: skip
    luck, read_off = np.empty(number), np.empty(0)
    pair_luck(uids, words, key, luck)
    return taken(
        first[:number], second[:number], focus[:number], chance[:number], luck, read_off, alike, stages, begin, milieu,
        age, household, children, moved_in, month, low, high, layer, strength,
    )  # fmt: skip
