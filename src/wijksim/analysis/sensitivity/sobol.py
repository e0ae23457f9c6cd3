"""Sobol's indices: the share of the variance of an outcome that a factor carries, alone and with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import CONFIDENCE
from wijksim.analysis.sensitivity.noise import DESIGN_RESAMPLES, SEED, half_width, no_noise, small_sample
from wijksim.analysis.sensitivity.sample import Sample

if TYPE_CHECKING:
    import pandas as pd


def sobol(
    sample: Sample, y: NDArray[np.float64], again: NDArray[np.float64] | None, replications: int
) -> pd.DataFrame:
    """Analyse a Saltelli design.

    Parameters
    ----------
    sample
        Points of Saltelli's scheme without second order.
    y, again, replications
        As for :func:`wijksim.analysis.sensitivity.morris.morris`.

    Returns
    -------
    pandas.DataFrame
        A line per factor or group: ``ST`` and ``S1`` with the half-widths of their 95 % intervals over the points,
        ``_conf``, and over replications, ``_noise``; ``floor``, below which ``ST`` of 95 of 100 factors without any
        effect would come by the noise alone.
    """
    import pandas as pd
    from SALib.analyze import sobol as salib

    found = salib.analyze(
        sample.problem,
        y,
        calc_second_order=False,
        num_resamples=DESIGN_RESAMPLES,
        conf_level=CONFIDENCE,
        seed=SEED,
    )
    names = sample.names
    first, total, floor = (no_noise(len(names)) for _ in range(3))
    if again is not None:
        wider = small_sample(replications)
        first, total = (half_width(each) * wider for each in _indices(again, len(names)))
        floor = np.quantile(_by_noise(y, again, len(names)) * wider**2, CONFIDENCE, axis=1)
    return pd.DataFrame(
        {
            "factor": names,
            "ST": found["ST"],
            "ST_conf": found["ST_conf"],
            "ST_noise": total,
            "S1": found["S1"],
            "S1_conf": found["S1_conf"],
            "S1_noise": first,
            "floor": floor,
        }
    )


def _indices(y: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and total order of many outcomes at once, shape ``(factors, outcomes)`` each."""
    from SALib.analyze.sobol import first_order, total_order

    # SALib takes outcomes of variance one; a resample in which nothing varies has indices of zero
    deviation = y.std(axis=0)
    scaled = (y - y.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    a, b, mixed = _blocks(scaled, count)
    first = np.array([first_order(a, each, b) for each in mixed])
    total = np.array([total_order(a, each, b) for each in mixed])
    return first, total


def _by_noise(y: NDArray[np.float64], again: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Total order that the noise gives where nothing else moves, shape ``(factors, resamples)``."""
    a, b, mixed = _blocks(again - y[:, None], count)
    base, other, _ = _blocks(y[:, None], count)
    del b
    variance = float(np.concatenate([base, other]).var())
    return np.array([((a - each) ** 2).mean(axis=0) / (2 * variance) for each in mixed])


def _blocks(
    y: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[NDArray[np.float64]]]:
    """Outcomes at the points A and B, and where one factor of A is as in B."""
    step = count + 2
    return y[::step], y[step - 1 :: step], [y[place + 1 :: step] for place in range(count)]
