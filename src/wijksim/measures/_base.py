"""Shapes that many measures have, so that a measure is a handful of lines.

Sums per district are the bulk of recording a month. They are made here from an index of who lives where that is
kept until anybody moves, instead of anew for every measure.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, ClassVar
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND, PERCENT
from wijksim.kernel import district_sums
from wijksim.kernel.context import Context
from wijksim.kernel.measure import Measure
from wijksim.kernel.where import Where, holding
from wijksim.state.column import place_of
from wijksim.state.structure import ADULT_AGE
from wijksim.state.world import World

PER_THOUSAND_A_YEAR = PER_THOUSAND * MONTHS_PER_YEAR


Ages = tuple[int, int]


class Cells:
    """Rows of one table by district.

    Parameters
    ----------
    order
        Rows, those of a district together and in the order of the table.
    starts
        Where in ``order`` each district starts, and the end of the last; shape ``(n + 1,)``.

    Attributes
    ----------
    counts
        Rows per district.
    holes
        Whether some rows belong to no row of the table that is summed.
    """

    holes = False

    def __init__(self, order: NDArray[np.int32], starts: NDArray[np.int64]) -> None:
        self.order = order
        self.starts = starts
        self.counts = (starts[1:] - starts[:-1]).astype(np.float64)

    @classmethod
    def of(cls, district: NDArray[np.int32], n: int) -> Cells:
        """All rows by their district, -1 for none."""
        order, starts = np.empty(district.size + 1, np.int32), np.empty(n + 1, np.int64)
        size = district_sums.sort(district, order, starts)
        return cls(order[:size], starts)

    def between(self, values: NDArray[np.int16], bounds: Ages) -> Cells:
        """Those whose age or month is at least the first bound and below the second."""
        kept, starts = np.empty(self.order.size + 1, np.int32), np.empty_like(self.starts)
        size = district_sums.keep_between(values, bounds, self.order, self.starts, kept, starts)
        return Cells(kept[:size], starts)

    def linked(self, link: NDArray[np.int32], missing: int) -> Cells:
        """Rows of another table to which these belong; ``missing`` for those with none."""
        rows = link.take(self.order)
        linked = Cells(rows, self.starts)
        linked.holes = bool(rows.size) and bool(rows.min() < 0)
        if linked.holes:
            rows[rows < 0] = missing
        return linked

    def sum(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum per district, shape ``(n,)``; counts are exact."""
        total = np.empty(self.counts.size)
        if values.dtype == np.bool_:
            district_sums.true(values.view(np.uint8), self.order, self.starts, total)
        else:
            district_sums.pairwise(_floats(values), self.order, self.starts, total)
        return total

    def count(self, values: NDArray[Any], codes: tuple[int, ...]) -> NDArray[np.float64]:
        """Rows per district with one of ``codes``."""
        if values.dtype.itemsize > 1:
            return self.sum(np.isin(values, codes))
        total = np.empty(self.counts.size)
        district_sums.coded(values.view(np.uint8), wanted_codes(codes), self.order, self.starts, total)
        return total


def _floats(values: NDArray[Any]) -> NDArray[Any]:
    """Values as one of the two types for which there are loops; sums of whole numbers are exact."""
    return values if values.dtype in _FLOATS else values.astype(np.float64)


_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


@lru_cache(maxsize=64)
def wanted_codes(codes: tuple[int, ...]) -> NDArray[np.uint8]:
    """Whether a byte is one of ``codes``."""
    wanted = np.zeros(np.iinfo(np.uint8).max + 1, np.uint8)
    wanted[list(codes)] = 1  # a code below zero counts from the end, as its byte does
    return wanted


_MOVING = frozenset(("resident", "household"))

type Token = tuple[int, int, int]
type Found = dict[Hashable, tuple[Token, Cells]]
_KEPT: WeakKeyDictionary[World, Found] = WeakKeyDictionary()


class _Latest:
    """The world that was read last, and its indices: a comparison is quicker than a look-up among weak keys."""

    world: Callable[[], World | None] = staticmethod(lambda: None)
    found: Found

    @classmethod
    def of(cls, world: World) -> Found:
        """Indices of a world."""
        if cls.world() is not world:
            cls.world, cls.found = ref(world), _KEPT.setdefault(world, {})
        return cls.found


