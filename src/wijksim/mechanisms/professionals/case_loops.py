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
type Helped = tuple[Rows, Amounts, Asks, Rows, Floats]

LISTS = len(("ended", "open", "waiting", "just opened", "months waited"))
ENDED, OPENED, WAITING, READY, WAITED = range(LISTS)

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
    closed: Rows, dropped: Rows, month: int, case_closed: Months, case: Codes, since: Months, intake_left: Amounts,
    worker: Rows, worker_since: Months, worker_changed: Months, ended: Rows,
) -> tuple[int, int]:  # fmt: skip
    """End the cases of both and list whose; return how many these are, and how many of them, the first, were closed.

    Whose case is closed and dropped at once is not dropped.
    """
    n, met = 0, 0
    for i in range(closed.size + dropped.size):
        row = closed[i] if i < closed.size else dropped[i - closed.size]
        if case[row] != NO_CASE:
            ended[n] = row
            n += 1
            met += i < closed.size
            case_closed[row] = month
            _end(row, month, case, since, intake_left, worker, worker_since, worker_changed)
    return n, met


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
def _begin(case: Codes, since: Months, intake_left: Amounts, month: int, lists: Rows) -> tuple[int, int, int]:
    """Open cases whose intake is finished; list open cases, the queue, those just opened and how long they waited.

    Return how many are open, wait, and were just opened.
    """
    opened, number = lists[OPENED], np.uint32(0)
    for i in range(np.uint32(case.size)):
        # overwritten by the next unless there is a case: no branch that could be guessed wrong
        opened[number] = i
        number += np.uint32(case[i] != NO_CASE)
    n = m = k = 0
    for i in range(number):
        row = opened[i]
        if case[row] == QUEUE and intake_left[row] <= 0:
            lists[READY, k], lists[WAITED, k] = row, month - since[row]
            case[row], since[row] = OPEN, month
            k += 1
        if case[row] == OPEN:
            opened[n] = row
            n += 1
        elif case[row] == QUEUE:
            lists[WAITING, m] = row
            m += 1
    return n, m, k


@compiled
def begin(
    case: Codes, since: Months, intake_left: Amounts, month: int, given: bool, worker: Rows, case_role: Codes,
    district: Rows, queue: Amounts, alive: Flags, vacant: Flags, sick: Flags, fte: Floats, role: Codes, post_in: Rows,
    uid: Uids, worker_since: Months, lists: Rows,
) -> tuple[int, int]:  # fmt: skip
    """Do :func:`_begin`, fill the ``queue`` of districts, and :func:`assign` workers if they are ``given`` as usual.

    Return how many cases are open, and how many of them were just opened.
    """
    opened, waiting, ready = _begin(case, since, intake_left, month, lists)
    for d in range(queue.size):
        queue[d] = np.float32(0)
    for row in lists[WAITING, :waiting]:
        if district[row] >= 0:
            queue[district[row]] += np.float32(1)
    if given:
        assign(
            lists[OPENED, :opened], worker, case_role, district, queue.size, alive, vacant, sick, fte, role, post_in,
            uid, month, worker_since,
        )  # fmt: skip
    return opened, ready


@compiled
def helped(
    hours: Amounts, household: Rows, worker: Rows, case: Codes, debt: Flags, eviction: Codes, violence: Codes,
    psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months, activity: Codes, frail_age: float, rows: Rows,
    received: Amounts, workers: Rows, asks: Asks, indebted: Rows,
) -> tuple[int, int, int]:  # fmt: skip
    """List residents who received hours, with hours, worker and asks, and those of them with a case and debts.

    Return how many each list holds, and how many ask several things. What they ask is a bit per thing on which an
    organisation of its own has to act (``state.roles.Ask``, in that order).
    """
    number, several, n = np.uint32(0), 0, 0
    for i in range(np.uint32(hours.size)):
        # overwritten by the next unless there is help: no branch that could be guessed wrong
        rows[number] = i
        number += np.uint32(hours[i] > 0)
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
    return int(number), n, several


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
    month: int, numbers: tuple[float, float, float], unit: np.float32, skilled: Amounts, worker: Rows, case: Codes,
    changed: Months, hours: Amounts, household: Rows, debt: Flags, eviction: Codes, violence: Codes, psychiatric: Flags,
    addiction: Flags, cognitive: Flags, age: Months, activity: Codes, language: Amounts, bilingual: Amounts,
    worker_new: Flags, need_met: Amounts, help_effect: Amounts, debt_help: Flags, room: Helped,
) -> tuple[int, int, int]:  # fmt: skip
    """Do :func:`helped`, with hours in a ``unit``, and :func:`fit`. Nobody's need is met yet.

    ``numbers`` are the age from which people are frail, the least fit, and the months for which a worker is new;
    ``room`` is what is filled: who is helped, hours, asks, who of them has debts, and fits. One place more than there
    are residents is written in.
    """
    rows, received, asks, indebted, fits = room
    workers = np.empty(hours.size, np.int32)
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
    many, owing, several = helped(
        hours, household, worker, case, debt, eviction, violence, psychiatric, addiction, cognitive, age, activity,
        frail_age, rows, received, workers, asks, indebted,
    )  # fmt: skip
    for k in range(many):
        received[k] /= unit
    fit(rows[:many], workers, language, psychiatric, addiction, bilingual, skilled, floor_of_fit, fits)
    return many, owing, several


@compiled
def move_on(
    closed: Rows, dropped: Rows, month: int, assigned: bool, numbers: tuple[float, float, float], unit: np.float32,
    skilled: Amounts, uid: Uids, case_closed: Months, case: Codes, since: Months, intake_left: Amounts, worker: Rows,
    worker_since: Months, changed: Months, case_role: Codes, district: Rows, queue: Amounts, alive: Flags,
    vacant: Flags, sick: Flags, fte: Floats, role: Codes, post_in: Rows, lists: Rows, hours: Amounts, household: Rows,
    debt: Flags, eviction: Codes, violence: Codes, psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months,
    activity: Codes, language: Amounts, bilingual: Amounts, worker_new: Flags, need_met: Amounts, help_effect: Amounts,
    debt_help: Flags, room: Helped,
) -> tuple[int, int, int, int, tuple[int, int, int]]:  # fmt: skip
    """Do :func:`close`, :func:`begin` and :func:`given`, one after the other, and return what they do."""
    ended, met = close(
        closed,
        dropped,
        month,
        case_closed,
        case,
        since,
        intake_left,
        worker,
        worker_since,
        changed,
        lists[ENDED],
    )
    opened, ready = begin(
        case, since, intake_left, month, assigned, worker, case_role, district, queue, alive, vacant, sick, fte, role,
        post_in, uid, worker_since, lists,
    )  # fmt: skip
    helping = given(
        month, numbers, unit, skilled, worker, case, changed, hours, household, debt, eviction, violence, psychiatric,
        addiction, cognitive, age, activity, language, bilingual, worker_new, need_met, help_effect, debt_help, room,
    )  # fmt: skip
    return ended, met, opened, ready, helping
