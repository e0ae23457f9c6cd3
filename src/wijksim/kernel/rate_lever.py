"""The commonest lever: those it reaches have another chance of something, and each costs something a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import Lever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


class RateLever(Lever):
    """Scale named rates for the people reached; a subclass says which, for whom and at what price.

    Attributes
    ----------
    rates
        Rate or weight that is scaled, the table it belongs to (``resident`` or ``household``) and the argument that
        holds the ratio: with over without, for who takes part.
    price
        Item that is booked and argument with the euros per participant a year; None if it costs nothing of its own.
    """

    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    price: ClassVar[tuple[CostItem, str] | None] = None

    def whom(self, ctx: Context) -> Rows:
        """Residents for whom it is meant: adults, unless a subclass narrows them; target and groups come later."""
        table = ctx.world.resident
        return np.flatnonzero(table.alive & (table.age >= ADULT_AGE)).astype(np.int32)

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the rates of those reached and book what they cost."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        if not reached.size:
            return
        households: Rows = np.unique(ctx.world.resident.household[reached])
        for rate, table, argument in self.rates:
            self.scale(
                ctx, rate, table, reached if table == "resident" else households, self.number(argument)
            )
        if self.price is not None and self.in_force(ctx.month, self.governed(ctx)):
            # what lingers after the end costs nothing any more
            item, argument = self.price
            self.book(ctx, item, argument, self.count(ctx, reached), per=MONTHS_PER_YEAR)

    def count(self, ctx: Context, residents: Rows) -> NDArray[np.float64]:
        """How many of ``residents`` live in each district, shape ``(n_districts,)``."""
        district = ctx.world.resident.district[residents]
        return np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
