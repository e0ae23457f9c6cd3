"""Compiled loops over this month's requests for hours: who stands in line, who is served, and what is refused."""

from __future__ import annotations

from math import floor, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.professionals.columns import NEVER, OPEN, QUEUE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]

TOLERANCE: Final = 1e-9  # what rounding leaves of a spent capacity is no help
# kinds of requests in the order in which they are served; of open cases first the least, and the rest last
_CRISIS, _LEAST, _INTAKE, _REST = range(2**2)
_KINDS = _REST + 1
# lines of what is known of work on crises (see ``crises.Work``); in place of the kind there may be a role
_ROW, _UID, _KIND, _DUE = range(2**2)


@compiled
def stages(
    case: Codes, district: Rows, least: int, queue: int, opened: int, helped: Rows, waiting: Rows
) -> tuple[int, int]:  # fmt: skip
    """List residents with an open case and those in the queue, in a district from ``least`` on; return how many.

    ``queue`` and ``opened`` are codes. One place more than there are residents is written in.
    """
    number = np.uint32(0)
    for i in range(np.uint32(case.size)):
        # overwritten by the next unless there is a case: no branch that could be guessed wrong
        helped[number] = i
        number += np.uint32(case[i] != 0)
    n = m = 0
    for k in range(number):
        row = helped[k]
        if district[row] >= least:
            if case[row] == opened:
                helped[n] = row
                n += 1
            elif case[row] == queue:
                waiting[m] = row
                m += 1
    return n, m


@compiled
def take_over(
    month: int,
    case: Codes,
    district: Rows,
    worked_in: Rows,
    worker: Rows,
    worker_since: Months,
    worker_changed: Months,
    opened: Rows,
    waiting: Rows,
) -> tuple[int, int]:
    """Do :func:`stages`; who has a worker in another district than the own loses that one."""
    many, others = stages(case, district, -1, QUEUE, OPEN, opened, waiting)
    for row in opened[:many]:
        if worker[row] >= 0 and worked_in[worker[row]] != district[row]:
            worker[row], worker_since[row], worker_changed[row] = -1, NEVER, month
    return many, others


# what lies in columns is copied number by number: assigning slices takes several times the machine code
@compiled
def _set_out(
    new: Whole, hours: Floats, spread: Floats, month: int, way: Whole, way_hours: Floats, numbers: Whole, parts: Floats
) -> int:  # fmt: skip
    """Write work that falls due after this month: what is on its ``way``, and parts of ``new`` crises but the first.

    Parts are those of ``spread`` over months; work stands in the order in which it was set out. Return how much it is:
    ``numbers`` begins with so many of each line, line by line.
    """
    n = (spread.size - 1) * hours.size
    for i in range(way_hours.size):
        n += way[_DUE, i] > month
    work, k = numbers[: (_DUE + 1) * n].reshape(_DUE + 1, n), 0
    for i in range(way_hours.size):
        if way[_DUE, i] > month:
            for line in range(_DUE + 1):
                work[line, k] = way[line, i]
            parts[k] = way_hours[i]
            k += 1
    for later in range(1, spread.size):
        for i in range(hours.size):
            for line in range(_DUE):
                work[line, k] = new[line, i]
            work[_DUE, k], parts[k] = month + later, spread[later] * hours[i]
            k += 1
    return n


