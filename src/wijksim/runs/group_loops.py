"""Sums by group and district in one compiled pass over the rows of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]


@compiled
def add_by_cells(
    cells: NDArray[np.int32], top: Floats, bottom: Floats, tops: Floats, bottoms: Floats
) -> None:
    """Add up two values of every row by each of the cells that it is in, row by row; -1 is no cell.

    A row goes to all its cells before the next one does: the same cell twice in a row would wait for itself.
    """
    for row in range(cells.shape[0]):
        above, below = top[row], bottom[row]
        if above != 0 or below != 0:
            for line in range(cells.shape[1]):
                cell = cells[row, line]
                if cell >= 0:
                    tops[np.uint32(cell)] += above
                    bottoms[np.uint32(cell)] += below
