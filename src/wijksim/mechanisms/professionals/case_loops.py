"""Compiled loops over cases: who is parted from a worker, at which pace they close, how they begin and end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.professionals.columns import NEVER, NO_CASE, OPEN, QUEUE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]


@compiled
def moved_away(rows: Rows, worker: Rows, worked_in: Rows, district: Rows) -> Rows:
    """Those of ``rows`` whose worker works in another district than theirs."""
    found, n = np.empty(rows.size, np.int32), 0
    for row in rows:
        if worker[row] >= 0 and worked_in[worker[row]] != district[row]:
            found[n] = row
            n += 1
    return found[:n].copy()


@compiled
def paced(rows: Rows, case_share: Amounts, case_role: Codes, speed: Floats) -> tuple[Rows, Floats, Floats]:
    """Cases that were worked on this month, the part of their usual hours, and the ``speed`` of their role."""
    worked, share, pace, n = np.empty(rows.size, np.int32), np.empty(rows.size), np.empty(rows.size), 0
    for row in rows:
        if case_share[row] > 0:
            worked[n], share[n], pace[n] = row, case_share[row], speed[case_role[row]]
            n += 1
    return worked[:n].copy(), share[:n].copy(), pace[:n].copy()


@compiled
def end(
    rows: Rows, month: int, case: Codes, since: Months, intake_left: Amounts, worker: Rows, worker_since: Months,
    worker_changed: Months,
) -> None:  # fmt: skip
    """Take help and its worker away from ``rows``."""
    for row in rows:
        case[row], since[row], intake_left[row] = NO_CASE, month, np.float32(0)
        worker[row], worker_since[row], worker_changed[row] = -1, NEVER, NEVER


@compiled
def begin(
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
    return helped[:n].copy(), waiting[:m].copy(), ready[:k].copy(), waited[:k].copy()
