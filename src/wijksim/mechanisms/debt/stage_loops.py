"""Where households stand with their debts: compiled passes that refresh it and list who is at risk of what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.debt.codes import Eviction, Track
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_NONE, _NOTICE, _ORDER = int(Eviction.NONE), int(Eviction.NOTICE), int(Eviction.ORDER)
_OWNER = int(Tenure.OWNER)
_UNTRACKED, _APPLIED, _ARRANGED = int(Track.NONE), int(Track.APPLIED), int(Track.ARRANGED)


@compiled
def arrears_split(
    alive: Bools, arrears: Codes, least: float, early_signal: Bools, behind: Rows, paying: Rows
) -> tuple[int, int]:
    """Fill ``behind`` with who is so many months in arrears and ``paying`` with the others; return how many."""
    few, many = 0, 0
    for i in range(alive.size):
        early_signal[i] = False
        if arrears[i] >= least:
            behind[few] = i
            few += 1
        elif alive[i]:
            paying[many] = i
            many += 1
    return few, many


@compiled
def procedures(
    alive: Bools,
    tenure: Codes,
    moved_in: Months,
    month: int,
    least: float,
    stage: Codes,
    rent_debt: Floats,
    arrears: Codes,
    evicted: Bools,
    ordered: Rows,
    noticed: Rows,
    free: Rows,
) -> tuple[int, int, int]:
    """Fill the lists with who has a court order, who has a notice and whom the landlord may give one; return how many.

    Whoever moved since the last step leaves the procedure behind; the debt goes along. So does whoever has a notice and
    is no longer so many months (``least``) in arrears.
    """
    orders, notices, others = 0, 0, 0
    for i in range(alive.size):
        evicted[i] = False
        if moved_in[i] >= month - 1 and rent_debt[i] > 0:
            stage[i] = _NONE
            rent_debt[i] = 0
            arrears[i] = 0
        if stage[i] == _ORDER:
            ordered[orders] = i
            orders += 1
        elif stage[i] == _NOTICE:
            if arrears[i] >= least:
                noticed[notices] = i
                notices += 1
            else:
                stage[i] = _NONE
        elif arrears[i] >= least and alive[i] and tenure[i] != _OWNER:
            free[others] = i
            others += 1
    return orders, notices, others


@compiled
def landlords(
    alive: Bools, tenure: Codes, moved_in: Months, month: int, signalled_from: float, noticed_from: float,
    stage: Codes, rent_debt: Floats, arrears: Codes, evicted: Bools, early_signal: Bools, lists: NDArray[np.int32],
) -> tuple[int, int, int, int, int]:  # fmt: skip
    """Fill ``lists`` as :func:`arrears_split` and then :func:`procedures` do; return how many each holds."""
    few, many = arrears_split(alive, arrears, signalled_from, early_signal, lists[0], lists[1])
    orders, notices, others = procedures(
        alive,
        tenure,
        moved_in,
        month,
        noticed_from,
        stage,
        rent_debt,
        arrears,
        evicted,
        lists[2],
        lists[3],
        lists[4],
    )
    return few, many, orders, notices, others


# fmt: off
@compiled
def entered(
    new: Rows, claims: Floats, month: int, memory: float, left: Months, track: Codes, problem_debt: Bools,
    since: Months, debt: Floats, outside: Rows,
) -> int:
    # fmt: on
    """Let ``new`` into problem debt, with ``claims``; fill ``outside`` with who has no arrangement, return how many.

    The clock does not start anew for those who were out for a short time only, no longer than the ``memory``.
    """
    for i in range(new.size):
        row = new[i]
        problem_debt[row] = True
        out = month - left[row]
        since[row] = since[row] + out if out <= memory else month
        debt[row] += claims[i]
    count = np.uint32(0)
    for row in range(np.uint32(problem_debt.size)):
        outside[count] = row  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(problem_debt[row] & (track[row] != _ARRANGED))
    return int(count)


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
