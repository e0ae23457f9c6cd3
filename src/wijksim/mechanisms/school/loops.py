"""Compiled passes over residents and pupils: who learns, who may drop out, who goes up or on, who needs a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.school.codes import BASIC, ENTRY, HAVO, HIGHER, PRIMARY, SCHOOLED, VOCATIONAL, VWO
from wijksim.state.codes import Activity, Education, Role

type Rows = NDArray[np.int32]
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
LISTS = ("starters", "learning", "unknown", "movers", "early")  # that a month begins with


# fmt: off
@compiled
def learners(
    alive: Bools, activity: Codes, age: Months, role: Codes, education: Codes, household: Rows,
    moved_in: Months, moved: int, bounds: tuple[int, int, int],
    class_year: Codes, school: Rows, dropped_out: Bools,
    starters: Rows, learning: Rows, unknown: Rows, movers: Rows, early: Rows,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """Begin a month: fill the lists and return how many each holds.

    ``starters`` are children of school age, ``learning`` is who is in education, ``unknown`` those of them without a
    class and ``movers`` those at home who moved in month ``moved``; ``early`` left school early and may return. Who is
    in education no longer has no class and no school. ``bounds`` are the age at which school starts, and the ages from
    which and before which leaving school is early.
    """
    start, first, last = bounds
    concerned = np.empty(activity.size, np.uint8)
    for i in range(activity.size):
        dropped_out[i] = False
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
    return a, b, c, d, e


@compiled
def at_risk(
    rows: Rows,
    track: Codes,
    age: Months,
    education: Codes,
    first: int,
    last: int,
    secondary: Rows,
    vocational: Rows,
    entry: Rows,
) -> tuple[int, int, int]:
    """Fill the lists, by kind of education, with who may leave early, and return how many each holds."""
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


@compiled
def ways_on(
    rows: Rows,
    track: Codes,
    class_year: Codes,
    age: Months,
    least: Floats,
    shift_classes: int,
    last_age: int,
    staying: Rows,
    up: Rows,
    down: Rows,
    ready: Rows,
    higher: Rows,
    old: Rows,
) -> tuple[int, int, int, int, int, int]:
    """Fill the lists and return how many each holds.

    ``staying`` are those of ``rows`` who are still in a class; of them ``up`` and ``down`` may change to another track
    of secondary school, ``ready`` have been in their track for as long as a diploma takes at ``least`` (years by
    track), ``higher`` are in higher education and ``old`` too old to go on.
    """
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


@compiled
def end_of_month(
    rows: Rows,
    activity: Codes,
    track: Codes,
    class_year: Codes,
    age: Months,
    school: Rows,
    leaving_age: int,
    asking: Rows,
    adults: Rows,
) -> tuple[int, int]:
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


@compiled
def wishes(
    taste: Floats,
    district: Rows,
    disadvantaged: Bools,
    place: Rows,
    excess: Floats,
    weights: tuple[float, float, float],
    near: Bools,
) -> None:
    """Turn ``taste``, shape ``(pupils, schools)``, into wishes, and fill ``near`` with which schools are.

    ``weights`` are those of distance, of avoiding the disadvantaged, and of the rule that mixes; ``excess`` is how many
    more of them a school has than the mean.
    """
    distance, avoidance, mixing = weights
    for i in range(taste.shape[0]):
        for k in range(taste.shape[1]):
            near[i, k] = district[i] == place[k]
            wish = taste[i, k] - (0.0 if near[i, k] else distance)
            if disadvantaged[i]:
                taste[i, k] = wish - mixing * excess[k]
            else:
                taste[i, k] = (wish - avoidance * excess[k]) - mixing * -excess[k]


@compiled
def standing(
    rows: Rows,
    role: Codes,
    household: Rows,
    head: Rows,
    education: Codes,
    fifth: Codes,
    low_parents: int,
    parents: Codes,
    disadvantaged: Bools,
) -> None:
    """Education of the parents of pupils at home, and who counts as disadvantaged."""
    for row in rows:
        home = household[row]
        at_home = role[row] == _AT_HOME
        if at_home:
            parents[row] = education[head[home]] if home >= 0 and head[home] >= 0 else 0
        poor = at_home and (home < 0 or fifth[home] == 0)
        disadvantaged[row] = poor or 0 <= parents[row] <= low_parents


@compiled
def begun(
    rows: Rows,
    age: Months,
    activity: Codes,
    education: Codes,
    achievement: Shares,
    advised: Codes,
    length: Floats,
    start_age: int,
    years_primary: int,
    entry_limit: float,
    start_class_most: float,
    advice: Codes,
    track: Codes,
    class_year: Codes,
) -> None:
    """Track and class of those who are new in education, by age; ``advised`` is the advice for each of ``rows``.

    Those past the classes of their track are in what comes next; students are where their level says. ``length`` are
    the classes of each track.
    """
    for i in range(rows.size):
        row = rows[i]
        year = int(age[row]) - start_age
        if year < years_primary:
            track[row], class_year[row] = PRIMARY, max(year, 0)
            continue
        year -= years_primary
        where = advised[i]
        advice[row] = where
        over = year - length[where]
        student = activity[row] == _STUDENT
        if over >= 0 or student:
            qualified = education[row] >= _MIDDLE or (not student and where >= HAVO)
            weak = where == BASIC and achievement[row] < np.float32(entry_limit)
            following = HIGHER if qualified else VOCATIONAL
            if weak and over < 1 and education[row] < _MIDDLE:
                following = ENTRY
            track[row] = following
            class_year[row] = np.int8(min(max(over, 0.0), start_class_most))
        else:
            track[row] = where
            class_year[row] = year


@compiled
def years_before(rows: Rows, household: Rows, moved_in: Months, birth_month: Months, years: Floats) -> None:
    """Fill ``years`` with how old each of ``rows`` was when the household moved in, 0 for those born later."""
    for i in range(rows.size):
        home = household[rows[i]]
        since = int(moved_in[home]) if home >= 0 else 0
        years[i] = max(since - int(birth_month[rows[i]]), 0) / MONTHS_PER_YEAR


@compiled
def earlier_moves(
    rows: Rows,
    years: Floats,
    mean: Floats,
    none: Floats,
    luck: Floats,
    most: int,
    frequent: float,
    home_moves: Codes,
    frequent_mover: Bools,
) -> None:
    """Give each of ``rows`` a Poisson number of moves before the last, by inversion of its first terms.

    ``none`` is the chance of no move, ``most`` the number of terms; who was born after the last move has none at all.
    """
    for i in range(rows.size):
        count, term = 0, none[i]
        if years[i] > 0:
            count, below = 1, term
            for k in range(1, most + 1):
                count += luck[i] > below
                term = term * mean[i] / k
                below += term
        home_moves[rows[i]] = count
        frequent_mover[rows[i]] = count >= frequent
