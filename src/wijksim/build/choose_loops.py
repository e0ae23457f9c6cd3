"""Who is chosen and how many each gets, in compiled loops."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]


@compiled
def ranked(luck: Floats, order: Whole) -> None:
    """Fill ``order`` as a stable sort does: draws from 0 to 1 are put in as many boxes, which hold one or two each."""
    n = luck.size
    begins, box = np.zeros(n + 1, np.int64), np.empty(n, np.int64)
    for i in range(n):
        box[i] = min(int(luck[i] * n), n - 1)
        begins[box[i] + 1] += 1
    for k in range(n):
        begins[k + 1] += begins[k]
    ends = begins.copy()
    for i in range(n):
        begin, at = begins[box[i]], ends[box[i]]
        ends[box[i]] += 1
        while at > begin and luck[order[at - 1]] > luck[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i


@compiled
def happen(chance: Floats, luck: Floats, start: float, happens: NDArray[np.bool_]) -> None:
    """Let happen what brings the running sum of the chances, in order of luck, to the next whole number."""
    order = np.empty(luck.size, np.int64)
    ranked(luck, order)
    total, before = 0.0, 0
    for row in order:
        total += chance[row]
        step = floor(total + start)
        happens[row] = step > before
        before = step


@compiled
def poisson(mean: Floats, none: Floats, luck: Floats, most: int, counts: Whole) -> int:
    """Fill ``counts`` with draws from capped Poisson distributions, by mean and chance of none; return their sum."""
    total = 0
    for row in range(mean.size):
        term = none[row]
        below, count = term, 0
        for k in range(1, most + 1):
            count += int(luck[row] >= below)
            term *= mean[row] / k
            below += term
        counts[row] = count
        total += count
    return total


@compiled
def weigh(codes: NDArray[np.uint8], lines: Whole, weights: Floats, rows: Whole, sums: Floats) -> None:
    """Fill ``sums`` with the weights of the categories of rows, added up over some lines of codes in order."""
    sums[:] = 0.0
    for k in range(lines.size):
        line, weight = codes[lines[k]], weights[k]
        for i in range(rows.size):
            sums[i] += weight[line[rows[i]]]