@compiled
def _due(
    new: Whole, hours: Floats, first: float, month: int, way: Whole, way_hours: Floats, shares: Floats, carried: Whole,
    carried_hours: Floats, alive: Flags, holder: Uids, district: Rows,
) -> tuple[Rows, Whole, Floats, Flags]:  # fmt: skip
    """Requests by row, role, hours and whether refused before: of work that is due, then those carried over.

    Due is what is on its way until this ``month``, and the ``first`` part of new crises. It is divided over roles by
    the ``shares`` of its kind; the dead and departed (another ``holder`` of the row, or one without a district) ask
    nothing.
    """
    old, size = way_hours.size, way_hours.size + hours.size
    most = size * shares.shape[1] + carried_hours.size
    rows, roles = np.empty(most, np.int32), np.empty(most, np.int64)
    asked, again = np.empty(most), np.empty(most, np.bool_)
    n = 0
    for i in range(size):
        if i < old and way[_DUE, i] > month:
            continue
        work, k, part = (way, i, way_hours[i]) if i < old else (new, i - old, first * hours[i - old])
        who, kind = work[_ROW, k], work[_KIND, k]
        if alive[who] and holder[who] == np.uint64(work[_UID, k]) and district[who] >= 0:
            for role in range(shares.shape[1]):
                if shares[kind, role] * part != 0:
                    rows[n], roles[n], asked[n], again[n] = who, role, shares[kind, role] * part, False
                    n += 1
    for i in range(carried_hours.size):
        who = carried[_ROW, i]
        if alive[who] and holder[who] == np.uint64(carried[_UID, i]) and district[who] >= 0:
            rows[n], roles[n], asked[n], again[n] = who, carried[_KIND, i], carried_hours[i], True
            n += 1
    return rows[:n], roles[:n], asked[:n], again[:n]


@compiled
def _line_up(
    row: Rows, role: Whole, hours: Floats, carried: Flags, opened: Rows, rank: Floats, queue: Rows, queue_rank: Floats,
    need: Amounts, case_role: Codes, district: Rows, intake_left: Amounts, usual: Floats, floor: float, districts: int,
    rows: Rows, group: Whole, place: Whole, wanted: Floats, behind: Floats,
) -> None:  # fmt: skip
    """Fill the last five with all requests, kind by kind: crises, open cases, intakes and once more open cases.

    ``group`` is the cell of role and district, ``place`` the group with the kind after it, ``behind`` what is served
    later the higher it is. ``usual`` are the hours of a case by role, of which ``floor`` is the least part. Without
    ranks (they are empty) the greatest need goes first.
    """
    n = row.size
    for i in range(n):
        rows[i], group[i] = row[i], role[i] * districts + district[row[i]]
        place[i], wanted[i], behind[i] = group[i] * _KINDS + _CRISIS, hours[i], -np.float64(carried[i])
    rest = n + opened.size + queue.size
    for i in range(opened.size):
        who = opened[i]
        cell, whole = np.int64(case_role[who]) * districts + district[who], usual[case_role[who]]
        order = -(rank[i] if rank.size else np.float64(need[who]))
        for k, kind, part in ((n + i, _LEAST, floor), (rest + i, _REST, 1 - floor)):
            rows[k], group[k], place[k], wanted[k], behind[k] = (
                who,
                cell,
                cell * _KINDS + kind,
                part * whole,
                order,
            )
    n += opened.size
    for i in range(queue.size):
        who = queue[i]
        cell = np.int64(case_role[who]) * districts + district[who]
        order = -(queue_rank[i] if queue_rank.size else np.float64(need[who]))
        rows[n + i], group[n + i], place[n + i] = who, cell, cell * _KINDS + _INTAKE
        wanted[n + i], behind[n + i] = intake_left[who], order


@compiled
def _ranked(
    place: Whole, places: int, behind: Floats, rows: Rows, holder: Uids, apart: int, order: Whole
) -> None:
    """Fill ``order`` with requests by place, within it by ``behind``, then by identity, then as they stand.

    The rest of open cases stands as far behind the least of them as they are ``apart``, and in the same order.
    """
    ends = np.zeros(places + 1, np.int64)
    for i in range(place.size):
        ends[place[i] + 1] += 1
    for k in range(places):
        ends[k + 1] += ends[k]
    begins = ends.copy()
    for i in range(place.size):
        order[ends[place[i]]] = i
        ends[place[i]] += 1
    for k in range(places):
        first, size = begins[k], ends[k] - begins[k]
        if k % _KINDS == _REST:
            for i in range(size):
                order[first + i] = order[begins[k - _REST + _LEAST] + i] + apart
            continue
        gap = size // 2
        # Shell's way of sorting: places are short, and a sort of the whole would look at three keys each time
        while gap > 0:
            for i in range(gap, size):
                one, j = order[first + i], i
                while j >= gap:
                    other = order[first + j - gap]
                    if behind[other] != behind[one]:
                        later = behind[other] > behind[one]
                    elif holder[rows[other]] != holder[rows[one]]:
                        later = holder[rows[other]] > holder[rows[one]]
                    else:
                        later = other > one
                    if not later:
                        break
                    order[first + j] = other
                    j -= gap
                order[first + j] = one
            gap //= 2


