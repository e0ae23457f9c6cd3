"""Neighbours of one large complex who call on one another (L052)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

NEIGHBOUR_HELP = CostItem(
    "neighbour_help", "Neighbour help in complexes", "Burenhulp in complexen", (("corporation", 1.0),), grade="D"
)  # fmt: skip


@LEVERS.register
class NeighbourHelp(Lever):
    """Ask residents of large complexes to take part in help for any neighbour there (beroep doen op elkaar).

    Whoever takes part and has no need puts a part of the hours left at the disposal of the complex; whoever takes part
    and is in need may ask although they do not know each other. Friends and acquaintances come first. It does not
    begin where too few have hours to give: with fewer than three in ten strong residents a complex remains a complex
    of care (L052). Support does the rest. What the evidence has is a correlation of cohesion and satisfaction. That
    those who help each other become acquainted is left out.
    """

    name: ClassVar[str] = "neighbour-help"
    title: ClassVar[str] = "Neighbours help each other in large complexes"
    title_nl: ClassVar[str] = "Buren doen een beroep op elkaar in grote complexen"
    explain: ClassVar[str] = (
        "In large complexes residents who can spare hours help neighbours who need them, known or not."
    )
    explain_nl: ClassVar[str] = (
        "In grote complexen helpen bewoners die tijd over hebben buren die hulp nodig hebben, ook onbekende buren."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L052",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (NEIGHBOUR_HELP,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L052", moves="open_cases", sign=-1,
            differs="Help goes to neighbours without a tie, and only in complexes with enough strong shoulders.",
        ),
    )  # fmt: skip

    min_dwellings = Param(
        20.0, "dwellings", (8.0, 100.0), "policy", "D", ("design",), "Dwellings from which a complex counts as large"
    )  # fmt: skip
    spillover = Param(
        0.1, "share", (0.02, 0.25), "assumed", "D", ("L052",), "Part of the hours left that is there for any neighbour"
    )  # fmt: skip
    threshold = Param(
        0.3, "share", (0.15, 0.45), "assumed", "D", ("L052",),
        "Share of adults without a need of their own below which it fails",
    )  # fmt: skip
    organiser = Param(
        1500.0, "EUR per complex a year", (0.0, 5000.0), "assumed", "D", ("design",),
        "Hours of the caretaker or a volunteer who brings asking and giving together", price_year=2023,
    )  # fmt: skip
    uptake = Param(
        0.3, "share", (0.05, 0.7), "assumed", "D", ("design",), "Adults who take part, at average trust"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the guidance after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Name those who take part in large complexes."""
        world = ctx.world
        table = world.resident
        home = world.household.complex[table.household]
        large = (home >= 0) & (world.complex.dwellings[home] >= self.number("min_dwellings"))
        adults = np.flatnonzero(large & table.alive & (table.age >= ADULT_AGE)).astype(np.int32)
        reached = self.reached(ctx, adults, dose)
        self.request(
            ctx,
            "contacts",
            "share_help",
            residents=reached,
            spillover=self.number("spillover"),
            threshold=self.number("threshold"),
        )
        if not self.in_force(ctx.month, self.governed(ctx)):
            return
        places = np.unique(home[reached])
        number = np.bincount(world.complex.district[places], minlength=world.n_districts)
        self.book(ctx, NEIGHBOUR_HELP, "organiser", number.astype(np.float64), per=MONTHS_PER_YEAR)
