"""Passes over residents and households, compiled: one each, without arrays in between."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.table import Rows


@compiled
def visits(
    total: NDArray[np.float64],
    district: NDArray[Any],
    age: NDArray[Any],
    activity: NDArray[Any],
    safe: NDArray[Any],
    hours: NDArray[Any],
    terms: tuple[int, int, float],
) -> None:
    """Add residents, their visits to places and their volunteer hours to ``total``, shape ``(3, n)``.

    Parameters
    ----------
    terms
        First age that counts, the code of being employed, how much more those without a job come by.
    """
    first, employed, day = terms
    for i in range(district.size):
        where = district[i]
        if where < 0:
            continue
        total[0, where] += 1
        total[2, where] += hours[i]
        # both ways are computed: branches on who works would be guessed wrong
        more = 1.0 if activity[i] == employed else 1 + day
        total[1, where] += safe[i] * more if age[i] >= first else 0.0


@compiled
def grown(alive: NDArray[Any], age: NDArray[Any], hours: NDArray[Any], first: int) -> tuple[Rows, Rows]:
    """Living residents from an age on who volunteer, and those who do not, ascending."""
    busy, free = np.empty(age.size, np.int32), np.empty(age.size, np.int32)
    n = m = 0
    for i in range(age.size):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        busy[n] = free[m] = i
        old, works = alive[i] & (age[i] >= first), hours[i] > 0
        n += old & works
        m += old & (not works)
    return busy[:n].copy(), free[:m].copy()


@compiled
def spendable(
    total: NDArray[np.float64], district: NDArray[Any], income: NDArray[Any], housing: NDArray[Any]
) -> None:
    """Add what households have left after housing cost to ``total``, shape ``(n,)``."""
    for i in range(district.size):
        if district[i] >= 0 and income[i] > housing[i]:
            total[district[i]] += income[i] - housing[i]
