"""Where households stand with their debts: compiled passes that refresh it and list who is at risk of what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.debt.codes import Track

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_UNTRACKED, _APPLIED, _ARRANGED = int(Track.NONE), int(Track.APPLIED), int(Track.ARRANGED)


# fmt: off
@inlined
def _release(
    rows: Rows, manageable: float, income: Floats, month: int, district: Rows, problem_debt: Bools, track: Codes,
    left: Months, debt: Floats, rent_debt: Floats, amounts: Floats, sums: Floats,
) -> None:
    # fmt: on
    """End problem debt of ``rows``, who go on owing so many months of income; fill and add up what is written off."""
    for i in range(rows.size):
        row = rows[i]
        amounts[i] = max(debt[row] - manageable * max(income[row], 0.0), 0.0)
        debt[row] -= amounts[i]
        rent_debt[row] = min(rent_debt[row], debt[row])
        problem_debt[row] = False
        track[row] = _UNTRACKED
        left[row] = month
        if district[row] >= 0:
            sums[district[row]] += amounts[i]


# fmt: off
@compiled
def tracks(
    gone: Rows, manageable: float, month: int, arranged_for: float, answered_after: float, income: Floats,
    district: Rows, since: Months, problem_debt: Bools, track: Codes, left: Months, debt: Floats, rent_debt: Floats,
    lists: NDArray[np.int32], amounts: Floats, off: Floats, arranged: Floats,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Release who is ``gone`` from problem debt and whose arrangement ends; list the others, return how many there are.

    Parameters
    ----------
    manageable
        Months of income that who is gone goes on owing.
    lists
        Filled with households under way in an arrangement, those done with it, those who get an answer to their
        application now and those who have not applied.
    amounts, off, arranged
        What is written off for who is gone and for who is done: by household, and added up by district for either.
    """
    _release(
        gone, manageable, income, month, district, problem_debt, track, left, debt, rent_debt, amounts[0], off
    )
    rows, count = np.empty(problem_debt.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(problem_debt.size)):
        rows[count] = i
        count += np.uint32(problem_debt[i])
    a, b, c, d = 0, 0, 0, 0
    under_way, done, answered, waiting = lists[0], lists[1], lists[2], lists[3]
    for k in range(count):
        i = rows[k]
        if track[i] == _UNTRACKED:
            waiting[d] = i
            d += 1
        elif track[i] == _APPLIED:
            answered[c] = i
            c += month - since[i] >= answered_after
        elif month - since[i] >= arranged_for:
            done[b] = i
            b += 1
        else:
            under_way[a] = i
            a += 1
    _release(
        done[:b], 0.0, income, month, district, problem_debt, track, left, debt, rent_debt, amounts[1], arranged
    )
    return a, b, c, d


# fmt: off
@compiled
def moved_on(
    broken: Rows, answered: Rows, luck: Floats, accepted: float, applied: Rows, month: int, district: Rows,
    track: Codes, since: Months, begun: Floats,
) -> None:
    # fmt: on
    """Write what became of arrangements and applications, and add up by district which arrangements have ``begun``."""
    for row in broken:
        track[row] = _UNTRACKED
    for i in range(answered.size):
        row = answered[i]
        if luck[i] < accepted:
            track[row] = _ARRANGED
            since[row] = month
            if district[row] >= 0:
                begun[district[row]] += 1
        else:
            track[row] = _UNTRACKED
    for row in applied:
        track[row] = _APPLIED
        since[row] = month


@compiled
def signalled(
    few: Rows, many: Rows, month: int, district: Rows, early_signal: Bools, since: Months, sums: Floats
) -> None:
    """Note the signals of this month and count them by district."""
    for rows in (few, many):
        for row in rows:
            early_signal[row] = True
            since[row] = month
            if district[row] >= 0:
                sums[district[row]] += 1