@compiled
def grant(
    order: Whole, group: Whole, wanted: Floats, available: Floats, least: float, granted: Floats
) -> None:
    """Serve requests in ``order``, in which groups stand together, until the hours of their group are spent.

    The last one served may be served in part; less than ``least`` is nothing.
    """
    running = 0.0
    before_group = 0.0
    served = np.int64(-1)
    for k in range(order.size):
        i = order[k]
        ask = wanted[i]
        running += ask
        if group[i] != served:
            served = group[i]
            before_group = running - ask
        hours = min(max(available[served] - (running - ask - before_group), 0.0), ask)
        granted[i] = hours if hours >= least else 0.0


@compiled
def hand_out(
    rows: Rows, group: Whole, granted: Floats, ends: Whole, usual: Floats, case_role: Codes, free: Floats, kept: Floats,
    help_hours: Amounts, intake_left: Amounts, case_share: Amounts, shared: Floats,
) -> float:  # fmt: skip
    """Add the hours granted to what residents received, took off an intake or got for a case, and to what groups spent.

    Requests stand kind by kind (see :func:`_line_up`), of which ``ends`` are the ends. ``shared`` is filled, by group,
    with hours for crises, cases, intakes and outreach: what is ``free`` and not used, and what is ``kept`` for it (if
    anything is). Returned is the largest error of the account of hours, relative to the flows, and absolute below one
    hour.
    """
    used = np.zeros((ends.size, free.size))
    begin = 0
    for kind in range(ends.size):
        for i in range(begin, ends[kind]):
            help_hours[rows[i]] += np.float32(granted[i])
            used[kind, group[i]] += granted[i]
        begin = ends[kind]
    for i in range(ends[1], ends[2]):
        intake_left[rows[i]] = max(np.float64(intake_left[rows[i]]) - granted[i], 0.0)
    for i in range(ends[0], ends[1]):
        both = granted[i] + granted[i - ends[0] + ends[2]]
        case_share[rows[i]] = both / usual[case_role[rows[i]]]
    largest = 0.0
    for i in range(free.size):
        crisis, cases, intake = used[0, i], used[1, i] + used[3, i], used[2, i]
        spare = kept[i] if kept.size else 0.0
        outreach = max(free[i] - crisis - cases - intake, 0.0) + spare
        shared[0, i], shared[1, i], shared[2, i], shared[3, i] = crisis, cases, intake, outreach
        there, spent = free[i] + spare, crisis + cases + intake + outreach
        largest = max(largest, abs(there - spent) / max(there + spent, 1.0))
    return largest


