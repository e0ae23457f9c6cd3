"""Compiled passes over dwellings: how many there are in each place and of what quality, and all of a month at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Tenure, Works

DOORS: Final = ("free", "free of the corporation", "all")  # what is counted by entrance
_CORPORATION = int(Tenure.CORPORATION)
_NONE, _SITE = int(Works.NONE), int(Works.SITE)


@compiled
def tally(
    place: NDArray[np.int32],
    among: NDArray[np.bool_],
    quality: NDArray[np.float32],
    count: NDArray[np.int64],
    worth: NDArray[np.float64],
) -> None:
    """Count the dwellings marked in ``among`` by place and add up their quality, row by row; both are begun anew."""
    count[:] = 0
    worth[:] = 0.0
    for i in range(place.size):
        if among[i]:
            count[place[i]] += 1
            worth[place[i]] += quality[i]


# fmt: off
@compiled
def survey(
    dwellings: tuple[NDArray[np.bool_], NDArray[np.int8], NDArray[np.int8], NDArray[np.bool_]],
    places: tuple[NDArray[np.int32], NDArray[np.int32]], quality: NDArray[np.float32],
    vacancy: tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int16]], prices: tuple[float, float],
    by_owner: NDArray[np.float64], doors: NDArray[np.int64], mean: NDArray[np.float32], upkeep: NDArray[np.float64],
    fresh: NDArray[np.int32],
) -> tuple[int, int, int]:
    # fmt: on
    """Count all dwellings, those of the corporation, and its fresh vacancies with which nothing is planned.

    Parameters
    ----------
    dwellings
        Alive, owner, works and whether replaced.
    places, vacancy
        Entrance and district; household, month on the market and month vacated.
    prices
        Upkeep of a dwelling that stood here already, and of a new one.
    by_owner, doors, mean, upkeep, fresh
        Filled in: standing dwellings by owner; dwellings by entrance as :data:`DOORS` says, and their mean quality;
        upkeep by district, row by row; and the fresh vacancies.
    """
    alive, owner, works, replaced = dwellings
    household, on_market, vacated = vacancy
    by_owner[:], doors[:], upkeep[:] = 0.0, 0, 0.0
    worth = np.zeros(mean.size)
    homes, own, count = 0, 0, 0
    for row in range(alive.size):
        if not alive[row]:
            continue
        door, social = places[0][row], owner[row] == _CORPORATION
        idle = works[row] == _NONE
        homes += 1
        own += social
        doors[2, door] += 1
        worth[door] += quality[row]
        if idle and not replaced[row]:
            doors[0, door] += 1
            doors[1, door] += social
        if social and idle and household[row] < 0 and on_market[row] < vacated[row]:
            fresh[count] = row
            count += 1
        if works[row] != _SITE:
            by_owner[owner[row]] += 1.0
            if social:
                upkeep[places[1][row]] += prices[1] if replaced[row] else prices[0]
    for door in range(mean.size):
        mean[door] = worth[door] / max(doors[2, door], 1)
    return homes, own, count
