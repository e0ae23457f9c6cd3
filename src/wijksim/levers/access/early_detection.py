"""Timely detection: whoever works with residents notices early that somebody slips (L031)."""

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
    "early_detection", "Timely detection", "Tijdig signaleren", (("municipality", 1.0),),
    gains=(("residents", 1.0),), grade="D", source=("L031",),
)  # fmt: skip


@LEVERS.register
class EarlyDetection(LookoutLever):
    """Notice early that somebody slips (tijdig signaleren, vroeg erop af).

    In sight are residents whom professionals meet anyway: those within reach of outreach and those with children at
    home, whom nurses and teachers see. Need shows to them before it is large enough for the team to help by itself,
    and an early case takes a part of the usual intake. Of debt signals one in six led to contact and one in three of
    these to help; visits reach about twice as many. Left out: children and youths as clients, and what it does to the
    hours of the work that follows but for a shorter intake and a case that closes sooner.
    """

    name: ClassVar[str] = "early-detection"
    title: ClassVar[str] = "Timely detection of decline"
    title_nl: ClassVar[str] = "Tijdig signaleren dat iemand afglijdt"
    explain: ClassVar[str] = (
        "Professionals who meet residents anyway notice trouble while it is small and offer help."
    )
    explain_nl: ClassVar[str] = (
        "Professionals die bewoners toch al zien, merken problemen op als ze nog klein zijn en bieden hulp aan."
    )
    family: ClassVar[str] = "access"
    evidence: ClassVar[tuple[str, ...]] = ("L031", "TIM-10", "TIM-11", "TIM-12")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L031", moves="crises", sign=-1,
            differs="Professionals see residents whose need is still below the threshold of the team, and an early "
            "case takes a quarter of the intake.",
        ),
    )  # fmt: skip
    channel: ClassVar[str] = "professionals"

    chance = Param(
        0.05, "1/month", (0.0, 0.15), "assumed", "D", ("L031",), "Chance a month that a slipping resident is noticed"
    )  # fmt: skip
    contact = Param(
        0.35, "share", (0.17, 0.6), "estimated", "C", ("L031", "TIM-10", "TIM-11"),
        "Part of those noticed who are met: one in six after a letter, one in three at a visit",
    )  # fmt: skip
    from_need = Param(
        0.08, "share", (0.05, 0.15), "assumed", "D", ("L031", "design"), "Need from which slipping shows"
    )  # fmt: skip
    intake = Param(
        0.25, "share", (0.1, 0.5), "assumed", "D", ("L031",), "Intake of an early case over that of a late one"
    )  # fmt: skip
    price = Param(
        2.63, "EUR/year", (1.0, 6.0), "estimated", "C", ("L031",),
        "Cost per resident of the districts, as that of early warning of debt (Divosa)", price_year=2023,
    )  # fmt: skip

    def whom(self, ctx: Context) -> Rows:
        """Adults whom outreach reaches, and adults with children at home."""
        table = ctx.world.resident
        home = table.household
        seen = table.reached | ((home >= 0) & (ctx.world.household.children[home] > 0))
        return np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & seen).astype(np.int32)

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Training, agreements and a place to report to, by residents."""
        del reached
        people: NDArray[np.float64] = ctx.world.by_district("resident") * self.districts(ctx)
        self.book(ctx, COST, "price", people * dose * self.number("coverage"), per=MONTHS_PER_YEAR)
