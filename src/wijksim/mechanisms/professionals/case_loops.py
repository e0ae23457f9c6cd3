"""Compiled loops over cases: at which pace they close, and how they end."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.professionals.columns import NEVER, NO_CASE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Codes = NDArray[np.int8]
type Flags = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
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
    return worked[:n], pace[:n]


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
