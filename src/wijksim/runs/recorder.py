"""Keep what a run must keep: districts every month, groups at read-outs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.groups import GROUPS, Group
from wijksim.kernel.measure import Measure
from wijksim.runs.digest import digest_rows
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
        self._labels = tuple((one.name, label) for one in self.groups for label in one.labels)
        self._read_out: list[tuple[int, int, NDArray[np.float64], NDArray[np.float64]]] = []

    def __call__(self, ctx: Context) -> None:
        """Read one month; the warm-up is not kept."""
        if ctx.month < 0:
            return
        self._reader.read(ctx, self.numerator[ctx.month], self.denominator[ctx.month])
        if ctx.month in self.readouts:
            self._groups(ctx)

    def _groups(self, ctx: Context) -> None:
        cells = {table: self._cells(ctx, table) for table in ("resident", "household")}
        for position, measure in enumerate(self.measures):
            if not measure.groups or measure.table not in cells:
                continue
            # dead rows have no district and so no cell
            top = measure.numerator(ctx).astype(np.float64, copy=False)
            bottom = measure.denominator(ctx).astype(np.float64, copy=False)
            tops, bottoms = np.zeros((2, len(self._labels), len(self.districts)))
            add_by_cells(cells[measure.table], top, bottom, tops.ravel(), bottoms.ravel())
            self._read_out.append((ctx.month, position, tops, bottoms))

    @property
    def by_group(self) -> list[tuple[int, str, str, str, NDArray[np.float64], NDArray[np.float64]]]:
        """Month, measure, group, label, numerator and denominator by district of all that was read by group."""
        return [
            (month, self.measures[position].name, group, label, above, below)
            for month, position, tops, bottoms in self._read_out
            for (group, label), above, below in zip(self._labels, tops, bottoms, strict=True)
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

        rows, words = self.rows(), self.words()
        # every word is made once and dealt out: a column of words is slow to make out of rows
        return pd.DataFrame(
            {
                "month": rows["month"],
                **{name: pd.Series(words[name]).array.take(rows[name]) for name in words},
                "value": rows["value"],
            }
        )

    def words(self) -> dict[str, list[str]]:
        """Words of the columns of the results, which hold their numbers in :meth:`rows`."""
        groups = [f"{group}:{label}" for group, label in self._labels]
        names = [one.name for one in self.measures]
        return {"district": [*self.districts, CITY], "group": [ALL, *groups], "measure": names}

    def rows(self) -> dict[str, NDArray[Any]]:
        """Columns of the results as numbers: ``month``, those of :meth:`words`, and ``value``."""
        values = self.values()
        month, measure, place = (axis.ravel() for axis in np.indices(values.shape))
        group = np.zeros(values.size, np.intp)
        month, value = month.astype(np.int32), values.ravel()
        if self._read_out and self._labels:
            months, measures, groups, more = self._grouped()
            width = len(self.districts) + 1
            month = np.concatenate([month, np.repeat(months, width)])
            measure = np.concatenate([measure, np.repeat(measures, width)])
            group = np.concatenate([group, np.repeat(groups, width)])
            place = np.concatenate([place, np.tile(np.arange(width), months.size)])
            value = np.concatenate([value, more.ravel()])
        return {"month": month, "district": place, "group": group, "measure": measure, "value": value}

    def digest(self) -> str:
        """SHA-256 of the results, sorted: that of :meth:`table`, which need not be made for it."""
        rows, words = self.rows(), self.words()
        months = range(int(rows["month"].max(initial=0)) + 1)
        keys = [(rows["month"], months), *((rows[name], words[name]) for name in words)]
        return digest_rows(keys, rows["value"])

    def values(self) -> NDArray[np.float64]:
        """Values per month, measure and district with the city last, shape ``(months, measures, districts + 1)``."""
        top = np.concatenate([self.numerator, self.numerator.sum(axis=2, keepdims=True)], axis=2)
        bottom = np.concatenate([self.denominator, self.denominator.sum(axis=2, keepdims=True)], axis=2)
        return _ratio(top, bottom) * self._scales()[None, :, None]

    def _scales(self) -> NDArray[np.float64]:
        return np.array([measure.scale for measure in self.measures], dtype=np.float64)

    def _grouped(self) -> tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Month, measure and group, counted from 1, of what was read by group, and its values with the city last."""
        size, times = len(self._labels), len(self._read_out)
        months = np.repeat([month for month, *_ in self._read_out], size)
        measures = np.repeat([position for _, position, *_ in self._read_out], size)
        above = np.concatenate([tops for *_, tops, _ in self._read_out])
        below = np.concatenate([bottoms for *_, bottoms in self._read_out])
        above = np.concatenate([above, above.sum(axis=1, keepdims=True)], axis=1)
        below = np.concatenate([below, below.sum(axis=1, keepdims=True)], axis=1)
        values = _ratio(above, below) * self._scales()[measures][:, None]
        return months, measures, np.tile(np.arange(1, size + 1), times), values


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
    return ratio
