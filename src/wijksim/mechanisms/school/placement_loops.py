"""Compiled passes over pupils and schools: who needs a place, and who goes where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import DERIVED, fraction, luck_of, mixed
from wijksim.mechanisms.school.codes import PRIMARY, SCHOOLED
from wijksim.state.codes import Activity

type Rows = NDArray[np.int32]
type Lists = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_PUPIL = int(Activity.PUPIL)
_SCHOOLED = int(SCHOOLED)
# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK, _UNROLLED = 2**7, 2**3
_DEPTH = 2**6  # no array can be halved so often
ADULTS = 2  # list after those of pupils by level

_DERIVED, _BELOW_DERIVED = np.uint64(DERIVED), np.uint64(DERIVED - 1)


# fmt: off
@compiled
def choice_luck(
    rows: Rows, offered: Rows, uid: Uids, school_uid: Uids, words: Uids, key: Uids, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with a draw for each of ``rows`` (line) and each school that is ``offered`` (column).

    Both together have an identity, as :func:`wijksim.core.uids.derive_uid` makes it with ``words``, the key of a
    namespace; ``key`` is that of draws.
    """
    for i in range(rows.size):
        own = mixed(words[0] ^ uid[rows[i]], words[1], words[2])
        for j in range(offered.size):
            both = (mixed(own ^ school_uid[offered[j]], words[1], words[2]) & _BELOW_DERIVED) | _DERIVED
            out[i, j] = fraction(mixed(both, key[0], key[1]))


@compiled
def by_level(
    rows: Rows, track: Codes, alive: Bools, level: Codes, asking: Lists, offered: Lists
) -> tuple[int, int, int, int]:
    """Fill who is ``asking`` for a school and the schools ``offered``, by level; return how many of both there are.

    ``alive`` and ``level`` are of schools.
    """
    counts = np.zeros((2, 2), np.int64)
    for row in rows:
        kind = 1 if track[row] > PRIMARY else 0
        asking[kind, counts[0, kind]] = row
        counts[0, kind] += 1
    for k in range(alive.size):
        if alive[k]:
            offered[level[k], counts[1, level[k]]] = k
            counts[1, level[k]] += 1
    return counts[0, 0], counts[0, 1], counts[1, 0], counts[1, 1]


@compiled
def shared_out(wish: Floats, lot: Floats, near: Bools, free: Whole, found: Whole) -> int:
    """Fill ``found`` with a school for each pupil by ``wish``, shape ``(pupils, schools)``; return who was squeezed in.

    Round by round all who wait ask at the school with room that they want most. A school that cannot take all takes
    those who live ``near`` first, then by ``lot``. ``free`` are the seats, which are used up.
    """
    pupils, schools = wish.shape
    waiting, left = np.arange(pupils), np.empty(pupils, np.int64)
    choice, asks = np.empty(pupils, np.int64), np.empty(pupils, np.int64)
    number = int(pupils)
    while number and free.max() > 0:
        for i in range(number):
            pupil, best = waiting[i], -1
            for k in range(schools):
                if free[k] > 0 and (best < 0 or wish[pupil, k] > wish[pupil, best]):
                    best = k
            choice[i] = best
        turned_away = 0
        for k in range(schools):
            count = 0
            for i in range(number):
                if choice[i] != k:
                    continue
                pupil, place = waiting[i], count
                # sorted as they come: those near before others, then the lower lot, then who came first
                while place:
                    other = asks[place - 1]
                    alike = near[other, k] == near[pupil, k]
                    if not (lot[pupil] < lot[other] if alike else near[pupil, k]):
                        break
                    asks[place] = other
                    place -= 1
                asks[place] = pupil
                count += 1
            taken = min(int(free[k]), count)
            for i in range(taken):
                found[asks[i]] = k
            for i in range(taken, count):
                left[turned_away] = asks[i]
                turned_away += 1
            free[k] -= taken
        for i in range(turned_away):
            waiting[i] = left[i]
        number = turned_away
    # the duty to teach: an overfull class, not a child without a school
    for i in range(number):
        best = 0
        for k in range(schools):
            if wish[waiting[i], k] > wish[waiting[i], best]:
                best = k
        found[waiting[i]] = best
    return number


@inlined
def _block(values: Floats) -> float:
    """Add up a block: so many sums side by side, and what is left at its end."""
    whole, total = values.size - values.size % _UNROLLED, 0.0
    if whole:
        side = np.zeros(_UNROLLED)
        for i in range(0, whole, _UNROLLED):
            for k in range(_UNROLLED):
                side[k] += values[i + k]
        pairs = side[0::2] + side[1::2]
        total = (pairs[0] + pairs[1]) + (pairs[2] + pairs[-1])
    for i in range(whole, values.size):
        total += values[i]
    return total


