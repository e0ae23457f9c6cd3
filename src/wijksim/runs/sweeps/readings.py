"""What a run of a sweep keeps: means over the year of each read-out, per measure and district."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.measure import Measure
from wijksim.runs.reading import Reader


class YearReader:
    """Observer of an engine: sums of numerators and denominators over the months of some years.

    Parameters
    ----------
    measures
        What to read, one instance each.
    districts
        Number of districts.
    years
        Years that are kept, 1 is the first. Other months are not looked at, which saves a twelfth of the run.
    months
        Length of the run; a run of less than a year has what there is of it.
    """

    def __init__(
        self, measures: Sequence[Measure], districts: int, years: Sequence[int], months: int
    ) -> None:
        self.measures = tuple(measures)
        self._reader = Reader(self.measures)
        self._place = {year - 1: place for place, year in enumerate(years)}
        self._months = months
        shape = (len(years), len(self.measures), districts)
        self.top, self.bottom = np.zeros(shape), np.zeros(shape)
        self._month = np.zeros(shape[1:]), np.zeros(shape[1:])

    def __call__(self, ctx: Context) -> None:
        """Read one month, if its year is kept."""
        place = self._place.get(ctx.month // MONTHS_PER_YEAR)
        if place is None or not 0 <= ctx.month < self._months:
            return
        top, bottom = self._month
        top[:], bottom[:] = 0, 0
        self._reader.read(ctx, top, bottom)
        self.top[place] += top
        self.bottom[place] += bottom

    def values(self) -> NDArray[np.float32]:
        """Means, shape ``(years, measures, districts + 1)``: the whole city last; NaN without such rows."""
        top = np.concatenate([self.top, self.top.sum(axis=2, keepdims=True)], axis=2)
        bottom = np.concatenate([self.bottom, self.bottom.sum(axis=2, keepdims=True)], axis=2)
        scale = np.array([measure.scale for measure in self.measures])[None, :, None]
        mean = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
        return np.asarray(mean * scale, dtype=np.float32)
