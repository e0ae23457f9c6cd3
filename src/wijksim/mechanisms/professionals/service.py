"""Compiled loops over residents in help: who is served, by whom, and what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.professionals.columns import NO_CASE, OPEN, QUEUE

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Uids = NDArray[np.uint64]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]


@compiled
def asking(
    opened: Rows, worker: Rows, case_role: Codes, district: Rows, districts: int, alive: Flags, vacant: Flags,
    sick: Flags, fte: Floats, role: Codes, place: Rows,
) -> tuple[Rows, Whole, Rows, Whole, Floats]:  # fmt: skip
    """Cases without a worker and the cell of role and district of each; staff at work, their cells and caseloads."""
    load = np.zeros(alive.size)
    rows, wanted, n = np.empty(opened.size, np.int32), np.empty(opened.size, np.int64), 0
    for row in opened:
        if worker[row] >= 0:
            load[worker[row]] += 1
        else:
            rows[n], wanted[n] = row, np.int64(case_role[row]) * districts + district[row]
            n += 1
    free, cell, m = np.empty(alive.size, np.int32), np.empty(alive.size, np.int64), 0
    for post in range(alive.size):
        if alive[post] and not (vacant[post] or sick[post]) and fte[post] > 0:
            free[m], cell[m], load[m] = post, np.int64(role[post]) * districts + place[post], load[post]
            m += 1
    return rows[:n], wanted[:n], free[:m], cell[:m], load[:m]


@compiled
def choose(wanted: Whole, place: Whole, fte: Floats, load: Floats, chosen: NDArray[np.int64]) -> None:
    """Give residents, one after another, the colleague of their place with the fewest cases per fte; -1 for none."""
    for i in range(wanted.size):
        best = -1
        lowest = np.inf
        for post in range(place.size):
            if place[post] == wanted[i] and (best < 0 or load[post] / fte[post] < lowest):
                best = post
                lowest = load[post] / fte[post]
        chosen[i] = best
        if best >= 0:
            load[best] += 1.0


@compiled
def prefer(
    wanted: Whole, place: Whole, fte: Floats, load: Floats, preferred: Floats, chosen: NDArray[np.int64]
) -> None:
    """As :func:`choose`, with what each colleague is preferred by for each case, in caseloads.

    The caseload counts over the mean of the place, or over one case per fte where there are fewer.
    """
    for i in range(wanted.size):
        cases, staff = 0.0, 0.0
        for post in range(place.size):
            if place[post] == wanted[i]:
                cases += load[post]
                staff += fte[post]
        best = -1
        lowest = np.inf
        for post in range(place.size):
            if place[post] == wanted[i]:
                burden = load[post] / fte[post] / max(cases / staff, 1.0) - preferred[i, post]
                if best < 0 or burden < lowest:
                    best = post
                    lowest = burden
        chosen[i] = best
        if best >= 0:
            load[best] += 1.0


@compiled
def assign(
    opened: Rows, worker: Rows, case_role: Codes, district: Rows, districts: int, alive: Flags, vacant: Flags,
    sick: Flags, fte: Floats, role: Codes, post_in: Rows, uid: Uids, month: int, worker_since: Months,
) -> None:  # fmt: skip
    """Let each case without a worker :func:`choose` one, cell by cell and within it by identity."""
    rows, wanted, free, place, load = asking(
        opened, worker, case_role, district, districts, alive, vacant, sick, fte, role, post_in
    )
    if rows.size == 0 or free.size == 0:
        return
    for i in range(1, rows.size):
        # put in among those before it: few cases ask
        row, cell, j = rows[i], wanted[i], i
        while j > 0 and (wanted[j - 1] > cell or (wanted[j - 1] == cell and uid[rows[j - 1]] > uid[row])):
            rows[j], wanted[j] = rows[j - 1], wanted[j - 1]
            j -= 1
        rows[j], wanted[j] = row, cell
    size, chosen = np.empty(free.size), np.empty(rows.size, np.int64)
    for i in range(free.size):
        size[i] = fte[free[i]]
    choose(wanted, place, size, load, chosen)
    for i in range(rows.size):
        if chosen[i] >= 0:
            worker[rows[i]], worker_since[rows[i]] = free[chosen[i]], month


@compiled
def _begin(
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
    return helped[:n], waiting[:m], ready[:k], waited[:k]


@compiled
def begin(
    case: Codes, since: Months, intake_left: Amounts, month: int, given: bool, worker: Rows, case_role: Codes,
    district: Rows, districts: int, alive: Flags, vacant: Flags, sick: Flags, fte: Floats, role: Codes, post_in: Rows,
    uid: Uids, worker_since: Months,
) -> tuple[Rows, Rows, Rows, Months]:  # fmt: skip
    """Do :func:`_begin`, and :func:`assign` workers to cases if they are ``given`` as usual."""
    opened, waiting, ready, waited = _begin(case, since, intake_left, month)
    if given:
        assign(
            opened, worker, case_role, district, districts, alive, vacant, sick, fte, role, post_in, uid, month,
            worker_since,
        )  # fmt: skip
    return opened, waiting, ready, waited


@compiled
def helped(
    hours: Amounts, household: Rows, worker: Rows, case: Codes, debt: Flags, eviction: Codes, violence: Codes,
    psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months, activity: Codes,
    codes: tuple[int, int, int, int], frail_age: float,
) -> tuple[Rows, Amounts, Rows, NDArray[np.uint8], Rows, int]:  # fmt: skip
    """Residents who received hours: rows, hours, worker and asks; those with a case and debts; how many ask several.

    What they ask is a bit per thing on which an organisation of its own has to act (``state.roles.Ask``, in that
    order). ``codes`` are those of an open case and of activities: the first and the last at school, and a basic job.
    """
    opened, schooled, last_schooled, placed = codes
    found, number = np.empty(hours.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(hours.size)):
        # overwritten by the next unless there is help: no branch that could be guessed wrong
        found[number] = i
        number += np.uint32(hours[i] > 0)
    rows, indebted = found[:number], np.empty(number, np.int32)
    received, workers = np.empty(number, np.float32), np.empty(number, np.int32)
    asks = np.empty(number, np.uint8)
    several = n = 0
    for k in range(number):
        row, home, doing = rows[k], household[rows[k]], activity[rows[k]]
        received[k], workers[k] = hours[row], worker[row]
        bits = np.uint8(psychiatric[row] | addiction[row])
        bits |= np.uint8(debt[home]) << np.uint8(1)
        bits |= np.uint8(cognitive[row]) << np.uint8(2)
        bits |= np.uint8(age[row] >= frail_age) << np.uint8(3)
        bits |= np.uint8(eviction[home] > 0) << np.uint8(4)
        bits |= np.uint8(violence[home] > 0) << np.uint8(5)
        bits |= np.uint8((doing >= schooled) & (doing <= last_schooled)) << np.uint8(6)
        bits |= np.uint8(doing == placed) << np.uint8(7)
        asks[k] = bits
        several += (bits & (bits - np.uint8(1))) != 0
        indebted[n] = row
        n += debt[home] & (case[row] == opened)
    return rows, received, workers, asks, indebted[:n], several


@compiled
def fit(
    rows: Rows, worker: Rows, language: Amounts, psychiatric: Flags, addiction: Flags, bilingual: Amounts,
    skilled: Amounts, floor: float, out: Floats,
) -> None:  # fmt: skip
    """Fit of worker and resident in language and in mental-health skill, from the floor to 1 (ASM-14).

    ``worker`` is per entry of ``rows``; a resident whom nobody leads meets no skill.
    """
    for i in range(rows.size):
        row, post = np.uint32(rows[i]), worker[i]
        speaks = np.float64(bilingual[post]) if post >= 0 else 0.0
        result = floor + (1.0 - floor) * max(np.float64(language[row]), speaks)
        if psychiatric[row] | addiction[row]:
            knows = np.float64(skilled[post]) if post >= 0 else 0.0
            result *= floor + (1.0 - floor) * knows
        out[i] = result


@compiled
def given(
    hours: Amounts, household: Rows, worker: Rows, case: Codes, debt: Flags, eviction: Codes, violence: Codes,
    psychiatric: Flags, addiction: Flags, cognitive: Flags, age: Months, activity: Codes,
    codes: tuple[int, int, int, int], frail_age: float, language: Amounts, bilingual: Amounts, skilled: Amounts,
    floor: float, changed: Months, recent: int, worker_new: Flags, need_met: Amounts, help_effect: Amounts,
    debt_help: Flags, unit: np.float32,
) -> tuple[Rows, Amounts, NDArray[np.uint8], Rows, int, Floats]:  # fmt: skip
    """Do :func:`helped`, with hours in a ``unit``, and :func:`fit`; a worker who came after ``recent`` is new.

    Nobody's need is met yet.
    """
    for i in range(changed.size):
        worker_new[i] = changed[i] > recent
    for i in range(need_met.size):
        need_met[i] = np.float32(0)
    for i in range(help_effect.size):
        help_effect[i] = np.float32(0)
    for i in range(debt_help.size):
        debt_help[i] = False
    rows, received, workers, asks, indebted, several = helped(
        hours, household, worker, case, debt, eviction, violence, psychiatric, addiction, cognitive, age, activity,
        codes, frail_age,
    )  # fmt: skip
    for k in range(received.size):
        received[k] /= unit
    fits = np.empty(rows.size)
    fit(rows, workers, language, psychiatric, addiction, bilingual, skilled, floor, fits)
    return rows, received, asks, indebted, several, fits


@compiled
def effect(
    rows: Rows, lacking: Amounts, worker_new: Flags, loss: float, fit: Floats, asks: NDArray[np.uint8],
    district: Rows, cooperation: NDArray[np.float64], need_met: Amounts, help_effect: Amounts,
) -> None:  # fmt: skip
    """Write the need met, and what a change of worker, a poor fit and organisations that do not meet leave of it.

    ``lacking`` is minus the need met of each of ``rows``, ``cooperation`` is per district and set of asks; there is
    help in districts only.
    """
    for i in range(rows.size):
        row = np.uint32(rows[i])
        need_met[row] = -lacking[i]
        continuity = 1.0 - loss if worker_new[row] else 1.0
        met = np.float64(need_met[row]) * continuity * fit[i] * cooperation[district[row], asks[i]]
        help_effect[row] = np.float32(met)


@compiled
def arriving(
    rows: Rows, case_role: Codes, worker: Rows, organisation: Codes, first_employer: Whole, partner: Whole, other: int,
    district: Rows, level: Floats,
) -> Floats:  # fmt: skip
    """Share of referrals of each of ``rows`` to the partner ``other`` that arrive: the cooperation of the worker's.

    A case without a worker has the level of its role's first employer; ``level`` is by district and pair of partners.
    """
    share = np.empty(rows.size)
    for i in range(rows.size):
        row = rows[i]
        leads = worker[row]
        employer = np.int64(organisation[leads]) if leads >= 0 else first_employer[case_role[row]]
        share[i] = level[district[row], partner[employer], other]
    return share


@compiled
def refer(
    rows: Rows, luck: Floats, spared: Floats, own: int, case_role: Codes, worker: Rows, organisation: Codes,
    first_employer: Whole, partner: Whole, other: int, district: Rows, level: Floats, household: Rows, debt_help: Flags,
) -> None:  # fmt: skip
    """Write help with debts for the households of ``rows`` whose role is its ``own`` or whose referral arrives.

    ``spared`` is a factor on what is :func:`arriving`, per row or empty.
    """
    share = arriving(rows, case_role, worker, organisation, first_employer, partner, other, district, level)
    for i in range(rows.size):
        if spared.size:
            share[i] *= spared[i]
        if case_role[rows[i]] == own or luck[i] < share[i]:
            debt_help[household[rows[i]]] = True


@compiled
def take_effect(
    rows: Rows, lacking: Amounts, worker_new: Flags, loss: float, fit: Floats, asks: NDArray[np.uint8], district: Rows,
    cooperation: Floats, need_met: Amounts, help_effect: Amounts, indebted: Rows, luck: Floats, spared: Floats,
    own: int, case_role: Codes, worker: Rows, organisation: Codes, first_employer: Whole, partner: Whole, other: int,
    level: Floats, household: Rows, debt_help: Flags,
) -> None:  # fmt: skip
    """Do :func:`effect` for ``rows``, and :func:`refer` those who are ``indebted``."""
    effect(rows, lacking, worker_new, loss, fit, asks, district, cooperation, need_met, help_effect)
    if indebted.size:
        refer(
            indebted, luck, spared, own, case_role, worker, organisation, first_employer, partner, other, district,
            level, household, debt_help,
        )  # fmt: skip


@compiled
def pressure(
    total: Floats, crisis: Floats, cases: Floats, intake: Floats, outreach: Floats, team: Whole, alone: Whole,
    per_residents: float, full_time: float, fraction: float, waiting: Rows, district: Rows,
    team_hours: Floats, team_crisis: Floats, crisis_share: Amounts, queue: Amounts, outreach_hours: Amounts,
    prevention: Amounts, by_caretakers: Amounts, by_police: Amounts, by_youth_workers: Amounts, posts: Rows,
    post_in: Rows, adapts: np.float32, strain: Amounts,
) -> float:  # fmt: skip
    """Fill nine columns of districts, and return the largest of hours of any role that are not accounted for.

    The first five are by role and district, of which those of the ``team`` count, and for the last three the outreach
    of the roles ``alone``. Prevention moves part of the way to what is left for outreach, in ``full_time`` staff for
    so many residents. The ``strain`` of each of ``posts`` moves a fraction of the way to the share of hours that crises
    take in its district.
    """
    lost, residents = 0.0, np.empty(queue.size, np.int64)
    for role in range(total.shape[0]):
        for d in range(total.shape[1]):
            rest = total[role, d] - crisis[role, d] - cases[role, d] - intake[role, d] - outreach[role, d]
            lost = max(lost, abs(rest))
    for d in range(queue.size):
        # a pass for each district has no branch and no look-up, and districts are few
        count = np.int32(0)
        for row in range(district.size):
            count += np.int32(district[row] == d)
        residents[d] = count
    for d in range(queue.size):
        free = 0.0
        for role in team:
            team_hours[d] += total[role, d]
            team_crisis[d] += crisis[role, d]
            free += outreach[role, d]
        crisis_share[d] = team_crisis[d] / team_hours[d] if team_hours[d] > 0 else 0.0
        queue[d] = 0
        outreach_hours[d] = free
        fte = np.float64(outreach_hours[d] / np.float32(full_time)) / (max(residents[d], 1) / per_residents)
        prevention[d] += np.float32((fte - np.float64(prevention[d])) * fraction)
        by_caretakers[d], by_police[d] = outreach[alone[0], d], outreach[alone[1], d]
        by_youth_workers[d] = outreach[alone[2], d]
    for row in waiting:
        if district[row] >= 0:
            queue[district[row]] += np.float32(1)
    for post in posts:
        strain[post] = strain[post] + (crisis_share[post_in[post]] - strain[post]) * adapts
    return lost


@compiled
def reach(
    trust: Amounts, district: Rows, uptake: Amounts, alive: Flags, level: Any, prevention: Amounts, half: float,
    reached: Flags,
) -> None:  # fmt: skip
    """Fill ``reached``: those alive whose uptake is at least what coverage and trust leave out.

    Coverage is ``P / (P + half)`` of the ``prevention`` of a district; those without one are not covered.
    """
    coverage = np.zeros(prevention.size + 1, np.float32)
    for d in range(prevention.size):
        coverage[d] = np.float64(prevention[d]) / (np.float64(prevention[d]) + half)
    one, last = np.float32(1), np.uint32(prevention.size)
    for row in range(trust.size):
        # without its sign, -1 is larger than any district
        covered = coverage[min(np.uint32(district[row]), last)]
        ratio = trust[row] / level
        reached[row] = (uptake[row] >= one - (ratio if ratio < one else one) * covered) & alive[row]
