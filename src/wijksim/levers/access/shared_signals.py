"""The district as a place where problems are found: weak signals are put together (L067)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "shared_signals", "Signals put together", "Signalen bij elkaar gelegd", (("municipality", 1.0),), grade="D",
    source=("L067",),
)  # fmt: skip


@LEVERS.register
class SharedSignals(Lever):
    """Those who see residents share what they saw (de wijk als vindplaats, signaleringsoverleg).

    Most signals lead to nothing: nobody is met, or help is not wanted. Here such a signal is shared with some chance
    and remembered, whoever it came from: neighbours, caretakers, outreach, arrears, or a channel that another lever
    opens. A second one within half a year is followed by visits. Of debt signals 40 per cent are repeats on one address
    within half a year, so there is something to put together; that sharing finds more people is not shown. Only people
    who meet in this are reached, by district; residents themselves need do nothing.
    """

    name: ClassVar[str] = "shared-signals"
    title: ClassVar[str] = "Weak signals put together"
    title_nl: ClassVar[str] = "De wijk als vindplaats"
    explain: ClassVar[str] = (
        "Signals that each mean little are shared, and two about one resident are followed up."
    )
    explain_nl: ClassVar[str] = (
        "Signalen die elk weinig zeggen worden gedeeld. Bij twee signalen over één bewoner gaat er iemand langs."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L067",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L067", moves="unmet_need", sign=-1,
            differs="No new eyes: signals that lead to nothing now are combined.",
        ),
    )  # fmt: skip

    share = Param(
        0.3, "share", (0.0, 0.7), "assumed", "D", ("L067",), "Chance that a signal that led to nothing is shared"
    )  # fmt: skip
    months = Param(
        6.0, "months", (1.0, 12.0), "policy", "C", ("L067",), "Months within which two signals count as one case"
    )  # fmt: skip
    price = Param(
        1.5, "EUR/year", (0.5, 4.0), "assumed", "D", ("L067", "design"), "Meetings and a register, per resident",
        price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Name the residents about whom signals may be shared."""
        reached = self.reached(ctx, self.adults(ctx), dose)
        self.request(
            ctx, "professionals", "share_signals", residents=reached, share=self.number("share"),
            months=self.number("months"),
        )  # fmt: skip
        people = ctx.world.by_district("resident") * self.districts(ctx)
        self.book(ctx, COST, "price", people * dose * self.number("coverage"), per=MONTHS_PER_YEAR)
