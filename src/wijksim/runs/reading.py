"""Read the measures of a month: all of one table together, in one compiled pass.

A measure asks for its figures alone (:meth:`wijksim.kernel.measure.Measure.districts`). Most add up something over the
rows of a district: that is asked once for all of them, and the sums are theirs, bit for bit.
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
from wijksim.kernel.where import Where
from wijksim.measures._base import (
    Across,
    Among,
    Counted,
    Flow,
    OfDistrict,
    PerHead,
    RowCount,
    Tally,
    as_shipped,
    is_column,
    is_logged,
    is_plain,
    logged,
)
from wijksim.measures._cells import Cells, remember
from wijksim.runs.terms import Terms, planned
from wijksim.state.column import place_of
from wijksim.state.structure import REACH
from wijksim.state.table import Table

type Block = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Make = Callable[[Context], NDArray[Any]]

_SUM_OF = {
    np.dtype(np.bool_): "true",
    np.dtype(np.int8): "tiny",
    np.dtype(np.int16): "short",
    np.dtype(np.float32): "narrow",
    np.dtype(np.float64): "wide",
}
_TRUTH, _CODE, _DISTRICT, _AGE = np.dtype(np.bool_), np.dtype(np.int8), "district", "age"
_WIDE = np.dtype(np.float64)
_FAR = 4  # bytes of a column that is read from another table
_ALIGNED = 128  # so many rows have their keys compared at once


class _Group(NamedTuple):
    """Rows of another group, the first of which is all, for which something holds: terms, or what was made.

    Amounts of a ``loose`` group are added up row by row.
    """

    parent: int
    terms: tuple[Where | int, ...]
    loose: bool = False


class _Sum(NamedTuple):
    """One sum per district over a group: of a column, of a column of another table or of something made."""

    kind: str
    out: int
    group: int = 0
    column: str | None = None
    made: int = -1
    codes: tuple[int, ...] = ()


class _Layout(NamedTuple):
    """Where everything lies as long as no table is laid out anew.

    Attributes
    ----------
    table, laid
        What says whether it still does.
    fills, moving
        What is made every month and where, and bounds that move with the months.
    handed
        What :func:`wijksim.kernel.district_sums.read` takes last, among which are ``bounds``, ``order``, ``starts`` and
        ``counts``.
    """

    table: Table
    laid: int
    fills: tuple[tuple[NDArray[Any], Make], ...]
    moving: tuple[tuple[int, int, float], ...]
    handed: tuple[NDArray[Any], ...]
    bounds: Block
    order: NDArray[np.int32]
    starts: Whole
    counts: Block


class _Rows:
    """Measures of the rows of one table, and figures of the districts that these weigh.

    Figures that are columns are read with the rest; of others (``valued``) the value is asked for.

    Parameters
    ----------
    table
        Its name.
    measures
        Number of all measures: a sum with a higher number is a denominator.

    Attributes
    ----------
    shared
        Whether somebody who reads alone asks who lives where in this table.
    """

    def __init__(self, table: str, measures: int) -> None:
        self.table = table
        self.measures = measures
        self.sums: list[_Sum] = []
        self.figures: list[tuple[int, OfDistrict]] = []
        self.valued: list[tuple[int, OfDistrict]] = []
        self.shared = False
        self._makes: list[tuple[Make | str, np.dtype[Any]]] = []
        self._groups: list[_Group] = [_Group(0, ())]
        self._far = ""
        self._laid: _Layout | None = None

    def __getstate__(self) -> dict[str, Any]:
        """State without what follows from the memory of the table."""
        return {**self.__dict__, "_laid": None}

    def take(self, ctx: Context, position: int, measure: Tally) -> None:
        """Add the sums of a measure."""
        below = self.measures + position
        if isinstance(measure, Among):
            said = measure.among_if if type(measure).among is Among.among else ()
            terms = said or (self._made(measure.among, _TRUTH),)
            group = self._group(0, terms, loose=True)
            self._count(ctx, position, measure, group)
        elif isinstance(measure, Counted):
            ages = measure.ages
            group = self._group(0, (Where(_AGE, ages[0], ages[1] - 1),)) if ages else 0
            self._count(ctx, position, measure, group)
            if measure.base_codes:
                self.add_coded(below, measure.column, measure.base_codes, group)
                return
        else:
            group = 0
            self.add_made(ctx, position, measure.numerator)
            if measure.per:
                return
            if type(measure).denominator is not Measure.denominator:
                self.add_made(ctx, below, measure.denominator)
                return
        self.sums.append(_Sum("count", below, group))

    def add_coded(self, out: int, column: str, codes: tuple[int, ...], group: int = 0) -> None:
        """Add the rows with one of some codes of a column of their own."""
        self.sums.append(_Sum("coded", out, group, place_of(column)[1], codes=tuple(map(int, codes))))

    def _group(self, parent: int, terms: tuple[Where | int, ...], *, loose: bool = False) -> int:
        group = _Group(parent, terms, loose)
        if group not in self._groups:
            self._groups.append(group)
        return self._groups.index(group)

    def _count(self, ctx: Context, out: int, measure: Counted, group: int) -> None:
        """Add what a measure counts, without making it where it is a column or a condition."""
        if type(measure).counted is not Counted.counted:
            self.add_made(ctx, out, measure.counted, group)
            return
        if measure.counts_if:
            self.sums.append(_Sum("count", out, self._group(group, measure.counts_if)))
            return
        source, attribute = place_of(measure.column)
        kind = ctx.world.tables[source][attribute].dtype
        codes = tuple(map(int, measure.codes))
        word = "coded" if codes and kind == _CODE else None if codes else _SUM_OF.get(kind)
        if word is not None and source == self.table:
            self.sums.append(_Sum(word, out, group, attribute, codes=codes))
        elif word is not None and kind.itemsize == _FAR and self._far in ("", source):
            self._far = source
            self.sums.append(_Sum(word, out, group, made=self._made(attribute, kind)))
        else:
            self.add_made(ctx, out, measure.counted, group)

    def add_made(self, ctx: Context, out: int, make: Make, group: int = 0) -> None:
        """Add a sum of what is made every month; longer whole numbers are added up as doubles, which is exact."""
        kind = make(ctx).dtype
        kind = kind if kind in _SUM_OF else np.dtype(np.float64)
        self.sums.append(_Sum(_SUM_OF[kind], out, group, made=self._made(make, kind)))

    def _made(self, make: Make | str, kind: np.dtype[Any]) -> int:
        """Place for what is made every month, or for a column of another table, of which it is the name."""
        self._makes.append((make, kind))
        return len(self._makes) - 1

    def read(self, ctx: Context, top: Block, bottom: Block) -> None:
        """Fill the lines of these measures."""
        table = ctx.world.tables[self.table]
        if not table.size:
            for one in self.sums:
                (top if one.out < self.measures else bottom)[one.out % self.measures] = 0
            for position, measure in (*self.figures, *self.valued):
                top[position], bottom[position] = measure.districts(ctx)
            return
        laid = self._laid
        if laid is None or laid.laid != Table.laid or laid.table is not table:
            laid = self._laid = self._lay(
                table, ctx.world.tables[self._far or self.table], ctx.world.district
            )
        size = table.size
        for view, make in laid.fills:
            view[:size] = make(ctx)
        for term, end, bound in laid.moving:
            laid.bounds[term, end] = bound + ctx.month
        district_sums.read(table.district, top, bottom, *laid.handed)
        if self.shared:
            starts = laid.starts[0]
            remember(ctx, self.table, Cells(laid.order[0, : starts[-1]], starts))
        if self.valued:
            weight = laid.counts[0]
            for position, measure in self.valued:
                value = measure.value(ctx)
                top[position] = value if isinstance(measure, PerHead) else value * weight
                bottom[position] = weight

    def _lay(self, table: Table, far: Table, places: Table) -> _Layout:
        """Lay out what is made, and find columns."""
        # a row more than there can be, and so many that what is made begins where any number may
        capacity = (table.lines((_DISTRICT,))[0].shape[1] // _ALIGNED + 1) * _ALIGNED
        begins = np.cumsum([0, *(capacity * kind.itemsize for _, kind in self._makes)]).tolist()
        made = np.zeros(begins[-1], np.uint8)
        fills = [
            (made[begin : begin + capacity * kind.itemsize].view(kind), make)
            for begin, (make, kind) in zip(begins, self._makes, strict=False)
            if not isinstance(make, str)
        ]
        links = [
            (table.begins(REACH[table.name, far.name]), far.begins(make), begin, _bits(far, make))
            for begin, (make, _) in zip(begins, self._makes, strict=False)
            if isinstance(make, str)
        ]
        ranked = sorted({one.group for one in self.sums if one.kind in ("narrow", "wide")} | {0})
        terms = Terms(table, begins)
        groups = [
            (
                group.parent,
                *terms.add(group.terms),
                ranked.index(number) if number in ranked else -1,
                group.loose,
            )
            for number, group in enumerate(self._groups)
        ]
        lines: list[tuple[int, ...]] = []
        codes: list[int] = []
        for one in self.sums:
            own, first = one.column is not None, len(codes)
            begin = table.begins(str(one.column)) if own else begins[one.made] if one.made >= 0 else 0
            codes += one.codes
            lines.append((SUMS.index(one.kind), not own, begin, one.group, first, len(codes), one.out))
        figures = [
            (places[name].dtype == _WIDE, places.begins(name), not isinstance(measure, PerHead), position)
            for position, measure in self.figures
            for name in (place_of(measure.column)[1],)
        ]
        moving = tuple(
            (term, end, bound)
            for term, (bounds, ahead) in enumerate(zip(terms.bounds, terms.ahead, strict=True))
            for end, bound in enumerate(bounds)
            if ahead[end]
        )
        bounds = np.array(terms.bounds, np.float64).reshape(-1, 2)
        order, starts = (
            np.empty((len(ranked), capacity), np.int32),
            np.zeros((len(ranked), places.size + 1), np.int64),
        )
        counts = np.empty((len(groups), places.size))
        handed = (
            table.memory, far.memory, places.memory, made,
            planned(links, groups, terms.terms, lines, codes, figures), bounds,
            np.empty((len(groups) + 1, capacity), np.uint8), order, starts, counts,
        )  # fmt: skip
        return _Layout(table, Table.laid, tuple(fills), moving, handed, bounds, order, starts, counts)


def _bits(table: Table, attribute: str) -> int:
    """The default of a column of four bytes as a number."""
    return int(np.array([table.columns[attribute].default], table[attribute].dtype).view(np.uint32)[0])


class _Logged(NamedTuple):
    """Numerators of measures that count entries of the log of the month."""

    entries: tuple[str, ...]
    positions: NDArray[np.intp]

    def read(self, ctx: Context, top: Block, _bottom: Block) -> None:
        """Fill the lines of these measures."""
        top[self.positions] = 0
        found = ctx.log.entries
        for position, entry in zip(self.positions, self.entries, strict=True):
            if entry in found:
                top[position] = logged(ctx, entry)


class _Ones(NamedTuple):
    """Denominators of measures of which every district has one."""

    positions: NDArray[np.intp]

    def read(self, _ctx: Context, _top: Block, bottom: Block) -> None:
        """Fill the lines of these measures."""
        bottom[self.positions] = 1


type _Plan = tuple[list[_Rows | _Logged | _Ones], list[tuple[int, Measure]]]


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
        entries: dict[int, str] = {}
        ones: list[int] = []
        alone: list[tuple[int, Measure]] = []
        number = len(self.measures)

        def of(table: str) -> _Rows:
            return rows.setdefault(table, _Rows(table, number))

        for position, measure in enumerate(self.measures):
            if ctx.world.n_districts >= NOBODY:
                alone.append((position, measure))
            elif isinstance(measure, Tally) and type(measure).districts in _PLAIN and as_shipped(measure):
                of(measure.table).take(ctx, position, measure)
                if measure.per:
                    of(measure.per).sums.append(_Sum("count", number + position))
            elif isinstance(measure, Across) and type(measure).districts is Across.districts:
                of(place_of(measure.across)[0]).add_coded(position, measure.across, measure.codes)
                of(measure.table).add_made(ctx, number + position, measure.denominator)
            elif isinstance(measure, Flow) and is_logged(measure):
                entries[position] = measure.entry
                of(measure.weight).sums.append(_Sum("count", number + position))
            elif isinstance(measure, RowCount) and type(measure).districts is RowCount.districts:
                ones.append(position)
                of(measure.weight).sums.append(_Sum("count", position))
            elif isinstance(measure, OfDistrict) and is_plain(measure):
                column = is_column(ctx, measure)
                (of(measure.weight).figures if column else of(measure.weight).valued).append(
                    (position, measure)
                )
            else:
                alone.append((position, measure))
        asked = {name for _, one in alone for name in (one.table, getattr(one, "weight", ""))}
        for table, batch in rows.items():
            batch.shared = table in asked or bool(batch.valued)
        logged_ones = _Logged(tuple(entries.values()), np.array(list(entries), np.intp))
        return [*rows.values(), logged_ones, _Ones(np.array(ones, np.intp))], alone


_PLAIN = (Tally.districts, Counted.districts, Among.districts)
