"""Steps of an event, compiled: many events have few candidates each."""

from __future__ import annotations

from math import exp, expm1
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
def befall(
    rows: Rows, u: Floats, power: Floats, base: Floats, cap: float, chance: Floats, hits: Rows
) -> tuple[int, int]:
    """Fill ``chance`` with the chances of a month, capped, and ``hits`` with the rows whose draw lies below.

    ``power`` (log of the ratio) and ``base`` (yearly rate) have one value per row, or one for all. Return how many
    were hit, and how many capped.
    """
    count, capped = 0, 0
    for i in range(rows.size):
        ratio = exp(power[i] if power.size > 1 else power[0])
        p = -expm1(ratio * (base[i] if base.size > 1 else base[0]) / -MONTHS_PER_YEAR)
        if p > cap:
            p = cap
            capped += 1
        chance[i] = p
        if u[i] < p:
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
