"""The tables of the memo as plain data: what is shown, in the order and with the decimals in which it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.measure import Measure
from wijksim.report import texts
from wijksim.report.numbers import decimals_for, resolving
from wijksim.report.sizes import Size, size_of, smallest_of
from wijksim.report.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from wijksim.analysis.compare import Comparison

BAND = (10, 90)
UNTOUCHED = 1_000_000
"""Ratio of variances beyond which a difference is rounding and the variant left the measure alone."""
_HALF = 2


@dataclass(frozen=True)
class Cell:
    """A paired difference, as in one row of :meth:`Comparison.table`.

    ``smallest`` is the smallest effect that matters of its measure; None where none is stated.
    """

    difference: float
    low: float
    high: float
    share_better: float
    pairs: int
    verdict: texts.Verdict
    smallest: float | None = None

    @property
    def same(self) -> bool:
        """True if the variant equals the null alternative in every future, to the last digit."""
        return self.difference == self.low == self.high == 0

    @property
    def shown(self) -> texts.Verdict:
        """The verdict, or that the variant leaves the measure alone where it is said to be no different."""
        if self.verdict.key == "no_difference" and self.same:
            return texts.Verdict(texts.UNTOUCHED)
        return self.verdict

    @property
    def size(self) -> Size:
        """Whether it is smaller than matters."""
        if self.shown.key == texts.UNTOUCHED:
            return Size.UNKNOWN
        return size_of(self.verdict.key, self.difference, self.low, self.high, self.smallest)

    @property
    def known(self) -> bool:
        """False if no future has a value."""
        return bool(np.isfinite(self.difference))

    @property
    def bounded(self) -> bool:
        """True if there is an interval."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    def better(self, words: Words) -> str:
        """Futures in which the variant is better, in words; empty where nothing is better."""
        if self.same:
            return words._("in elke toekomst gelijk")
        if not np.isfinite(self.share_better):
            return ""
        better = round(self.share_better * self.pairs)
        return words._("beter in {better} van {pairs}", better=better, pairs=self.pairs)


@dataclass(frozen=True)
class Line:
    """One year of a measure: the level of the null alternative and a cell per variant."""

    year: int
    null: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """One measure in one district.

    Attributes
    ----------
    decimals
        For every number of the block; an interval that excludes zero may need more (:meth:`decimals_of`).
    """

    measure: type[Measure]
    decimals: int
    lines: tuple[Line, ...]

    @property
    def smallest(self) -> float | None:
        """Smallest effect that matters; None where none is stated."""
        return smallest_of(self.measure)

    def decimals_of(self, cell: Cell) -> int:
        """Decimals of a difference and its interval."""
        return resolving(cell.low, cell.high, self.decimals)


type Cells = Mapping[tuple[str, str, int], Line]
"""Lines by measure, district and year."""


def read_lines(comparison: Comparison, frame: pd.DataFrame) -> Cells:
    """Put the rows of :meth:`Comparison.table` together per measure, district and year.

    Variants go by their place, not by their name: two scenario files may have the same name.
    """
    variants = len(comparison.scenarios) - 1
    records = frame.to_dict("records")
    smallest = {kind.name: smallest_of(kind) for kind in comparison.measures}
    found: dict[tuple[str, str, int], Line] = {}
    for start in range(0, len(records), variants):
        rows = records[start : start + variants]
        first = rows[0]
        cells = tuple(
            Cell(
                difference=row["difference"], low=row["low"], high=row["high"], share_better=row["share_better"],
                pairs=row["pairs"], verdict=texts.Verdict(row["verdict"]), smallest=smallest[row["measure"]],
            )
            for row in rows
        )  # fmt: skip
        key = (str(first["measure"]), str(first["district"]), int(first["year"]))
        found[key] = Line(key[2], float(first["null"]), cells)
    return found


def blocks(
    measures: Iterable[type[Measure]], lines: Cells, district: str, years: Iterable[int]
) -> tuple[Block, ...]:
    """One block per measure for a district."""
    wanted = tuple(years)
    found = []
    for kind in measures:
        mine = tuple(lines[kind.name, district, year] for year in wanted)
        found.append(Block(kind, block_decimals(mine), mine))
    return tuple(found)


def block_decimals(lines: Iterable[Line]) -> int:
    """Decimals for all numbers of a measure, from the intervals of its differences."""
    known = tuple(lines)
    widths = [(cell.high - cell.low) / _HALF for line in known for cell in line.cells]
    return decimals_for(widths, [line.null for line in known])


@dataclass(frozen=True)
class Course:
    """A measure over the years in one district.

    Attributes
    ----------
    mean, low, high
        Mean, 10th and 90th percentile over futures, shape ``(scenarios, years)``; NaN where no future has a value.
    """

    measure: type[Measure]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def years(self) -> NDArray[np.int64]:
        """Years of the run, the first is 1."""
        return np.arange(1, self.mean.shape[1] + 1)

    @property
    def decimals(self) -> int:
        """Decimals for all numbers of the course."""
        return decimals_for(((self.high - self.low) / _HALF).ravel(), self.mean.ravel())


def course(comparison: Comparison, kind: type[Measure], district: int) -> Course:
    """Bands over the futures for a measure in a district."""
    values = comparison.yearly(kind.name)[:, :, :, district]
    shape = values.shape[1:]
    mean, low, high = (np.full(shape, np.nan) for _ in range(3))
    for cell in np.ndindex(shape):
        known = values[(slice(None), *cell)]
        known = known[np.isfinite(known)]
        if known.size:
            mean[cell] = known.mean()
            low[cell], high[cell] = np.percentile(known, BAND)
    return Course(kind, mean, low, high)


@dataclass(frozen=True)
class Gain:
    """What pairing gains for one variant: spread of the ratio of variances over measures, years and districts.

    ``untouched`` counts combinations that are left out, because the variant does not reach them in any future.
    """

    median: float
    lowest: float
    highest: float
    count: int
    untouched: int


def gains(
    comparison: Comparison, measures: Iterable[type[Measure]], years: Iterable[int]
) -> tuple[Gain | None, ...]:
    """Per variant, how many times as wide the variance of a difference would be with independent futures.

    Ratios that do not exist (a measure that the variant leaves untouched, or a missing value) are left out; None
    where none is left or where there are fewer than two pairs.
    """
    variants = len(comparison.scenarios) - 1
    if len(comparison.seeds) < 2:
        return (None,) * variants
    frame = comparison.variance_ratios([kind.name for kind in measures], tuple(years))
    found: list[Gain | None] = []
    ratios = frame["ratio"].to_numpy(np.float64).reshape(-1, variants, len(comparison.districts))
    for variant in range(variants):
        mine = ratios[:, variant].ravel()
        known = mine[np.isfinite(mine) & (mine < UNTOUCHED)]
        found.append(
            Gain(
                float(np.median(known)), float(known.min()), float(known.max()), int(known.size),
                untouched=int(np.count_nonzero(mine >= UNTOUCHED)),
            )
            if known.size
            else None
        )  # fmt: skip
    return tuple(found)
