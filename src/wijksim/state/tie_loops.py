"""Compiled passes over ties: which of them concern certain rows, and how holes are closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Positions = NDArray[np.intp]
type Bools = NDArray[np.bool_]


@compiled
def touching(a: Ends, b: Ends, rows: Bools, out: Positions) -> int:
    """Fill ``out`` with the positions of ties with at least one end in the mask, return how many."""
    count = 0
    for i in range(a.size):
        out[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += rows[np.uint32(a[i])] | rows[np.uint32(b[i])]
    return count


@compiled
def linking(a: Ends, b: Ends, low: Bools, high: Bools, out: Positions) -> int:
    """Fill ``out`` with the positions of ties from the mask ``low`` to the mask ``high``, return how many."""
    count = 0
    for i in range(a.size):
        out[count] = i
        count += low[np.uint32(a[i])] & high[np.uint32(b[i])]
    return count


@compiled
def close_holes(
    positions: Positions,
    ends: Positions,
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    layer: NDArray[np.int8],
) -> None:
    """Remove the ties at rising ``positions`` from blocks that end at ``ends``, which are brought up to date."""
    at = start = behind = 0
    for block in range(ends.size):
        end = ends[block]
        hole = at
        while at < positions.size and positions[at] < end:
            at += 1
        cut = end - (at - hole)
        # the first of the positions beyond the cut: those from there on are not there to be moved
        skip = hole
        while skip < at and positions[skip] < cut:
            skip += 1
        for mover in range(cut, end):
            if skip < at and positions[skip] == mover:
                skip += 1
                continue
            place = positions[hole]
            hole += 1
            a[place], b[place] = a[mover], b[mover]
            strength[place], layer[place] = strength[mover], layer[mover]
        # the gap that earlier blocks left is filled with the last of this one
        moving = min(start - behind, cut - start)
        for i in range(moving):
            place, mover = behind + i, cut - moving + i
            a[place], b[place] = a[mover], b[mover]
            strength[place], layer[place] = strength[mover], layer[mover]
        behind += cut - start
        ends[block] = behind
        start = end


@compiled
def cut(
    rows: Bools,
    ends: Positions,
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    layer: NDArray[np.int8],
) -> int:
    """Remove the ties with at least one end in the mask, from blocks that end at ``ends``; return how many."""
    size = ends[-1]
    found = np.empty(size, np.intp)
    count = touching(a[:size], b[:size], rows, found)
    if count:
        close_holes(found[:count], ends, a, b, strength, layer)
    return count
