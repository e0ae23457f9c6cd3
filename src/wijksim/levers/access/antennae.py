"""Antennae: shopkeepers and places of worship pass on signals (L055)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.lookout_lever import LookoutLever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "antennae", "Antennae in shops and places of worship", "Antennes in winkels en gebedshuizen",
    (("municipality", 1.0),), grade="D", source=("L055",),
)  # fmt: skip


@LEVERS.register
class Antennae(LookoutLever):
    """Give shopkeepers, cafes and informal organisations somebody to tell what they notice (antennefunctie).

    The antennae are the premises that are open in the district: where shops close there are fewer. Each that takes
    part knows so many residents, at random, so the chance that a resident is known to at least one is
    ``1 - exp(-antennae x degree / residents)``; who is known is a lot for life. What the weak evidence says is that
    18 per cent of organisations feel recognised by the municipality; how often they pass something on is assumed, and
    may be never.
    """

    name: ClassVar[str] = "antennae"
    title: ClassVar[str] = "Shops and places of worship as antennae"
    title_nl: ClassVar[str] = "Winkels en gebedshuizen als antennes"
    explain: ClassVar[str] = (
        "Shopkeepers and places of worship know whom to tell when a resident is in trouble."
    )
    explain_nl: ClassVar[str] = (
        "Winkeliers en gebedshuizen weten bij wie ze terechtkunnen als het met een bewoner niet goed gaat."
    )
    family: ClassVar[str] = "access"
    evidence: ClassVar[tuple[str, ...]] = ("L055", "PRO-41", "TIM-11")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L055", moves="open_cases", sign=1,
            differs="Premises with many passing contacts pass on signals; there are as many as are open.",
        ),
    )  # fmt: skip
    channel: ClassVar[str] = "antennae"

    recognised = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L055",), "Part of the premises that takes part"
    )  # fmt: skip
    already = Param(
        0.18, "share", (0.1, 0.5), "measured", "C", ("L055",), "Part that feels recognised already: no gain there"
    )  # fmt: skip
    degree = Param(
        150.0, "residents", (50.0, 400.0), "assumed", "D", ("L055",), "Residents whom one antenna knows"
    )  # fmt: skip
    chance = Param(
        0.02, "1/month", (0.0, 0.1), "assumed", "D", ("L055",), "Chance a month that need that shows is passed on"
    )  # fmt: skip
    price = Param(
        200.0, "EUR/year", (50.0, 800.0), "assumed", "D", ("L055", "design"),
        "Time of a fixed contact, per antenna", price_year=2024,
    )  # fmt: skip

    def antennae(self, ctx: Context) -> NDArray[np.float64]:
        """New antennae per district: premises open to all comers that take part and did not yet."""
        table = ctx.world.facility
        kinds = table.columns["kind"].codes
        assert kinds is not None
        codes = kinds.__members__
        wanted = [int(codes[name]) for name in ("SHOP", "SERVICE", "THIRD_PLACE", "INFORMAL")]
        rows = np.flatnonzero(table.alive & table.open & np.isin(table.kind, wanted))
        count = np.bincount(table.district[rows], weights=table.units[rows], minlength=ctx.world.n_districts)
        new = max(self.number("recognised") - self.number("already"), 0)
        found: NDArray[np.float64] = count * new * self.districts(ctx)
        return found

    def whom(self, ctx: Context) -> Rows:
        """Adults who are known to at least one of the new antennae."""
        table = ctx.world.resident
        people = np.maximum(ctx.world.by_district("resident"), 1)
        known = 1 - np.exp(-self.antennae(ctx) * self.number("degree") / people)
        rows = np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & (table.district >= 0)).astype(np.int32)
        lot = ctx.draws.life("lever.antennae.known", table.uid[rows])
        found: Rows = rows[lot < known[table.district[rows]]]
        return found

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Keeping up the contact, by antenna."""
        del reached
        number = self.antennae(ctx) * dose * self.number("coverage")
        self.book(ctx, COST, "price", number, per=MONTHS_PER_YEAR)
