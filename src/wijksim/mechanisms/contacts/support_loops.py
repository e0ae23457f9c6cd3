"""Compiled: hours of support spread over the ties of those who ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Hours = NDArray[np.float64]


@compiled
def spread(
    a: Ends,
    b: Ends,
    strength: NDArray[np.float32],
    asks: NDArray[np.bool_],
    need: NDArray[np.float32],
    need_hours: float,
    able: Hours,
    received: Hours,
    given: Hours,
) -> None:
    """Fill ``received`` and ``given``, which hold zeros.

    In each tie either end may ask the other. Sums go over all ties in which ``a`` asks, then those in which ``b``
    does.
    """
    of_a, of_b = np.empty(a.size, np.uint32), np.empty(a.size, np.uint32)
    first = second = 0
    for i in range(a.size):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        of_a[first] = of_b[second] = i
        first += asks[np.uint32(a[i])]
        second += asks[np.uint32(b[i])]
    number = first + second
    receiver, giver = np.empty(number, np.uint32), np.empty(number, np.uint32)
    asked = np.empty(number)
    total = np.zeros(asks.size)
    for k in range(number):
        i = of_a[k] if k < first else of_b[k - first]
        receiver[k], giver[k] = (a[i], b[i]) if k < first else (b[i], a[i])
        asked[k] = strength[i]
        total[receiver[k]] += asked[k]
    # from here on what is wanted for each unit of strength
    hours = np.float32(need_hours)
    for row in range(total.size):
        total[row] = np.float64(need[row] * hours) / max(total[row], 1.0)
    for k in range(number):
        asked[k] *= total[receiver[k]]
        given[giver[k]] += asked[k]
    # whoever is asked for more than the own capacity gives everybody the same part
    part = np.empty(asks.size)
    for row in range(part.size):
        part[row] = able[row] / given[row] if given[row] > able[row] else 1.0
    for k in range(number):
        received[receiver[k]] += asked[k] * part[giver[k]]
    for row in range(part.size):
        given[row] *= part[row]


@compiled
def able(
    stress: NDArray[np.float32],
    contributor: NDArray[np.bool_],
    grown: NDArray[np.bool_],
    hours: float,
    more: float,
    out: Hours,
) -> None:
    """Fill ``out`` with the hours that each adult can give: less with stress, a contributor ``more`` times it."""
    for i in range(out.size):
        given = (1.0 - np.float64(stress[i])) * hours
        if contributor[i]:
            given *= more
        out[i] = given if grown[i] else 0.0
