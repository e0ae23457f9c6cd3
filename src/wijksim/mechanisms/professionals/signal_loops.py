"""Compiled loops over residents whose need may come to be known: who is drawn, who is heard, who queues."""

from __future__ import annotations

from math import exp, expm1, floor, log

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import below
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.professionals.channels import FLOOR, ROOM
from wijksim.mechanisms.professionals.columns import (
    DEBT_COUNSELLOR,
    DISTRICT_NURSE,
    MENTAL_HEALTH_WORKER,
    NO_CASE,
    QUEUE,
    SOCIAL_WORKER,
)
from wijksim.state.codes import Tenure

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]
type Uids = NDArray[np.uint64]
type Keys = tuple[Uids, ...]
type Brought = tuple[int, int, int, int, int]
type Numbers = tuple[float, ...]  # of ``channels.Usual``

_CORPORATION = int(Tenure.CORPORATION)
_COUNTS = len(("heard", "able", "capped"))
# roads in the order in which those whom they may bring in stand: after a report, after a letter, and the channels
_SELF, _NEIGHBOUR, _CARETAKER, _OUTREACH = range(2, 2 + 2**2)


@inlined
def _chance(
    road: int, trusting: float, likely: float, findable: float, former: float, care: float, shift: float, rate: float,
) -> float:  # fmt: skip
    """Chance of a month that a channel brings somebody in.

    Whoever asks for help wants it; a signal by others counts as far as it is ``likely`` to lead to contact and
    acceptance.
    """
    ratio = max(trusting * findable, FLOOR) if road == _SELF else min(max(likely, FLOOR), 1.0)
    power = log(ratio) + former
    if road == _CARETAKER:
        power += log(max(care, FLOOR))
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


@compiled
def drawn(
    told: Rows, letters: Rows, rows: Rows, uid: Uids, keys: Keys, bounds: tuple[float, ...]
) -> tuple[Rows, Floats, Whole]:
    """Candidates of all roads, one road after the other, their draws, and where those of each road end.

    The ratio that a channel has for a resident takes a dozen steps to compute and few residents draw low enough for it
    to matter, so residents in need (``rows``) are drawn first, under the highest chance that anybody has by a channel
    (``bounds``). A road draws with its own one of ``keys``.
    """
    size = told.size + letters.size + len(bounds) * rows.size
    chosen, u, ends, n = np.empty(size, np.int32), np.empty(size), np.empty(len(keys), np.int64), 0
    for road in range(len(keys)):
        those = told if road == 0 else letters if road == 1 else rows
        high = bounds[road - _SELF] if road >= _SELF else 1.0
        n += below(uid, those, keys[road], high, chosen[n:], u[n:])
        ends[road] = n
    return chosen[:n], u[:n], ends


@inlined
def _highest(
    most: float, care: Floats, hazards: tuple[float, ...], numbers: Numbers
) -> tuple[float, float, float, float]:
    """Chances above which each channel brings in nobody: those of the greatest trust, ``most``."""
    level, findable, accepts, met = numbers[0], numbers[1], numbers[2], numbers[3]
    trust, caretakers = most / level, FLOOR
    for there in care:
        caretakers = max(caretakers, there)
    asks, accepted = max(trust * findable, FLOOR), min(max(met * (accepts * trust), FLOOR), 1.0)
    first, second, third, fourth = hazards
    # the same number computed in another order differs in its last bits
    return (
        -expm1(first * asks) * ROOM, -expm1(second * accepted) * ROOM,
        -expm1(third * (accepted * caretakers)) * ROOM, -expm1(fourth * accepted) * ROOM,
    )  # fmt: skip


