"""Compiled loops over rows of a table that is handled as a block of cells, whatever the cells mean."""

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
