"""Whom a lever reaches, compiled: some levers ask it of thousands of residents every month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Narrow = NDArray[np.float32]
type Bools = NDArray[np.bool_]


@compiled
def in_places(rows: Rows, district: Rows, wanted: Bools, found: Rows) -> int:
    """Fill ``found`` with those of ``rows`` in a wanted district; return how many. -1 is nowhere."""
    count = 0
    for i in range(rows.size):
        place = district[rows[i]]
        if place >= 0 and wanted[place]:
            found[count] = rows[i]
            count += 1
    return count


@compiled
def reached(
    rows: Rows,
    luck: Floats,
    part: Floats,
    district: Rows,
    trust: Narrow,
    level: float,
    trait: Narrow,
    uptake: float,
    found: Rows,
) -> int:
    """Fill ``found`` with those of ``rows`` who are approached and willing; return how many.

    Parameters
    ----------
    luck
        Draw for life of each of ``rows``.
    part
        Part that is approached, by district or one for all.
    trust, level
        Trust by row and the trust at which nobody holds back.
    trait, uptake
        Willingness by row, uniform on 0 to 1 and high for the willing, and the part that takes part.
    """
    full, share, one = np.float32(level), np.float32(uptake), np.float32(1)
    count = 0
    for i in range(rows.size):
        row = rows[i]
        if luck[i] < (part[district[row]] if part.size > 1 else part[0]):
            trusting = min(trust[row] / full, one)
            if trait[row] >= one - share * trusting:
                found[count] = row
                count += 1
    return count
