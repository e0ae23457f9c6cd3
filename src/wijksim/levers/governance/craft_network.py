"""Craft that grows: a learning network, proven approaches, time to plan, a role that can be carried (vakmanschap)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

LEARNING = CostItem(
    "learning_network",
    "Learning network of professionals",
    "Leernetwerk van wijkprofessionals",
    payers=(("municipality", 1.0),),
    grade="D",
    kind="programme",
)


@LEVERS.register
class CraftNetwork(Lever):
    """Let the craft of professionals rise, at once or year by year, at the price of hours and of money.

    Craft is what an hour is worth to who is helped. Four ideas come down to it and differ in how fast it rises, how
    far, and what it takes: a network in which professionals learn from one another, a bank of proven approaches, time
    set apart for looking ahead, and a role narrow enough to be done well.
    """

    name: ClassVar[str] = "craft-network"
    title: ClassVar[str] = "Craft of professionals"
    title_nl: ClassVar[str] = "Leernetwerk en vakmanschap"
    explain: ClassVar[str] = "Professionals learn from one another, so that an hour of theirs is worth more."
    explain_nl: ClassVar[str] = "Professionals leren van elkaar, zodat een uur van hen meer oplevert."
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G015", "G016", "G017", "G032")
    costs: ClassVar[tuple[CostItem, ...]] = (LEARNING,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G017",
            moves="open_cases",
            sign=-1,
            differs="Craft grows by a hundredth a year, and takes no hours.",
        ),
        Carries(
            "G016",
            moves="open_cases",
            sign=-1,
            arguments={"growth": 0.0, "gain": 0.05},
            differs="A proven approach helps at once, by half of what is claimed for it.",
        ),
        Carries(
            "G015",
            moves="crises",
            sign=-1,
            arguments={"growth": 0.0, "gain": 0.2, "hours": 0.05, "ramp": 12.0},
            differs="A twentieth of the hours goes to looking ahead, and pays back after a year.",
        ),
        Carries(
            "G032",
            moves="support_need",
            sign=-1,
            arguments={"growth": 0.0, "gain": 0.1},
            differs="A core task done with a wide view: what an overloaded role loses is spared.",
        ),
    )

    growth = Param(0.01, "1/year", (0.0, 0.03), "assumed", "D", ("G017",), "Growth of craft a year")
    most = Param(0.2, "share", (0.0, 0.5), "assumed", "D", ("design",), "Most that growth adds")
    gain = Param(0.0, "share", (0.0, 0.4), "assumed", "D", ("G015", "G016", "G032"), "Gain of craft at once")
    hours = Param(0.0, "share", (0.0, 0.15), "policy", "D", ("G015",), "Hours that it takes")
    price = Param(
        50, "EUR per fte a year", (0, 500), "assumed", "D", ("G017", "design"),
        "Meetings and materials: 500 euros for an organisation with ten posts", price_year=2023,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Scale craft per post and hours per district, and book the price per fte in the target."""
        table = ctx.world.professional
        dose *= self.number("coverage") * self.number("uptake")
        posts = self.in_target(ctx, "professional", table.rows)
        years = (ctx.month - self.window.start + 1) / MONTHS_PER_YEAR
        added = min(self.number("growth") * years, self.number("most")) + self.number("gain")
        self.scale(ctx, "professionals.craft", "professional", posts, 1 + added * dose)
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        if self.number("hours"):
            self.scale(
                ctx,
                "professionals.hours",
                "district",
                here,
                1 - min(self.number("hours") * dose, self.hours.range[1]),
            )
        fte = np.bincount(table.district[posts], weights=table.fte[posts], minlength=ctx.world.n_districts)
        self.book(ctx, LEARNING, "price", fte * dose, per=MONTHS_PER_YEAR)
