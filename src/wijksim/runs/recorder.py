"""Keep what a run must keep: districts every month, groups at read-outs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.groups import GROUPS, Group
from wijksim.kernel.measure import Measure
from wijksim.runs.group_loops import add_by_cells
from wijksim.runs.reading import Reader

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
CITY = "city"


class Recorder:
    """Observer of an engine.

    Parameters
    ----------
    measures
        What to read, one instance each.
    districts
        Names of the districts, by row.
    months
        Length of the run.
    groups
        Names of :data:`wijksim.kernel.groups.GROUPS`.
    readouts
        Months at whose end groups are read; 0 is the first.

    Notes
    -----
    Numerators and denominators are kept, shape ``(months, measures, districts)``, float64: values of the whole
    city (:data:`CITY`) and means over a year follow from their sums.
    """

    def __init__(
        self,
        measures: Iterable[Measure],
        districts: list[str],
        months: int,
        *,
        groups: Iterable[str] = (),
        readouts: Iterable[int] = (),
    ) -> None:
        self.measures = tuple(measures)
        self._reader = Reader(self.measures)
        self.districts = list(districts)
        self.groups: tuple[Group, ...] = tuple(GROUPS[name] for name in groups)
        self.readouts = frozenset(readouts)
        shape = (months, len(self.measures), len(self.districts))
        self.numerator = np.zeros(shape)
        self.denominator = np.zeros(shape)
        self.by_group: list[tuple[int, str, str, str, NDArray[np.float64], NDArray[np.float64]]] = []

    def __call__(self, ctx: Context) -> None:
        """Read one month; the warm-up is not kept."""
        if ctx.month < 0:
            return
        self._reader.read(ctx, self.numerator[ctx.month], self.denominator[ctx.month])
        if ctx.month in self.readouts:
            self._groups(ctx)

    def _groups(self, ctx: Context) -> None:
        n, labels = len(self.districts), [(one.name, label) for one in self.groups for label in one.labels]
        cells = {table: self._cells(ctx, table) for table in ("resident", "household")}
        for measure in self.measures:
            if not measure.groups or measure.table not in cells:
                continue
            # dead rows have no district and so no cell
            top = measure.numerator(ctx).astype(np.float64, copy=False)
            bottom = measure.denominator(ctx).astype(np.float64, copy=False)
            tops, bottoms = np.zeros((2, len(labels), n))
            add_by_cells(cells[measure.table], top, bottom, tops.ravel(), bottoms.ravel())
            self.by_group += [
                (ctx.month, measure.name, group, label, above, below)
                for (group, label), above, below in zip(labels, tops, bottoms, strict=True)
            ]

    def _cells(self, ctx: Context, table: str) -> NDArray[np.int32]:
        """Number of the label and district of every row, a column per group; -1 for rows without either."""
        district, n = ctx.world.tables[table]["district"], len(self.districts)
        cells, first = np.empty((district.size, len(self.groups)), np.int32), 0
        for column, group in zip(cells.T, self.groups, strict=True):
            codes = group.codes(ctx, table)
            column[:] = np.where(
                (codes >= 0) & (district >= 0), (first + codes.astype(np.int32)) * n + district, -1
            )
            first += len(group.labels)
        return cells

    def table(self) -> pd.DataFrame:
        """Tidy results.

        Returns
        -------
        pandas.DataFrame
            Columns ``month, district, group, measure, value``. ``group`` is ``all`` for everybody, otherwise
            ``<group>:<label>``; district ``city`` is all districts together. A value without a denominator
            (no such rows) is NaN.
        """
        import pandas as pd  # takes longer to import than a year of the default world: only who wants a table waits

        values = self.values()
        month, measure, place = (axis.ravel() for axis in np.indices(values.shape))
        group = np.zeros(values.size, np.intp)
        words = [ALL]
        month, value = month.astype(np.int32), values.ravel()
        if self.by_group:
            months, measures, groups, more = self._grouped(words)
            width = len(self.districts) + 1
            month = np.concatenate([month, np.repeat(months, width)])
            measure = np.concatenate([measure, np.repeat(measures, width)])
            group = np.concatenate([group, np.repeat(groups, width)])
            place = np.concatenate([place, np.tile(np.arange(width), months.size)])
            value = np.concatenate([value, more.ravel()])
        names = [one.name for one in self.measures]
        # every word is made once and dealt out: a column of words is slow to make out of rows
        return pd.DataFrame(
            {
                "month": month,
                "district": pd.Series([*self.districts, CITY]).array.take(place),
                "group": pd.Series(words).array.take(group),
                "measure": pd.Series(names).array.take(measure),
                "value": value,
            }
        )

    def values(self) -> NDArray[np.float64]:
        """Values per month, measure and district with the city last, shape ``(months, measures, districts + 1)``."""
        top = np.concatenate([self.numerator, self.numerator.sum(axis=2, keepdims=True)], axis=2)
        bottom = np.concatenate([self.denominator, self.denominator.sum(axis=2, keepdims=True)], axis=2)
        return _ratio(top, bottom) * self._scales()[None, :, None]

    def _scales(self) -> NDArray[np.float64]:
        return np.array([measure.scale for measure in self.measures], dtype=np.float64)

    def _grouped(
        self, words: list[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Month, measure and group of what was read by group, and its values with the city last.

        A measure is its position, a group that in ``words``, to which the groups are added.
        """
        position = {measure.name: number for number, measure in enumerate(self.measures)}
        groups: dict[str, int] = {}
        months, measures, kinds, tops, bottoms = [], [], [], [], []
        for month, measure, group, label, top, bottom in self.by_group:
            months.append(month)
            measures.append(position[measure])
            kinds.append(groups.setdefault(f"{group}:{label}", len(words) + len(groups)))
            tops.append(top)
            bottoms.append(bottom)
        words.extend(groups)
        above, below = np.stack(tops), np.stack(bottoms)
        above = np.concatenate([above, above.sum(axis=1, keepdims=True)], axis=1)
        below = np.concatenate([below, below.sum(axis=1, keepdims=True)], axis=1)
        scale = self._scales()[measures]
        return np.array(months), np.array(measures), np.array(kinds), _ratio(above, below) * scale[:, None]


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return ratio
