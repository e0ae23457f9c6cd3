"""Shapes of luck: uniforms on [0, 1) with 53 bits turned into other distributions.

All are inversions: each rises with the uniform and uses one of it, so that a draw keeps its meaning
(lucky stays lucky) when a parameter of the distribution differs between two variants.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wijksim.core.compiled import compiled

__all__ = ["POISSON_MEAN_LIMIT", "poisson_counts", "to_exponential", "to_gumbel", "to_normal"]

type Floats = NDArray[np.float64]

POISSON_MEAN_LIMIT: Final = 64.0
_HALF_UNIT: Final = 2.0**-54


def to_exponential(u: Floats) -> None:
    """Turn uniforms into exponentials with mean 1, in place (0 up to 36.7)."""
    # 1 - u is exact and above 0: the log is finite and nothing is lost.
    np.subtract(1.0, u, out=u)
    np.log(u, out=u)
    np.subtract(0.0, u, out=u)


def to_gumbel(u: Floats) -> None:
    """Turn uniforms into standard Gumbels, in place (-3.6 up to 36.7)."""
    # 0 alone has no log; half a unit keeps it below every other draw.
    np.maximum(u, _HALF_UNIT, out=u)
    np.log(u, out=u)
    np.negative(u, out=u)
    np.log(u, out=u)
    np.negative(u, out=u)


@compiled
def halve(u: Floats, q: Floats) -> None:
    """Fill ``q`` with uniforms as far from their middle as they are, and ``u`` with those of the lower half.

    The lower half decides for both, so that luck and its mirror image lie equally far from 0.
    """
    for i in range(u.size):
        q[i] = u[i] - 0.5 + _HALF_UNIT
        u[i] = 0.5 - abs(q[i])


def to_normal(u: Floats) -> None:
    """Turn uniforms into standard normals, in place.

    The quantile of u + 2**-54, which lies symmetrically in (0, 1): at most 8.3 from 0, 16 digits.
    """
    q = np.empty(u.size)
    halve(u, q)
    ndtri(u, out=u)
    np.copysign(u, q, out=u)


def poisson_counts(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """Poisson counts of one-dimensional uniforms and their means, by inversion.

    Raises
    ------
    ValueError
        When a mean is negative, not a number or above 64 (inversion would be slow and inexact).
    """
    if not bool(np.all((mean >= 0) & (mean <= POISSON_MEAN_LIMIT))):
        raise ValueError(f"poisson means must lie in 0 .. {POISSON_MEAN_LIMIT:g}")
    counts = np.zeros(u.size, np.int64)
    term = np.exp(-mean)
    rows = np.flatnonzero(u >= term)
    u, mean, term = u[rows], mean[rows], term[rows]
    below = term.copy()
    k = 0
    while rows.size:
        k += 1
        counts[rows] = k
        term *= mean / k
        below += term
        # The sum may stop just short of 1 by rounding: past the mean a vanishing term ends the walk.
        higher = np.flatnonzero((u >= below) & ((term > _HALF_UNIT) | (mean > k)))
        rows, u, mean = rows[higher], u[higher], mean[higher]
        term, below = term[higher], below[higher]
    return counts
