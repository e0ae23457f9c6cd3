"""Bilingual and streetwise staff: a common language brings contact and acceptance (L046)."""

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
    "bilingual_staff", "Bilingual staff", "Tweetalige medewerkers", (("municipality", 1.0),), grade="D",
    source=("L046",),
)  # fmt: skip
COSTS = by_employer(COST)


@LEVERS.register
class BilingualStaff(Lever):
    """Fill part of the posts with people who bridge a language gap (tweetalige, streetwise medewerkers).

    Who gains is decided by the Dutch that a resident speaks and by nothing else: the model knows no origin. A resident
    with little Dutch asks for help more readily and accepts it more often, as far as staff of the district speak the
    language: fit rises from ``professionals.match_floor`` to 1 (ASM-14). The same skill of the worker who leads a case
    makes help fit better. No study of the effect was found, so how far fit counts for contact and acceptance may be
    nothing. There is no extra staff: the posts are those that stand, filled otherwise; a premium is booked, to
    each employer for its own people.
    """

    name: ClassVar[str] = "bilingual-staff"
    title: ClassVar[str] = "Bilingual and streetwise staff"
    title_nl: ClassVar[str] = "Tweetalig en streetwise personeel"
    explain: ClassVar[str] = (
        "Part of the professionals speaks the language of residents who speak little Dutch."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de professionals spreekt de taal van bewoners die weinig Nederlands spreken."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L046", "ASM-14")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = tuple(COSTS.values())
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L046", moves="unmet_need", sign=-1,
            differs="Contact, acceptance and fit of help rise for residents with little Dutch; nobody else gains.",
        ),
    )  # fmt: skip

    bilingual = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L046",), "Part of the posts, at full dose (now about a tenth)"
    )  # fmt: skip
    reach = Param(
        0.5, "share", (0.0, 1.0), "assumed", "D", ("L046", "ASM-14"),
        "How far fit of language counts for contact and acceptance; 0 is no effect",
    )  # fmt: skip
    ramp = Param(
        24.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Months in which posts come to be filled so"
    )  # fmt: skip
    price = Param(
        2000.0, "EUR/year", (0.0, 6000.0), "assumed", "D", ("L046", "design"),
        "Search, training and premium, per post filled so", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Ask employers of the target districts for it; it is booked by the posts that are filled."""
        part = self.number("bilingual") * dose * self.number("coverage") * self.number("uptake")
        share = part * self.districts(ctx)
        self.request(ctx, "professionals", "hire_bilingual", share=share, reach=self.number("reach"))
        for employer, fte in fte_by_employer(ctx, ctx.world.professional.rows).items():
            self.book(ctx, COSTS[employer], "price", fte * share, per=MONTHS_PER_YEAR)
