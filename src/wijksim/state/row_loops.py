"""Compiled loops over rows of a table whose columns lie in one piece, and sums of rows by what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]


@compiled
def _write(cells: NDArray[Any], default: Any, rows: NDArray[Any]) -> None:
    for i in range(rows.size):
        cells[rows[i]] = default


@compiled
def reset(
    memory: NDArray[np.uint8],
    columns: NDArray[np.int64],
    defaults: NDArray[np.uint64],
    rows: NDArray[Any],
) -> None:
    """Give all columns of a table their defaults in ``rows``.

    Parameters
    ----------
    memory
        All columns in one piece.
    columns
        Bytes of a cell, and where the column begins; shape ``(n, 2)``.
    defaults
        Bits of a default cell.
    """
    for k in range(columns.shape[0]):
        width, cells, default = columns[k, 0], memory[columns[k, 1] :], defaults[k]
        if width == 1:
            _write(cells, np.uint8(default), rows)
        elif width == 2:
            _write(cells.view(np.uint16), np.uint16(default), rows)
        elif width == 4:
            _write(cells.view(np.uint32), np.uint32(default), rows)
        else:
            _write(cells.view(np.uint64), default, rows)


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
def count_by(place: NDArray[np.int32], out: Floats) -> None:
    """Fill ``out`` with the rows that belong to each place; a pass for each, as places are few, has no branch."""
    for one in range(out.size):
        count = np.int32(0)
        for row in range(place.size):
            count += np.int32(place[row] == one)
        out[one] = count


@compiled
def add_by(place: NDArray[np.int32], values: Floats, out: Floats) -> None:
    """Add up values by the place their rows belong to, row by row as ``np.bincount`` does."""
    for row in range(place.size):
        if place[row] >= 0:
            out[np.uint32(place[row])] += values[row]


@compiled
def add_pairs_by(
    cells: NDArray[np.int32], top: Floats, bottom: Floats, tops: Floats, bottoms: Floats
) -> None:
    """Add up two values of every row by its cell of each line, row by row; -1 is no cell."""
    for line in range(cells.shape[0]):
        for row in range(cells.shape[1]):
            cell = cells[line, row]
            if cell >= 0:
                tops[np.uint32(cell)] += top[row]
                bottoms[np.uint32(cell)] += bottom[row]


@compiled
def count_codes(codes: NDArray[np.int8], counts: NDArray[np.int64]) -> None:
    """Add to ``counts`` how many rows hold each code."""
    for row in range(codes.size):
        counts[codes[row]] += 1
