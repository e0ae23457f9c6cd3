"""Light contact: neighbours who greet each other (L082)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, WEEKS_PER_MONTH
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

GREETING = CostItem(
    "greeting", "Campaign for light contact", "Campagne voor lichte contacten", (("municipality", 1.0),), grade="D"
)  # fmt: skip


@LEVERS.register
class Greeting(Lever):
    """Win residents for a greeting and a short question to whom they meet (lichte contacten, groet).

    Who is reached greets those met at the front door; those greeted, lonely or not, become lonely a little less often:
    two per cent per ten greetings a month, and the range includes none. What there is in evidence is a correlation of
    cohesion and satisfaction (L082). Belonging, which the text expects too, has no state of its own.
    """

    name: ClassVar[str] = "greeting"
    title: ClassVar[str] = "Light contact"
    title_nl: ClassVar[str] = "Lichte contacten: groet en korte vraag"
    explain: ClassVar[str] = (
        "Residents are won for a greeting and a short question to the neighbours whom they meet."
    )
    explain_nl: ClassVar[str] = "Bewoners gaan buren die zij tegenkomen vaker groeten en vragen hoe het gaat."
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L082",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (GREETING,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L082", moves="severe_loneliness", sign=-1,
            differs="No tie is made: recognition by passers-by is all there is to it.",
        ),
    )  # fmt: skip

    per_week = Param(
        3.0,
        "greetings/week",
        (0.5, 10.0),
        "assumed",
        "D",
        ("L082",),
        "Most further greetings that somebody gets",
    )
    deadweight = Param(
        0.5, "share", (0.1, 0.9), "assumed", "D", ("design",),
        "Part of the encounters at which those reached greeted already",
    )  # fmt: skip
    price = Param(
        2.0, "EUR per person reached a year", (0.0, 20.0), "assumed", "D", ("design",), "Cost of the campaign",
        price_year=2023,
    )  # fmt: skip
    uptake = Param(
        0.3, "share", (0.05, 0.8), "assumed", "D", ("design",), "Part of those approached who does it, at average trust"
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the campaign after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Name those who greet."""
        table = ctx.world.resident
        reached = self.reached(ctx, self.adults(ctx), dose)
        self.request(
            ctx,
            "contacts",
            "greet",
            residents=reached,
            share=1 - self.number("deadweight"),
            most=self.number("per_week") * WEEKS_PER_MONTH,
        )
        if not self.in_force(ctx.month, self.governed(ctx)):
            return
        number = np.bincount(table.district[reached], minlength=ctx.world.n_districts)
        self.book(ctx, GREETING, "price", number.astype(np.float64), per=MONTHS_PER_YEAR)
