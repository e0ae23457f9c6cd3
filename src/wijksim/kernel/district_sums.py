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
type Table = NDArray[np.float64]  # columns, districts
type Lines = NDArray[np.intp]
type Bytes = NDArray[np.uint8]

# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK: Final = 2**7
_UNROLLED: Final = 2**3


@compiled
def sort(district: NDArray[np.int32], order: Order, starts: Starts) -> int:
    """Sort rows by district and fill ``starts``; rows without a district are left out. Return how many stay.

    There is a pass for each district, as these are few and a pass without a branch is quick. Here and below a row
    is written before it is known to count, so that ``order`` has a place more than there are rows.
    """
    count = np.uint32(0)
    for d in range(np.uint32(starts.size - 1)):
        starts[d] = count
        for row in range(np.uint32(district.size)):
            order[count] = np.int32(row)
            count += np.uint32(district[row] == d)
    starts[starts.size - 1] = count
    return int(count)


@compiled
def keep_between(
    values: NDArray[np.int16],
    bounds: tuple[int, int],
    order: Order,
    starts: Starts,
    kept: Order,
    kept_starts: Starts,
) -> int:
    """Keep in ``kept`` the rows of ``order`` from the first bound up to, not including, the second; return how many."""
    first, span = np.int16(bounds[0]), np.uint16(bounds[1] - bounds[0])
    count = np.uint32(0)
    for d in range(starts.size - 1):
        kept_starts[d] = count
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            row = order[i]
            kept[count] = row
            # without its sign, a value below the first is beyond any span
            count += np.uint32(np.uint16(values[np.uint32(row)] - first) < span)
    kept_starts[starts.size - 1] = count
    return int(count)


@compiled
def chosen(
    part: NDArray[np.bool_], values: NDArray[Any], district: NDArray[np.int32], top: Floats, bottom: Floats
) -> None:
    """Add up and count the rows that are part of something, few as a rule, one by one as ``np.bincount`` does."""
    rows = np.empty(part.size + 1, np.uint32)
    count = np.uint32(0)
    for row in range(np.uint32(part.size)):
        rows[count] = row
        count += np.uint32(part[row])
    for i in range(count):
        row = rows[i]
        if district[row] >= 0:
            d = np.uint32(district[row])
            top[d] += np.float64(values[row])
            bottom[d] += 1.0


@compiled
def chosen_true(
    part: NDArray[np.uint8],
    values: NDArray[np.uint8],
    district: NDArray[np.int32],
    top: Floats,
    bottom: Floats,
) -> None:
    """Count the rows that are part of something, and those of them for which ``values`` holds, all of them bytes.

    A pass for each district, as these are few and a pass without a branch is quick.
    """
    for d in range(top.size):
        both, all_ = np.uint32(0), np.uint32(0)
        for row in range(part.size):
            here = part[row] & np.uint8(district[row] == d)
            all_ += np.uint32(here)
            both += np.uint32(here & values[row])
        top[d], bottom[d] = both, all_


@compiled
def true(values: NDArray[np.uint8], order: Order, starts: Starts, out: Floats) -> None:
    """Count truth values, handed over as bytes."""
    for d in range(out.size):
        count = np.uint32(0)
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            count += np.uint32(values[np.uint32(order[i])])
        out[d] = count


@compiled
def coded(
    values: NDArray[np.uint8], wanted: NDArray[np.uint8], order: Order, starts: Starts, out: Floats
) -> None:
    """Count codes for which ``wanted`` holds 1, not 0."""
    for d in range(out.size):
        count = np.uint32(0)
        for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
            count += np.uint32(wanted[values[np.uint32(order[i])]])
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


@compiled
def pairwise_lines(
    block: NDArray[Any], lines: Lines, order: Order, starts: Starts, places: Lines, top: Table, bottom: Table
) -> None:
    """Do :func:`pairwise` for some columns of a block, each a line of ``top``; rows per district go to ``bottom``."""
    for j in range(lines.size):
        values, place = block[lines[j]], places[j]
        for d in range(top.shape[1]):
            start, end = starts[d], starts[d + 1]
            bottom[place, d] = end - start
            if end > start:
                first = np.float64(values[np.uint32(order[start])])
                top[place, d] = first + _pairwise(values, order, start + 1, end - start - 1)
            else:
                top[place, d] = 0.0


@compiled
def true_lines(
    block: Bytes, lines: Lines, order: Order, starts: Starts, places: Lines, top: Table, bottom: Table
) -> None:
    """Do :func:`true` for some columns of a block, each a line of ``top``; rows per district go to ``bottom``."""
    for j in range(lines.size):
        values, place = block[lines[j]], places[j]
        for d in range(top.shape[1]):
            count = np.uint32(0)
            for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
                count += np.uint32(values[np.uint32(order[i])])
            top[place, d], bottom[place, d] = count, starts[d + 1] - starts[d]


@compiled
def coded_lines(
    block: Bytes,
    lines: Lines,
    wanted: Bytes,
    order: Order,
    starts: Starts,
    places: Lines,
    top: Table,
    bottom: Table,
) -> None:
    """Do :func:`coded` for some columns of a block, each a line of ``top`` and with a line of ``wanted``."""
    for j in range(lines.size):
        values, one, place = block[lines[j]], wanted[j], places[j]
        for d in range(top.shape[1]):
            count = np.uint32(0)
            for i in range(np.uint32(starts[d]), np.uint32(starts[d + 1])):
                count += np.uint32(one[values[np.uint32(order[i])]])
            top[place, d], bottom[place, d] = count, starts[d + 1] - starts[d]
