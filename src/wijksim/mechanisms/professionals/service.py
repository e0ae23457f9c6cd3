"""Compiled loops over what the hours of a month do to those in help, to districts and to staff."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.professionals.columns import DEBT_COUNSELLOR
from wijksim.state.roles import EMPLOYERS, FRONTLINE, PARTNER_OF, Organisation, Partner, Profession

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Asks = NDArray[np.uint8]
type Rows = NDArray[np.int32]

_FIRST_EMPLOYER = tuple(int(EMPLOYERS[role][0]) for role in Profession)
_PARTNER = tuple(int(PARTNER_OF[employer]) for employer in Organisation)
_MUNICIPALITY = int(Partner.MUNICIPALITY)
_TEAM = tuple(int(role) for role in FRONTLINE)
# those of whose outreach a district keeps the hours
_ALONE = (int(Profession.CARETAKER), int(Profession.POLICE_OFFICER), int(Profession.YOUTH_WORKER))


@compiled
def effect(
    rows: Rows, lacking: Amounts, worker_new: Flags, loss: float, fit: Floats, asks: Asks,
    district: Rows, cooperation: Floats, need_met: Amounts, help_effect: Amounts,
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
    rows: Rows, case_role: Codes, worker: Rows, organisation: Codes, district: Rows, level: Floats
) -> Floats:
    """Share of referrals of each of ``rows`` to the municipality that arrive: the cooperation of the worker's.

    A case without a worker has the level of its role's first employer; ``level`` is by district and pair of partners.
    """
    share = np.empty(rows.size)
    for i in range(rows.size):
        row = rows[i]
        leads = worker[row]
        employer = np.int64(organisation[leads]) if leads >= 0 else _FIRST_EMPLOYER[case_role[row]]
        share[i] = level[district[row], _PARTNER[employer], _MUNICIPALITY]
    return share


@compiled
def refer(
    rows: Rows, luck: Floats, spared: Floats, case_role: Codes, worker: Rows, organisation: Codes, district: Rows,
    level: Floats, household: Rows, debt_help: Flags,
) -> None:  # fmt: skip
    """Write help with debts for the households of ``rows`` whom a debt counsellor leads or whose referral arrives.

    ``spared`` is a factor on what is :func:`arriving`, per row or empty.
    """
    share = arriving(rows, case_role, worker, organisation, district, level)
    for i in range(rows.size):
        if spared.size:
            share[i] *= spared[i]
        if case_role[rows[i]] == DEBT_COUNSELLOR or luck[i] < share[i]:
            debt_help[household[rows[i]]] = True


@compiled
def pressure(
    total: Floats, shared: Floats, numbers: tuple[float, float, float, float], district: Rows, team_hours: Floats,
    crisis_share: Amounts, outreach_hours: Amounts, prevention: Amounts, by_caretakers: Amounts, by_police: Amounts,
    by_youth_workers: Amounts, posts: Rows, post_in: Rows, strain: Amounts,
) -> float:  # fmt: skip
    """Fill six columns of districts, and return the largest of hours of any role that are not accounted for.

    The ``total`` is by role and district, and so is each part of what was ``shared`` out of it. Those of the team count
    (``team_hours`` is filled with all of them and with those on crises), and for the last three columns the outreach
    of the roles :data:`_ALONE`. Prevention moves part of the way to what is left for outreach, in full-time staff for
    so many residents. The ``strain`` of each of ``posts`` moves a fraction of the way to the share of hours that crises
    take in its district.
    """
    per_residents, full_time, fraction, adapts = numbers
    crisis, outreach = shared[0], shared[3]
    lost, residents = 0.0, np.empty(crisis_share.size, np.int64)
    for role in range(total.shape[0]):
        for d in range(total.shape[1]):
            rest = (
                total[role, d] - crisis[role, d] - shared[1, role, d] - shared[2, role, d] - outreach[role, d]
            )
            lost = max(lost, abs(rest))
    for d in range(crisis_share.size):
        # a pass for each district has no branch and no look-up, and districts are few
        count = np.int32(0)
        for row in range(district.size):
            count += np.int32(district[row] == d)
        residents[d] = count
    for d in range(crisis_share.size):
        free, hours, on_crises = 0.0, 0.0, 0.0
        for role in _TEAM:
            hours += total[role, d]
            on_crises += crisis[role, d]
            free += outreach[role, d]
        team_hours[0, d], team_hours[1, d] = hours, on_crises
        crisis_share[d] = on_crises / hours if hours > 0 else 0.0
        outreach_hours[d] = free
        fte = np.float64(outreach_hours[d] / np.float32(full_time)) / (max(residents[d], 1) / per_residents)
        prevention[d] += np.float32((fte - np.float64(prevention[d])) * fraction)
        by_caretakers[d], by_police[d] = outreach[_ALONE[0], d], outreach[_ALONE[1], d]
        by_youth_workers[d] = outreach[_ALONE[2], d]
    for post in posts:
        strain[post] = strain[post] + (crisis_share[post_in[post]] - strain[post]) * np.float32(adapts)
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


@compiled
def done(
    rows: Rows, lacking: Amounts, asks: Asks, fit: Floats, indebted: Rows, luck: Floats, spared: Floats, loss: float,
    cooperation: Floats, level: Floats, total: Floats, shared: Floats, pace: tuple[float, float, float, float],
    team_hours: Floats, posts: Rows, trusting: tuple[float, float], worker_new: Flags, need_met: Amounts,
    help_effect: Amounts, case_role: Codes, worker: Rows, organisation: Codes, household: Rows, debt_help: Flags,
    district: Rows, crisis_share: Amounts, outreach_hours: Amounts, prevention: Amounts, by_caretakers: Amounts,
    by_police: Amounts, by_youth_workers: Amounts, post_in: Rows, strain: Amounts, trust: Amounts, uptake: Amounts,
    alive: Flags, reached: Flags,
) -> float:  # fmt: skip
    """What the hours of a month do: :func:`effect`, :func:`refer`, :func:`pressure` and :func:`reach`.

    ``trusting`` are the level of trust, and the prevention by which half is covered.
    """
    effect(rows, lacking, worker_new, loss, fit, asks, district, cooperation, need_met, help_effect)
    if indebted.size:
        refer(indebted, luck, spared, case_role, worker, organisation, district, level, household, debt_help)
    lost = pressure(
        total, shared, pace, district, team_hours, crisis_share, outreach_hours, prevention, by_caretakers, by_police,
        by_youth_workers, posts, post_in, strain,
    )  # fmt: skip
    reach(trust, district, uptake, alive, np.float32(trusting[0]), prevention, trusting[1], reached)
    return lost
