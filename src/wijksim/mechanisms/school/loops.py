"""Compiled passes over residents and pupils: who learns, who may drop out, who goes up or on, who needs a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.school.codes import BASIC, ENTRY, HIGHER, PRIMARY, SCHOOLED, VOCATIONAL, VWO
from wijksim.state.codes import Activity, Education, Role

type Rows = NDArray[np.int32]
type Lists = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]
type Whole = NDArray[np.int64]

_CHILD, _PUPIL, _STUDENT = int(Activity.CHILD), int(Activity.PUPIL), int(Activity.STUDENT)
_EMPLOYED = int(Activity.EMPLOYED)
_AT_HOME, _MIDDLE = int(Role.CHILD), int(Education.MIDDLE)
_SCHOOLED = int(SCHOOLED)
_MOST_MOVES = np.iinfo(np.int8).max  # are counted in an int8
LISTS = ("starters", "learning", "unknown", "movers", "early")  # that a month begins with
_EARLY = LISTS.index("early")
RISKS = ("secondary", "vocational", "entry")  # of leaving early, by kind of education
WAYS = ("staying", "up", "down", "ready", "higher", "old")  # that are open to who stays
_READY = WAYS.index("ready")


# fmt: off
@compiled
def learners(
    alive: Bools, activity: Codes, age: Months, role: Codes, education: Codes, household: Rows,
    moved_in: Months, moved: int, bounds: tuple[int, int, int],
    extra_hours: Shares, class_year: Codes, school: Rows, dropped_out: Bools, lists: Lists,
) -> tuple[bool, int, int, int, int, int]:
    # fmt: on
    """Begin a month: fill the lists and return how many each holds, and first whether anybody has extra hours.

    Of :data:`LISTS` ``starters`` are children of school age, ``learning`` is who is in education, ``unknown`` those of
    them without a class and ``movers`` those at home who moved in month ``moved``; ``early`` left school early and may
    return. Who is in education no longer has no class and no school. ``bounds`` are the age at which school starts, and
    the ages from which and before which leaving school is early.
    """
    starters, learning, unknown, movers, early = lists[0], lists[1], lists[2], lists[3], lists[_EARLY]
    start, first, last = bounds
    concerned, longer = np.empty(activity.size, np.uint8), False
    for i in range(activity.size):
        dropped_out[i] = False
        longer |= extra_hours[i] > 0
        doing = activity[i]
        young = (age[i] >= first) & (age[i] < last) & (education[i] < _MIDDLE) & (doing >= _EMPLOYED)
        concerned[i] = (
            (doing == _PUPIL)
            | (doing == _STUDENT)
            | (class_year[i] >= 0)
            | ((doing == _CHILD) & (age[i] >= start))
            | (young & alive[i])
        )
    # listed first, as branches on everybody are guessed wrong too often
    rows, number = np.empty(activity.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(activity.size)):
        rows[number] = i
        number += np.uint32(concerned[i])
    a, b, c, d, e = 0, 0, 0, 0, 0
    for k in range(number):
        i = rows[k]
        doing = activity[i]
        if doing in (_PUPIL, _STUDENT):
            learning[b] = i
            b += 1
            if class_year[i] < 0:
                unknown[c] = i
                c += 1
            if role[i] == _AT_HOME and household[i] >= 0 and moved_in[household[i]] == moved:
                movers[d] = i
                d += 1
            continue
        if class_year[i] >= 0:
            class_year[i] = -1
            school[i] = -1
        if doing == _CHILD:
            if age[i] >= start:
                starters[a] = i
                a += 1
        elif doing >= _EMPLOYED and first <= age[i] < last and education[i] < _MIDDLE and alive[i]:
            early[e] = i
            e += 1
    return longer, a, b, c, d, e


@compiled
def at_risk(
    rows: Rows, track: Codes, age: Months, education: Codes, first: int, last: int, lists: Lists
) -> tuple[int, int, int]:
    """Fill the lists, in the order of :data:`RISKS`, with who may leave early, and return how many each holds."""
    secondary, vocational, entry = lists[0], lists[1], lists[2]
    a, b, c = 0, 0, 0
    for row in rows:
        if not first <= age[row] < last or education[row] >= _MIDDLE:
            continue
        where = track[row]
        if PRIMARY < where <= VWO:
            secondary[a] = row
            a += 1
        elif where == VOCATIONAL:
            vocational[b] = row
            b += 1
        elif where == ENTRY:
            entry[c] = row
            c += 1
    return a, b, c


# fmt: off
@compiled
def ways_on(
    rows: Rows, track: Codes, class_year: Codes, age: Months, least: Floats, shift_classes: int, last_age: int,
    lists: Lists,
) -> tuple[int, int, int, int, int, int]:
    # fmt: on
    """Fill the lists, in the order of :data:`WAYS`, and return how many each holds.

    ``staying`` are those of ``rows`` who are still in a class; of them ``up`` and ``down`` may change to another track
    of secondary school, ``ready`` have been in their track for as long as a diploma takes at ``least`` (years by
    track), ``higher`` are in higher education and ``old`` too old to go on.
    """
    staying, up, down = lists[0], lists[1], lists[2]
    ready, higher, old = lists[_READY], lists[_READY + 1], lists[_READY + 2]
    a, b, c, d, e, f = 0, 0, 0, 0, 0, 0
    for row in rows:
        year = class_year[row]
        if year < 0:
            continue
        staying[a] = row
        a += 1
        where = track[row]
        if PRIMARY < where <= VWO and year < shift_classes:
            if where < VWO:
                up[b] = row
                b += 1
            if where > BASIC:
                down[c] = row
                c += 1
        if where >= ENTRY and year >= least[where]:
            ready[d] = row
            d += 1
        if where == HIGHER:
            higher[e] = row
            e += 1
        if age[row] >= last_age:
            old[f] = row
            f += 1
    return a, b, c, d, e, f


@compiled
def changed(up: Rows, down: Rows, track: Codes) -> None:
    """Move ``up`` and ``down`` by one track; who goes up does not go down."""
    risen = np.zeros(track.size, np.bool_)
    for row in up:
        risen[row] = True
        track[row] += 1
    for row in down:
        if not risen[row]:
            track[row] -= 1


# fmt: off
@compiled
def end_of_month(
    rows: Rows, activity: Codes, track: Codes, class_year: Codes, age: Months, school: Rows, leaving_age: int,
    asking: Rows, adults: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Fill ``asking`` with who needs a school and ``adults`` with grown-up pupils; return how many each holds."""
    a, b = 0, 0
    for row in rows:
        if class_year[row] < 0:
            continue
        if school[row] < 0 and track[row] <= _SCHOOLED:
            asking[a] = row
            a += 1
        if activity[row] == _PUPIL and age[row] >= leaving_age:
            adults[b] = row
            b += 1
    return a, b


