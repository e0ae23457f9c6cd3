"""Steps of an event, compiled: many events have few candidates each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
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


@compiled
def keep_within(values: Floats, low: float, high: float) -> int:
    """Keep values within bounds, in place; return how many lay outside."""
    outside = 0
    for i in range(values.size):
        if values[i] < low:
            values[i] = low
            outside += 1
        elif values[i] > high:
            values[i] = high
            outside += 1
    return outside
