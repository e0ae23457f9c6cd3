"""Safety of staff: who does not feel safe in a stairwell stays away from it (L078)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.employers import by_employer, fte_by_employer
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "staff_safety", "Safety of staff", "Veiligheid van medewerkers", (("municipality", 1.0),), grade="D",
    source=("L078",),
)  # fmt: skip
COSTS = by_employer(COST)


@LEVERS.register
class StaffSafety(Lever):
    """Staff withdraw from unsafe stairwells as far as they are not protected (veiligheid van medewerkers).

    Without this lever staff go everywhere: the model does not withdraw them by itself. With it, presence in a
    stairwell falls as its residents feel less safe below a limit, by half at most; caretakers and outreach then
    signal less there, and caretakers end less trouble. ``protection`` (working in pairs, alarm, a line of conduct
    that is kept to) takes away part of the withdrawal, and is what is booked (each employer pays for its own people):
    with protection 0 it shows what it costs to do nothing, and the difference between two values what protection
    brings. The source states a limit of 0.4 on a scale of its own; here nine in ten residents feel safe on average,
    so that the limit is higher. Nothing was measured.
    """

    name: ClassVar[str] = "staff-safety"
    title: ClassVar[str] = "Safety of staff"
    title_nl: ClassVar[str] = "Veiligheid van medewerkers"
    explain: ClassVar[str] = (
        "Staff stay away from stairwells where it does not feel safe, unless they are protected."
    )
    explain_nl: ClassVar[str] = (
        "Medewerkers mijden portieken waar het onveilig voelt, tenzij er iets voor hun veiligheid is gedaan."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L078",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = tuple(COSTS.values())
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L078", moves="nuisance_often", sign=1,
            differs="Presence follows how safe a stairwell feels: what is lost if staff are not protected.",
            arguments={"protection": 0.0},
        ),
    )  # fmt: skip

    safe_from = Param(
        0.6, "share", (0.4, 0.8), "assumed", "D", ("L078", "design"),
        "Chance that residents of a stairwell feel safe, below which staff withdraw",
    )  # fmt: skip
    withdrawal = Param(
        0.5, "share", (0.0, 0.8), "assumed", "D", ("L078",), "Presence withdrawn where nobody feels safe"
    )  # fmt: skip
    protection = Param(
        0.0, "share", (0.0, 1.0), "policy", "D", ("L078", "design"), "Part of the withdrawal that protection takes away"
    )  # fmt: skip
    ramp = Param(6.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Months in which it comes about")
    decay = Param(
        0.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Half-life after the end; 0 ends it"
    )
    price = Param(
        1500.0, "EUR/year", (500.0, 4000.0), "assumed", "D", ("L078", "design"),
        "Training, alarm and work in pairs, per fte that is fully protected", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Say where staff withdraw how far, and book protection by the posts that are filled."""
        part = dose * self.number("coverage") * self.number("uptake")
        self.request(
            ctx, "professionals", "withdraw", districts=self.districts(ctx), safe_from=self.number("safe_from"),
            share=part * self.number("withdrawal") * (1 - self.number("protection")),
        )  # fmt: skip
        table = ctx.world.professional
        protected = self.districts(ctx) * part * self.number("protection")
        for employer, fte in fte_by_employer(ctx, table.rows).items():
            self.book(ctx, COSTS[employer], "price", fte * protected, per=MONTHS_PER_YEAR)
