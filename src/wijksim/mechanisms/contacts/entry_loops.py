"""Compiled: good contacts that newcomers bring along, and whether they are lonely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Weights = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]


# fmt: off
@compiled
def begin(
    rows: Rows, often: Weights, elsewhere: Weights, dwelling: Rows, sociability: Weights, outside: Weights, known: Rows
) -> None:
    # fmt: on
    """Give ``rows`` their person effects on encounters and on good contacts elsewhere, and remember where they live."""
    for i in range(rows.size):
        row = rows[i]
        sociability[row], outside[row], known[row] = often[i], elsewhere[i], dwelling[row]


# fmt: off
@compiled
def bring(
    rows: Rows, often: Weights, elsewhere: Weights, dwelling: Rows, sociability: Weights, outside: Weights,
    known: Rows, age: Counts, education: Codes, household: Rows, adults: Counts, good: Weights, protection: Weights,
    grown: Rows, adult_age: int, weights: tuple[float, float], mean: np.float32, enough: np.float32,
) -> int:
    # fmt: on
    """Do :func:`begin` for newcomers, and write their good contacts and protection.

    Fill ``grown`` with the adults, return how many.

    Parameters
    ----------
    outside
        Person effect on good contacts outside the districts, of which there are ``mean`` at the middle education.
    weights
        Ratio of one level of education more, less one, and the middle education.
    adults
        Per household: those beside oneself are good contacts too.
    enough
        Good contacts above which protection rises no further.
    """
    begin(rows, often, elsewhere, dwelling, sociability, outside, known)
    ratio, middle = weights
    count = 0
    for row in rows:
        if age[row] >= adult_age:
            level = 1 + ratio * (education[row] - middle)
            good[row] = np.float64(outside[row] * mean) * level + max(adults[household[row]] - 1, 0)
            grown[count] = row
            count += 1
        else:
            good[row] = 0
        protection[row] = min(good[row], enough)
    return count


@compiled
def feel_lonely(rows: Rows, onset: Floats, months: int, off: float, luck: Floats, lonely: Bools) -> None:
    """Let newcomers be lonely as onset, by the month, and its end, by a year of so many months, balance."""
    for i in range(rows.size):
        on = onset[i] * months
        lonely[rows[i]] = luck[i] < on / (on + off)
