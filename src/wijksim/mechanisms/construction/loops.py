"""Compiled pass over dwellings that tells how many there are in each place, and of what quality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled


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
