"""Compiled loops over rows of a table that is handled as a block of cells, and sums of rows by what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Block = NDArray[Any]


@compiled
def reset(block: Block, defaults: Block, rows: NDArray[Any]) -> None:
    """Give every line of ``block`` its default, shape ``(lines, 1)``, in ``rows``."""
    for line in range(block.shape[0]):
        default = defaults[line, 0]
        for i in range(rows.size):
            block[line, rows[i]] = default


@compiled
def bury(alive: NDArray[np.bool_], rows: NDArray[Any]) -> bool:
    """Take ``rows`` out of the mask; if one is named twice or not in it, change nothing and return False."""
    for i in range(rows.size):
        if not alive[rows[i]]:
            for j in range(i):
                alive[rows[j]] = True
            return False
        alive[rows[i]] = False
    return True


@compiled
def count_by(place: NDArray[np.int32], out: NDArray[np.float64]) -> None:
    """Fill ``out`` with the rows that belong to each place; a pass for each, as places are few, has no branch."""
    for one in range(out.size):
        count = np.int32(0)
        for row in range(place.size):
            count += np.int32(place[row] == one)
        out[one] = count


@compiled
def add_by(place: NDArray[np.int32], values: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Add up values by the place their rows belong to, row by row as ``np.bincount`` does."""
    for row in range(place.size):
        if place[row] >= 0:
            out[np.uint32(place[row])] += values[row]