def kept(ctx: Context, table: str, key: Hashable, make: Callable[[Context, str, Any], Cells]) -> Cells:
    """Return what ``make`` made: once a month, and again if rows were added, released or moved since."""
    found, token = _Latest.of(ctx.world), _token(ctx, table)
    place = (table, key)
    known = found.get(place)
    if known is not None and known[0] == token:
        return known[1]
    made = make(ctx, table, key)
    found[place] = (token, made)
    return made


def remember(ctx: Context, table: str, found: Cells) -> None:
    """Keep the index of all rows of a table that somebody has made."""
    _Latest.of(ctx.world)[table, None] = (_token(ctx, table), found)


def _token(ctx: Context, table: str) -> Token:
    version = ctx.world.tables[table].version
    # people age and move; dwellings, posts and lettings only come and go
    if table in _MOVING:
        moves = ctx.log.entries.get("moves")
        return ctx.month, version, len(moves) if moves else 0
    return 0, version, 0


def cells(ctx: Context, table: str, ages: Ages | None = None) -> Cells:
    """Index of ``table`` by district, of all rows or of residents of some ages."""
    return kept(ctx, table, ages, _cells)


def _cells(ctx: Context, table: str, ages: Ages | None) -> Cells:
    if ages is None:
        return Cells.of(ctx.world.tables[table]["district"], ctx.world.n_districts)
    return cells(ctx, table).between(ctx.world.resident.age, ages)


def seen(ctx: Context, table: str, source: str, ages: Ages | None = None) -> Cells:
    """Rows of another table to which those of ``table`` belong, by district; its size for those that have none."""
    return kept(ctx, table, (ages, source, ctx.world.tables[source].size), _seen)


def _seen(ctx: Context, table: str, key: tuple[Ages | None, str, int]) -> Cells:
    ages, source, size = key
    return cells(ctx, table, ages).linked(ctx.world.link(table, slice(None), source), size)


class Tally(Measure):
    """A measure whose rows have a district; dead rows have none."""

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        where = cells(ctx, self.table)
        top = where.sum(self.numerator(ctx))
        if type(self).denominator is Measure.denominator:
            return top, where.counts
        return top, where.sum(self.denominator(ctx))


