"""Compiled loops over cases: how they end and begin, who leads them, and who is helped."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.professionals.columns import NEVER, NO_CASE, OPEN, QUEUE
from wijksim.state.codes import Activity

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Codes = NDArray[np.int8]
type Flags = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]
type Whole = NDArray[np.int64]
type Asks = NDArray[np.uint8]
type Help = tuple[Rows, Amounts, Asks, Rows, int, Floats]

_PUPIL, _STUDENT, _BASIC_JOB = int(Activity.PUPIL), int(Activity.STUDENT), int(Activity.BASIC_JOB)


@inlined
def _end(
    row: int, month: int, case: Codes, since: Months, intake_left: Amounts, worker: Rows, worker_since: Months,
    worker_changed: Months,
) -> None:  # fmt: skip
    """Take help and its worker away from ``row``."""
    case[row], since[row], intake_left[row] = NO_CASE, month, np.float32(0)
    worker[row], worker_since[row], worker_changed[row] = -1, NEVER, NEVER


@compiled
def end(
    rows: Rows, month: int, case: Codes, since: Months, intake_left: Amounts, worker: Rows, worker_since: Months,
    worker_changed: Months,
) -> None:  # fmt: skip
    """Take help and its worker away from ``rows``."""
    for row in rows:
        _end(row, month, case, since, intake_left, worker, worker_since, worker_changed)


@compiled
def close(
    closed: Rows, dropped: Rows, month: int, uid: Uids, case_closed: Months, case: Codes, since: Months,
    intake_left: Amounts, worker: Rows, worker_since: Months, worker_changed: Months,
) -> tuple[Rows, Uids, Flags]:  # fmt: skip
    """End the cases of both; return whose ended, who they are, and whether they were dropped: not if closed at once."""
    ended, n = np.empty(closed.size + dropped.size, np.int32), 0
    who, stayed_away = np.empty(ended.size, np.uint64), np.empty(ended.size, np.bool_)
    for i in range(ended.size):
        row = closed[i] if i < closed.size else dropped[i - closed.size]
        if case[row] != NO_CASE:
            ended[n], who[n], stayed_away[n] = row, uid[row], i >= closed.size
            n += 1
            case_closed[row] = month
            _end(row, month, case, since, intake_left, worker, worker_since, worker_changed)
    return ended[:n], who[:n], stayed_away[:n]


@compiled
def asking(
    opened: Rows, worker: Rows, case_role: Codes, district: Rows, districts: int, alive: Flags, vacant: Flags,
    sick: Flags, fte: Floats, role: Codes, place: Rows,
) -> tuple[Rows, Whole, Rows, Whole, Floats]:  # fmt: skip
    """Cases without a worker and the cell of role and district of each; staff at work, their cells and caseloads."""
    load = np.zeros(alive.size)
    rows, wanted, n = np.empty(opened.size, np.int32), np.empty(opened.size, np.int64), 0
    for row in opened:
        if worker[row] >= 0:
            load[worker[row]] += 1
        else:
            rows[n], wanted[n] = row, np.int64(case_role[row]) * districts + district[row]
            n += 1
    free, cell, m = np.empty(alive.size, np.int32), np.empty(alive.size, np.int64), 0
    for post in range(alive.size):
        if alive[post] and not (vacant[post] or sick[post]) and fte[post] > 0:
            free[m], cell[m], load[m] = post, np.int64(role[post]) * districts + place[post], load[post]
            m += 1
    return rows[:n], wanted[:n], free[:m], cell[:m], load[:m]


@compiled
def choose(wanted: Whole, place: Whole, fte: Floats, load: Floats, chosen: NDArray[np.int64]) -> None:
    """Give residents, one after another, the colleague of their place with the fewest cases per fte; -1 for none."""
    for i in range(wanted.size):
        best = -1
        lowest = np.inf
        for post in range(place.size):
            if place[post] == wanted[i] and (best < 0 or load[post] / fte[post] < lowest):
                best = post
                lowest = load[post] / fte[post]
        chosen[i] = best
        if best >= 0:
            load[best] += 1.0


@compiled
def prefer(
    wanted: Whole, place: Whole, fte: Floats, load: Floats, preferred: Floats, chosen: NDArray[np.int64]
) -> None:
    """As :func:`choose`, with what each colleague is preferred by for each case, in caseloads.

    The caseload counts over the mean of the place, or over one case per fte where there are fewer.
    """
    for i in range(wanted.size):
        cases, staff = 0.0, 0.0
        for post in range(place.size):
            if place[post] == wanted[i]:
                cases += load[post]
                staff += fte[post]
        best = -1
        lowest = np.inf
        for post in range(place.size):
            if place[post] == wanted[i]:
                burden = load[post] / fte[post] / max(cases / staff, 1.0) - preferred[i, post]
                if best < 0 or burden < lowest:
                    best = post
                    lowest = burden
        chosen[i] = best
        if best >= 0:
            load[best] += 1.0


@compiled
def assign(
    opened: Rows, worker: Rows, case_role: Codes, district: Rows, districts: int, alive: Flags, vacant: Flags,
    sick: Flags, fte: Floats, role: Codes, post_in: Rows, uid: Uids, month: int, worker_since: Months,
) -> None:  # fmt: skip
    """Let each case without a worker :func:`choose` one, cell by cell and within it by identity."""
    rows, wanted, free, place, load = asking(
        opened, worker, case_role, district, districts, alive, vacant, sick, fte, role, post_in
    )
    if rows.size == 0 or free.size == 0:
        return
    for i in range(1, rows.size):
        # put in among those before it: few cases ask
        row, cell, j = rows[i], wanted[i], i
        while j > 0 and (wanted[j - 1] > cell or (wanted[j - 1] == cell and uid[rows[j - 1]] > uid[row])):
            rows[j], wanted[j] = rows[j - 1], wanted[j - 1]
            j -= 1
        rows[j], wanted[j] = row, cell
    size, chosen = np.empty(free.size), np.empty(rows.size, np.int64)
    for i in range(free.size):
        size[i] = fte[free[i]]
    choose(wanted, place, size, load, chosen)
    for i in range(rows.size):
        if chosen[i] >= 0:
            worker[rows[i]], worker_since[rows[i]] = free[chosen[i]], month


@compiled
def _begin(
    case: Codes, since: Months, intake_left: Amounts, month: int
) -> tuple[Rows, Rows, Rows, Months]:  # fmt: skip
    """Open cases whose intake is finished; return open cases, the queue, those just opened and how long they waited."""
    found, number = np.empty(case.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(case.size)):
        # overwritten by the next unless there is a case: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(case[i] != NO_CASE)
    helped, waiting = np.empty(number, np.int32), np.empty(number, np.int32)
    ready, waited = np.empty(number, np.int32), np.empty(number, np.int16)
    n = m = k = 0
    for i in range(number):
        row = found[i]
        if case[row] == QUEUE and intake_left[row] <= 0:
            ready[k], waited[k] = row, month - since[row]
            case[row], since[row] = OPEN, month
            k += 1
        if case[row] == OPEN:
            helped[n] = row
            n += 1
        elif case[row] == QUEUE:
            waiting[m] = row
            m += 1
    return helped[:n], waiting[:m], ready[:k], waited[:k]


@compiled
def begin(
    case: Codes, since: Months, intake_left: Amounts, month: int, given: bool, worker: Rows, case_role: Codes,
    district: Rows, queue: Amounts, alive: Flags, vacant: Flags, sick: Flags, fte: Floats, role: Codes, post_in: Rows,
    uid: Uids, worker_since: Months,
) -> tuple[Rows, Rows, Months]:  # fmt: skip
    """Do :func:`_begin`, fill the ``queue`` of districts, and :func:`assign` workers if they are ``given`` as usual.

    Returned are open cases, those just opened and how long they waited.
    """
    opened, waiting, ready, waited = _begin(case, since, intake_left, month)
    for d in range(queue.size):
        queue[d] = np.float32(0)
    for row in waiting:
        if district[row] >= 0:
            queue[district[row]] += np.float32(1)
    if given:
        assign(
            opened, worker, case_role, district, queue.size, alive, vacant, sick, fte, role, post_in, uid, month,
            worker_since,
        )  # fmt: skip
    return opened, ready, waited


@compiled
def helped(
    hours: Amounts, household: Rows, worker: Rows, case: Codes, debt: Flags, eviction: Codes, violence: Codes,
    psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months, activity: Codes, frail_age: float,
) -> tuple[Rows, Amounts, Rows, Asks, Rows, int]:  # fmt: skip
    """Residents who received hours: rows, hours, worker and asks; those with a case and debts; how many ask several.

    What they ask is a bit per thing on which an organisation of its own has to act (``state.roles.Ask``, in that
    order).
    """
    found, number = np.empty(hours.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(hours.size)):
        # overwritten by the next unless there is help: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(hours[i] > 0)
    rows, indebted = found[:number], np.empty(number, np.int32)
    received, workers = np.empty(number, np.float32), np.empty(number, np.int32)
    asks = np.empty(number, np.uint8)
    several = n = 0
    for k in range(number):
        row, home, doing = rows[k], household[rows[k]], activity[rows[k]]
        received[k], workers[k] = hours[row], worker[row]
        bits = np.uint8(psychiatric[row] | addiction[row])
        bits |= np.uint8(debt[home]) << np.uint8(1)
        bits |= np.uint8(cognitive[row]) << np.uint8(2)
        bits |= np.uint8(age[row] >= frail_age) << np.uint8(3)
        bits |= np.uint8(eviction[home] > 0) << np.uint8(4)
        bits |= np.uint8(violence[home] > 0) << np.uint8(5)
        bits |= np.uint8((doing >= _PUPIL) & (doing <= _STUDENT)) << np.uint8(6)
        bits |= np.uint8(doing == _BASIC_JOB) << np.uint8(7)
        asks[k] = bits
        several += (bits & (bits - np.uint8(1))) != 0
        indebted[n] = row
        n += debt[home] & (case[row] == OPEN)
    return rows, received, workers, asks, indebted[:n], several


@compiled
def fit(
    rows: Rows, worker: Rows, language: Amounts, psychiatric: Flags, addiction: Flags, bilingual: Amounts,
    skilled: Amounts, floor: float, out: Floats,
) -> None:  # fmt: skip
    """Fit of worker and resident in language and in mental-health skill, from the floor to 1 (ASM-14).

    ``worker`` is per entry of ``rows``; a resident whom nobody leads meets no skill.
    """
    for i in range(rows.size):
        row, post = np.uint32(rows[i]), worker[i]
        speaks = np.float64(bilingual[post]) if post >= 0 else 0.0
        result = floor + (1.0 - floor) * max(np.float64(language[row]), speaks)
        if psychiatric[row] | addiction[row]:
            knows = np.float64(skilled[post]) if post >= 0 else 0.0
            result *= floor + (1.0 - floor) * knows
        out[i] = result


@compiled
def given(
    worker: Rows, case: Codes, changed: Months, month: int, hours: Amounts, household: Rows, debt: Flags,
    eviction: Codes, violence: Codes, psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months,
    activity: Codes, numbers: tuple[float, float, float], language: Amounts, bilingual: Amounts, skilled: Amounts,
    worker_new: Flags, need_met: Amounts, help_effect: Amounts, debt_help: Flags, unit: np.float32,
) -> Help:  # fmt: skip
    """Do :func:`helped`, with hours in a ``unit``, and :func:`fit`. Nobody's need is met yet.

    ``numbers`` are the age from which people are frail, the least fit, and the months for which a worker is new.
    """
    frail_age, floor_of_fit, new_months = numbers
    recent = floor(month - new_months)
    for i in range(changed.size):
        worker_new[i] = changed[i] > recent
    for i in range(need_met.size):
        need_met[i] = np.float32(0)
    for i in range(help_effect.size):
        help_effect[i] = np.float32(0)
    for i in range(debt_help.size):
        debt_help[i] = False
    rows, received, workers, asks, indebted, several = helped(
        hours, household, worker, case, debt, eviction, violence, psychiatric, addiction, cognitive, age, activity,
        frail_age,
    )  # fmt: skip
    for k in range(received.size):
        received[k] /= unit
    fits = np.empty(rows.size)
    fit(rows, workers, language, psychiatric, addiction, bilingual, skilled, floor_of_fit, fits)
    return rows, received, asks, indebted, several, fits


@compiled
def move_on(
    closed: Rows, dropped: Rows, month: int, assigned: bool, uid: Uids, case_closed: Months, case: Codes, since: Months,
    intake_left: Amounts, worker: Rows, worker_since: Months, changed: Months, case_role: Codes, district: Rows,
    queue: Amounts, alive: Flags, vacant: Flags, sick: Flags, fte: Floats, role: Codes, post_in: Rows, hours: Amounts,
    household: Rows, debt: Flags, eviction: Codes, violence: Codes, psychiatric: Flags, addiction: Flags,
    cognitive: Flags, age: Months, activity: Codes, numbers: tuple[float, float, float], language: Amounts,
    bilingual: Amounts, skilled: Amounts, worker_new: Flags, need_met: Amounts, help_effect: Amounts, debt_help: Flags,
    unit: np.float32,
) -> tuple[tuple[Rows, Uids, Flags], tuple[Rows, Rows, Months], Help]:  # fmt: skip
    """Do :func:`close`, :func:`begin` and :func:`given`, one after the other."""
    ended = close(
        closed, dropped, month, uid, case_closed, case, since, intake_left, worker, worker_since, changed
    )
    begun = begin(
        case, since, intake_left, month, assigned, worker, case_role, district, queue, alive, vacant, sick, fte, role,
        post_in, uid, worker_since,
    )  # fmt: skip
    helping = given(
        worker, case, changed, month, hours, household, debt, eviction, violence, psychiatric, addiction, cognitive,
        age, activity, numbers, language, bilingual, skilled, worker_new, need_met, help_effect, debt_help, unit,
    )  # fmt: skip
    return ended, begun, helping
