"""A measure: something counted per district, month and group.

A measure gives a numerator and a denominator per row of its table. Districts, groups, the city as a whole and
sums over months all follow from those two, so that a share of a whole is never a mean of shares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.registry import Registry

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class Measure:
    """Base class of all measures.

    Attributes
    ----------
    name, label, label_nl
        Key and texts.
    unit
        Unit of the value as shown.
    direction
        1 if more is better, -1 if less is better, 0 if neither.
    table
        Table whose rows it counts: ``resident``, ``household``, ``dwelling`` or ``district``.
    theme
        Heading under which it is shown.
    scale
        Factor from numerator / denominator to the unit (100 for per cent, 12,000 for a month's count per
        1,000 a year).
    flow
        True for something that happens in a month (crises), False for a state (debt).
    groups
        False if the measure makes no sense by group of persons.
    outcome
        Keys of the outcomes in the source texts that it carries (``O01`` ...).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    label_nl: ClassVar[str]
    unit: ClassVar[str]
    direction: ClassVar[int] = 0
    table: ClassVar[str] = "resident"
    theme: ClassVar[str]
    scale: ClassVar[float] = 1
    flow: ClassVar[bool] = False
    groups: ClassVar[bool] = True
    outcome: ClassVar[tuple[str, ...]] = ()

    def numerator(self, ctx: Context) -> NDArray[Any]:
        """What is counted, shape ``(table size,)``; dead rows are ignored."""
        raise TypeError(f"measure {self.name} counts nothing")

    def denominator(self, ctx: Context) -> NDArray[Any]:
        """Against what, shape ``(table size,)``: every living row unless overridden."""
        return ctx.world.tables[self.table].alive

    def districts(self, ctx: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator summed per district, each of shape ``(n_districts,)``."""
        if self.table == "district":
            return np.asarray(self.numerator(ctx), np.float64), np.asarray(self.denominator(ctx), np.float64)
        world = ctx.world
        return (
            world.by_district(self.table, self.numerator(ctx)),
            world.by_district(self.table, self.denominator(ctx)),
        )


MEASURES: Registry[Measure] = Registry("measure")
