"""Who works, looks for work or lives on a benefit: compiled passes over residents, their clocks and their couples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, Role

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Wages = NDArray[np.float32]

_EMPLOYED, _UNEMPLOYED, _ASSISTANCE = (
    int(Activity.EMPLOYED),
    int(Activity.UNEMPLOYED),
    int(Activity.ASSISTANCE),
)
_INCAPACITY, _OTHER, _BASIC_JOB = int(Activity.INCAPACITY), int(Activity.OTHER), int(Activity.BASIC_JOB)
_HEAD, _PARTNER = int(Role.HEAD), int(Role.PARTNER)


@compiled
def advance(
    activity: Codes,
    since: Months,
    month: int,
    forget: float,
    follow: float,
    clock: Months,
    out: Months,
    job_months: Months,
) -> None:
    """Move the clocks of everybody one month: months on assistance, months out of it and months in the job."""
    for i in range(activity.size):
        doing = activity[i]
        job_months[i] = month - since[i] if doing == _EMPLOYED else 0
        if doing == _ASSISTANCE:
            clock[i] += 1
            out[i] = 0
        elif doing != _BASIC_JOB and (clock[i] != 0 or out[i] != 0):
            months = out[i] + 1
            if months >= forget:
                clock[i] = 0
            out[i] = 0 if months >= follow and clock[i] == 0 else months


@compiled
def groups(
    activity: Codes,
    birth_month: Months,
    age: Months,
    job_months: Months,
    assistance_out: Months,
    benefit_end: Months,
    month: int,
    pension: int,
    peak_age: int,
    growth: float,
    wage: Wages,
    employed: Rows,
    regular: Rows,
    recent: Rows,
    unemployed: Rows,
    without: Rows,
    others: Rows,
    incapable: Rows,
    recipients: Rows,
    holders: Rows,
) -> tuple[int, int, int, int, int, int, int, int, int]:
    """Fill a list per group of working age, ascending, and return how many each holds.

    ``regular`` and ``recent`` part the employed by whether assistance lies a short time behind them, ``without`` are
    the unemployed whose benefit has run out, ``holders`` have a basic job, whatever their age. Wages of those who do
    not work go to zero; those whose job has its anniversary go a step up the age profile.
    """
    a, b, c, d, e, f, g, h, k = 0, 0, 0, 0, 0, 0, 0, 0, 0
    for i in range(activity.size):
        doing = activity[i]
        if doing == _BASIC_JOB:
            holders[k] = i
            k += 1
        elif doing != _EMPLOYED and wage[i] > 0:
            wage[i] = 0
        if birth_month[i] <= pension:
            continue
        if doing == _EMPLOYED:
            employed[a] = i
            a += 1
            if assistance_out[i] > 0:
                recent[c] = i
                c += 1
            else:
                regular[b] = i
                b += 1
            if job_months[i] > 0 and job_months[i] % MONTHS_PER_YEAR == 0 and age[i] < peak_age:
                wage[i] = np.float32(np.float64(wage[i]) * growth)
        elif doing == _UNEMPLOYED:
            unemployed[d] = i
            d += 1
            if benefit_end[i] <= month:
                without[e] = i
                e += 1
        elif doing == _OTHER:
            others[f] = i
            f += 1
        elif doing == _INCAPACITY:
            incapable[g] = i
            g += 1
        elif doing == _ASSISTANCE:
            recipients[h] = i
            h += 1
    return a, b, c, d, e, f, g, h, k


@compiled
def couples(rows: Rows, role: Codes, household: Rows, slot: Rows, other: Rows) -> None:
    """Fill ``other`` with the one of ``rows`` who is head or partner of the same household, -1 for none.

    ``slot`` holds -1 per household.
    """
    for i in range(rows.size):
        other[i] = -1
        if role[rows[i]] <= _PARTNER:
            home = household[rows[i]]
            if slot[home] >= 0:
                other[slot[home]] = rows[i]
                other[i] = rows[slot[home]]
            else:
                slot[home] = i


@compiled
def partners(rows: Rows, role: Codes, household: Rows, head: Rows, slot: Rows, other: Rows) -> None:
    """Fill ``other`` with the partner of each of ``rows``, -1 for none; ``slot`` holds -1 per household."""
    for i in range(role.size):
        if role[i] == _PARTNER:
            slot[household[i]] = i
    for i in range(rows.size):
        row = rows[i]
        other[i] = -1
        if role[row] <= _PARTNER:
            home = household[row]
            found = slot[home] if role[row] == _HEAD else head[home]
            if found != row:
                other[i] = found
