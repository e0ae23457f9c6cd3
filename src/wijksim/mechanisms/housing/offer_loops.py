"""Who looks where and what may be let to whom: compiled passes over lists of seekers and over offers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

@compiled
def lawful(
    seekers: Rows,
    persons: Codes,
    income: NDArray[np.float32],
    rooms: Codes,
    rent: NDArray[np.float32],
    excepted: Bools,
    free: Bools,
    caps: NDArray[np.float32],
    limits: Floats,
    sizes: Floats,
    out: Bools,
) -> None:
    """Mark in ``out``, of the shape of ``seekers``, to whom each dwelling may be let; -1 stands for nobody.

    Parameters
    ----------
    rooms, rent, excepted, free
        Per dwelling; whether it is excepted from appropriate letting and from the income limit.
    caps
        Rent up to which a dwelling is appropriate for the benefit of a small and of a large household.
    limits
        Income up to which a single and a larger household have that benefit, and up to which they may be let to.
    sizes
        Persons of a large household, and rooms more than persons that are allowed.
    """
    for i in range(seekers.shape[0]):
        for j in range(seekers.shape[1]):
            row = seekers[i, j]
            out[i, j] = False
            if row < 0:
                continue
            many = np.int64(persons[row])
            fits = many <= rooms[i] + 1 and many >= rooms[i] - sizes[1]
            dear = not excepted[i] and rent[i] > (caps[0] if many < sizes[0] else caps[1])
            benefit = income[row] <= (limits[0] if many <= 1 else limits[1])
            rich = income[row] > (limits[2] if many <= 1 else limits[3])
            out[i, j] = fits and not (benefit and dear) and (free[i] or not rich)


@compiled
def merge(
    rows: Rows,
    place: Floats,
    gone: Bools,
    new_rows: Rows,
    new_place: Floats,
    out_rows: Rows,
    out_place: Floats,
) -> int:
    """Fill the lists, ascending by place, with those of ``rows`` who are not ``gone`` and with ``new_rows``.

    Both stand by place already; of equal places who was there goes first. Return how many.
    """
    count, j = 0, 0
    for i in range(rows.size):
        if gone[rows[i]]:
            continue
        while j < new_rows.size and new_place[j] < place[i]:
            out_rows[count], out_place[count] = new_rows[j], new_place[j]
            j += 1
            count += 1
        out_rows[count], out_place[count] = rows[i], place[i]
        count += 1
    while j < new_rows.size:
        out_rows[count], out_place[count] = new_rows[j], new_place[j]
        j += 1
        count += 1
    return count


@compiled
def leaving(alive: Bools, wants_home: Codes, home_sought: Codes, out: Rows) -> int:
    """Fill ``out`` with residents who begin to want a home; who wants none any more stops looking. Return how many."""
    count = 0
    for i in range(alive.size):
        if wants_home[i] > 0:
            if home_sought[i] < 0 and alive[i]:
                out[count] = i
                count += 1
        elif wants_home[i] == 0 and home_sought[i] >= 0:
            home_sought[i] = -1
    return count
