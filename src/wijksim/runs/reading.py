"""Read the measures of a month: all of one table together, in one compiled pass.

A measure asks for its figures alone (:meth:`wijksim.kernel.measure.Measure.districts`). Most of them, however, add up
a column, or something made of columns, over the rows of a district. What such measures would each ask for is asked
once for all of them; the sums are those of the measures, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel import district_sums
from wijksim.kernel.context import Context
from wijksim.kernel.district_sums import NOBODY, SUMS
from wijksim.kernel.measure import Measure
from wijksim.measures._base import Ages, Among, Cells, Counted, OfDistrict, PerHead, Tally, cells, remember
from wijksim.state.column import place_of
from wijksim.state.table import Table
from wijksim.state.world import World

type Block = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Make = Callable[[Context], NDArray[Any]]

_SUM_OF = {np.dtype(np.bool_): "true", np.dtype(np.float32): "narrow", np.dtype(np.float64): "wide"}
_CODE, _DISTRICT, _AGE = np.dtype(np.int8), "district", "age"
_ALIGNED = 8


class _Sum(NamedTuple):
    """One sum per district: of a column or of something made, over a group of rows or those of a part of it."""

    kind: str
    out: int
    group: int = 0
    column: str | None = None
    made: int = -1
    part: int = -1
    codes: tuple[int, ...] = ()


class _Layout(NamedTuple):
    """Where everything lies as long as the table has its columns in one piece of memory."""

    memory: NDArray[np.uint8]
    made: NDArray[np.uint8]
    views: tuple[NDArray[Any], ...]
    groups: Whole
    lines: Whole
    codes: Whole
    keys: NDArray[np.uint8]
    order: NDArray[np.int32]
    starts: Whole


class _Rows:
    """Measures of the rows of one table.

    Parameters
    ----------
    table
        Its name.
    measures
        Number of all measures: a sum with a higher number is a denominator.
    """

    def __init__(self, table: str, measures: int) -> None:
        self.table = table
        self.measures = measures
        self.sums: list[_Sum] = []
        self._makes: list[tuple[Make, np.dtype[Any]]] = []
        self._groups: dict[Ages | None, int] = {None: 0}
        self._laid: _Layout | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from the memory of the table."""
        return {**self.__dict__, "_laid": None}

    def take(self, ctx: Context, position: int, measure: Tally) -> None:
        """Add the sums of a measure."""
        kind, below = type(measure), self.measures + position
        if isinstance(measure, Among):
            part = self._made(measure.among, np.dtype(np.bool_))
            self._add(ctx, position, measure, 0, part)
            self.sums.append(_Sum("true", below, made=part))
            return
        if isinstance(measure, Counted):
            group = self._groups.setdefault(measure.ages, len(self._groups))
            self._add(ctx, position, measure, group, -1)
            if measure.base_codes:
                column = place_of(measure.column)[1]
                self.sums.append(_Sum("coded", below, group, column, codes=measure.base_codes))
                return
        else:
            group = 0
            self._make(ctx, position, measure.numerator, 0, -1)
            if kind.denominator is not Measure.denominator:
                self._make(ctx, below, measure.denominator, 0, -1)
                return
        self.sums.append(_Sum("count", below, group))

    def _add(self, ctx: Context, out: int, measure: Counted, group: int, part: int) -> None:
        """Add what a measure counts, of its column itself where nothing else is done to it."""
        if type(measure).counted is Counted.counted:
            source, attribute = place_of(measure.column)
            kind = ctx.world.tables[source][attribute].dtype
            codes = tuple(map(int, measure.codes))
            word = _SUM_OF.get(kind) if not codes else "coded" if kind == _CODE and part < 0 else None
            if source == self.table and word is not None:
                self.sums.append(_Sum(word, out, group, attribute, part=part, codes=codes))
                return
        self._make(ctx, out, measure.counted, group, part)

    def _make(self, ctx: Context, out: int, make: Make, group: int, part: int) -> None:
        """Add a sum of what is made every month; whole numbers are added up as doubles, which is exact."""
        kind = make(ctx).dtype
        kind = kind if kind in _SUM_OF else np.dtype(np.float64)
        self.sums.append(_Sum(_SUM_OF[kind], out, group, made=self._made(make, kind), part=part))

    def _made(self, make: Make, kind: np.dtype[Any]) -> int:
        self._makes.append((make, kind))
        return len(self._makes) - 1

    def read(self, ctx: Context, top: Block, bottom: Block) -> None:
        """Fill the lines of these measures."""
        table = ctx.world.tables[self.table]
        size, counts = table.size, np.empty((len(self._groups), top.shape[1]))
        if not size:
            for one in self.sums:
                (top if one.out < self.measures else bottom)[one.out % self.measures] = 0
            return
        laid = self._laid
        if laid is None or laid.memory is not table.memory:
            laid = self._laid = self._lay(table, top.shape[1])
        for view, (make, _) in zip(laid.views, self._makes, strict=True):
            view[:size] = make(ctx)
        district_sums.read(
            table.district, laid.memory, laid.made, laid.groups, laid.lines, laid.codes, laid.keys, laid.order,
            laid.starts, counts, top, bottom,
        )  # fmt: skip
        starts = laid.starts[0]
        remember(ctx, self.table, Cells(laid.order[0, : starts[-1]], starts))

    def _lay(self, table: Table, n: int) -> _Layout:
        """Lay out what is made, and find columns."""
        # a row more than there can be, and so many that what is made begins where any number may
        capacity = (table.lines((_DISTRICT,))[0].shape[1] // _ALIGNED + 1) * _ALIGNED
        begins = np.cumsum([0, *(capacity * kind.itemsize for _, kind in self._makes)]).tolist()
        made = np.zeros(begins[-1], np.uint8)
        views = [
            made[begin : begin + capacity * kind.itemsize].view(kind)
            for begin, (_, kind) in zip(begins, self._makes, strict=False)
        ]
        ranked = sorted({one.group for one in self.sums if one.kind in ("narrow", "wide")} | {0})
        groups = [
            (0, 0 if ages is None else table.begins(_AGE), *(ages or (0, 0)), _place(ranked, number))
            for ages, number in self._groups.items()
        ]
        lines, codes = [], []
        for one in self.sums:
            own = one.column is not None
            begin = table.begins(str(one.column)) if own else begins[one.made] if one.made >= 0 else 0
            part = begins[one.part] if one.part >= 0 else -1
            first = len(codes)
            codes += one.codes
            lines.append((SUMS.index(one.kind), not own, begin, one.group, part, first, len(codes), one.out))
        return _Layout(
            table.memory, made, tuple(views), np.array(groups, np.int64), np.array(lines, np.int64),
            np.array(codes, np.int64), np.empty((len(groups), capacity), np.uint8),
            np.empty((len(ranked), capacity), np.int32), np.zeros((len(ranked), n + 1), np.int64),
        )  # fmt: skip


def _place(ranked: list[int], group: int) -> int:
    return ranked.index(group) if group in ranked else -1


class _Figures(NamedTuple):
    """Measures that are a column of the district, as an amount or weighed by the rows of another table."""

    weight: str
    weighed: bool
    names: tuple[str, ...]
    positions: NDArray[np.intp]

    def read(self, ctx: Context, top: Block, bottom: Block) -> None:
        """Fill the lines of these measures."""
        counts = cells(ctx, self.weight).counts
        block, lines = ctx.world.tables[_DISTRICT].lines(self.names)
        figures = block[lines, : counts.size]
        top[self.positions] = figures * counts if self.weighed else figures
        bottom[self.positions] = counts


type _Plan = tuple[list[_Rows | _Figures], list[tuple[int, Measure]]]


class Reader:
    """Reads measures month after month.

    Parameters
    ----------
    measures
        One instance each.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = tuple(measures)
        self._plan: _Plan | None = None

    def read(self, ctx: Context, top: Block, bottom: Block) -> None:
        """Fill numerators and denominators, each of shape ``(measures, districts)``."""
        if self._plan is None:
            self._plan = self._planned(ctx)
        together, alone = self._plan
        for batch in together:
            batch.read(ctx, top, bottom)
        for position, measure in alone:
            top[position], bottom[position] = measure.districts(ctx)

    def _planned(self, ctx: Context) -> _Plan:
        rows: dict[str, _Rows] = {}
        figures: dict[tuple[str, bool, str], list[tuple[int, str]]] = {}
        alone: list[tuple[int, Measure]] = []
        few = ctx.world.n_districts < NOBODY
        for position, measure in enumerate(self.measures):
            if few and isinstance(measure, Tally) and type(measure).districts in _PLAIN:
                place = rows.setdefault(measure.table, _Rows(measure.table, len(self.measures)))
                place.take(ctx, position, measure)
            elif isinstance(measure, OfDistrict) and _is_column(measure):
                attribute = place_of(measure.column)[1]
                kind = ctx.world.tables[_DISTRICT][attribute].dtype.str
                weighed = not isinstance(measure, PerHead)
                figures.setdefault((measure.weight, weighed, kind), []).append((position, attribute))
            else:
                alone.append((position, measure))
        together: list[_Rows | _Figures] = list(rows.values())
        for (weight, weighed, _), found in figures.items():
            positions, names = zip(*found, strict=True)
            together.append(_Figures(weight, weighed, names, np.array(positions, np.intp)))
        return together, alone


_PLAIN = (Tally.districts, Counted.districts, Among.districts)


def _is_column(measure: OfDistrict) -> bool:
    """Whether a measure is a column of the district and nothing else."""
    kind = type(measure)
    plain = kind.value is OfDistrict.value and kind.denominator is OfDistrict.denominator
    if isinstance(measure, PerHead):
        plain = plain and kind.districts is PerHead.districts and kind.numerator is PerHead.numerator
    else:
        plain = plain and kind.districts is OfDistrict.districts
    return plain and place_of(measure.column)[0] == _DISTRICT
