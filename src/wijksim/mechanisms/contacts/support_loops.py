"""Compiled: hours of support spread over the ties of those who ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Hours = NDArray[np.float64]
type Weights = NDArray[np.float32]
type Bools = NDArray[np.bool_]


# fmt: off
@compiled
def spread(
    able: Hours, received: Hours, given: Hours, a: Ends, b: Ends, strength: Weights, grown: Bools, lift: Hours,
    floor: np.float32, need_hours: np.float32, hours: float, more: float, need: Weights, stress: Weights,
    contributor: Bools, support: Weights, help_: Weights,
) -> None:
    # fmt: on
    """Fill ``able`` with the hours that each adult can give, ``received`` and ``given``, and the columns of both.

    Less can be given with stress, a contributor can give ``more`` times it; ``lift`` is a further ratio for each, or
    nothing. In each tie either end may ask the other. Sums go over all ties in which ``a`` asks, then those in which
    ``b`` does.
    """
    asks, wanted = np.empty(able.size, np.bool_), np.zeros(able.size)
    for row in range(able.size):
        level = (1.0 - np.float64(stress[row])) * hours
        level = level * more if contributor[row] else level
        able[row] = level if grown[row] else 0.0
        asks[row] = grown[row] & (need[row] >= floor)
        received[row] = given[row] = 0.0
    for row in range(lift.size):
        able[row] *= lift[row]
    of_a, of_b = np.empty(a.size + 1, np.uint32), np.empty(a.size + 1, np.uint32)
    first, second = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(a.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        of_a[first] = of_b[second] = i
        first += np.uint32(asks[np.uint32(a[i])])
        second += np.uint32(asks[np.uint32(b[i])])
    number = first + second
    receiver, giver, asked = np.empty(number, np.uint32), np.empty(number, np.uint32), np.empty(number)
    for k in range(number):
        i = of_a[k] if k < first else of_b[k - first]
        receiver[k], giver[k] = (a[i], b[i]) if k < first else (b[i], a[i])
        asked[k] = strength[i]
        wanted[receiver[k]] += asked[k]
    # from here on per unit of strength
    for row in range(able.size):
        wanted[row] = np.float64(need[row] * need_hours) / max(wanted[row], 1.0)
    for k in range(number):
        asked[k] *= wanted[receiver[k]]
        given[giver[k]] += asked[k]
    # whoever is asked for more than the own capacity gives everybody the same part
    part = np.empty(able.size)
    for row in range(able.size):
        part[row] = able[row] / given[row] if given[row] > able[row] else 1.0
    for k in range(number):
        received[receiver[k]] += asked[k] * part[giver[k]]
    for row in range(able.size):
        given[row] *= part[row]
        support[row], help_[row] = received[row], given[row]
