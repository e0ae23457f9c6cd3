"""Signposts: which yearly figures to watch, and from what value on to think again.

In reality there is no null alternative to look at beside the policy, and levels of the model need not be those of a
real district. What can be watched is how far a figure has changed since the first year. A signpost therefore gives
that change with and without the variant, and the value beyond which no more than a tenth of the futures with the
variant lie on the bad side: whoever sees it there is not on the way that the memo describes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.compare import Comparison
from wijksim.analysis.intervals import paired
from wijksim.kernel.measure import Measure

YEARS = (2, 4, 8)
"""Years in which to look, as far as the run goes: soon enough to adjust."""

FEWEST_PAIRS = 10
"""Futures below which the outermost tenth is no more than the single worst."""

BAD_SIDE = 10.0  # per cent of the futures with the variant
MOST_HOPED, MOST_FEARED = 3, 2


@dataclass(frozen=True)
class Signpost:
    """One figure in one year.

    Attributes
    ----------
    measure, year
        What, and when.
    hoped
        True if the variant is to better it, False if it makes it worse.
    null, variant
        Mean change since the first year, without and with the variant.
    bound
        Change beyond which to think again; NaN with too few futures.
    futures
        Futures with the variant that have a value in both years.
    """

    measure: type[Measure]
    year: int
    hoped: bool
    null: float
    variant: float
    bound: float
    futures: int = 0

    @property
    def above(self) -> bool:
        """Whether to think again above the bound, rather than below it."""
        return self.measure.direction < 0


def signposts(
    comparison: Comparison, variant: int, measures: Iterable[type[Measure]], district: int
) -> tuple[Signpost, ...]:
    """Figures that tell a variant from the null alternative best, by measure and year.

    Parameters
    ----------
    variant
        Place in ``comparison.scenarios``, 1 or more.
    measures
        Candidates; those without a direction are passed over.
    district
        Place in ``comparison.districts``.

    Returns
    -------
    tuple of Signpost
        Of at most :data:`MOST_HOPED` figures that get better and :data:`MOST_FEARED` that get worse, judged in the
        last read-out year; none if nothing differs there, or there is no later year than the first to look at.
    """
    years = [year for year in YEARS if year <= comparison.yearly(comparison.measures[0].name).shape[2]]
    better: list[tuple[float, type[Measure]]] = []
    worse: list[tuple[float, type[Measure]]] = []
    for kind in measures:
        values = comparison.yearly(kind.name)[:, :, comparison.years[-1] - 1, district]
        found = paired(values[:, variant] - values[:, 0], kind.direction, most_df=comparison.most_df)
        if found.verdict in ("surely_better", "likely_better"):
            better.append((_clarity(values[:, 0], values[:, variant]), kind))
        elif found.verdict in ("surely_worse", "likely_worse"):
            worse.append((_clarity(values[:, 0], values[:, variant]), kind))
    chosen = [(kind, True) for kind in _clearest(better, MOST_HOPED)]
    chosen += [(kind, False) for kind in _clearest(worse, MOST_FEARED)]
    return tuple(
        _post(comparison, variant, kind, district, year=year, hoped=hoped)
        for kind, hoped in chosen
        for year in years
    )


def _clearest(found: list[tuple[float, type[Measure]]], most: int) -> list[type[Measure]]:
    return [kind for _, kind in sorted(found, key=lambda one: (-one[0], one[1].name))[:most]]


def _clarity(null: NDArray[np.float64], variant: NDArray[np.float64]) -> float:
    """Distance of the means in standard deviations of a level, which is all that an onlooker sees."""
    spread = float(np.nanstd(np.concatenate([null - np.nanmean(null), variant - np.nanmean(variant)])))
    apart = abs(float(np.nanmean(variant) - np.nanmean(null)))
    return apart / spread if spread > 0 else float("inf")


def _post(
    comparison: Comparison, variant: int, kind: type[Measure], district: int, *, year: int, hoped: bool
) -> Signpost:
    values = comparison.yearly(kind.name)[..., district]
    change = values[:, :, year - 1] - values[:, :, 0]
    mine = change[np.isfinite(change[:, variant]), variant]
    tail = 100 - BAD_SIDE if kind.direction < 0 else BAD_SIDE
    enough = mine.size >= FEWEST_PAIRS
    return Signpost(
        kind,
        year,
        hoped,
        float(np.nanmean(change[:, 0])),
        float(np.nanmean(change[:, variant])),
        float(np.percentile(mine, tail)) if enough else float("nan"),
        futures=int(mine.size),
    )
