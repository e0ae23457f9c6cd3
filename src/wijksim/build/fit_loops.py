"""Proportional fitting in compiled loops: tables scaled to their margins, weights to the shares they should have.

Sums are those of NumPy, which adds up what lies together in halves and the rest in order.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK: Final = 2**7
_UNROLLED: Final = 2**3


@compiled
def _sum(values: Floats) -> float:
    n = values.size
    if n < _UNROLLED:
        total = 0.0
        for i in range(n):
            total += values[i]
        return total
    if n > _BLOCK:
        half = n // 2
        half -= half % _UNROLLED
        return _sum(values[:half]) + _sum(values[half:])
    r0, r1, r2, r3 = values[0], values[1], values[2], values[3]
    r4, r5, r6, r7 = values[4], values[5], values[6], values[7]
    whole = n - n % _UNROLLED
    for i in range(_UNROLLED, whole, _UNROLLED):
        r0 += values[i]
        r1 += values[i + 1]
        r2 += values[i + 2]
        r3 += values[i + 3]
        r4 += values[i + 4]
        r5 += values[i + 5]
        r6 += values[i + 6]
        r7 += values[i + 7]
    total = float(((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7)))
    for i in range(whole, n):
        total += values[i]
    return total


@compiled
def _add_up(table: Floats, outer: int, kept: int, inner: int, now: Floats) -> None:
    now[:] = 0.0
    for i in range(outer):
        for k in range(kept):
            begin = (i * kept + k) * inner
            now[k] += table[begin] if inner == 1 else _sum(table[begin : begin + inner])


@compiled
def scale(
    table: Floats, shapes: Whole, totals: Floats, now: Floats, tolerance: float, most: int
) -> tuple[int, float]:
    """Scale the cells of a table until its margins have their totals; return rounds, 0 for too many, and the error.

    Parameters
    ----------
    table
        Cells in order.
    shapes
        Of each margin: lengths before, along and behind the axes that stay, and where its totals begin.
    totals, now
        Those wanted, and a place for those there are.
    """
    error = 0.0
    for rounds in range(1, most + 1):
        error = 0.0
        for m in range(shapes.shape[0]):
            outer, kept, inner, first = shapes[m, 0], shapes[m, 1], shapes[m, 2], shapes[m, 3]
            _add_up(table, outer, kept, inner, now[:kept])
            for k in range(kept):
                error = max(error, abs(now[k] - totals[first + k]))
                now[k] = totals[first + k] / now[k] if now[k] > 0 else 0.0
            for i in range(outer):
                for k in range(kept):
                    for cell in range((i * kept + k) * inner, (i * kept + k + 1) * inner):
                        table[cell] *= now[k]
        # the error was measured before each scaling: small everywhere means that nothing moved
        if error <= tolerance:
            return rounds, error
    return 0, error


@compiled
def rake(
    weight: Floats,
    codes: Whole,
    shares: Floats,
    flags: NDArray[np.bool_],
    wanted: Floats,
    most: int,
    close: float,
) -> None:
    """Adjust weights of sum 1 in turn until categories and flags, a line each, have the wanted shares.

    Parameters
    ----------
    most, close
        Largest number of rounds, and how little has to move in one to be the last.
    """
    before, some, now = np.empty(weight.size), np.empty(weight.size), np.empty(shares.size)
    rows, ends, count = np.empty(flags.size, np.int32), np.empty(wanted.size, np.int64), 0
    for f in range(wanted.size):
        for i in range(weight.size):
            rows[count] = i
            count += int(flags[f, i])
        ends[f] = count
    for _ in range(most):
        before[:] = weight
        now[:] = 0.0
        for i in range(weight.size):
            now[codes[i]] += weight[i]
        for k in range(now.size):
            now[k] = shares[k] / now[k] if now[k] > 0 else 0.0
        for i in range(weight.size):
            weight[i] *= now[codes[i]]
        for f in range(wanted.size):
            begin = ends[f - 1] if f > 0 else 0
            for i in range(begin, ends[f]):
                some[i - begin] = weight[rows[i]]
            total, yes = _sum(weight), _sum(some[: ends[f] - begin])
            if 0 < yes < total:
                more, less = wanted[f] * total / yes, (1 - wanted[f]) * total / (total - yes)
                for i in range(weight.size):
                    weight[i] *= more if flags[f, i] else less
        total = _sum(weight)
        for i in range(weight.size):
            weight[i] /= total
            some[i] = abs(weight[i] - before[i])
        if _sum(some) < close:
            break
