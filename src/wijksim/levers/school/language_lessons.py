"""Language lessons: classes in Dutch offered to residents who speak or read little of it (L034)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class LanguageLessons(Lever):
    """Offer a class to adults with little Dutch whom the lever reaches (taallessen).

    Of those reached, part takes a class up each year, on top of those who find one under current policy. What a class
    does is a number of the skills (half of the distance to full Dutch in three years of lessons), and what Dutch does
    for finding work and for contact one of work and of contacts. A class is no cure: what it gave fades with a
    half-life of ten years unless it is used. Nobody has measured what lessons bring a neighbourhood (L034: none
    found), so the range of the take-up includes nobody. Children's gains from parents who speak Dutch are left out.
    """

    name: ClassVar[str] = "language-lessons"
    title: ClassVar[str] = "Language lessons"
    title_nl: ClassVar[str] = "Taallessen"
    explain: ClassVar[str] = "Adults with little Dutch in the chosen districts are offered a class."
    explain_nl: ClassVar[str] = (
        "Volwassenen in de gekozen wijken die weinig Nederlands spreken of lezen krijgen een taalcursus aangeboden."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L034", "PRICE-EDU-07")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L034", moves="share_in_work", sign=1,
            differs="It raises a skill that work and contact ask for, and does nothing to work itself.",
        ),
    )  # fmt: skip

    take_up = Param(
        0.2, "1/year", (0.0, 0.4), "assumed", "D", ("L034", "design"),
        "Adults reached who begin a class because it is offered",
    )  # fmt: skip
    price = Param(
        1607, "EUR per participant", (1000, 10_000), "estimated", "C", ("PRICE-EDU-07",),
        "A class in Dutch: 23.3 million for 14,500 participants; the high end is a full track", price_year=2017,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the offer; 0 ends it with the money",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Name the adults to whom a class is offered; the skills mechanism leaves out who is in one."""
        table = ctx.world.resident
        low = ctx.values["skills.low_dutch"]
        lacking = table.alive & (table.age >= ADULT_AGE) & (table.dutch < low)
        reached = self.reached(ctx, lacking.nonzero()[0].astype(np.int32), dose)
        self.request(
            ctx,
            "skills",
            "offer_class",
            residents=reached,
            take_up=self.number("take_up"),
            price=indexed(ctx, self.number("price"), self.price.price_year),
        )
