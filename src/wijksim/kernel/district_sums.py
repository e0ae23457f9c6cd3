"""Sums per district in compiled loops, over rows that stand sorted by district.

Rows of a district stand together in ``order``, those of district ``d`` from ``starts[d]`` to ``starts[d + 1]``.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Order = NDArray[np.int32]
type Starts = NDArray[np.int64]
type Floats = NDArray[np.float64]

# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK: Final = 2**7
_UNROLLED: Final = 2**3


@compiled
def sort(district: NDArray[np.int32], starts: Starts, order: Order) -> int:
    """Sort rows by district and fill ``starts``; rows without a district are left out. Return how many stay."""
    starts[:] = 0
    n = starts.size - 1
    for row in range(district.size):
        if district[row] >= 0:
            starts[np.uint32(district[row]) + 1] += 1
    for d in range(n):
        starts[d + 1] += starts[d]
    free = starts.copy()
    for row in range(district.size):
        if district[row] >= 0:
            place = np.uint32(district[row])
            order[free[place]] = row
            free[place] += 1
    return int(starts[n])


@compiled
def keep(part: NDArray[np.bool_], order: Order, starts: Starts, kept: Order, kept_starts: Starts) -> int:
    """Fill ``kept`` and ``kept_starts`` with the rows of ``order`` that are in ``part``; return how many."""
    count = 0
    for d in range(starts.size - 1):
        kept_starts[d] = count
        for i in range(starts[d], starts[d + 1]):
            kept[count] = order[i]
            count += part[np.uint32(order[i])]
    kept_starts[starts.size - 1] = count
    return count


@compiled
def keep_ages(
    age: NDArray[np.int16],
    first: int,
    end: int,
    order: Order,
    starts: Starts,
    kept: Order,
    kept_starts: Starts,
) -> int:
    """Do what :func:`keep` does for those of age ``first`` up to, not including, ``end``."""
    count = 0
    for d in range(starts.size - 1):
        kept_starts[d] = count
        for i in range(starts[d], starts[d + 1]):
            kept[count] = order[i]
            years = age[np.uint32(order[i])]
            count += (years >= first) & (years < end)
    kept_starts[starts.size - 1] = count
    return count


@compiled
def true(values: NDArray[np.uint8], order: Order, starts: Starts, out: Floats) -> None:
    """Count truth values, handed over as bytes."""
    for d in range(out.size):
        count = 0
        for i in range(starts[d], starts[d + 1]):
            count += values[np.uint32(order[i])]
        out[d] = count


@compiled
def coded(
    values: NDArray[np.uint8], wanted: NDArray[np.uint8], order: Order, starts: Starts, out: Floats
) -> None:
    """Count codes for which ``wanted`` holds 1, not 0."""
    for d in range(out.size):
        count = 0
        for i in range(starts[d], starts[d + 1]):
            count += wanted[values[np.uint32(order[i])]]
        out[d] = count


@compiled
def running(values: NDArray[Any], order: Order, starts: Starts, out: Floats) -> None:
    """Add up one by one, as ``np.bincount`` does."""
    for d in range(out.size):
        total = 0.0
        for i in range(starts[d], starts[d + 1]):
            total += np.float64(values[np.uint32(order[i])])
        out[d] = total


@compiled
def _pairwise(values: NDArray[Any], order: Order, start: int, n: int) -> float:
    if n < _UNROLLED:
        total = 0.0
        for i in range(start, start + n):
            total += np.float64(values[np.uint32(order[i])])
        return total
    if n > _BLOCK:
        half = n // 2
        half -= half % _UNROLLED
        return _pairwise(values, order, start, half) + _pairwise(values, order, start + half, n - half)
    r0 = np.float64(values[np.uint32(order[start])])
    r1 = np.float64(values[np.uint32(order[start + 1])])
    r2 = np.float64(values[np.uint32(order[start + 2])])
    r3 = np.float64(values[np.uint32(order[start + 3])])
    r4 = np.float64(values[np.uint32(order[start + 4])])
    r5 = np.float64(values[np.uint32(order[start + 5])])
    r6 = np.float64(values[np.uint32(order[start + 6])])
    r7 = np.float64(values[np.uint32(order[start + 7])])
    whole = start + n - n % _UNROLLED
    for i in range(start + _UNROLLED, whole, _UNROLLED):
        r0 += np.float64(values[np.uint32(order[i])])
        r1 += np.float64(values[np.uint32(order[i + 1])])
        r2 += np.float64(values[np.uint32(order[i + 2])])
        r3 += np.float64(values[np.uint32(order[i + 3])])
        r4 += np.float64(values[np.uint32(order[i + 4])])
        r5 += np.float64(values[np.uint32(order[i + 5])])
        r6 += np.float64(values[np.uint32(order[i + 6])])
        r7 += np.float64(values[np.uint32(order[i + 7])])
    total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(whole, start + n):
        total += np.float64(values[np.uint32(order[i])])
    return total


@compiled
def pairwise(values: NDArray[Any], order: Order, starts: Starts, out: Floats) -> None:
    """Add up as ``np.add.reduceat`` does: the first, and the rest in halves, which keeps rounding small."""
    for d in range(out.size):
        start, end = starts[d], starts[d + 1]
        if end > start:
            first = np.float64(values[np.uint32(order[start])])
            out[d] = first + _pairwise(values, order, start + 1, end - start - 1)
        else:
            out[d] = 0.0
