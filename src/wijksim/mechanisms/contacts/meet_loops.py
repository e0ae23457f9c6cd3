"""Compiled: who goes out to meet somebody, which pairs take to each other, and what becomes of ties after a move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.contacts.focus import Focus

type Rows = NDArray[np.int32]
type Positions = NDArray[np.intp]
type Codes = NDArray[np.int8]
type Wholes = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Weights = NDArray[np.float32]

_ENTRANCE, _COMPLEX, _DISTRICT = int(Focus.ENTRANCE), int(Focus.COMPLEX), int(Focus.DISTRICT)


@compiled
def seekers(
    rows: Rows, u: Floats, seeks: Weights, height: np.float32, rooms: Weights, active: Rows, luck: Floats
) -> int:
    """Fill ``active`` with those of ``rows`` whose draw lies below their own chance, return how many.

    ``luck`` becomes what is left of their draws, uniform on [0, 1). ``rooms`` is a further factor for each of ``rows``,
    or nothing.
    """
    count = 0
    for i in range(rows.size):
        bound = seeks[rows[i]] * height
        if rooms.size:
            bound *= rooms[i]
        bound = min(bound, np.float32(1))
        if u[i] < bound:
            active[count] = rows[i]
            luck[count] = u[i] / np.float64(bound)
            count += 1
    return count


@compiled
def moved_along(
    touched: Positions,
    a: Rows,
    b: Rows,
    resident_household: Rows,
    district: Rows,
    entrance: Rows,
    complex_: Rows,
    kept: np.float32,
    floor: np.float32,
    strength: Weights,
    layer: Codes,
) -> int:
    """Weaken the ties at ``touched`` to the part ``kept`` and give them the place that is shared now.

    ``touched`` becomes those that end: below the floor, to another district, or within one household. Their number is
    returned.
    """
    count = 0
    for k in range(touched.size):
        i = touched[k]
        one, other = resident_household[a[i]], resident_household[b[i]]
        strength[i] *= kept
        if layer[i] <= _DISTRICT:
            layer[i] = _DISTRICT
            if complex_[one] == complex_[other]:
                layer[i] = _COMPLEX
            if entrance[one] == entrance[other]:
                layer[i] = _ENTRANCE
        if one == other or district[a[i]] != district[b[i]] or strength[i] < floor:
            touched[count] = i
            count += 1
    return count


@compiled
def well_met(first: Rows, second: Rows, focus: Wholes, luck: Floats, chance: Floats) -> int:
    """Move the pairs whose luck lies below their chance to the front, in order; return how many."""
    count = 0
    for i in range(first.size):
        if luck[i] < chance[i]:
            first[count], second[count], focus[count] = first[i], second[i], focus[i]
            luck[count], chance[count] = luck[i], chance[i]
            count += 1
    return count
