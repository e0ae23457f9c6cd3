"""Durations of a stock that is stationary: drawn from the density proportional to survival."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]
_BELOW_ONE = float(1 - np.finfo(np.float64).eps)


def piece_means(rates: Floats, edges: Floats) -> Floats:
    """Expected months spent in each stretch of a piecewise constant hazard, the last one open.

    Parameters
    ----------
    rates
        Hazard a year per stretch, shape ``(n,)``.
    edges
        Months at which stretches 1, 2, ... begin, shape ``(n - 1,)``.
    """
    hazard = np.maximum(rates, np.finfo(np.float32).eps) / MONTHS_PER_YEAR
    width = np.append(np.diff(np.insert(edges, 0, 0.0)), np.inf)
    survive = np.exp(-np.insert(np.cumsum(hazard[:-1] * width[:-1]), 0, 0.0))
    result: Floats = survive * -np.expm1(-hazard * width) / hazard
    return result


@lru_cache(maxsize=16)
def _stretches(
    rates: tuple[float, ...], edges: tuple[float, ...]
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Means, share of the stock below and begin of each stretch, hazard a month, share that leaves in it."""
    means = piece_means(np.array(rates), np.array(edges))
    bounds = np.cumsum(means) / means.sum()
    hazard = np.maximum(np.array(rates), np.finfo(np.float32).eps) / MONTHS_PER_YEAR
    start = np.insert(np.array(edges), 0, 0.0)
    width = np.append(np.diff(start), np.inf)
    return means, bounds, start, hazard, -np.expm1(-hazard * width)


def stationary_ages(u: Floats, rates: Sequence[float], edges: Sequence[float]) -> Floats:
    """Months in state of a stationary stock, by inverse transform of uniform draws ``u``."""
    means, bounds, start, hazard, gone = _stretches(tuple(rates), tuple(edges))
    piece = np.minimum(bounds.searchsorted(u, side="right"), len(rates) - 1)
    below = np.where(piece > 0, bounds[piece - 1], 0.0)
    within = np.minimum(np.maximum((u - below) * means.sum() / means[piece], 0), _BELOW_ONE)
    result: Floats = start[piece] - np.log1p(-within * gone[piece]) / hazard[piece]
    return result