@inlined
def _added(values: Floats) -> float:
    """Add up as ``np.add.reduce`` does, in halves down to blocks, which keeps rounding small."""
    # parts still to be added up, the first on top, and sums of parts; each with how often it was halved
    parts, sums, levels = np.empty((_DEPTH, 1 + 2), np.int64), np.empty(_DEPTH), np.empty(_DEPTH, np.int64)
    parts[0, 0], parts[0, 1], parts[0, 2], left, known = 0, values.size, 0, 1, 0
    while left:
        left -= 1
        start, size, depth = parts[left, 0], parts[left, 1], parts[left, 2]
        if size > _BLOCK:
            half = size // 2
            half -= half % _UNROLLED
            parts[left, 0], parts[left, 1], parts[left, 2] = start + half, size - half, depth + 1
            parts[left + 1, 0], parts[left + 1, 1], parts[left + 1, 2] = start, half, depth + 1
            left += 2
            continue
        total = _block(values[start : start + size])
        while (
            known and levels[known - 1] == depth
        ):  # the first half is there: both are a part of those before
            known -= 1
            total = sums[known] + total
            depth -= 1
        sums[known], levels[known] = total, depth
        known += 1
    return float(sums[0])


@inlined
def _mean_poor(offered: Rows, pupils: Rows, poor: Shares) -> float:
    """Part of the pupils of schools that are disadvantaged."""
    number, together = 0.0, np.empty(offered.size)
    for k in range(offered.size):
        number += np.float64(pupils[offered[k]])
        together[k] = np.float64(pupils[offered[k]]) * np.float64(poor[offered[k]])
    return _added(together) / number if number > 0 else 0.0


# fmt: off
@compiled
def wishes(
    taste: Floats, rows: Rows, district: Rows, disadvantaged: Bools, offered: Rows, place: Rows, pupils: Rows,
    poor: Shares, near: Bools, cost: float, postcode: float, avoidance: float, mixing: float,
) -> None:
    # fmt: on
    """Turn ``taste``, shape ``(pupils, schools)``, into wishes, and fill ``near`` with which schools are.

    Weights are those of distance, to which the ``postcode`` rule adds, of avoiding the disadvantaged, and of the rule
    that mixes: how many more of the ``poor`` a school has than all together. ``district`` and ``disadvantaged`` are of
    residents, ``place``, ``pupils`` and ``poor`` of schools.
    """
    distance = cost + postcode
    mean = _mean_poor(offered, pupils, poor)
    excess = np.zeros(offered.size, np.float32)
    for k in range(offered.size):
        if pupils[offered[k]] > 0:
            excess[k] = poor[offered[k]] - np.float32(mean)
    for i in range(taste.shape[0]):
        for k in range(taste.shape[1]):
            near[i, k] = district[rows[i]] == place[offered[k]]
            wish = taste[i, k] - (0.0 if near[i, k] else distance)
            if disadvantaged[rows[i]]:
                taste[i, k] = wish - mixing * excess[k]
            else:
                taste[i, k] = (wish - avoidance * excess[k]) - mixing * -excess[k]


# fmt: off
@compiled
def placed(
    rows: Rows, wish: Floats, lot: Floats, near: Bools, offered: Rows, seats: Rows, pupils: Rows, school: Rows,
) -> int:
    # fmt: on
    """Give each of ``rows`` a place at one of the schools ``offered``; return how many were squeezed in.

    See :func:`shared_out`; ``seats`` and ``pupils`` are of schools, which come to count who is placed.
    """
    free, found = np.empty(offered.size, np.int64), np.empty(rows.size, np.int64)
    for k in range(offered.size):
        room = np.int64(seats[offered[k]]) - np.int64(pupils[offered[k]])
        free[k] = room if room > 0 else 0
    squeezed = shared_out(wish, lot, near, free, found)
    for i in range(rows.size):
        school[rows[i]] = offered[found[i]]
        pupils[offered[found[i]]] += 1
    return squeezed


# fmt: off
@compiled
def wished_and_placed(
    taste: Floats, rows: Rows, uid: Uids, key: Uids, district: Rows, disadvantaged: Bools, offered: Rows, place: Rows,
    pupils: Rows, poor: Shares, seats: Rows, school: Rows, cost: float, postcode: float, avoidance: float,
    mixing: float,
) -> int:
    # fmt: on
    """Do :func:`wishes` and then :func:`placed`, with lots drawn under the key."""
    near, lot = np.empty(taste.shape, np.bool_), np.empty(rows.size)
    for i in range(rows.size):
        lot[i] = luck_of(uid, key, rows[i])
    wishes(
        taste, rows, district, disadvantaged, offered, place, pupils, poor, near, cost, postcode, avoidance, mixing
    )
    return placed(rows, taste, lot, near, offered, seats, pupils, school)


# fmt: off
@compiled
def end_of_month(
    rows: Rows, leaving_age: int, activity: Codes, track: Codes, class_year: Codes, age: Months, school: Rows,
    alive: Bools, level: Codes, asking: Lists, offered: Lists,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """List who needs a school and the schools as :func:`by_level` does, and as :data:`ADULTS` who is a grown-up pupil.

    Return how many of the last there are, and of the others.
    """
    a, b = 0, 0
    without, adults = np.empty(rows.size, np.int32), asking[ADULTS]
    for row in rows:
        if class_year[row] < 0:
            continue
        if school[row] < 0 and track[row] <= _SCHOOLED:
            without[a] = row
            a += 1
        if activity[row] == _PUPIL and age[row] >= leaving_age:
            adults[b] = row
            b += 1
    if a == 0:
        return b, 0, 0, 0, 0
    return b, *by_level(without[:a], track, alive, level, asking, offered)
