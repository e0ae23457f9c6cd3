"""Compiled loops over crises: which there are, when their work falls due, and the hours that it asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Rows = NDArray[np.int32]

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
    crises: Codes,
    youth: Flags,
    violence: Codes,
    eviction: Flags,
    debt: Flags,
    head: Rows,
    codes: Codes,
    holder: Uids,
) -> tuple[Rows, Uids, Codes, Floats, Floats]:
    """Crises by column and row: resident concerned, who that is, kind, and how many; and how many of each kind.

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
    uid, number = np.empty(kept, np.uint64), np.zeros(codes.size)
    for i in range(kept):
        uid[i] = holder[row[i]]
        number[kind[i]] += count[i]
    return row[:kept].copy(), uid, kind[:kept].copy(), count[:kept].copy(), number


@compiled
def _set_out(
    row: Rows, uid: Uids, kind: Codes, hours: Floats, spread: Floats, month: int,
    on_its_way: Rows, way_row: Rows, way_uid: Uids, way_kind: Codes, way_hours: Floats,
) -> tuple[int, Rows, Rows, Uids, Codes, Floats]:  # fmt: skip
    """Set out the work of new crises, part by part of ``spread`` over months, behind what is on its way already.

    Work stands in the order in which it was set out, with what is due this month in front; returned are how much that
    is, and of all work the month in which it falls due and what travels along.
    """
    size = way_row.size + spread.size * row.size
    due, rows, uids = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.uint64)
    kinds, parts = np.empty(size, np.int8), np.empty(size)
    n = ready = 0
    for later in range(2):
        for i in range(way_row.size):
            if (on_its_way[i] > month) == (later > 0):
                due[n], rows[n], uids[n], kinds[n], parts[n] = (
                    on_its_way[i],
                    way_row[i],
                    way_uid[i],
                    way_kind[i],
                    way_hours[i],
                )
                n += 1
        for k in range(spread.size):
            if (k > 0) == (later > 0):
                for i in range(row.size):
                    due[n], rows[n], uids[n], kinds[n], parts[n] = (
                        month + k,
                        row[i],
                        uid[i],
                        kind[i],
                        spread[k] * hours[i],
                    )
                    n += 1
        if not later:
            ready = n
    return ready, due, rows, uids, kinds, parts


@compiled
def _due(
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
def requests(
    row: Rows, uid: Uids, kind: Codes, hours: Floats, spread: Floats, month: int,
    on_its_way: Rows, way_row: Rows, way_uid: Uids, way_kind: Codes, way_hours: Floats, shares: Floats,
    carried_row: Rows, carried_uid: Uids, carried_role: Whole, carried_hours: Floats,
    alive: Flags, holder: Uids, district: Rows,
) -> tuple[tuple[Rows, Uids, Whole, Floats, Flags], tuple[Rows, Rows, Uids, Codes, Floats]]:  # fmt: skip
    """Requests of this month (see :func:`_due`), and the work that falls due later (see :func:`_set_out`)."""
    ready, due, rows, uids, kinds, parts = _set_out(
        row, uid, kind, hours, spread, month, on_its_way, way_row, way_uid, way_kind, way_hours
    )
    asked = _due(
        rows[:ready], uids[:ready], kinds[:ready], parts[:ready], shares,
        carried_row, carried_uid, carried_role, carried_hours, alive, holder, district,
    )  # fmt: skip
    later = (
        due[ready:].copy(),
        rows[ready:].copy(),
        uids[ready:].copy(),
        kinds[ready:].copy(),
        parts[ready:].copy(),
    )
    return asked, later
