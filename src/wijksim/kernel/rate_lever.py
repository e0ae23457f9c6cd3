"""The commonest lever: those it reaches have another chance of something, and each costs something a year."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import Lever
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
        return self.adults(ctx)

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the rates of those reached and book what they cost."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        if not reached.size:
            return
        governed = self.governed(ctx)
        given = self.division(ctx, governed, dose)
        # where all are reached and more is to be done, each gets more
        each = None if given is None else np.maximum(given, 1.0)
        theirs = np.zeros(ctx.world.household.size, np.bool_)
        theirs[ctx.world.resident.household[reached]] = True
        households = theirs.nonzero()[0].astype(np.int32)
        for rate, table, argument in self.rates:
            rows = reached if table == "resident" else households
            ratio: NDArray[np.float64] | float = self.number(argument)
            if each is not None:
                ratio = ratio ** each[ctx.world.tables[table]["district"][rows]]
            self.scale(ctx, rate, table, rows, ratio)
        if self.price is not None and self.in_force(ctx.month, governed):
            # what lingers after the end costs nothing any more
            item, argument = self.price
            count = self.count(ctx, reached)
            self.book(ctx, item, argument, count if each is None else count * each, per=MONTHS_PER_YEAR)

    def most_each(self, ctx: Context) -> float:
        """As far as the ranges of its ratios go, and what all levers together may do to one rate."""
        low, high = ctx.values["kernel.lever_ratio_low"], ctx.values["kernel.lever_ratio_high"]
        found = []
        for _, _, argument in self.rates:
            ratio, declared = self.number(argument), self.declared()[argument]
            if ratio not in (0, 1) and isinstance(declared, Param):
                bound = max(declared.range[0], low) if ratio < 1 else min(declared.range[1], high)
                found.append(max(log(bound) / log(ratio), 1.0))
        return min(found, default=1.0)

    def count(self, ctx: Context, residents: Rows) -> NDArray[np.float64]:
        """How many of ``residents`` live in each district, shape ``(n_districts,)``."""
        district = ctx.world.resident.district[residents]
        return np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
