"""PAWN: how far the distribution of an outcome moves where a factor is held in a slice of its range.

The index is a Kolmogorov-Smirnov distance, as in SALib, from which it differs in two things: the largest value of a
factor lies in its last slice, and a factor with few values has a slice for each. It asks nothing of the design but
points that do not hang together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.intervals import CONFIDENCE
from wijksim.analysis.sensitivity.noise import SEED, half_width, no_noise, small_sample
from wijksim.analysis.sensitivity.sample import Sample

if TYPE_CHECKING:
    import pandas as pd

MOST_SLICES = 10
ROWS_PER_SLICE = 20  # below which the distance of a slice is nearly all chance
FEWEST_SLICES = 2
FEWEST_ROWS = FEWEST_SLICES * ROWS_PER_SLICE
DUMMIES = 200
DRAWS = 50  # of rows and of replications, each of which costs as much as the index itself

Slices = NDArray[np.bool_]


def independent(sample: Sample) -> NDArray[np.intp] | None:
    """Rows that do not hang together; None if a design has none to speak of.

    Of Saltelli's scheme these are the points A and B. All points of a trajectory of Morris share most of their values.
    """
    rows = np.arange(len(sample.table))
    if sample.design.kind == "morris":
        return None
    if sample.design.kind == "saltelli":
        step = len(sample.names) + 2
        return np.flatnonzero((rows % step == 0) | (rows % step == step - 1))
    return rows


def pawn(
    sample: Sample, y: NDArray[np.float64], again: NDArray[np.float64] | None, replications: int
) -> pd.DataFrame:
    """Analyse any sample of points.

    Parameters
    ----------
    sample
        Points that do not hang together; see :func:`independent`.
    y, again, replications
        As for :func:`wijksim.analysis.sensitivity.morris.morris`.

    Returns
    -------
    pandas.DataFrame
        A line per factor: ``median`` and ``maximum`` distance over the slices, the half-widths of the 95 % interval
        of the median over points, ``median_conf``, and over replications, ``median_noise``; ``floor``, below which
        95 of 100 dummies come: factors cut in slices of the same sizes at random. A factor that takes one value has
        no index (NaN).
    """
    import pandas as pd

    slices = [slices_of(column) for column in sample.table.T]
    points = np.array([distances(y, each) for each in slices])
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(len(y), size=(DRAWS, len(y)))
    conf = half_width(np.array([_medians(y[rows], [each[rows] for each in slices]) for rows in drawn]).T)
    noise = no_noise(len(slices))
    if again is not None:
        futures = again[:, :DRAWS].T
        noise = half_width(np.array([_medians(each, slices) for each in futures]).T)
        noise *= small_sample(replications)
    return pd.DataFrame(
        {
            "factor": [one.name for one in sample.factors],
            "median": points[:, 0],
            "median_conf": conf,
            "median_noise": noise,
            "maximum": points[:, 1],
            "floor": _floors(y, slices),
        }
    )


def slices_of(values: NDArray[np.float64]) -> Slices:
    """Which slice each value lies in, shape ``(rows, slices)``; a single column if there is but one value."""
    most = int(np.clip(len(values) // ROWS_PER_SLICE, FEWEST_SLICES, MOST_SLICES))
    levels, place = np.unique(values, return_inverse=True)
    if len(levels) > most:
        edges = np.quantile(values, np.linspace(0, 1, most + 1))
        place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, most - 1)
    found = place[:, None] == np.arange(place.max() + 1)
    return np.asarray(found[:, found.any(axis=0)], dtype=np.bool_)


def distances(y: NDArray[np.float64], slices: Slices) -> tuple[float, float]:
    """Median and largest Kolmogorov-Smirnov distance between the outcomes of a slice and all outcomes."""
    return _Ranked(y).distances(slices)


def _medians(y: NDArray[np.float64], slices: list[Slices]) -> list[float]:
    ranked = _Ranked(y)
    return [ranked.distances(each)[0] for each in slices]


class _Ranked:
    """Outcomes in order, which is the same for every factor."""

    def __init__(self, y: NDArray[np.float64]) -> None:
        self._order = np.argsort(y, kind="stable")
        ranked = y[self._order]
        # a step of the distribution ends at the last of equals
        self._last = np.append(ranked[1:] != ranked[:-1], [True])
        self._every = ((np.flatnonzero(self._last) + 1) / len(y))[:, None]

    def distances(self, slices: Slices) -> tuple[float, float]:
        if slices.shape[1] < FEWEST_SLICES:
            return float("nan"), float("nan")
        held = np.cumsum(slices[self._order], axis=0)[self._last]
        held = held[:, held[-1] > 0]
        gaps = np.abs(held / held[-1] - self._every).max(axis=0)
        return float(np.median(gaps)), float(gaps.max())


def _floors(y: NDArray[np.float64], slices: list[Slices]) -> NDArray[np.float64]:
    """Distances of dummies, for every factor those of slices of the same sizes."""
    rng = np.random.default_rng(SEED)
    known: dict[tuple[int, ...], float] = {}
    found = []
    for each in slices:
        sizes = tuple(sorted(each.sum(axis=0).tolist()))
        if sizes not in known:
            dummies = [distances(y, rng.permutation(each, axis=0))[0] for _ in range(DUMMIES)]
            known[sizes] = float(np.quantile(dummies, CONFIDENCE))
        found.append(known[sizes])
    return np.array(found)
