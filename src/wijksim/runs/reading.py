"""Read the measures of a month: those of one shape together, in one pass per group of rows.

A measure asks for its figures alone (:meth:`wijksim.kernel.measure.Measure.districts`). Most of them, however, count
one column over the same rows, or give a figure of the district. What such measures would each ask for is asked once
for all of them; the sums are those of the measures, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel import district_sums
from wijksim.kernel.context import Context
from wijksim.kernel.measure import Measure
from wijksim.measures._base import Ages, Counted, OfDistrict, PerHead, cells, wanted_codes
from wijksim.state.column import place_of
from wijksim.state.world import World

_AMOUNTS = (np.dtype(np.float32), np.dtype(np.float64))
_TRUTH, _CODE, _DISTRICT = np.dtype(np.bool_), np.dtype(np.int8), "district"


class _Rows(NamedTuple):
    """Measures that count columns of one type over the same rows."""

    table: str
    ages: Ages | None
    names: tuple[str, ...]
    positions: NDArray[np.intp]
    wanted: NDArray[np.uint8] | None

    def read(self, ctx: Context, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> None:
        """Fill the lines of these measures."""
        where = cells(ctx, self.table, self.ages)
        block, lines = ctx.world.tables[self.table].lines(self.names)
        order, starts, places = where.order, where.starts, self.positions
        if self.wanted is not None:
            codes = block.view(np.uint8)
            district_sums.coded_lines(codes, lines, self.wanted, order, starts, places, top, bottom)
        elif block.dtype.kind == "f":
            district_sums.pairwise_lines(block, lines, order, starts, places, top, bottom)
        else:
            truth = block.view(np.uint8)
            district_sums.true_lines(truth, lines, order, starts, places, top, bottom)


class _Figures(NamedTuple):
    """Measures that are a column of the district, as an amount or weighed by the rows of another table."""

    weight: str
    weighed: bool
    names: tuple[str, ...]
    positions: NDArray[np.intp]

    def read(self, ctx: Context, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> None:
        """Fill the lines of these measures."""
        counts = cells(ctx, self.weight).counts
        block, lines = ctx.world.tables[_DISTRICT].lines(self.names)
        figures = block[lines, : counts.size]
        top[self.positions] = figures * counts if self.weighed else figures
        bottom[self.positions] = counts


class Reader:
    """Reads measures month after month.

    Parameters
    ----------
    measures
        One instance each.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = tuple(measures)
        self._plan: tuple[list[_Rows | _Figures], list[tuple[int, Measure]]] | None = None

    def read(self, ctx: Context, top: NDArray[np.float64], bottom: NDArray[np.float64]) -> None:
        """Fill numerators and denominators, each of shape ``(measures, districts)``."""
        if self._plan is None:
            self._plan = self._planned(ctx.world)
        together, alone = self._plan
        for batch in together:
            batch.read(ctx, top, bottom)
        for position, measure in alone:
            top[position], bottom[position] = measure.districts(ctx)

    def _planned(self, world: World) -> tuple[list[_Rows | _Figures], list[tuple[int, Measure]]]:
        rows: dict[tuple[str, Ages | None, str, bool], list[tuple[int, str, tuple[int, ...]]]] = {}
        figures: dict[tuple[str, bool, str], list[tuple[int, str]]] = {}
        alone: list[tuple[int, Measure]] = []
        for position, measure in enumerate(self.measures):
            if isinstance(measure, Counted) and (kind := _counts_column(world, measure)):
                entry = (position, place_of(measure.column)[1], tuple(map(int, measure.codes)))
                key = (measure.table, measure.ages, kind, bool(measure.codes))
                rows.setdefault(key, []).append(entry)
            elif isinstance(measure, OfDistrict) and _is_column(measure):
                attribute = place_of(measure.column)[1]
                kind = world.tables[_DISTRICT][attribute].dtype.str
                weighed = not isinstance(measure, PerHead)
                figures.setdefault((measure.weight, weighed, kind), []).append((position, attribute))
            else:
                alone.append((position, measure))
        together: list[_Rows | _Figures] = []
        for (table, ages, _, coded), entries in rows.items():
            positions, names, codes = zip(*entries, strict=True)
            wanted = np.stack([wanted_codes(each) for each in codes]) if coded else None
            together.append(_Rows(table, ages, names, np.array(positions, np.intp), wanted))
        for (weight, weighed, _), found in figures.items():
            positions, names = zip(*found, strict=True)
            together.append(_Figures(weight, weighed, names, np.array(positions, np.intp)))
        return together, alone


def _counts_column(world: World, measure: Counted) -> str:
    """Type of the column if a measure does nothing but count one of its own table, otherwise empty."""
    kind = type(measure)
    if kind.districts is not Counted.districts or kind.counted is not Counted.counted:
        return ""
    source, attribute = place_of(measure.column)
    dtype = world.tables[source][attribute].dtype
    known = dtype == _CODE if measure.codes else dtype in _AMOUNTS or dtype == _TRUTH
    return dtype.str if known and source == measure.table else ""


def _is_column(measure: OfDistrict) -> bool:
    """Whether a measure is a column of the district and nothing else."""
    kind = type(measure)
    plain = kind.value is OfDistrict.value and kind.denominator is OfDistrict.denominator
    if isinstance(measure, PerHead):
        plain = plain and kind.districts is PerHead.districts and kind.numerator is PerHead.numerator
    else:
        plain = plain and kind.districts is OfDistrict.districts
    return plain and place_of(measure.column)[0] == _DISTRICT
