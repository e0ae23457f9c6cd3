"""Open outside office hours: help is there when the problem is felt (L044)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import WEEKS_PER_MONTH
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "open_longer", "Open outside office hours", "Open buiten kantooruren", (("municipality", 1.0),), grade="D",
    source=("L044", "WMO-01"),
)  # fmt: skip


@LEVERS.register
class OpenLonger(Lever):
    """Open help in evenings and weekends (ruime openingstijden).

    It acts through the overlap of opening hours with the hours in which a resident is free: people in work can come by
    in a third of office hours, others in all of them, and everybody in most of an evening. Asking for help rises with
    the hours in which one can, by a response that lies between nothing and the largest guess of the source: 1.3 times
    as much (1.0 to 1.8) if open all hours instead of a quarter of them. No study of the effect was found. Booked are
    the people who keep it open; intake and help take hours of the team as ever.
    """

    name: ClassVar[str] = "open-longer"
    title: ClassVar[str] = "Open outside office hours"
    title_nl: ClassVar[str] = "Open buiten kantooruren"
    explain: ClassVar[str] = "Residents can come for help in evenings and weekends too."
    explain_nl: ClassVar[str] = "Bewoners kunnen ook ’s avonds en in het weekend terecht voor hulp."
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L044", "WMO-01")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L044", moves="crises", sign=-1,
            differs="Opening hours meet the hours in which a resident is free, so people in work gain most.",
        ),
    )  # fmt: skip

    hours = Param(
        24.0, "hours/week", (0.0, 128.0), "policy", "D", ("L044",), "Hours a week beyond office hours, at full dose"
    )  # fmt: skip
    response = Param(
        0.18, "elasticity", (0.0, 0.41), "assumed", "D", ("L044",),
        "Asking for help by the hours in which one can: 1.3 times (1.0 to 1.8) from 0.24 of all hours to all",
    )  # fmt: skip
    residents_per_place = Param(
        10000.0, "residents", (3000.0, 20000.0), "assumed", "D", ("design",), "Residents for whom one place is open"
    )  # fmt: skip
    staff = Param(2.0, "persons", (1.0, 3.0), "assumed", "D", ("design",), "People present while it is open")
    price = Param(
        64.0, "EUR/hour", (50.0, 95.0), "estimated", "C", ("WMO-01",), "Hour of somebody who gives guidance",
        price_year=2022,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Open so many hours for those reached; those who never hear of it gain nothing."""
        hours = self.number("hours") * dose
        # the hours themselves are the dose: nobody is reached by halves
        reached = self.reached(ctx, self.adults(ctx), 1.0)
        self.request(
            ctx, "professionals", "open_longer", residents=reached, hours=hours, response=self.number("response")
        )  # fmt: skip
        places = ctx.world.by_district("resident") * self.districts(ctx) / self.number("residents_per_place")
        self.book(ctx, COST, "price", places * hours * self.number("staff") * WEEKS_PER_MONTH)
