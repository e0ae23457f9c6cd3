"""What makes households move, who may, and who needs support: compiled passes over households and residents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Tenure
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float32]
type Counts = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_CORPORATION, _OWNER, _PRIVATE = int(Tenure.CORPORATION), int(Tenure.OWNER), int(Tenure.PRIVATE)
_NOT_YET = np.float32(0)


@compiled
def drivers(
    alive: Bools,
    persons: Counts,
    dwelling: Rows,
    rooms: Codes,
    moved_in: Counts,
    head: Rows,
    age: Counts,
    satisfaction: Floats,
    bands: Codes,
    spare: int,
    most: float,
    settled_from: float,
    mean: np.float32,
    deviation: np.float32,
    misfit: Floats,
    recent: Bools,
    age_band: Codes,
    dissatisfied: Floats,
) -> None:
    """Refresh what makes households move.

    Parameters
    ----------
    bands
        Band of every age, the last one for all ages beyond.
    spare, most
        Rooms more than persons that do not count as too many, and the highest misfit.
    settled_from
        Month up to which a household has moved in that is not recent any more.
    mean, deviation
        Satisfaction in the reference.
    """
    oldest = bands.size - 1
    for i in range(alive.size):
        short = np.int64(persons[i]) - rooms[dwelling[i]]
        misfit[i] = min(float(max(max(short, -short - spare), 0)), most)
        recent[i] = moved_in[i] > settled_from
        first = head[i]
        age_band[i] = bands[max(min(int(age[first]), oldest), 0)]
        if not alive[i]:
            dissatisfied[i] = _NOT_YET
        elif deviation > 0:
            dissatisfied[i] = (mean - satisfaction[first]) / deviation


@compiled
def settled(
    alive: Bools, move_wish: Bools, tenure: Codes, corporation: Rows, owner: Rows, private: Rows
) -> tuple[int, int, int]:
    """Fill a list per tenure with households that do not look for another dwelling yet; return how many each holds."""
    a, b, c = 0, 0, 0
    for i in range(alive.size):
        if alive[i] and not move_wish[i]:
            if tenure[i] == _CORPORATION:
                corporation[a] = i
                a += 1
            elif tenure[i] == _OWNER:
                owner[b] = i
                b += 1
            elif tenure[i] == _PRIVATE:
                private[c] = i
                c += 1
    return a, b, c


@compiled
def needy(
    home_alive: Bools,
    problem_debt: Bools,
    alive: Bools,
    household: Rows,
    age: Counts,
    psychiatric: Bools,
    addiction: Bools,
    cognitive: Bools,
    self_reliance: Floats,
    least: np.float32,
    out: Bools,
) -> None:
    """Mark in ``out`` households in problem debt or with a member who needs support.

    That is somebody with severe psychiatric problems, an addiction, or as an adult a cognitive limitation and less
    self-reliance than ``least``.
    """
    for home in range(out.size):
        out[home] = problem_debt[home] and home_alive[home]
    for i in range(alive.size):
        limited = cognitive[i] and self_reliance[i] < least and age[i] >= ADULT_AGE
        if alive[i] and household[i] >= 0 and (psychiatric[i] or addiction[i] or limited):
            out[household[i]] = home_alive[household[i]]


@compiled
def behind_entrances(chosen: Bools, entrance: Rows, dwellings: Counts, share: NDArray[np.float64]) -> None:
    """Fill ``share`` with the part of the dwellings behind each entrance whose household is chosen."""
    for place in range(share.size):
        share[place] = 0.0
    for home in range(chosen.size):
        if chosen[home] and entrance[home] >= 0:
            share[entrance[home]] += 1.0
    for place in range(share.size):
        share[place] /= max(dwellings[place], 1)
