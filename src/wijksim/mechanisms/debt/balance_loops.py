"""The money of a month, household by household: compiled passes for debts that begin, and for what is settled."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.debt.codes import Eviction, Track
from wijksim.state.codes import Tenure

type Floats = NDArray[np.float64]
type Values = tuple[float, ...]
type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_UNTRACKED, _APPLIED, _ARRANGED = int(Track.NONE), int(Track.APPLIED), int(Track.ARRANGED)
_NONE, _NOTICE, _ORDER = int(Eviction.NONE), int(Eviction.NOTICE), int(Eviction.ORDER)
_OWNER = int(Tenure.OWNER)
# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK, _UNROLLED = 2**7, 2**3
_DEPTH = 2**6  # no array can be halved so often
_MOST_MONTHS = np.iinfo(np.int8).max  # arrears are counted in an int8
_LAST_MONTH = np.iinfo(np.int16).max


@inlined
def _block(values: Floats) -> float:
    """Add up a block: so many sums side by side, and what is left at its end."""
    whole, total = values.size - values.size % _UNROLLED, 0.0
    if whole:
        r0, r1, r2, r3, r4, r5, r6, r7 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(0, whole, _UNROLLED):
            eight = values[i : i + _UNROLLED]
            r0, r1, r2, r3 = r0 + eight[0], r1 + eight[1], r2 + eight[2], r3 + eight[3]
            r4, r5, r6, r7 = r4 + eight[-4], r5 + eight[-3], r6 + eight[-2], r7 + eight[-1]
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(whole, values.size):
        total += values[i]
    return total


@compiled
def added(values: Floats) -> float:
    """Add up as ``np.add.reduce`` does, in halves down to blocks, which keeps rounding small."""
    # parts still to be added up, the first on top, and sums of parts; each with how often it was halved
    starts, sizes, depths = np.empty(_DEPTH, np.int64), np.empty(_DEPTH, np.int64), np.empty(_DEPTH, np.int64)
    sums, levels = np.empty(_DEPTH), np.empty(_DEPTH, np.int64)
    starts[0], sizes[0], depths[0], left, known = 0, values.size, 0, 1, 0
    while left:
        left -= 1
        start, size, depth = starts[left], sizes[left], depths[left]
        if size > _BLOCK:
            half = size // 2
            half -= half % _UNROLLED
            starts[left], sizes[left], depths[left] = start + half, size - half, depth + 1
            starts[left + 1], sizes[left + 1], depths[left + 1] = start, half, depth + 1
            left += 2
            continue
        total = _block(values[start : start + size])
        while (
            known and levels[known - 1] == depth
        ):  # the first half is there: both are a part of those before
            known -= 1
            total = sums[known] + total
            depth -= 1
        sums[known], levels[known] = total, depth
        known += 1
    return float(sums[0])


@compiled
def net_worth(savings: Floats, debt: Floats) -> float:
    """What all households own less what they owe."""
    return added(savings) - added(debt)


# fmt: off
@compiled
def entered(
    new: Rows, claims: Floats, month: int, memory: float, left: Months, track: Codes, problem_debt: Bools,
    since: Months, debt: Floats, savings: Floats, outside: Rows,
) -> tuple[int, float, float]:
    # fmt: on
    """Let ``new`` into problem debt, with ``claims``; list in ``outside`` who has no arrangement, return how many.

    After it comes what all owned less what they owed, with which the month opens, and the sum of the claims. The clock
    does not start anew for those who were out for a short time only, no longer than the ``memory``.
    """
    opening = net_worth(savings, debt)
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
    return int(count), opening, added(claims)


@inlined
def _wanted(rest: float, floor: float, need: float, savings: float, income: float, spend: Values) -> float:
    """What a household spends as far as money goes: its needs, part of the surplus, part of savings above a buffer."""
    needed = min(rest, need - floor)
    out = (floor + needed) + (rest - needed) * spend[1]
    return float(out + max(savings - max(spend[2] * income, 0.0), 0.0) * spend[3])


@inlined
def _rent_owed(before: float, more: float, repaid: float, owed: float) -> float:
    """Rent that is owed after a month: what is repaid goes to the rent first, and it is part of all that is owed."""
    now = before + (more - min(before, repaid))
    return min(max(now, 0.0), max(owed, 0.0))


# fmt: off
@compiled
def settled(
    income: Floats, housing: Floats, need: Floats, problem_debt: Bools, track: Codes, hit: NDArray[np.int32],
    shock: Floats, repay: Values, spend: Values, credit: Values, firmer: Floats, savings: Floats, debt: Floats,
    rent_debt: Floats, arrears: Codes, net: Floats, spent: Floats,
) -> None:
    # fmt: on
    """Move savings, debts and arrears on by one month; fill ``net`` (of housing) and ``spent`` with what went by.

    Parameters
    ----------
    hit, shock
        Households with an unplanned expense, ascending, and what it costs.
    repay
        Shares of what is free that go to debts: ordinary ones, in an arrangement, problem debt outside it.
    spend
        Share of the basic budget that is never cut, of the surplus, months of income held as a buffer, and the share
        of savings above it.
    credit
        Basic budgets that others lend, and the share of a shortage that is taken from the rent.
    firmer
        Ratio on that share per household, or empty where no lever touches it.
    """
    credit_months, unpaid_share = credit[0], credit[1]
    struck = 0
    for i in range(income.size):
        net[i] = income[i] - housing[i]
        floor = spend[0] * need[i]
        free = max(net[i] - floor, 0.0)
        share = repay[0]
        if problem_debt[i]:
            share = repay[1] if track[i] == _ARRANGED else repay[2]
        # a share of what is free, never more than is owed
        repaid = min(debt[i], share * free)
        rest = free - repaid
        out = _wanted(rest, floor, need[i], savings[i], income[i], spend)
        cash = savings[i] + income[i] - housing[i] - repaid
        if struck < hit.size and hit[struck] == i:
            cash -= shock[struck]
            struck += 1
        cash -= out
        owed, more = debt[i] - repaid, 0.0
        lacking = cash < 0
        if lacking:
            # spending is cut to the floor, or below it where nobody lends any more
            lowest = floor if debt[i] < credit_months * need[i] else 0.0
            cut = min(-cash, max(out - lowest, 0.0))
            out, cash = out - cut, cash + cut
            short = max(-cash, 0.0)
            unpaid = unpaid_share * short * (firmer[i] if firmer.size else 1.0)
            more = min(unpaid, short, max(housing[i], 0.0))
            owed = debt[i] + (short - repaid)
        late = 0.0
        if lacking or rent_debt[i] > 0:
            rent_debt[i] = _rent_owed(rent_debt[i], more, repaid, owed)
            late = min(rent_debt[i] / max(housing[i], 1.0), float(_MOST_MONTHS))
        arrears[i] = np.int8(late)  # whole months (huurachterstand)
        debt[i] = owed
        spent[i] = out
        savings[i] = max(cash, 0.0)


@inlined
def _charged(problem_debt: Bools, track: Codes, rate: float, debt: Floats, amounts: Floats) -> int:
    """Add costs at a rate to problem debt outside an arrangement; fill ``amounts`` with them, return how many."""
    count = 0
    for i in range(problem_debt.size):
        if problem_debt[i] and track[i] != _ARRANGED:
            amounts[count] = debt[i] * rate
            debt[i] += amounts[count]
            count += 1
    return count


# fmt: off
@compiled
def charged_and_settled(
    rate: float, income: Floats, housing: Floats, need: Floats, problem_debt: Bools, track: Codes,
    hit: NDArray[np.int32], shock: Floats, repay: Values, spend: Values, credit: Values, firmer: Floats,
    savings: Floats, debt: Floats, rent_debt: Floats, arrears: Codes,
) -> tuple[float, float]:
    # fmt: on
    """Charge problem debt outside an arrangement at a rate a month, then settle the month as :func:`settled` does.

    Return what all are charged, and what comes in less housing, spending and unplanned expenses.
    """
    charges, net, spent = np.empty(income.size), np.empty(income.size), np.empty(income.size)
    count = _charged(problem_debt, track, rate, debt, charges)
    settled(
        income, housing, need, problem_debt, track, hit, shock, repay, spend, credit, firmer, savings, debt, rent_debt,
        arrears, net, spent,
    )  # fmt: skip
    return added(charges[:count]), added(net) - added(spent) - added(shock)


@compiled
def arrears_split(
    alive: Bools, arrears: Codes, least: float, early_signal: Bools, behind: Rows, paying: Rows
) -> tuple[int, int]:
    """Fill ``behind`` with who is so many months in arrears and ``paying`` with the others; return how many."""
    few, many, level = np.uint32(0), np.uint32(0), np.int16(min(ceil(least), _LAST_MONTH))
    early_signal[:] = False
    for i in range(np.uint32(alive.size)):
        behind[few] = paying[many] = i  # overwritten by the next unless it counts
        late = arrears[i] >= level
        few += np.uint32(late)
        many += np.uint32(alive[i] & (not late))
    return int(few), int(many)


@compiled
def procedures(
    alive: Bools, tenure: Codes, moved_in: Months, month: int, least: float, stage: Codes, rent_debt: Floats,
    arrears: Codes, evicted: Bools, ordered: Rows, noticed: Rows, free: Rows,
) -> tuple[int, int, int]:  # fmt: skip
    """Fill the lists with who has a court order, who has a notice and whom the landlord may give one; return how many.

    Whoever moved since the last step leaves the procedure behind; the debt goes along. So does whoever has a notice and
    is no longer so many months (``least``) in arrears.
    """
    lately, level = np.int16(month - 1), np.int16(min(ceil(least), _LAST_MONTH))
    evicted[:] = False
    marks, rows, number = np.empty(alive.size, np.bool_), np.empty(alive.size + 1, np.int32), np.uint32(0)
    for i in range(alive.size):
        marks[i] = (moved_in[i] >= lately) | (stage[i] != _NONE) | (arrears[i] >= level)
    for i in range(np.uint32(alive.size)):
        rows[number] = i
        number += np.uint32(marks[i])
    orders, notices, others = 0, 0, 0
    for i in rows[:number]:
        if moved_in[i] >= lately and rent_debt[i] > 0:
            stage[i] = _NONE
            rent_debt[i] = 0
            arrears[i] = 0
        if stage[i] == _ORDER:
            ordered[orders] = i
            orders += 1
        elif stage[i] == _NOTICE:
            if arrears[i] >= level:
                noticed[notices] = i
                notices += 1
            else:
                stage[i] = _NONE
        elif arrears[i] >= level and alive[i] and tenure[i] != _OWNER:
            free[others] = i
            others += 1
    return orders, notices, others


# fmt: off
@inlined
def _moved_on(
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


# fmt: off
@compiled
def carried_on(
    broken: Rows, answered: Rows, luck: Floats, applied: Rows, month: int, opening: float, claimed: float,
    released: tuple[int, int], hit: Rows, shock: Floats, firmer: Floats, begun: Floats, accepted: float, rate: float,
    late: tuple[float, float], repay: Values, spend: Values, credit: Values, written: Floats, need: Floats,
    district: Rows, track: Codes, track_since: Months, income: Floats, housing: Floats, problem_debt: Bools,
    savings: Floats, debt: Floats, rent_debt: Floats, arrears: Codes, alive: Bools, tenure: Codes, moved_in: Months,
    stage: Codes, evicted: Bools, early_signal: Bools, lists: Rows,
) -> tuple[float, int, int, int, int, int]:
    # fmt: on
    """Do :func:`_moved_on`, settle the month, and see who is behind with the rent; tell whether all money is there.

    What is missing of it, over all that went by, is returned, and how many each of the ``lists`` comes to hold.

    Parameters
    ----------
    rate, repay, spend, credit, hit, shock, firmer
        As :func:`charged_and_settled` takes them.
    late
        Months in arrears from which a landlord signals, and gives notice.
    opening, claimed, released, written
        What all owned less what they owed when the month opened, debts that came to light, and of how many who left and
        who completed an arrangement debts were ``written`` off.
    lists
        Filled as :func:`arrears_split` and :func:`procedures` fill their own.
    """
    _moved_on(broken, answered, luck, accepted, applied, month, district, track, track_since, begun)
    received = added(written[0, : released[0]]) + added(written[1, : released[1]])
    charges, left = charged_and_settled(
        rate, income, housing, need, problem_debt, track, hit, shock, repay, spend, credit, firmer, savings, debt,
        rent_debt, arrears,
    )  # fmt: skip
    received, spent = received + max(left, 0.0), claimed + charges + max(-left, 0.0)
    few, many = arrears_split(alive, arrears, late[0], early_signal, lists[0], lists[1])
    orders, notices, others = procedures(
        alive, tenure, moved_in, month, late[1], stage, rent_debt, arrears, evicted, lists[2], lists[3], lists[4],
    )  # fmt: skip
    missing = abs(net_worth(savings, debt) - (opening + received - spent))
    error = missing / max(abs(opening) + received + spent, 1.0)
    return error, few, many, orders, notices, others
