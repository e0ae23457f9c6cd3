"""Compiled passes over ties: which of them concern certain rows, how they are added and how holes are closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int64]
type Ends = NDArray[np.int32]
type Positions = NDArray[np.intp]
type Bools = NDArray[np.bool_]

_HALF = 32  # bits of a row in the code of a pair
_LOW, _HIGH = np.uint8(1), np.uint8(2)


@compiled
def touching(a: Ends, b: Ends, rows: Bools, out: Positions) -> int:
    """Fill ``out`` with the positions of ties with at least one end in the mask, return how many."""
    count = 0
    for i in range(np.uint32(a.size)):
        if rows[np.uint32(a[i])] | rows[np.uint32(b[i])]:  # few do: the branch is hardly ever guessed wrong
            out[count] = i
            count += 1
    return count


@compiled
def strangers(first: Rows, second: Rows, a: Ends, b: Ends, out: Positions) -> int:
    """Fill ``out`` with the positions of pairs between whom there is no tie, by lower and higher row; return how many.

    A row and itself are no pair, and of a pair that stands there twice the first is taken.
    """
    code, top, rising = np.empty(first.size, np.int64), np.int64(0), True
    for i in range(first.size):
        code[i] = (min(first[i], second[i]) << _HALF) | max(first[i], second[i])
        top = max(top, first[i], second[i])
        rising &= i == 0 or code[i] > code[i - 1]
    order = np.arange(first.size) if rising else np.argsort(code, kind="mergesort")
    # only ties between rows that are named are looked at closely; the last place stands for all rows above
    named = np.zeros(top + 2, np.uint8)
    count = 0
    for k in range(order.size):
        i = order[k]
        if first[i] != second[i] and (k == 0 or code[i] != code[order[k - 1]]):
            named[min(first[i], second[i])] |= _LOW
            named[max(first[i], second[i])] |= _HIGH
            out[count] = i
            count += 1
    near, found, beyond = np.empty(a.size + 1, np.int32), np.uint32(0), np.uint32(top + 1)
    for t in range(np.uint32(a.size)):
        near[found] = (
            t  # overwritten by the next unless it counts: many do, and a branch would be guessed wrong
        )
        found += np.uint32(named[min(np.uint32(a[t]), beyond)] & _LOW)
    known = np.zeros(count, np.bool_)
    for k in range(found):
        if not named[min(np.uint32(b[near[k]]), beyond)] & _HIGH:
            continue
        tie = (np.int64(a[near[k]]) << _HALF) | np.int64(b[near[k]])
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if code[out[middle]] < tie:
                low = middle + 1
            else:
                high = middle
        if low < count:
            known[low] |= code[out[low]] == tie
    left = 0
    for k in range(count):
        out[left] = out[k]
        left += not known[k]
    return left


# fmt: off
@compiled
def insert(
    a: Ends, b: Ends, strength: NDArray[np.float32], layer: NDArray[np.int8], ends: Positions, more: Positions,
    index: Positions, first: Rows, second: Rows, strengths: NDArray[np.float32], layers: NDArray[np.int8],
) -> None:
    # fmt: on
    """Add the pairs at ``index``, block by block, at the end of each block; later blocks move up.

    Parameters
    ----------
    a, b, strength, layer
        Ties with room behind them.
    ends, more
        Where each block ends, which is brought up to date, and how many pairs it gets.
    """
    ahead = more.sum()
    for block in range(ends.size - 1, -1, -1):
        ahead -= more[block]
        start, end = (ends[block - 1] if block else 0), ends[block]
        # order is free: as many of the first as the block moves go behind the last
        moving = min(ahead, end - start)
        for k in range(moving):
            place, mover = end + ahead - moving + k, start + k
            a[place], b[place] = a[mover], b[mover]
            strength[place], layer[place] = strength[mover], layer[mover]
    total = done = 0
    for block in range(ends.size):
        total += more[block]
        ends[block] += total
        for place in range(ends[block] - more[block], ends[block]):
            i = index[done]
            a[place], b[place] = min(first[i], second[i]), max(first[i], second[i])
            strength[place], layer[place] = strengths[i], layers[i]
            done += 1


# fmt: off
@compiled
def admit(
    first: Rows, second: Rows, strengths: NDArray[np.float32], layers: NDArray[np.int8], phase: NDArray[np.int8],
    same: int, size: int, ends: Positions, index: Positions, counts: NDArray[np.int16], a: Ends, b: Ends,
    strength: NDArray[np.float32], layer: NDArray[np.int8],
) -> int:
    # fmt: on
    """Add pairs between whom there is no tie yet, each to the block of its ``phase``, or all to the ``same``.

    There are ``size`` ties, with room behind them. Fill ``index`` with the positions of the pairs that were added, by
    block and within it by rows; return how many. ``counts`` of ties per row are brought up to date, if there are any.
    """
    count = strangers(first, second, a[:size], b[:size], index)
    if count == 0:
        return 0
    more = np.zeros(ends.size, np.intp)
    if phase.size == 0:
        more[same] = count
    else:
        new = index[:count].copy()
        for i in new:
            more[phase[i]] += 1
        place = np.cumsum(more) - more
        for i in new:
            index[place[phase[i]]] = i
            place[phase[i]] += 1
    insert(a, b, strength, layer, ends, more, index[:count], first, second, strengths, layers)
    for k in range(count if counts.size else 0):
        counts[first[index[k]]] += 1
        counts[second[index[k]]] += 1
    return count


@compiled
def close_holes(
    positions: Positions,
    ends: Positions,
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    layer: NDArray[np.int8],
) -> bool:
    """Remove the ties at ``positions`` from blocks that end at ``ends``, which are brought up to date.

    If the positions are not rising, change nothing and return False.
    """
    for i in range(1, positions.size):
        if positions[i] <= positions[i - 1]:
            return False
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
    return True


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
