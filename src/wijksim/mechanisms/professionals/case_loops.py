"""Compiled loops over cases: at which pace they close, how they begin and end."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.professionals.columns import NEVER, NO_CASE, OPEN, QUEUE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]


@compiled
def paced(rows: Rows, case_share: Amounts, case_role: Codes, speed: Floats) -> tuple[Rows, Floats]:
    """Cases that were worked on this month, and the log of their pace: ``speed`` of the role, by the hours they got."""
    worked, pace, n = np.empty(rows.size, np.int32), np.empty(rows.size), 0
    for row in rows:
        if case_share[row] > 0:
            worked[n], pace[n] = row, speed[case_role[row]] + log(np.float64(case_share[row]))
            n += 1
    return worked[:n].copy(), pace[:n].copy()


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
    worker: Rows, worker_since: Months, worker_changed: Months,
) -> Rows:  # fmt: skip
    """End the cases of both; return those of ``dropped`` whose case was not closed at once."""
    for row in closed:
        case_closed[row] = month
        _end(row, month, case, since, intake_left, worker, worker_since, worker_changed)
    left, n = np.empty(dropped.size, np.int32), 0
    for row in dropped:
        if case[row] != NO_CASE:
            left[n] = row
            n += 1
            case_closed[row] = month
            _end(row, month, case, since, intake_left, worker, worker_since, worker_changed)
    return left[:n].copy()


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
