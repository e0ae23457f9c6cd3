"""Durations of a stock that is stationary: drawn from the density proportional to survival."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]


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


def stationary_ages(u: Floats, rates: Floats, edges: Floats) -> Floats:
    """Months in state of a stationary stock, by inverse transform of uniform draws ``u``."""
    means = piece_means(rates, edges)
    bounds = np.cumsum(means) / means.sum()
    piece = np.minimum(np.searchsorted(bounds, u, side="right"), rates.size - 1)
    below = np.insert(bounds, 0, 0.0)[piece]
    within = np.clip((u - below) * means.sum() / means[piece], 0, 1 - np.finfo(np.float64).eps)
    hazard = np.maximum(rates, np.finfo(np.float32).eps) / MONTHS_PER_YEAR
    start = np.insert(edges, 0, 0.0)
    width = np.append(np.diff(start), np.inf)[piece]
    gone = -np.expm1(-hazard[piece] * width)
    result: Floats = start[piece] - np.log1p(-within * gone) / hazard[piece]
    return result
