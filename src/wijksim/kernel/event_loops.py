"""Steps of an event before and after its exponentials, compiled: many events have few candidates each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.table import Rows

type Floats = NDArray[np.float64]


@compiled
def powers(total: NDArray[Any], constant: float, clip: float, c: float, out: Floats) -> None:
    """Centre a sum of drivers in its own precision, keep it within the clip and take off the normaliser."""
    for i in range(total.size):
        power = float(total[i] - constant)
        if power < -clip:
            power = -clip
        if power > clip:
            power = clip
        out[i] = power - c


@compiled
def monthly(ratio: Floats, base: Floats) -> None:
    """Turn ratios in place into the power of e by which nothing happens in a month, with a yearly rate per row."""
    for i in range(ratio.size):
        ratio[i] = ratio[i] * base[i] / -MONTHS_PER_YEAR


@compiled
def monthly_of_one(ratio: Floats, base: float) -> None:
    """Do :func:`monthly` with one yearly rate for all."""
    for i in range(ratio.size):
        ratio[i] = ratio[i] * base / -MONTHS_PER_YEAR


@compiled
def struck(rows: Rows, u: Floats, chance: Floats, cap: float, hits: Rows) -> tuple[int, int]:
    """Turn the sign of the chances and cap them, in place, and fill ``hits`` with the rows whose draw lies below.

    Return how many were hit, and how many capped.
    """
    count, capped = 0, 0
    for i in range(rows.size):
        chance[i] = -chance[i]
        if chance[i] > cap:
            chance[i] = cap
            capped += 1
        if u[i] < chance[i]:
            hits[count] = rows[i]
            count += 1
    return count, capped


@compiled
def held(column: NDArray[Any], rows: Rows, edges: Floats, rates: Floats, out: Floats) -> None:
    """Fill ``out`` with the rate of the piece in which the value of each row lies; pieces are few."""
    for i in range(rows.size):
        value, piece = column[rows[i]], 0
        while piece < edges.size and edges[piece] <= value:
            piece += 1
        out[i] = rates[piece]


@compiled
def held_for(column: NDArray[Any], rows: Rows, month: int, edges: Floats, rates: Floats, out: Floats) -> None:
    """Do :func:`held` by the months since the one that the column holds."""
    for i in range(rows.size):
        value, piece = month - column[rows[i]], 0
        while piece < edges.size and edges[piece] <= value:
            piece += 1
        out[i] = rates[piece]
