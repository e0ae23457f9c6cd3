"""Compiled loops over residents whose need may come to be known: who is in need, who is heard, who queues."""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.professionals.columns import (
    DEBT_COUNSELLOR,
    DISTRICT_NURSE,
    MENTAL_HEALTH_WORKER,
    NO_CASE,
    QUEUE,
    SOCIAL_WORKER,
)
from wijksim.state.structure import ADULT_AGE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]

_BLOCK = 2**6
_COUNTS = len(("heard", "able", "capped"))
# roads in the order in which those whom they may bring in stand: after a report, after a letter, and the channels
_SELF, _NEIGHBOUR, _CARETAKER, _OUTREACH = range(2, 2 + 2**2)


@compiled
def noticed(
    need: Amounts, least: Amounts, case: Codes, alive: Flags, age: Months, crises: Codes, trust: Amounts,
    early: Flags, standing: Flags, head: Rows,
) -> tuple[Rows, Rows, Rows, float]:  # fmt: skip
    """Those without help: adults in need, residents in crisis, heads of households with an early signal of arrears.

    Need counts from ``least``, one for all or per resident. The last is the highest trust of those in need.
    """
    rows, found, n, m = np.empty(need.size + 1, np.int32), np.empty(need.size + 1, np.int32), 0, 0
    number, each = np.uint32(0), np.uint32(least.size > 1)
    for i in range(np.uint32(need.size)):
        # overwritten by the next unless there is need: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(need[i] >= least[i * each])
    for i in range(number):
        row = found[i]
        if case[row] == NO_CASE and alive[row] and age[row] >= ADULT_AGE:
            rows[n] = row
            n += 1
    told = found
    for start in range(0, crises.size, _BLOCK):
        # crises are rare: most blocks are done with in a few instructions
        part, anything = crises[start : start + _BLOCK], False
        for i in range(part.size):
            anything |= part[i] != 0
        if anything:
            for i in range(part.size):
                if part[i] > 0 and case[start + i] == NO_CASE:
                    told[m] = start + i
                    m += 1
    letters, k = np.empty(head.size, np.int32), 0
    for home in range(head.size):
        if early[home] and standing[home] and head[home] >= 0 and case[head[home]] == NO_CASE:
            letters[k] = head[home]
            k += 1
    highest = np.float32(0)
    for i in range(n):
        highest = max(highest, trust[rows[i]])
    return rows[:n], told[:m], letters[:k], float(highest)


@inlined
def _chance(
    road: int, trusting: float, likely: float, findable: float, least: float, former: float, care: float,
    shift: float, rate: float,
) -> float:  # fmt: skip
    """Chance of a month that a channel brings somebody in.

    Whoever asks for help wants it; a signal by others counts as far as it is ``likely`` to lead to contact and
    acceptance.
    """
    ratio = max(trusting * findable, least) if road == _SELF else min(max(likely, least), 1.0)
    power = log(ratio) + former
    if road == _CARETAKER:
        power += log(max(care, least))
    return -expm1(exp(power + shift) * rate / -MONTHS_PER_YEAR)


@inlined
def _leads(
    row: int,
    age: Months,
    frail_age: float,
    household: Rows,
    problem_debt: Flags,
    psychiatric: Flags,
    addiction: Flags,
) -> int:
    """Role that leads a case: mental health, then debt, then old-age frailty, else social work."""
    role = DISTRICT_NURSE if age[row] >= frail_age else SOCIAL_WORKER
    if problem_debt[household[row]]:
        role = DEBT_COUNSELLOR
    return MENTAL_HEALTH_WORKER if psychiatric[row] or addiction[row] else role


@compiled
def leading(
    rows: Rows, age: Months, frail_age: float, household: Rows, problem_debt: Flags, psychiatric: Flags,
    addiction: Flags,
) -> Codes:  # fmt: skip
    """Role that leads the case of each of ``rows``."""
    role = np.empty(rows.size, np.int8)
    for i in range(rows.size):
        role[i] = _leads(rows[i], age, frail_age, household, problem_debt, psychiatric, addiction)
    return role


