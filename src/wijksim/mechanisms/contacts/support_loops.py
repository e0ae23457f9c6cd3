"""Compiled: hours of support spread over the ties of those who ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Ends = NDArray[np.int32]
type Hours = NDArray[np.float64]
type Weights = NDArray[np.float32]
type Bools = NDArray[np.bool_]
type Positions = NDArray[np.uint32]


@compiled
def hope(ties: Positions, number: int, side: Ends, strength: Weights, total: Hours) -> None:
    """Add the strength of each of so many ties to ``total`` of who asks."""
    for k in range(number):
        i = ties[k]
        total[side[i]] += np.float64(strength[i])


# fmt: off
@compiled
def ask(
    ties: Positions, number: int, side: Ends, other: Ends, strength: Weights, wanted: Hours, given: Hours
) -> None:
    # fmt: on
    """Add what is asked over each of so many ties to ``given`` of the other end; ``wanted`` is per unit of strength."""
    for k in range(number):
        i = ties[k]
        given[other[i]] += np.float64(strength[i]) * wanted[side[i]]


# fmt: off
@compiled
def get(
    ties: Positions, number: int, side: Ends, other: Ends, strength: Weights, wanted: Hours, part: Hours,
    received: Hours,
) -> None:
    # fmt: on
    """Add what is got over each of so many ties to ``received`` of who asked: the part that the other end can give."""
    for k in range(number):
        i = ties[k]
        received[side[i]] += np.float64(strength[i]) * wanted[side[i]] * part[other[i]]


# fmt: off
@compiled
def spread(
    a: Ends, b: Ends, strength: Weights, grown: Bools, need: Weights, floor: np.float32, need_hours: np.float32,
    stress: Weights, contributor: Bools, hours: float, more: float, lift: Hours, able: Hours, received: Hours,
    given: Hours,
) -> None:
    # fmt: on
    """Fill ``able`` with the hours that each adult can give, and ``received`` and ``given``, which hold zeros.

    Less can be given with stress, a contributor can give ``more`` times it; ``lift`` is a further ratio for each, or
    nothing. In each tie either end may ask the other. Sums go over all ties in which ``a`` asks, then those in which
    ``b`` does.
    """
    asks = np.empty(able.size, np.bool_)
    for row in range(able.size):
        level = (1.0 - np.float64(stress[row])) * hours
        if contributor[row]:
            level *= more
        able[row] = level if grown[row] else 0.0
        if lift.size:
            able[row] *= lift[row]
        asks[row] = grown[row] & (need[row] >= floor)
    of_a, of_b = np.empty(a.size + 1, np.uint32), np.empty(a.size + 1, np.uint32)
    first, second = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(a.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        of_a[first] = of_b[second] = i
        first += np.uint32(asks[np.uint32(a[i])])
        second += np.uint32(asks[np.uint32(b[i])])
    wanted = np.zeros(able.size)
    hope(of_a, first, a, strength, wanted)
    hope(of_b, second, b, strength, wanted)
    for row in range(able.size):
        wanted[row] = np.float64(need[row] * need_hours) / max(wanted[row], 1.0)
    ask(of_a, first, a, b, strength, wanted, given)
    ask(of_b, second, b, a, strength, wanted, given)
    # whoever is asked for more than the own capacity gives everybody the same part
    part = np.empty(able.size)
    for row in range(able.size):
        part[row] = able[row] / given[row] if given[row] > able[row] else 1.0
    get(of_a, first, a, b, strength, wanted, part, received)
    get(of_b, second, b, a, strength, wanted, part, received)
    for row in range(able.size):
        given[row] *= part[row]