class Counted(Tally):
    """Counts one column.

    Attributes
    ----------
    column
        Full name of the column counted, as seen from the table.
    codes
        Codes that count; empty if the column holds truth values or amounts.
    counts_if
        What holds of the rows that count; empty if a column is counted.
    base_codes
        Codes of the rows that are part of it, those that count among them; empty for all rows.
    ages
        First age in and first age out of the residents counted; None for all ages.
    """

    column: ClassVar[str] = ""
    codes: ClassVar[tuple[int, ...]] = ()
    counts_if: ClassVar[tuple[Where, ...]] = ()
    base_codes: ClassVar[tuple[int, ...]] = ()
    ages: ClassVar[Ages | None] = None

    def counted(self, ctx: Context) -> NDArray[Any]:
        """What is counted per row, whether or not the row is part of it."""
        if self.counts_if:
            return holding(ctx, self.counts_if)
        source, attribute = place_of(self.column)
        if source == self.table:
            values: NDArray[Any] = ctx.world.tables[source][attribute]
        else:
            values = ctx.world.gather(self.table, slice(None), self.column)
        if not self.codes:
            return values
        found = np.asarray(values == self.codes[0])
        for code in self.codes[1:]:
            found |= values == code
        return found

    def part(self, ctx: Context) -> NDArray[np.bool_]:
        """Rows that are part of it."""
        part: NDArray[np.bool_] = ctx.world.tables[self.table].alive
        if self.ages is not None:
            age = ctx.world.resident.age
            part = part & (age >= self.ages[0]) & (age < self.ages[1])
        return part & np.isin(ctx.world.column(self.column), self.base_codes) if self.base_codes else part

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """What is counted, 0 for rows that are no part of it."""
        values, part = self.counted(ctx), self.part(ctx)
        return np.asarray(values & part if values.dtype == np.bool_ else values * part)

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Rows that are part of it."""
        return self.part(ctx)

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        where = cells(ctx, self.table, self.ages)
        if self.counts_if or type(self).counted is not Counted.counted:
            return where.sum(self.counted(ctx)), where.counts
        source, attribute = place_of(self.column)
        holder = ctx.world.tables[source]
        values: NDArray[Any] = holder[attribute]
        if source != self.table:
            where = seen(ctx, self.table, source, self.ages)
            if where.holes:
                default = np.array([holder.columns[attribute].default], values.dtype)
                values = np.concatenate([values, default])
        total = where.count(values, self.codes) if self.codes else where.sum(values)
        return total, where.count(values, self.base_codes) if self.base_codes else where.counts


class Among(Counted):
    """Counts one column among rows that a subclass chooses.

    Attributes
    ----------
    among_if
        What holds of the rows that are part of it.
    """

    among_if: ClassVar[tuple[Where, ...]] = ()

    def among(self, ctx: Context) -> NDArray[np.bool_]:
        """Rows that are part of it, dead rows possibly included."""
        if self.among_if:
            return holding(ctx, self.among_if)
        raise TypeError(f"measure {self.name} chooses no rows")

    def part(self, ctx: Context) -> NDArray[np.bool_]:
        """Rows that are part of it."""
        return np.asarray(self.among(ctx) & ctx.world.tables[self.table].alive)

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        district, size = ctx.world.tables[self.table]["district"], ctx.world.n_districts + 1
        rows = self.among(ctx).nonzero()[0]
        # dead rows have no district
        places = district[rows] + 1
        top = np.bincount(places, weights=self.counted(ctx)[rows], minlength=size).astype(np.float64)
        return top[1:], np.bincount(places, minlength=size)[1:].astype(np.float64)


ADULTS: Ages = (ADULT_AGE, np.iinfo(np.int16).max)


class Share(Counted):
    """Part of the rows, in per cent."""

    unit: ClassVar[str] = "%"
    scale: ClassVar[float] = PERCENT


class ShareAmong(Among):
    """Part of chosen rows, in per cent."""

    unit: ClassVar[str] = "%"
    scale: ClassVar[float] = PERCENT


class Mean(Counted):
    """Mean of a column."""


class MeanAmong(Among):
    """Mean of a column over chosen rows."""


class Rate(Counted):
    """Something that happens, per 1,000 rows a year."""

    unit: ClassVar[str] = "per 1,000 a year"
    scale: ClassVar[float] = PER_THOUSAND_A_YEAR
    flow: ClassVar[bool] = True


class OfDistrict(Measure):
    """A figure of the district as a whole; the city weighs districts by residents."""

    table: ClassVar[str] = "district"
    groups: ClassVar[bool] = False
    column: ClassVar[str] = ""
    weight: ClassVar[str] = "resident"

    def value(self, ctx: Context) -> NDArray[Any]:
        """Figure per district."""
        return ctx.world.column(self.column)

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Figure times weight."""
        return np.asarray(self.value(ctx) * self.denominator(ctx))

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Weight: living rows of the table named."""
        return cells(ctx, self.weight).counts

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Figure times weight, and weight."""
        weight = cells(ctx, self.weight).counts
        return self.value(ctx) * weight, weight


class PerHead(OfDistrict):
    """An amount of the district per row of another table."""

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Amount and rows."""
        return np.asarray(self.numerator(ctx), np.float64), cells(ctx, self.weight).counts

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Amount."""
        return self.value(ctx)


class Flow(PerHead):
    """Something in the log of the month, per 1,000 rows a year.

    Attributes
    ----------
    entry
        Kind of the entries that are counted.
    """

    entry: ClassVar[str] = ""
    unit: ClassVar[str] = "per 1,000 a year"
    scale: ClassVar[float] = PER_THOUSAND_A_YEAR
    flow: ClassVar[bool] = True

    def value(self, ctx: Context) -> NDArray[Any]:
        """Entries this month."""
        return logged(ctx, self.entry)


def logged(ctx: Context, kind: str, *, district: str = "district") -> NDArray[np.float64]:
    """Entries of the log of this month per district."""
    where = ctx.log.column(kind, district)
    n = ctx.world.n_districts
    return np.bincount(where[where >= 0].astype(np.int64), minlength=n).astype(np.float64)
