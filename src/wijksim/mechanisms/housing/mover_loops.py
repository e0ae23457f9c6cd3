"""What makes households move, who may, and who needs support: compiled passes over households and residents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
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


@compiled
def begin_search(
    movers: Rows,
    luck: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    households: tuple[NDArray[np.float64], Counts, Codes, Bools],
    month: int,
    price: float,
    limits: tuple[float, float, float],
    shares: tuple[float, float, float, float],
    move_wish: Bools,
    sought: Codes,
    search_since: Counts,
    lists: tuple[Rows, Rows],
) -> tuple[int, int, int]:
    """Let who decides to move leave the city or choose a tenure to look for.

    Return how many leave, how many of them need support, and how many look for a corporation dwelling.

    Parameters
    ----------
    luck
        Draws of each mover: for leaving the city, for buying, and for renting of a corporation.
    households
        Income, persons, tenure and need for support.
    price
        Of an entry dwelling.
    limits
        Income up to which a single and a larger household may rent of a corporation, and loan as a multiple of income.
    shares
        Who leaves the city, owners who buy again, others who buy if they can, and who else rents of a corporation.
    lists
        Filled in: who leaves the city, and who looks for a corporation dwelling.
    """
    income, persons, tenure, needs = households
    away, in_need, social = 0, 0, 0
    for i in range(movers.size):
        row = movers[i]
        if luck[0][i] < shares[0]:
            lists[0][away] = row
            away += 1
            in_need += needs[row]
            continue
        move_wish[row], search_since[row] = True, month
        buys = luck[1][i] < shares[1]
        if tenure[row] != _OWNER:
            buys = income[row] * MONTHS_PER_YEAR * limits[2] >= price and luck[1][i] < shares[2]
        if buys:
            sought[row] = _OWNER
        elif income[row] <= (limits[1] if persons[row] > 1 else limits[0]) and luck[2][i] < shares[3]:
            sought[row] = _CORPORATION
            lists[1][social] = row
            social += 1
        else:
            sought[row] = _PRIVATE
    return away, in_need, social