# fmt: off
@compiled
def weighed(
    chosen: Rows, draws: Floats, ends: Whole, likely: Floats, spoken: Floats, shift: Floats, able: Flags,
    chances: Floats, enrols: bool, rates: Floats, numbers: Numbers, trust: Amounts, month: int, care: Floats,
    found: Rows, totals: tuple[Whole, ...], case_closed: Months, district: Rows, knows_neighbours: Flags,
    household: Rows, tenure: Codes, reached: Flags, age: Months, problem_debt: Flags, psychiatric: Flags,
    addiction: Flags, case: Codes, since: Months, case_role: Codes, intake_left: Amounts,
) -> Brought:
    # fmt: on
    """Fill ``found`` with those who are brought in; return how many.

    Then how many of them are after a report, after a letter, new clients, and those who came back. To the ``totals`` of
    each channel are added how many it can find and how many of their chances are capped.

    Candidates are those of :func:`drawn`. How ``likely`` contact and acceptance are at the national level of trust is
    told per road, or for each of them with what a common language (``spoken``) and levers (``shift``, a log) add: these
    are empty where no lever does anything. An earlier case not long ago adds to the chance, and caretakers what there
    is of them by district. For channels ``able`` and ``chances`` are filled, unless they are empty. Who is brought in
    is put in the queue (:func:`enrol`) if this ``enrols``. ``numbers`` are those of ``channels.Usual``.
    """
    level, findable, _, _, former, window, cap, frail_age, hours = numbers
    relapse, each, n, new, again = floor(month - window), spoken.size > 0, 0, 0, 0
    counts = np.zeros((_COUNTS, ends.size), np.int64)
    for road in range(ends.size):
        for i in range(ends[road - 1] if road else 0, ends[road]):
            row = chosen[i]
            trusting = np.float64(trust[row]) / level
            meets = likely[i if each else road] * trusting
            if each:
                meets *= spoken[i]
            finds, chance = True, meets
            if road >= _SELF:
                if road == _NEIGHBOUR:
                    finds = knows_neighbours[row]
                elif road == _CARETAKER:
                    finds = household[row] >= 0 and tenure[household[row]] == _CORPORATION
                elif road == _OUTREACH:
                    finds = reached[row]
                chance = _chance(
                    road, trusting, meets, findable, former if case_closed[row] > relapse else 0.0,
                    care[district[row]], shift[i] if each else 0.0, rates[road - _SELF],
                )  # fmt: skip
                if chance > cap:
                    chance = cap
                    counts[2, road] += finds
                if able.size:
                    able[i], chances[i] = finds, chance
            counts[1, road] += finds
            if finds and draws[i] < chance:
                found[n] = row
                counts[0, road] += 1
                n += 1
    for channel in range(len(totals)):
        totals[channel][0] += counts[1, channel + _SELF]
        totals[channel][1] += counts[2, channel + _SELF]
    if enrols:
        new, again = enrol(
            found[:n], age, frail_age, household, problem_debt, psychiatric, addiction, month, relapse, hours,
            case_closed, case, since, case_role, intake_left,
        )  # fmt: skip
    return n, counts[0, 0], counts[0, 1], new, again


# fmt: off
@compiled
def heard(
    told: Rows, letters: Rows, rows: Rows, most: float, uid: Uids, keys: Keys, likely: Floats,
    hazards: tuple[float, ...], rates: Floats, numbers: Numbers, trust: Amounts, month: int, care: Floats,
    found: Rows, totals: tuple[Whole, ...], case_closed: Months, district: Rows, knows_neighbours: Flags,
    household: Rows, tenure: Codes, reached: Flags, age: Months, problem_debt: Flags, psychiatric: Flags,
    addiction: Flags, case: Codes, since: Months, case_role: Codes, intake_left: Amounts,
) -> Brought:
    # fmt: on
    """Do :func:`drawn` and :func:`weighed` where no lever has a hand in it, and put who is brought in in the queue."""
    chosen, draws, ends = drawn(told, letters, rows, uid, keys, _highest(most, care, hazards, numbers))
    nothing, nobody = np.empty(0), np.empty(0, np.bool_)
    return weighed(
        chosen, draws, ends, likely, nothing, nothing, nobody, nothing, True, rates, numbers, trust, month, care, found,
        totals, case_closed, district, knows_neighbours, household, tenure, reached, age, problem_debt, psychiatric,
        addiction, case, since, case_role, intake_left,
    )  # fmt: skip
