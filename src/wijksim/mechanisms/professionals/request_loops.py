"""Compiled loop over crises: which there are, whom they concern, and how many of each kind."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Rows = NDArray[np.int32]

_BLOCK = 2**6
_LINES = len(("row", "uid", "kind"))


@inlined
def _count(column: NDArray[Any]) -> int:
    """Rows where a column is not zero."""
    number = 0
    for i in range(column.size):
        number += column[i] != 0
    return number


@inlined
def _add(column: NDArray[Any], code: int, row: Rows, kind: Codes, count: Floats, n: int) -> int:
    """Add an entry for every row where a column is not zero to the first ``n``, and return how many there are then."""
    for start in range(0, column.size, _BLOCK):
        # crises are rare: most blocks are done with in a few instructions
        part, anything = column[start : start + _BLOCK], False
        for i in range(part.size):
            anything |= part[i] != 0
        if anything:
            for i in range(part.size):
                if part[i] != 0:
                    row[n], kind[n], count[n] = start + i, code, part[i]
                    n += 1
    return n


@compiled
def happened(
    crises: Codes,
    youth: Flags,
    violence: Codes,
    eviction: Flags,
    debt: Flags,
    head: Rows,
    codes: Codes,
    holder: Uids,
) -> tuple[Whole, Floats, tuple[float, float, float, float, float]]:
    """Crises by column and row: numbers (see ``crises.Work``), and how many; and how many of each kind.

    ``codes`` are the kinds in the order of the columns, of which the last three are of households: what befalls a
    household concerns its head.
    """
    most = _count(crises) + _count(youth) + _count(violence) + _count(eviction) + _count(debt)
    row, kind, count = np.empty(most, np.int32), np.empty(most, np.int8), np.empty(most)
    n = _add(crises, codes[0], row, kind, count, 0)
    n = own = _add(youth, codes[1], row, kind, count, n)
    n = _add(violence, codes[2], row, kind, count, n)
    n = _add(eviction, codes[3], row, kind, count, n)
    n = _add(debt, codes[4], row, kind, count, n)
    kept = own
    for i in range(own, n):
        row[kept], kind[kept], count[kept] = head[row[i]], kind[i], count[i]
        kept += row[kept] >= 0
    numbers, of_kind = np.empty((_LINES, kept), np.int64), np.zeros(codes.size)
    for i in range(kept):
        numbers[0, i], numbers[1, i], numbers[2, i] = row[i], np.int64(holder[row[i]]), kind[i]
        of_kind[kind[i]] += count[i]
    return numbers, count[:kept].copy(), (of_kind[0], of_kind[1], of_kind[2], of_kind[3], of_kind[4])
