"""Compiled passes over residents and pupils: who learns, who may drop out, who goes up or on, who needs a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.school.codes import BASIC, ENTRY, HIGHER, PRIMARY, VOCATIONAL, VWO
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
_MOST_MOVES = np.iinfo(np.int8).max  # are counted in an int8
LISTS = ("starters", "learning", "unknown", "movers", "early")  # that a month begins with
_EARLY = LISTS.index("early")
# risks of leaving early, by kind of education, and ways that are open to who stays
WAYS = ("secondary", "vocational", "entry", "staying", "up", "down", "ready", "higher", "old")
_SECONDARY, _VOCATIONAL, _ENTRY, _STAYING, _UP, _DOWN, _READY, _STUDYING, _OLD = range(len(WAYS))


# fmt: off
@compiled
def learners(
    moved: int, start_age: int, dropout_age: int, early_age: int, alive: Bools, activity: Codes, age: Months,
    role: Codes, education: Codes, household: Rows, moved_in: Months, extra_hours: Shares, class_year: Codes,
    school: Rows, dropped_out: Bools, lists: Lists,
) -> tuple[bool, int, int, int, int, int]:
    # fmt: on
    """Begin a month: fill the lists and return how many each holds, and first whether anybody has extra hours.

    Of :data:`LISTS` ``starters`` are children of school age, ``learning`` is who is in education, ``unknown`` those of
    them without a class and ``movers`` those at home who moved in month ``moved``; ``early`` left school early and may
    return. Who is in education no longer has no class and no school. Leaving school is early from the ``dropout_age``
    to the ``early_age``.
    """
    starters, learning, unknown, movers, early = lists[0], lists[1], lists[2], lists[3], lists[_EARLY]
    # as wide as the column, and no more columns than are vectorised together
    start, first, last = np.int16(start_age), np.int16(dropout_age), np.int16(early_age)
    concerned, longer = np.empty(activity.size, np.uint8), False
    dropped_out[:] = False
    for i in range(activity.size):
        longer |= extra_hours[i] > 0
    for i in range(activity.size):
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


# fmt: off
@compiled
def ways(
    rows: Rows, first: int, last: int, least: Floats, shift_classes: int, last_age: int, track: Codes,
    class_year: Codes, age: Months, education: Codes, lists: Lists,
) -> tuple[int, int, int, int, int, int, int, int, int]:
    # fmt: on
    """Fill the lists, in the order of :data:`WAYS`; return how many each holds.

    The first three may leave early, by kind of education: they are of an age from the ``first`` to before the ``last``.
    ``staying`` are those of ``rows`` who are in a class; of them ``up`` and ``down`` may change to another track of
    secondary school, ``ready`` have been in their track for as long as a diploma takes at ``least`` (years by track),
    ``higher`` are in higher education and ``old`` too old to go on.
    """
    counts = np.zeros(len(WAYS), np.int64)
    for row in rows:
        where, year = track[row], class_year[row]
        if first <= age[row] < last and education[row] < _MIDDLE:
            risk = _SECONDARY if PRIMARY < where <= VWO else _VOCATIONAL if where == VOCATIONAL else _ENTRY
            if where > PRIMARY and where != HIGHER:
                lists[risk, counts[risk]] = row
                counts[risk] += 1
        if year < 0:
            continue
        lists[_STAYING, counts[_STAYING]] = row
        counts[_STAYING] += 1
        if PRIMARY < where <= VWO and year < shift_classes:
            if where < VWO:
                lists[_UP, counts[_UP]] = row
                counts[_UP] += 1
            if where > BASIC:
                lists[_DOWN, counts[_DOWN]] = row
                counts[_DOWN] += 1
        if where >= ENTRY and year >= least[where]:
            lists[_READY, counts[_READY]] = row
            counts[_READY] += 1
        if where == HIGHER:
            lists[_STUDYING, counts[_STUDYING]] = row
            counts[_STUDYING] += 1
        if age[row] >= last_age:
            lists[_OLD, counts[_OLD]] = row
            counts[_OLD] += 1
    return (
        counts[_SECONDARY], counts[_VOCATIONAL], counts[_ENTRY], counts[_STAYING], counts[_UP], counts[_DOWN],
        counts[_READY], counts[_STUDYING], counts[_OLD],
    )  # fmt: skip


# fmt: off
@compiled
def dropped(
    secondary: Rows, vocational: Rows, entry: Rows, leaving_age: int, age: Months, class_year: Codes, school: Rows,
    dropped_out: Bools, lists: Lists, counts: Whole, grown: Rows, young: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Take early leavers out of education, and off the ``lists`` of :func:`ways` that are yet to be gone through.

    There are ``counts`` of these lists, from that of who stays on. Fill ``grown`` with those who have come to the age
    at which school may be left and ``young`` with the others; return how many.
    """
    a, b = 0, 0
    for rows in (secondary, vocational, entry):
        for row in rows:
            dropped_out[row] = True
            class_year[row] = -1
            school[row] = -1
            grown[a] = young[b] = row  # overwritten by the next unless it counts
            of_age = age[row] >= leaving_age
            a += of_age
            b += not of_age
    for k in range(_STAYING, lists.shape[0]):
        left = 0
        for i in range(counts[k - _STAYING]):
            row = lists[k, i]
            lists[k, left] = row
            left += class_year[row] >= 0
        counts[k - _STAYING] = left
    return a, b


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
