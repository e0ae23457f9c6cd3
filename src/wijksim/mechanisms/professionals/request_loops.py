"""Compiled loops over requests for hours: what crises ask for, who stands in line, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Rows = NDArray[np.int32]

# kinds of requests in the order in which they are served; of open cases first the least, and the rest last
_CRISIS, _LEAST, _INTAKE, _REST = range(2**2)
_KINDS = _REST + 1
_BLOCK = 2**6


@inlined
def _add(column: NDArray[Any], code: int, row: Rows, kind: Codes, count: Floats, n: int) -> int:
    """Add an entry for every row where a column is not zero to the first ``n``, and return how many there are then."""
    for start in range(0, column.size, _BLOCK):
        end = min(start + _BLOCK, column.size)
        # crises are rare: most blocks are done with in a few instructions
        anything = False
        for i in range(start, end):
            anything |= column[i] != 0
        if anything:
            for i in range(start, end):
                if column[i] != 0:
                    row[n], kind[n], count[n] = i, code, column[i]
                    n += 1
    return n


@compiled
def happened(
    crises: Codes, youth: Flags, violence: Codes, eviction: Flags, debt: Flags, head: Rows, codes: Codes
) -> tuple[Rows, Codes, Floats]:
    """Crises by column and row: resident concerned, kind, and how many.

    ``codes`` are the kinds in the order of the columns, of which the last three are of households: what befalls a
    household concerns its head.
    """
    most = codes.size * max(crises.size, head.size)
    row, kind, count = np.empty(most, np.int32), np.empty(most, np.int8), np.empty(most)
    n = _add(crises, codes[0], row, kind, count, 0)
    n = own = _add(youth, codes[1], row, kind, count, n)
    n = _add(violence, codes[2], row, kind, count, n)
    n = _add(eviction, codes[3], row, kind, count, n)
    n = _add(debt, codes[4], row, kind, count, n)
    kept = own
    for i in range(own, n):
        row[kept], kind[kept], count[kept] = head[row[i]], kind[i], count[i]
        kept += row[kept] >= 0
    return row[:kept].copy(), kind[:kept].copy(), count[:kept].copy()


@compiled
def due(
    row: Rows, uid: Uids, kind: Codes, hours: Floats, shares: Floats,
    carried_row: Rows, carried_uid: Uids, carried_role: Whole, carried_hours: Floats,
    alive: Flags, holder: Uids, district: Rows,
) -> tuple[Rows, Uids, Whole, Floats, Flags]:  # fmt: skip
    """Requests by row, uid, role, hours and whether refused before: first of work that falls due, then those carried.

    Work is divided over roles by the ``shares`` of its kind; the dead and departed (another ``holder`` of the row, or
    one without a district) ask nothing.
    """
    most = row.size * shares.shape[1] + carried_row.size
    rows, uids, roles = np.empty(most, np.int32), np.empty(most, np.uint64), np.empty(most, np.int64)
    asked, again = np.empty(most), np.empty(most, np.bool_)
    n = 0
    for i in range(row.size):
        who = row[i]
        if alive[who] and holder[who] == uid[i] and district[who] >= 0:
            for role in range(shares.shape[1]):
                part = shares[kind[i], role] * hours[i]
                if part != 0:
                    rows[n], uids[n], roles[n], asked[n], again[n] = who, uid[i], role, part, False
                    n += 1
    for i in range(carried_row.size):
        who = carried_row[i]
        if alive[who] and holder[who] == carried_uid[i] and district[who] >= 0:
            rows[n], uids[n], roles[n], asked[n], again[n] = (
                who,
                carried_uid[i],
                carried_role[i],
                carried_hours[i],
                True,
            )
            n += 1
    return rows[:n].copy(), uids[:n].copy(), roles[:n].copy(), asked[:n].copy(), again[:n].copy()


@compiled
def line_up(
    row: Rows, uid: Uids, role: Whole, hours: Floats, carried: Flags, opened: Rows, rank: Floats, queue: Rows,
    queue_rank: Floats, case_role: Codes, district: Rows, holder: Uids, intake_left: Amounts, usual: Floats,
    floor: float, districts: int,
    rows: Rows, uids: Uids, group: Whole, place: Whole, wanted: Floats, behind: Floats,
) -> None:  # fmt: skip
    """Fill the last six with all requests, kind by kind: crises, open cases, intakes and once more open cases.

    ``group`` is the cell of role and district, ``place`` the group with the kind after it, ``behind`` what is served
    later the higher it is. ``usual`` are the hours of a case by role, of which ``floor`` is the least part.
    """
    n = row.size
    for i in range(n):
        rows[i], uids[i], group[i] = row[i], uid[i], role[i] * districts + district[row[i]]
        place[i], wanted[i], behind[i] = group[i] * _KINDS + _CRISIS, hours[i], -np.float64(carried[i])
    rest = n + opened.size + queue.size
    for i in range(opened.size):
        who = opened[i]
        cell, whole = np.int64(case_role[who]) * districts + district[who], usual[case_role[who]]
        for k, kind, part in ((n + i, _LEAST, floor), (rest + i, _REST, 1 - floor)):
            rows[k], uids[k], group[k] = who, holder[who], cell
            place[k], wanted[k], behind[k] = cell * _KINDS + kind, part * whole, -rank[i]
    n += opened.size
    for i in range(queue.size):
        who = queue[i]
        rows[n + i], uids[n + i], group[n + i] = (
            who,
            holder[who],
            np.int64(case_role[who]) * districts + district[who],
        )
        place[n + i], wanted[n + i], behind[n + i] = (
            group[n + i] * _KINDS + _INTAKE,
            intake_left[who],
            -queue_rank[i],
        )


@compiled
def left_over(
    row: Rows, uid: Uids, role: Whole, hours: Floats, carried: Flags, granted: Floats, least: float, part: float,
    month: int, unserved_since: NDArray[np.int16],
) -> tuple[Rows, Uids, Whole, Floats, Floats]:  # fmt: skip
    """Requests that are carried over (row, uid, role and hours), and the hours that were refused once more.

    More than ``part`` of what somebody asked refused once more leaves a crisis unserved from ``month`` on.
    """
    rows, uids, roles = (
        np.empty(row.size, np.int32),
        np.empty(row.size, np.uint64),
        np.empty(row.size, np.int64),
    )
    short, refused = np.empty(row.size), np.empty(row.size)
    n, m, lacking = 0, 0, False
    for i in range(row.size):
        lack = hours[i] - granted[i]
        if carried[i]:
            refused[m] = lack
            m += 1
            lacking |= lack != 0
        elif lack > least:
            rows[n], uids[n], roles[n], short[n] = row[i], uid[i], role[i], lack
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
    return rows[:n].copy(), uids[:n].copy(), roles[:n].copy(), short[:n].copy(), refused[:m].copy()
