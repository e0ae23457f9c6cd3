"""Compiled: wages that are offered, clocks of newcomers, and months of a benefit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import WEEKS_PER_MONTH
from wijksim.state.codes import Activity

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Wages = NDArray[np.float32]
type Floats = NDArray[np.float64]

_EMPLOYED, _ASSISTANCE, _UNEMPLOYED = map(int, (Activity.EMPLOYED, Activity.ASSISTANCE, Activity.UNEMPLOYED))


# fmt: off
@compiled
def wage_scores(
    rows: Rows, age: Months, ability: Wages, luck: Floats, out: Floats, peak: float, reference: float,
    of_ability: float, growth: float, spread: float, job_spread: float,
) -> None:
    # fmt: on
    """Fill ``out`` with the log of the hourly wage of each of ``rows`` over that of the level of education.

    Weights are those of ability, of years of age up to the ``peak``, and of ``luck``: for life of each of ``rows``, and
    then of the job.
    """
    by_ability = np.float32(of_ability)
    for i in range(rows.size):
        seniority = min(np.float64(age[rows[i]]), peak) - reference
        score = np.float64(by_ability * ability[rows[i]]) + growth * seniority
        out[i] = score + spread * luck[i] + job_spread * luck[rows.size + i]


# fmt: off
@compiled
def pay(
    rows: Rows, education: Codes, luck: Floats, wage: Floats, levels: tuple[float, ...], least: float, share: float,
    full_time: float, part_time: float, spread: float,
) -> None:
    # fmt: on
    """Make of growth over it the gross ``wage`` a month: that times ``levels`` per hour by education, times hours.

    The same luck says who works full time (a ``share``) and, among the others, how small the job is, with so much
    ``spread`` around the mean of part time.
    """
    for i in range(rows.size):
        hourly = max(levels[education[rows[i]]] * wage[i], least)
        place = (luck[i] - share) / max(1 - share, np.finfo(np.float64).tiny)
        week = full_time if luck[i] < share else part_time * (1 + spread * (1 - 2 * place))
        wage[i] = hourly * week * WEEKS_PER_MONTH


# fmt: off
@compiled
def newcomers(
    rows: Rows, activity: Codes, since: Months, month: int, clock: Months, out: Months, job_months: Months,
    wage: Wages, lists: Rows, threshold: float, slope: float,
) -> tuple[int, int, int]:
    # fmt: on
    """Clocks and gross wages of newcomers as they follow from what they do and since when.

    A net wage that they bring along is made gross. Fill the lists with those in work who bring none, places in ``rows``
    of those on assistance, and the unemployed; return how many each holds.
    """
    unknown, assisted, jobless = lists[0], lists[1], lists[2]
    count = a = b = 0
    for i in range(rows.size):
        row = rows[i]
        assisted[a], jobless[b] = i, row  # overwritten by the next unless it counts
        a += activity[row] == _ASSISTANCE
        b += activity[row] == _UNEMPLOYED
        months = max(month - since[row], 0)
        clock[row] = months if activity[row] == _ASSISTANCE else 0
        job_months[row] = months if activity[row] == _EMPLOYED else 0
        out[row] = 0
        if activity[row] != _EMPLOYED:
            wage[row] = 0
        elif wage[row] > 0:
            net = np.float64(wage[row])
            wage[row] = net + (slope - 1) * max(net - threshold, 0.0)
        else:
            unknown[count] = row
            count += 1
    return count, a, b


# fmt: off
@compiled
def grant_benefit(
    rows: Rows, age: Months, job_months: Months, career: tuple[float, float, float, float, float], month: int,
    benefit_end: Months,
) -> None:
    # fmt: on
    """Write when the unemployment benefit runs out to which each of ``rows`` has a right from this ``month`` on.

    It is longer with more years of work, and there is none after a short job. ``career`` is the age at which careers
    start, months of benefit at least, per year and at most, and the months in the job from which there is a right.
    """
    start, least, per_year, most, needed = career
    for row in rows:
        months = np.int16(min(least + per_year * max(age[row] - start, 0.0), most))
        benefit_end[row] = month + (months if job_months[row] >= needed else 0)


@compiled
def months_spent(months: Months, edges: tuple[float, float], rates: tuple[float, float, float], out: Floats) -> None:
    """Fill ``out`` with the exits to be expected by now at ``rates`` that change at ``edges``."""
    middle, late = edges
    first, second, third = rates
    for i in range(months.size):
        early = first * min(np.float64(max(months[i], 0)), middle)
        later = second * min(max(months[i] - middle, 0.0), late - middle)
        out[i] = early + later + third * max(months[i] - late, 0.0)
