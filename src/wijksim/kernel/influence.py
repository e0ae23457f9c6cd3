"""What raises or lowers a chance or a target: influences, declared as data, and their sum.

A process never multiplies ratios by hand. It declares influences; the index adds them up, each measured against
the national reference population, so that one national rate holds for everybody and the difference between
districts comes out of who lives there and how, and is never put in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@dataclass(frozen=True)
class Influence:
    """One driver of a process.

    Parameters
    ----------
    column
        Full column name; a column of another table is reached over the structure (see ``World.gather``).
    weight
        Parameter name. For an event the hazard ratio per unit of the driver; for a relaxing state the
        weight on the logit (or, for an unbounded state, linear) scale per standard deviation.
    loop
        Feedback loop this influence belongs to; switched off, the driver stays what it was at the start.
    equals
        If given, the driver is 1 where the column equals this code (or one of these codes), else 0.
    """

    column: str
    weight: str
    loop: str | None = None
    equals: int | tuple[int, ...] | None = None

    @cached_property
    def key(self) -> str:
        """Name of the driver, used in the reference and in stories."""
        if self.equals is None:
            return self.column
        codes = self.equals if isinstance(self.equals, tuple) else (self.equals,)
        return f"{self.column}={'|'.join(str(int(code)) for code in codes)}"

    @cached_property
    def place(self) -> tuple[str, str]:
        """Table and attribute of the column."""
        source, attribute = self.column.split(".")
        return source, attribute

    def values(self, ctx: Context, table: str, rows: Rows | slice) -> NDArray[Any]:
        """Driver as seen from ``rows`` of ``table``, frozen at the start if its loop is off."""
        live = self.live(ctx, table, rows)
        if self.loop is not None and ctx.loops.is_off(self.loop):
            return ctx.loops.frozen(ctx, self, table, rows, live=live)
        return live

    def live(self, ctx: Context, table: str, rows: Rows | slice) -> NDArray[Any]:
        """Driver as it is now, whatever the loop switches say."""
        raw = ctx.world.see(table, rows, *self.place)
        if self.equals is None:
            return raw
        if isinstance(self.equals, tuple):
            return np.isin(raw, [int(code) for code in self.equals])
        same: NDArray[Any] = raw == self.equals
        return same


class Index:
    """Weighted sum of influences, each centred (and for states scaled) on the national reference.

    Parameters
    ----------
    owner
        Name of the process, under which the reference keeps the moments.
    table
        Table whose rows the process acts on.
    influences
        Drivers.
    scaled
        True divides by the standard deviation in the reference (states); False takes the log of the
        parameter as weight per unit (events).
    """

    def __init__(self, owner: str, table: str, influences: Sequence[Influence], *, scaled: bool) -> None:
        self.owner = owner
        self.table = table
        self.influences = tuple(influences)
        self.keys = tuple(f"{owner}|{influence.key}" for influence in self.influences)
        self.scaled = scaled

    def terms(self, ctx: Context, rows: Rows | slice) -> list[tuple[Influence, NDArray[Any]]]:
        """Contribution of every influence, for stories and tests."""
        return [
            (influence, (influence.values(ctx, self.table, rows) - mean) * factor)
            for influence, mean, factor in self.factors(ctx)
        ]

    def at(self, ctx: Context, rows: Rows | slice) -> NDArray[Any] | float:
        """Sum over the influences for ``rows``; 0 if there are none. float32 unless a driver is float64."""
        total: NDArray[Any] | float = 0.0
        constant = 0.0
        for influence, mean, factor in self.factors(ctx):
            values = influence.values(ctx, self.table, rows)
            if values.dtype != np.float64:
                total = total + values * np.float32(factor)
            else:
                total = total + values * factor
            constant += mean * factor
        if isinstance(total, float):
            return total - constant
        return total - total.dtype.type(constant)

    def factors(self, ctx: Context) -> list[tuple[Influence, float, float]]:
        """Influences that count, each with its reference mean and its factor per unit."""
        found = []
        reference, values = ctx.reference, ctx.values
        for influence, key in zip(self.influences, self.keys, strict=True):
            known = None if reference.tracking else reference.stored.get(key)
            mean, deviation = known or reference.moments(ctx, self.owner, self.table, influence)
            weight = values[influence.weight]
            factor = (weight / deviation if deviation > 0 else 0.0) if self.scaled else log(weight)
            if factor:
                found.append((influence, mean, factor))
        return found
