"""Steps of an event before and after its exponentials, compiled: many events have few candidates each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.table import Rows


@compiled
def powers(total: NDArray[Any], constant: float, clip: float, c: float, out: NDArray[np.float64]) -> None:
    """Centre a sum of drivers in its own precision, keep it within the clip and take off the normaliser."""
    for i in range(total.size):
        power = float(total[i] - constant)
        if power < -clip:
            power = -clip
        if power > clip:
            power = clip
        out[i] = power - c


@compiled
def struck(
    rows: Rows, u: NDArray[np.float64], chance: NDArray[np.float64], cap: float, hits: Rows
) -> tuple[int, int]:
    """Cap the chances in place and fill ``hits`` with the rows whose draw lies below; return how many, and capped."""
    count, capped = 0, 0
    for i in range(rows.size):
        if chance[i] > cap:
            chance[i] = cap
            capped += 1
        if u[i] < chance[i]:
            hits[count] = rows[i]
            count += 1
    return count, capped
