"""Compiled: what the ties of each resident add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Weights = NDArray[np.float32]
type Floats = NDArray[np.float64]


@compiled
def count_all(a: Rows, b: Rows, number: NDArray[np.int16]) -> None:
    """Fill ``number`` with the ties of each resident."""
    number[:] = 0
    for i in range(a.size):
        number[a[i]] += 1
        number[b[i]] += 1


@compiled
def count_from(a: Rows, b: Rows, strength: Weights, limit: float, number: NDArray[np.int64]) -> None:
    """Add the ties that are no weaker than ``limit`` to ``number``."""
    least = np.float32(limit)
    for i in range(a.size):
        strong = strength[i] >= least
        number[a[i]] += strong
        number[b[i]] += strong


@compiled
def strength_across(side: Rows, other: NDArray[np.bool_], strength: Weights, sums: Floats) -> None:
    """Add the strength of ties to one end of each: two places per resident, the own milieu and another."""
    for i in range(side.size):
        sums[2 * side[i] + other[i]] += np.float64(strength[i])


@compiled
def sum_beyond(side: Rows, layer: NDArray[np.int8], within: int, encounters: Weights, total: Floats) -> None:
    """Add the encounters of ties of every layer but one to one end of each."""
    for i in range(side.size):
        if layer[i] != within:
            total[side[i]] += np.float64(encounters[i])


@compiled
def expected(a: Rows, b: Rows, layer: NDArray[np.int8], root: Weights, rates: Weights, out: Weights) -> None:
    """Fill ``out`` with the encounters a month of each tie."""
    for i in range(a.size):
        out[i] = root[np.uint32(a[i])] * root[np.uint32(b[i])] * rates[layer[i]]


@compiled
def unequal(a: Rows, b: Rows, codes: NDArray[Any], out: NDArray[np.bool_]) -> None:
    """Fill ``out`` with whether the two ends of each tie differ in a code."""
    for i in range(a.size):
        out[i] = codes[np.uint32(a[i])] != codes[np.uint32(b[i])]