@compiled
def enrol(
    rows: Rows, age: Months, frail_age: float, household: Rows, problem_debt: Flags, psychiatric: Flags,
    addiction: Flags, month: int, relapse: int, hours: float, closed: Months,
    case: Codes, since: Months, case_role: Codes, intake_left: Amounts,
) -> tuple[int, int]:  # fmt: skip
    """Put ``rows`` in the queue, nobody twice; return how many, and how many had a case not long ago."""
    new, relapses = 0, 0
    for row in rows:
        if case[row] == NO_CASE:
            case[row], since[row], intake_left[row] = QUEUE, month, hours
            case_role[row] = _leads(row, age, frail_age, household, problem_debt, psychiatric, addiction)
            new += 1
            relapses += closed[row] > relapse
    return new, relapses


# fmt: off
@compiled
def heard(
    those: tuple[Rows, ...], draws: tuple[Floats, ...], likely: Floats, spoken: Floats, shift: Floats, each: bool,
    rates: Floats, trust: Amounts, level: float, findable: float, least: float, former: float, relapse: int,
    case_closed: Months, district: Rows, care: Floats, knows_neighbours: Flags, household: Rows, tenure: Codes,
    corporation: int, reached: Flags, cap: float, able: Flags, chances: Floats, enrols: bool, age: Months,
    frail_age: float, problem_debt: Flags, psychiatric: Flags, addiction: Flags, month: int, hours: float, case: Codes,
    since: Months, case_role: Codes, intake_left: Amounts,
) -> tuple[Rows, Whole, int, int]:
    # fmt: on
    """Those who are brought in; per road how many are, how many it can find and how many are capped; new clients.

    Candidates are given by road, with their draws. How ``likely`` contact and acceptance are at the national
    ``level`` of trust is told per road, or for ``each`` with what a common language (``spoken``) and levers
    (``shift``, a log) add. An earlier case after month ``relapse`` adds the log ``former``, and caretakers what there
    is of them by district. For channels ``able`` and ``chances`` are filled, unless they are empty. Who is brought in
    is put in the queue (:func:`enrol`) if this ``enrols``.
    """
    size, n, i = 0, 0, -1
    for road in range(len(those)):
        size += those[road].size
    found, counts = np.empty(size, np.int32), np.zeros((_COUNTS, len(those)), np.int64)
    for road in range(len(those)):
        rows, u = those[road], draws[road]
        for k in range(rows.size):
            row = rows[k]
            i += 1
            trusting = np.float64(trust[row]) / level
            meets = likely[i if each else road] * trusting
            if each:
                meets *= spoken[i]
            finds, chance = True, meets
            if road >= _SELF:
                if road == _NEIGHBOUR:
                    finds = knows_neighbours[row]
                elif road == _CARETAKER:
                    finds = household[row] >= 0 and tenure[household[row]] == corporation
                elif road == _OUTREACH:
                    finds = reached[row]
                chance = _chance(
                    road, trusting, meets, findable, least, former if case_closed[row] > relapse else 0.0,
                    care[district[row]], shift[i] if each else 0.0, rates[road - _SELF],
                )  # fmt: skip
                if chance > cap:
                    chance = cap
                    counts[2, road] += finds
                if able.size:
                    able[i], chances[i] = finds, chance
            counts[1, road] += finds
            if finds and u[k] < chance:
                found[n] = row
                counts[0, road] += 1
                n += 1
    found, new, again = found[:n], 0, 0
    if enrols:
        new, again = enrol(
            found, age, frail_age, household, problem_debt, psychiatric, addiction, month, relapse, hours, case_closed,
            case, since, case_role, intake_left,
        )  # fmt: skip
    return found, counts, new, again
