"""Shapes that many measures have, so that a measure is a handful of lines.

Sums per district are the bulk of recording a month. They are made here from an index of who lives where that is
kept until anybody moves, instead of anew for every measure.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import Measure
from wijksim.state.structure import ADULT_AGE
from wijksim.state.world import World

PER_THOUSAND_A_YEAR = PER_THOUSAND * MONTHS_PER_YEAR


Ages = tuple[int, int]


class Cells:
    """Rows of one table by district.

    Parameters
    ----------
    district
        District per row of the table, -1 for none.
    n
        Number of districts.
    """

    def __init__(self, district: NDArray[Any], n: int) -> None:
        # stable sorts of 16-bit integers are radix sorts
        self.district = district.astype(np.int16)
        order = np.argsort(self.district, kind="stable")
        edges = np.searchsorted(self.district.take(order), np.arange(n + 1))
        self.order = order[edges[0] :]
        self._count(np.diff(edges))

    def _count(self, counts: NDArray[np.int64]) -> None:
        self.counts = counts.astype(np.float64)
        self.filled = np.flatnonzero(counts)
        self.starts = (np.cumsum(counts) - counts)[self.filled]

    def sum(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum per district, shape ``(n,)``; counts are exact."""
        total = np.zeros(self.counts.size)
        if values.dtype == np.bool_:
            if np.count_nonzero(values) * 8 < values.size:  # few: find them instead of sorting everybody
                found = np.bincount(self.district[np.flatnonzero(values)] + 1, minlength=total.size + 1)
                return found[1:].astype(np.float64)
            kind: type[np.generic] = np.int64
        else:
            kind = np.float64
        if self.filled.size:
            total[self.filled] = np.add.reduceat(values.take(self.order), self.starts, dtype=kind)
        return total


class Some(Cells):
    """Part of the rows of a table by district.

    Parameters
    ----------
    whole
        All rows.
    mask
        Rows that are part of it, one truth value per row of the table.
    """

    def __init__(self, whole: Cells, mask: NDArray[np.bool_]) -> None:
        self.whole = whole
        self.mask = mask
        self.district = whole.district
        self._count(whole.sum(mask).astype(np.int64))

    @cached_property
    def order(self) -> NDArray[np.intp]:  # type: ignore[override]
        """Rows sorted by district; only sums of amounts need them."""
        whole = self.whole.order
        kept: NDArray[np.intp] = whole[self.mask.take(whole)]
        return kept

    def sum(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum per district, shape ``(n,)``; counts are exact."""
        if values.dtype == np.bool_:
            return self.whole.sum(values & self.mask)
        return super().sum(values)


Token = tuple[int, int, int]
_KEPT: WeakKeyDictionary[World, dict[tuple[str, Ages | None], tuple[Token, Cells]]] = WeakKeyDictionary()


def cells(ctx: Context, table: str, ages: Ages | None = None) -> Cells:
    """Index of ``table`` by district, of all rows or of residents of some ages.

    It is made once a month, and again if rows were added, released or moved since.
    """
    holder = ctx.world.tables[table]
    # people age and move; dwellings, posts and lettings only come and go
    moving = table in ("resident", "household")
    token = (
        (ctx.month, holder.version, len(ctx.log.entries.get("moves", ())))
        if moving
        else (0, holder.version, 0)
    )
    kept = _KEPT.setdefault(ctx.world, {})
    known = kept.get((table, ages))
    if known is not None and known[0] == token:
        return known[1]
    if ages is None:
        found = Cells(holder["district"], ctx.world.n_districts)
    else:
        age = ctx.world.resident.age
        found = Some(cells(ctx, table), (age >= ages[0]) & (age < ages[1]))
    kept[table, ages] = (token, found)
    return found


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
    ages
        First age in and first age out of the residents counted; None for all ages.
    """

    column: ClassVar[str] = ""
    codes: ClassVar[tuple[int, ...]] = ()
    ages: ClassVar[Ages | None] = None

    def counted(self, ctx: Context) -> NDArray[Any]:
        """What is counted per row, whether or not the row is part of it."""
        source, attribute = self.column.split(".")
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
        alive = ctx.world.tables[self.table].alive
        if self.ages is None:
            return alive
        age = ctx.world.resident.age
        return np.asarray(alive & (age >= self.ages[0]) & (age < self.ages[1]))

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
        return where.sum(self.counted(ctx)), where.counts


class Among(Counted):
    """Counts one column among rows that a subclass chooses."""

    def among(self, ctx: Context) -> NDArray[np.bool_]:
        """Rows that are part of it, dead rows possibly included."""
        raise TypeError(f"measure {self.name} chooses no rows")

    def part(self, ctx: Context) -> NDArray[np.bool_]:
        """Rows that are part of it."""
        return np.asarray(self.among(ctx) & ctx.world.tables[self.table].alive)

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        rows = np.flatnonzero(self.part(ctx))
        where = ctx.world.tables[self.table]["district"][rows] + 1
        size = ctx.world.n_districts + 1
        top = np.bincount(where, weights=self.counted(ctx)[rows], minlength=size)[1:]
        return top.astype(np.float64), np.bincount(where, minlength=size)[1:].astype(np.float64)


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
    """Something in the log of the month, per 1,000 rows a year."""

    unit: ClassVar[str] = "per 1,000 a year"
    scale: ClassVar[float] = PER_THOUSAND_A_YEAR
    flow: ClassVar[bool] = True


def logged(ctx: Context, kind: str, *, district: str = "district") -> NDArray[np.float64]:
    """Entries of the log of this month per district."""
    where = ctx.log.column(kind, district)
    n = ctx.world.n_districts
    return np.bincount(where[where >= 0].astype(np.int64), minlength=n).astype(np.float64)
