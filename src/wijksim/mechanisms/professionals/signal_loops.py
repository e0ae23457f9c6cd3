"""Compiled loops over residents whose need may come to be known: who is in need, who is heard, who queues."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.professionals.columns import (
    CARETAKER,
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

# channels in the order in which their candidates stand
_SELF, _NEIGHBOUR, _CARETAKER, _OUTREACH = range(2**2)


@compiled
def noticed(
    need: Amounts, least: Amounts, case: Codes, alive: Flags, age: Months, crises: Codes, trust: Amounts,
    early: Flags, standing: Flags, head: Rows,
) -> tuple[Rows, Rows, Rows, float]:  # fmt: skip
    """Those without help: adults in need, residents in crisis, heads of households with an early signal of arrears.

    Need counts from ``least``, one for all or per resident. The last is the highest trust of those in need.
    """
    rows, told = np.empty(need.size + 1, np.int32), np.empty(need.size + 1, np.int32)
    n, m = np.uint32(0), np.uint32(0)
    each = np.uint32(least.size > 1)
    for i in range(np.uint32(need.size)):
        # both are overwritten by the next unless they count: no branch that could be guessed wrong
        rows[n] = told[m] = i
        free = case[i] == NO_CASE
        n += np.uint32((need[i] >= least[i * each]) & free & alive[i] & (age[i] >= ADULT_AGE))
        m += np.uint32((crises[i] > 0) & free)
    letters, k = np.empty(head.size, np.int32), 0
    for home in range(head.size):
        if early[home] and standing[home] and head[home] >= 0 and case[head[home]] == NO_CASE:
            letters[k] = head[home]
            k += 1
    highest = np.float32(0)
    for i in range(n):
        highest = max(highest, trust[rows[i]])
    return rows[:n].copy(), told[:m].copy(), letters[:k].copy(), float(highest)


@compiled
def accepted(rows: Rows, u: Floats, likely: float, trust: Amounts, level: float) -> Rows:
    """Those of ``rows`` whose draw lies below what is ``likely`` at the national level of trust, by their own trust."""
    found, n = np.empty(rows.size, np.int32), 0
    for i in range(rows.size):
        if u[i] < likely * (np.float64(trust[rows[i]]) / level):
            found[n] = rows[i]
            n += 1
    return found[:n].copy()


@compiled
def caretakers(
    role: Codes, alive: Flags, vacant: Flags, sick: Flags, district: Rows, fte: Floats, formation: NDArray[np.float64]
) -> Floats:  # fmt: skip
    """Caretakers at work per district over the standing ``formation``, with a zero at the end."""
    share = np.zeros(formation.shape[2] + 1)
    for post in range(role.size):
        if role[post] == CARETAKER and alive[post] and not (vacant[post] or sick[post]):
            share[district[post]] += fte[post]
    for d in range(formation.shape[2]):
        usual = 0.0
        for employer in range(formation.shape[1]):
            usual += formation[CARETAKER, employer, d]
        share[d] = share[d] / usual if usual > 0 else 0.0
    return share


@compiled
def weighed(
    rows: Rows, sizes: Whole, rates: Floats, trust: Amounts, level: float, contact: Floats, acceptance: float,
    spoken: Floats, findable: float, least: float, former: float, relapse: int, case_closed: Months, district: Rows,
    care: Floats, knows_neighbours: Flags, household: Rows, tenure: Codes, corporation: int, reached: Flags,
) -> tuple[Whole, Flags, Floats, Floats, Floats, Floats]:  # fmt: skip
    """For candidates, who stand channel by channel, ``sizes`` of each, what goes into their chance; and how many count.

    How many of each channel it can find and whom, its yearly rate, the ratio by trust (or, for signals by others, by
    contact and acceptance, one for all or each; ``spoken`` is what a common language does to it), and the logs of
    what an earlier case (after month ``relapse``) and the ``care`` of caretakers by district add.
    """
    found, able = np.zeros(sizes.size, np.int64), np.ones(rows.size, np.bool_)
    base, ratio, closed, cared = (
        np.empty(rows.size),
        np.empty(rows.size),
        np.empty(rows.size),
        np.zeros(rows.size),
    )
    i = 0
    for channel in range(sizes.size):
        for _ in range(sizes[channel]):
            row, base[i] = rows[i], rates[channel]
            trusting = np.float64(trust[row]) / level
            if channel == _SELF:
                ratio[i] = max(trusting * findable, least)
            else:
                likely = contact[i if contact.size > 1 else 0] * acceptance * trusting
                ratio[i] = min(max(likely * spoken[i if spoken.size > 1 else 0], least), 1.0)
            closed[i] = former if case_closed[row] > relapse else 0.0
            if channel == _NEIGHBOUR:
                able[i] = knows_neighbours[row]
            elif channel == _CARETAKER:
                home = household[row]
                able[i] = home >= 0 and tenure[home] == corporation
                cared[i] = care[district[row]]
            elif channel == _OUTREACH:
                able[i] = reached[row]
            found[channel] += able[i]
            i += 1
    return found, able, base, ratio, closed, cared


@compiled
def heard(rows: Rows, u: Floats, chance: Floats, able: Flags, sizes: Whole, cap: float) -> tuple[Rows, Whole]:
    """Candidates whom their channel is ``able`` to find and whose draw lies below their chance, kept under the cap.

    ``chance`` holds minus the chances and becomes the chances; also returned is how many were capped, by channel.
    """
    found, capped, n, i = np.empty(rows.size, np.int32), np.zeros(sizes.size, np.int64), 0, 0
    for channel in range(sizes.size):
        for _ in range(sizes[channel]):
            chance[i] = -chance[i]
            if chance[i] > cap:
                chance[i] = cap
                capped[channel] += able[i]
            if able[i] and u[i] < chance[i]:
                found[n] = rows[i]
                n += 1
            i += 1
    return found[:n].copy(), capped


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
