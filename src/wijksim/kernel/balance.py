"""Where a process with two directions is in balance: who is in the state to begin with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int32]


@inlined
def _within(begin: float, end: float, luck: float, still: float) -> bool:
    """Whether one of them is in the state where beginning and ending balance; see :func:`write_balanced`."""
    both = begin + end
    return luck < (begin / both if both > 0 else still)


# fmt: off
@compiled
def write_balanced(
    rows: Rows, begin: Floats, end: Floats, luck: Floats, still: float, column: NDArray[np.bool_]
) -> None:
    # fmt: on
    """Write to ``column`` which of ``rows`` are in the state where beginning and ending balance.

    Parameters
    ----------
    begin, end
        Chance of either in a month.
    luck
        A uniform draw for each, for life.
    still
        Chance of being in the state for those to whom neither happens.
    """
    for i in range(rows.size):
        column[rows[i]] = _within(begin[i], end[i], luck[i], still)


@compiled
def list_balanced(rows: Rows, begin: Floats, end: Floats, luck: Floats, out: Rows) -> int:
    """Fill ``out`` with those of ``rows`` whom :func:`write_balanced` would find, return how many.

    To whom neither happens is not among them.
    """
    count = 0
    for i in range(rows.size):
        if _within(begin[i], end[i], luck[i], 0.0):
            out[count] = rows[i]
            count += 1
    return count
