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

_UNTRACKED, _APPLIED = int(Track.NONE), int(Track.APPLIED)
# lines of what is added up by district
_WARNED, _OFF = 1, 2


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
    gone: Rows, month: int, spells: tuple[float, float, float], sums: Floats, income: Floats, district: Rows,
    since: Months, problem_debt: Bools, track: Codes, left: Months, debt: Floats, rent_debt: Floats, amounts: Floats,
    lists: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Release who is ``gone`` from problem debt and whose arrangement ends; add up by district what is written off.

    Parameters
    ----------
    spells
        Months of income that who is gone goes on owing, months of an arrangement, and until an answer.
    amounts
        Filled with what is written off for who is gone and for who is done, by household and not yet by district.
    lists
        Filled with households in an arrangement, those done with it, those who get an answer to their application now
        and those who have not applied; how many each holds is returned. The last line is room to work in.
    """
    manageable, arranged_for, answered_after = spells
    size, arranged = problem_debt.size, np.zeros(sums.shape[1])
    _release(
        gone, manageable, income, month, district, problem_debt, track, left, debt, rent_debt, amounts[0], sums[_OFF]
    )
    under_way, done, answered, waiting = lists[0], lists[1], lists[2], lists[3]
    rows, count = lists[-1], np.uint32(0)
    for i in range(np.uint32(size)):
        rows[count] = i
        count += np.uint32(problem_debt[i])
    a, b, c, d = 0, 0, 0, 0
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
    for place in range(arranged.size):
        sums[_OFF, place] += arranged[place]
    return a, b, c, d


@compiled
def signalled(
    few: Rows, many: Rows, month: int, sums: Floats, prices: Floats, district: Rows, early_signal: Bools, since: Months
) -> None:
    """Note the signals of this month and count them by district; then put a price on what was counted of all items."""
    for rows in (few, many):
        for row in rows:
            early_signal[row] = True
            since[row] = month
            if district[row] >= 0:
                sums[_WARNED, district[row]] += 1
    for item in range(prices.size):
        for d in range(sums.shape[1]):
            sums[item, d] *= prices[item]