@compiled
def by_level(
    rows: Rows, track: Codes, alive: Bools, level: Codes, asking: Lists, offered: Lists, counts: Whole
) -> None:
    """Fill who is ``asking`` for a school and the schools ``offered``, by level; ``counts``, zero at first, is of both.

    ``alive`` and ``level`` are of schools.
    """
    for row in rows:
        kind = 1 if track[row] > PRIMARY else 0
        asking[kind, counts[0, kind]] = row
        counts[0, kind] += 1
    for k in range(alive.size):
        if alive[k]:
            offered[level[k], counts[1, level[k]]] = k
            counts[1, level[k]] += 1


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


# fmt: off
@compiled
def wishes(
    taste: Floats, rows: Rows, district: Rows, disadvantaged: Bools, offered: Rows, place: Rows, pupils: Rows,
    poor: Shares, mean: float, weights: tuple[float, float, float], near: Bools,
) -> None:
    # fmt: on
    """Turn ``taste``, shape ``(pupils, schools)``, into wishes, and fill ``near`` with which schools are.

    ``weights`` are those of distance, of avoiding the disadvantaged, and of the rule that mixes: how many more of the
    ``poor`` a school has than the ``mean``. ``district`` and ``disadvantaged`` are of residents, ``place`` and all
    after it of schools.
    """
    distance, avoidance, mixing = weights
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
def moved_house(
    moved: Rows, frequent: float, school: Rows, track: Codes, district: Rows, place: Rows, home_moves: Codes,
    frequent_mover: Bools, away: Rows,
) -> int:
    # fmt: on
    """Count a move of each of ``moved``; fill ``away`` with who is at a primary school elsewhere, return how many.

    ``place`` is the district of each school.
    """
    count = 0
    for row in moved:
        home_moves[row] = min(home_moves[row], np.int8(_MOST_MOVES - 1)) + 1
        frequent_mover[row] = home_moves[row] >= frequent
        if school[row] >= 0 and track[row] == PRIMARY and place[school[row]] != district[row]:
            away[count] = row
            count += 1
    return count


# fmt: off
@compiled
def composed(
    rows: Rows, school: Rows, disadvantaged: Bools, track: Codes, tracks: int, pupils: Rows, poor: Shares,
    peers: Shares,
) -> None:
    # fmt: on
    """Count the ``pupils`` of each school and the part of them who are disadvantaged, and write that among classmates.

    A class is a track (of so many) within a school; who is at no school sees the mean of all.
    """
    count, among = np.zeros((pupils.size, tracks)), np.zeros((pupils.size, tracks))
    for row in rows:
        if school[row] >= 0:
            count[school[row], track[row]] += 1
            among[school[row], track[row]] += disadvantaged[row]
    everybody, all_poor = 0.0, 0.0
    for k in range(pupils.size):
        number, together = 0.0, 0.0
        for where in range(tracks):
            number += count[k, where]
            together += among[k, where]
        pupils[k] = np.int32(number)
        poor[k] = np.float32(together / max(number, 1.0))
        everybody += number
        all_poor += together
    mean = all_poor / everybody if everybody > 0 else 0.0
    for row in rows:
        k, where = school[row], track[row]
        peers[row] = np.float32(among[k, where] / max(count[k, where], 1.0) if k >= 0 else mean)