@compiled
def _left_over(
    row: Rows, role: Whole, hours: Floats, carried: Flags, granted: Floats, least: float, part: float, month: int,
    holder: Uids, unserved_since: Months, numbers: Whole, kept: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Write requests that are carried over, and hours that were refused once more; return how many of both.

    More than ``part`` of what somebody asked refused once more leaves a crisis unserved from ``month`` on. ``numbers``
    begins with those of what is carried over, line by line, and ``kept`` with its hours and then those refused.
    """
    n, m, lacking = 0, 0, False
    for i in range(row.size):
        n += not carried[i] and hours[i] - granted[i] > least
        m += carried[i]
    over, short, refused = numbers[: _DUE * n].reshape(_DUE, n), kept[:n], kept[n : n + m]
    n = m = 0
    for i in range(row.size):
        lack = hours[i] - granted[i]
        if carried[i]:
            refused[m] = lack
            m += 1
            lacking |= lack != 0
        elif lack > least:
            over[_ROW, n], over[_UID, n], over[_KIND, n] = row[i], np.int64(holder[row[i]]), role[i]
            short[n] = lack
            n += 1
    if lacking:
        lost, asked = np.zeros(unserved_since.size), np.zeros(unserved_since.size)
        m = 0
        for i in range(row.size):
            asked[row[i]] += hours[i]
            if carried[i]:
                lost[row[i]] += refused[m]
                m += 1
        for i in range(row.size):
            if lost[row[i]] > part * asked[row[i]]:
                unserved_since[row[i]] = month
    return n, m


@inlined
def _paced(
    opened: Rows, case_share: Amounts, case_role: Codes, speed: Floats, worked: Rows, pace: Floats
) -> int:  # fmt: skip
    """List cases that were worked on this month with the log of their pace: ``speed`` of the role, by hours they got.

    Return how many.
    """
    n = 0
    for row in opened:
        if case_share[row] > 0:
            worked[n], pace[n] = row, speed[case_role[row]] + log(np.float64(case_share[row]))
            n += 1
    return n


@compiled
def share_out(
    shared: Floats, left_numbers: Whole, left_hours: Floats, there: Floats, month: int, spread: Floats, shares: Floats,
    usual: Floats, floor_of_case: float, part: float, months: float, new: Whole, new_hours: Floats, way: Whole,
    way_hours: Floats, over: Whole, over_hours: Floats, ranked: bool, kept: Floats, opened: Rows, rank: Floats,
    queue: Rows, queue_rank: Floats, need: Amounts, case: Codes, case_role: Codes, district: Rows, holder: Uids,
    alive: Flags, help_hours: Amounts, intake_left: Amounts, case_share: Amounts, unserved_since: Months,
    crisis_unserved: Flags, worked: Rows, pace: Floats,
) -> tuple[float, int, tuple[int, int, int]]:  # fmt: skip
    """Serve everybody in order; list the cases that were worked on and their pace.

    Return the error of :func:`hand_out`, how many those are, and how much work there is for later, is carried over, and
    was refused: what is left is filled with that, one after the other. Six arguments are crises (:func:`_set_out`,
    :func:`_due`); cases are given where they are ``ranked``, and looked up here where need alone decides. Hours that
    are ``there`` are by role and district, part of which is ``kept`` (if anything is). ``usual`` are hours of a case by
    role, of which it gets ``floor_of_case`` at least, and how much sooner it closes than others, as a log; the ``part``
    of what was asked and the ``months`` make a crisis unserved, where hours for it were refused.
    """
    free, cells = there.copy().reshape(-1), there.size
    for i in range(kept.size):
        free[i] -= kept[i]
    later = _set_out(new, new_hours, spread, month, way, way_hours, left_numbers, left_hours)
    row, role, hours, carried = _due(
        new, new_hours, spread[0], month, way, way_hours, shares, over, over_hours, alive, holder, district
    )
    if not ranked:
        lists = np.empty((2, case.size + 1), np.int32)
        many, others = stages(case, district, 0, QUEUE, OPEN, lists[0], lists[1])
        opened, queue = lists[0, :many], lists[1, :others]
    n = row.size + opened.size + queue.size
    size = n + opened.size
    rows, group, place = np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    wanted, behind, granted = np.empty(size), np.empty(size), np.empty(size)
    _line_up(
        row, role, hours, carried, opened, rank, queue, queue_rank, need, case_role, district, intake_left, usual[0],
        floor_of_case, there.shape[1], rows, group, place, wanted, behind,
    )  # fmt: skip
    order, ends = np.empty(size, np.int64), np.empty(_KINDS, np.int64)
    ends[0], ends[1], ends[2], ends[3] = row.size, row.size + opened.size, n, size
    _ranked(place, cells * _KINDS, behind, rows, holder, n - row.size, order)
    grant(order, group, wanted, free, TOLERANCE, granted)
    for i in range(help_hours.size):
        help_hours[i] = np.float32(0)
    for i in range(case_share.size):
        case_share[i] = np.float32(0)
    error = hand_out(
        rows, group, granted, ends, usual[0], case_role, free, kept, help_hours, intake_left, case_share,
        shared.reshape(_KINDS, cells),
    )  # fmt: skip
    left, refused = _left_over(
        row, role, hours, carried, granted, TOLERANCE, part, month, holder, unserved_since,
        left_numbers[(_DUE + 1) * later :], left_hours[later:],
    )  # fmt: skip
    recent = floor(month - months)
    for i in range(crisis_unserved.size):
        crisis_unserved[i] = unserved_since[i] > recent
    return error, _paced(opened, case_share, case_role, usual[1], worked, pace), (later, left, refused)
