"""Rows of a table by district, kept for a month: what measures of one table add up over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel import district_sums
from wijksim.kernel.context import Context
from wijksim.state.world import World

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
    holes
        Whether some rows belong to no row of the table that is summed.
    """

    holes = False

    def __init__(self, order: NDArray[np.int32], starts: NDArray[np.int64]) -> None:
        self.order = order
        self.starts = starts

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """Rows per district."""
        return (self.starts[1:] - self.starts[:-1]).astype(np.float64)

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
        total = np.empty(self.starts.size - 1)
        if values.dtype == np.bool_:
            district_sums.true(values.view(np.uint8), self.order, self.starts, total)
        else:
            district_sums.pairwise(_floats(values), self.order, self.starts, total)
        return total

    def count(self, values: NDArray[Any], codes: tuple[int, ...]) -> NDArray[np.float64]:
        """Rows per district with one of ``codes``."""
        if values.dtype.itemsize > 1:
            return self.sum(np.isin(values, codes))
        total = np.empty(self.starts.size - 1)
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
