"""Adding up drivers, compiled: one pass per driver over the rows, without arrays in between.

Narrow columns (float32, small integers, truth) are weighed in single precision and wide ones (float64, int32, int64)
in double, as NumPy would by the types of the two sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.table import Rows

WIDE = frozenset(np.dtype(kind) for kind in (np.float64, np.int32, np.int64, np.uint64))


@compiled
def add_narrow(total: NDArray[Any], column: NDArray[Any], factor: float) -> None:
    """Add a whole column, weighed, to ``total``."""
    weight = np.float32(factor)
    for i in range(total.size):
        total[i] += np.float32(column[i]) * weight


@compiled
def add_wide(total: NDArray[Any], column: NDArray[Any], factor: float) -> None:
    """Add a whole column of a wide type, weighed, to ``total``."""
    for i in range(total.size):
        total[i] += np.float64(column[i]) * factor


@compiled
def add_match(total: NDArray[Any], column: NDArray[Any], codes: NDArray[np.int64], factor: float) -> None:
    """Add the weight where a whole column holds one of ``codes``."""
    weight = np.float32(factor)
    for i in range(total.size):
        for code in codes:
            if column[i] == code:
                total[i] += weight
                break


@compiled
def add_narrow_at(
    total: NDArray[Any], column: NDArray[Any], rows: Rows, nobody: float, factor: float
) -> None:
    """Add what ``rows`` of a column hold, weighed; a row of -1 holds ``nobody``."""
    weight = np.float32(factor)
    for i in range(total.size):
        row = rows[i]
        value = np.float32(nobody) if row < 0 else np.float32(column[np.uint32(row)])
        total[i] += value * weight


@compiled
def add_wide_at(total: NDArray[Any], column: NDArray[Any], rows: Rows, nobody: float, factor: float) -> None:
    """Add what ``rows`` of a wide column hold, weighed; a row of -1 holds ``nobody``."""
    for i in range(total.size):
        row = rows[i]
        value = nobody if row < 0 else np.float64(column[np.uint32(row)])
        total[i] += value * factor


@compiled
def add_match_at(
    total: NDArray[Any],
    column: NDArray[Any],
    rows: Rows,
    nobody: float,
    codes: NDArray[np.int64],
    factor: float,
) -> None:
    """Add the weight where ``rows`` of a column hold one of ``codes``; a row of -1 holds ``nobody``."""
    weight = np.float32(factor)
    for i in range(total.size):
        row = rows[i]
        value = np.int64(nobody) if row < 0 else np.int64(column[np.uint32(row)])
        for code in codes:
            if value == code:
                total[i] += weight
                break


def add(
    total: NDArray[Any],
    column: NDArray[Any],
    factor: float,
    *,
    codes: NDArray[np.int64] | None = None,
    rows: Rows | None = None,
    nobody: float = 0.0,
) -> NDArray[Any]:
    """Add one driver to ``total`` and return the sum, which is double from the first wide driver on.

    Parameters
    ----------
    total
        Sum so far, float32 or float64; used up.
    column
        The driver's column, or its values for the rows of ``total`` if ``rows`` is None.
    factor
        Weight per unit.
    codes
        Codes that count as 1, everything else as 0; None takes the values themselves.
    rows
        Rows of ``column``, shape of ``total``; -1 for none.
    nobody
        Value where there is no row.
    """
    if codes is not None:
        if rows is None:
            add_match(total, column, codes, factor)
        else:
            add_match_at(total, column, rows, nobody, codes, factor)
        return total
    if column.dtype not in WIDE:
        if rows is None:
            add_narrow(total, column, factor)
        else:
            add_narrow_at(total, column, rows, nobody, factor)
        return total
    wide = total.astype(np.float64, copy=False)
    weight = factor if column.dtype == np.float64 else float(np.float32(factor))
    if rows is None:
        add_wide(wide, column, weight)
    else:
        add_wide_at(wide, column, rows, nobody, weight)
    return wide
