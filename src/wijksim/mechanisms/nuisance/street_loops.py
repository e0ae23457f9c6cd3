"""Compiled: disorder and control of the street, and how care ends a source of nuisance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Levels = NDArray[np.float32]
type Floats = NDArray[np.float64]


@compiled
def stirred(
    sources: Levels, vacant: Levels, petty: Levels, means: Levels, weights: Levels, out: Levels
) -> None:
    """Fill ``out`` with what stirs disorder: sources, vacancy and petty crime above their national means, weighed."""
    for i in range(out.size):
        level = (sources[i] - means[0]) * weights[0] + (vacant[i] - means[1]) * weights[1]
        out[i] = level + (petty[i] - means[2]) * weights[2]


# fmt: off
@compiled
def moved(
    stir: Levels, turnover: Levels, presence: Levels, kept: Levels, held: Levels, bound: np.float32,
    disorder: Levels, control: Levels,
) -> None:
    # fmt: on
    """Move disorder and control one month, within the bound; disorder leads.

    Parameters
    ----------
    stir, turnover, presence
        What stirs disorder, turnover and presence above their national means.
    kept
        What is kept of disorder, what stirring brings to it and what control takes.
    held
        Part of the way that control returns, where to, and what disorder, turnover a year and presence do to it.
    """
    for i in range(disorder.size):
        decay = kept[0] * disorder[i] + kept[1] * stir[i] - kept[2] * control[i]
        disorder[i] = min(max(decay, -bound), bound)
        order = control[i] + held[0] * (held[1] - control[i]) - held[2] * disorder[i]
        order = order - held[3] * turnover[i] / np.float32(MONTHS_PER_YEAR) + held[4] * presence[i]
        control[i] = min(max(order, -bound), bound)


@compiled
def per_district(level: Levels, dwellings: NDArray[np.int16], district: Rows, sums: Floats, out: Floats) -> None:
    """Fill ``out`` with the mean over dwellings of each district; ``sums`` of shape ``(2, n)`` holds zeros."""
    for i in range(level.size):
        if district[i] >= 0:
            sums[0, district[i]] += np.float64(level[i] * np.float32(dwellings[i]))
            sums[1, district[i]] += dwellings[i]
    for place in range(out.size):
        out[place] = sums[0, place] / sums[1, place] if sums[1, place] > 0 else 0.0


# fmt: off
@compiled
def ends(
    rows: Rows, care: Levels, household: Rows, tenure: NDArray[np.int8], landlord: int, district: Rows, cover: Floats,
    alone_share: float, chances: tuple[float, float], out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with minus the chance that each source ends: between that alone and that with care in full."""
    alone, full = chances
    for i in range(rows.size):
        home = household[rows[i]]
        managed = alone_share
        if home >= 0 and tenure[home] == landlord:
            managed = alone_share + (1 - alone_share) * cover[district[rows[i]]]
        out[i] = -(alone + (full - alone) * np.float64(care[i]) * managed)


@compiled
def logs(ratio: Floats, persistence: float) -> None:
    """Turn logs of the chance of staying into the hazard a year over its national level, in place."""
    for i in range(ratio.size):
        ratio[i] = -ratio[i] * MONTHS_PER_YEAR / persistence


# fmt: off
@compiled
def arrived(
    alive: Bools, origin: NDArray[np.int8], outside: int, since: NDArray[np.int16], month: int, source: Bools,
    new: Rows, sources: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Fill ``new`` with who came from outside in a month and ``sources`` with who is one, return how many."""
    a, b = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        new[a] = sources[b] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        a += np.uint32(alive[i] & (origin[i] == outside) & (since[i] == month))
        b += np.uint32(alive[i] & source[i])
    return int(a), int(b)
