"""Where a process with two directions is in balance: who is in the state to begin with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]


@compiled
def balanced(begin: Floats, end: Floats, luck: Floats, still: float, out: NDArray[np.bool_]) -> None:
    """Fill ``out`` with who is in the state where beginning and ending balance.

    Parameters
    ----------
    begin, end
        Chance of either in a month.
    luck
        A uniform draw for each, for life.
    still
        Chance of being in the state for those to whom neither happens.
    """
    for i in range(out.size):
        both = begin[i] + end[i]
        out[i] = luck[i] < (begin[i] / both if both > 0 else still)
