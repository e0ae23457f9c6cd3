"""What the futures leave open: means and spreads over replications, and over replications drawn again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import CONFIDENCE
from wijksim.analysis.sensitivity.sample import FEWEST_REPLICATIONS, SPREAD

RESAMPLES = 200  # of replications; a half-width then holds to a tenth
DESIGN_RESAMPLES = 500  # of the points of a design
SEED = 1  # SALib takes 0 for no seed at all


def statistic_of(values: NDArray[np.float64], statistic: str) -> NDArray[np.float64]:
    """Mean or spread over the replications of each row, shape ``(rows,)``."""
    if statistic == SPREAD:
        return np.asarray(values.std(axis=1, ddof=1), dtype=np.float64)
    return np.asarray(values.mean(axis=1), dtype=np.float64)


def resampled(values: NDArray[np.float64], statistic: str, *, common: bool) -> NDArray[np.float64] | None:
    """Mean or spread of each row over replications that are drawn again with replacement.

    Parameters
    ----------
    values
        Shape ``(rows, replications)``.
    statistic
        ``mean`` or ``spread``.
    common
        Whether a replication is the same future in every row. It is then drawn for all rows together: what a future
        does to all of them falls out of their differences. Otherwise every row draws on its own.

    Returns
    -------
    ndarray or None
        Shape ``(rows, RESAMPLES)``; None with a single replication, of which nothing can be drawn.
    """
    rows, n = values.shape
    if n < FEWEST_REPLICATIONS:
        return None
    rng = np.random.default_rng(SEED)
    found = np.empty((rows, RESAMPLES))
    for place in range(RESAMPLES):
        if common:
            drawn = values[:, rng.integers(n, size=n)]
        else:
            drawn = np.take_along_axis(values, rng.integers(n, size=(rows, n)), axis=1)
        found[:, place] = statistic_of(drawn, statistic)
    return found


def half_width(indices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half of a 95 % interval from indices of resampled points, the last axis being the resamples."""
    from scipy import stats

    z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    return np.asarray(z * indices.std(axis=-1, ddof=1), dtype=np.float64)


def small_sample(replications: int) -> float:
    """Factor by which a bootstrap of so few replications shows too narrow a distribution."""
    return float(np.sqrt(replications / (replications - 1)))


def no_noise(count: int) -> NDArray[np.float64]:
    """As many gaps as there are indices, where nothing can be said of the noise."""
    return np.full(count, np.nan)
