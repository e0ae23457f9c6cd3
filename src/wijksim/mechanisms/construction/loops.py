"""Compiled passes over dwellings: how many there are in each place and of what quality, and all of a month at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import identity
from wijksim.state.codes import Tenure, Works

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Counts = NDArray[np.int64]
type Singles = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_CORPORATION = int(Tenure.CORPORATION)
_NONE, _SITE = int(Works.NONE), int(Works.SITE)


@compiled
def tally(place: Rows, among: Bools, quality: Singles, count: Counts, worth: Floats) -> None:
    """Count the dwellings marked in ``among`` by place and add up their quality, row by row; both are begun anew."""
    count[:] = 0
    worth[:] = 0.0
    for i in range(place.size):
        if among[i]:
            count[place[i]] += 1
            worth[place[i]] += quality[i]


@inlined
def whole(free: np.int64, own: np.int64, standing: np.int64, majority: float) -> bool:
    """Tell whether a place may be pulled down: all dwellings there are free, and most are the corporation's ``own``."""
    return bool(own > 0 and free == standing and own >= majority * standing)


@compiled
def replaceable(free: Counts, own: Counts, standing: Counts, majority: float, fits: Bools) -> None:
    """Fill in which places may be pulled down; parallel arrays, ``majority`` as a share of the dwellings."""
    for place in range(fits.size):
        fits[place] = whole(free[place], own[place], standing[place], majority)


@inlined
def has_moved(account: tuple[Floats, Floats, Floats], now: Floats) -> bool:
    """Tell whether anything came in, went out or is not as it was at the opening of an account."""
    moved = False
    for one in range(now.size):
        moved |= account[0][one] != now[one] or account[1][one] != 0 or account[2][one] != 0
    return moved


# fmt: off
@compiled
def survey(
    dwellings: tuple[Bools, Codes, Codes, Bools, Rows, Rows, Singles, Rows, Months, Months, Uids, NDArray[Any]],
    prices: tuple[float, float], majority: float, words: Uids, account: tuple[Floats, Floats, Floats],
    by_owner: Floats, mean: Singles, upkeep: Floats, fresh: Rows, vacancies: Uids, entrances: Rows,
) -> tuple[int, int, int, int, bool]:
    # fmt: on
    """Count all dwellings, those of the corporation, its fresh vacancies, and entrances that may be pulled down.

    Tell also whether the account has to be closed, as anything came in, went out or is not as it was.

    Parameters
    ----------
    dwellings
        Alive, owner, works, whether replaced, entrance, district, quality, household, month on the market, month
        vacated, uid and how often it was lived in.
    prices, majority, words
        Upkeep of a dwelling that stood here already, and of a new one; what part of the dwellings behind an entrance
        has to be the corporation's; and namespace of vacancies.
    account
        Standing dwellings by owner at the beginning of the month, those that came in and those that went out.
    by_owner, mean, upkeep, fresh, vacancies, entrances
        Filled in: standing dwellings by owner; mean quality by entrance; upkeep by district, row by row; vacancies with
        which nothing is planned, and their identities; and entrances.
    """
    (
        alive, owner, works, replaced, entrance, district, quality, household, on_market, vacated, uid, lived_in,
    ) = dwellings  # fmt: skip
    by_owner[:], upkeep[:] = 0.0, 0.0
    worth, every = np.zeros(mean.size), np.zeros(mean.size, np.int64)
    free, mine = np.zeros(mean.size, np.int64), np.zeros(mean.size, np.int64)
    homes, own, count, open_ = 0, 0, 0, 0
    for row in range(alive.size):
        if not alive[row]:
            continue
        door, social = entrance[row], owner[row] == _CORPORATION
        idle = works[row] == _NONE
        homes += 1
        own += social
        every[door] += 1
        worth[door] += quality[row]
        if idle and not replaced[row]:
            free[door] += 1
            mine[door] += social
        if household[row] < 0 and social and idle and on_market[row] < vacated[row]:
            fresh[count] = row
            vacancies[count] = identity(uid[row], np.uint64(lived_in[row]), words)
            count += 1
        if works[row] != _SITE:
            by_owner[owner[row]] += 1.0
            if social:
                upkeep[district[row]] += prices[1] if replaced[row] else prices[0]
    for door in range(mean.size):
        mean[door] = worth[door] / max(every[door], 1)
        if whole(free[door], mine[door], every[door], majority):
            entrances[open_] = door
            open_ += 1
    return homes, own, count, open_, has_moved(account, by_owner)
