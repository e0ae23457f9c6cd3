"""Shapes that many measures have, so that a measure is a handful of lines.

Sums per district are the bulk of recording a month. They are made here from an index of who lives where that is
kept until anybody moves, instead of anew for every measure.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND, PERCENT
from wijksim.kernel.context import Context
from wijksim.kernel.measure import Measure
from wijksim.kernel.where import Where, holding
from wijksim.measures._cells import Ages, cells, seen
from wijksim.state.column import place_of
from wijksim.state.row_loops import count_by
from wijksim.state.structure import ADULT_AGE

PER_THOUSAND_A_YEAR = PER_THOUSAND * MONTHS_PER_YEAR


class Tally(Measure):
    """A measure whose rows have a district; dead rows have none.

    Attributes
    ----------
    per
        Table per row of which something is counted; empty for the rows that are counted.
    """

    per: ClassVar[str] = ""

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        where = cells(ctx, self.table)
        top = where.sum(self.numerator(ctx))
        if self.per:
            return top, cells(ctx, self.per).counts
        if type(self).denominator is Measure.denominator:
            return top, where.counts
        return top, where.sum(self.denominator(ctx))


def as_shipped(measure: Tally) -> bool:
    """Whether all that a measure adds up is as its base has it, so that sums need not be asked of the measure."""
    kind = type(measure)
    base = Among if isinstance(measure, Among) else Counted if isinstance(measure, Counted) else None
    parts = ("part", "numerator", "denominator")
    return base is None or all(getattr(kind, name) is getattr(base, name) for name in parts)


class Across(Tally):
    """Rows of another table, against something of its own.

    Attributes
    ----------
    across
        Full name of the column counted, one of codes.
    codes
        Codes that count.
    """

    across: ClassVar[str]
    codes: ClassVar[tuple[int, ...]]

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rows of the other table, and what is its own, summed per district, each of shape ``(n_districts,)``."""
        found = cells(ctx, place_of(self.across)[0]).count(ctx.world.column(self.across), self.codes)
        return found, cells(ctx, self.table).sum(self.denominator(ctx))


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

    def __init_subclass__(cls) -> None:
        """Refuse conditions on another table: they would be of other rows."""
        super().__init_subclass__()
        for term in (*cls.counts_if, *getattr(cls, "among_if", ())):
            if place_of(term.column)[0] != cls.table:
                raise TypeError(
                    f"measure {cls.name}: a condition names {term.column}, but its rows are those of {cls.table}"
                )

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
        if not as_shipped(self):
            return super().districts(ctx)
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
        if not as_shipped(self):
            return super().districts(ctx)
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


class RowCount(OfDistrict):
    """Rows per district; the city shows the mean of its districts."""

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rows, and one district."""
        return self.numerator(ctx), self.denominator(ctx)

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """Living rows per district."""
        return cells(ctx, self.weight).counts

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """One district."""
        return np.ones(ctx.world.n_districts)


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
    return tallied(ctx, ctx.log.column(kind, district))


def tallied(ctx: Context, where: NDArray[Any]) -> NDArray[np.float64]:
    """Number of times that each district is named; -1 names none."""
    total = np.zeros(ctx.world.n_districts)
    count_by(where.astype(np.int32, copy=False), total)
    return total


_FIGURES = (np.dtype(np.float32), np.dtype(np.float64))


def is_plain(measure: OfDistrict) -> bool:
    """Whether a measure is its value, as it stands or weighed by rows, and nothing else."""
    kind = type(measure)
    if isinstance(measure, PerHead):
        plain = kind.districts is PerHead.districts and kind.numerator is PerHead.numerator
    else:
        plain = kind.districts is OfDistrict.districts
    return plain and kind.denominator is OfDistrict.denominator


def is_column(ctx: Context, measure: OfDistrict) -> bool:
    """Whether the value of a measure is a column of amounts of the district."""
    return (
        type(measure).value is OfDistrict.value
        and place_of(measure.column)[0] == "district"
        and ctx.world.column(measure.column).dtype in _FIGURES
    )


def is_logged(measure: Flow) -> bool:
    """Whether a measure counts entries of the log and does nothing else."""
    kind = type(measure)
    plain = kind.numerator is PerHead.numerator and kind.districts is PerHead.districts
    return plain and kind.value is Flow.value
