"""Guide people without work into volunteering: activity, a network, perhaps a step to work (L035)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "guide_to_volunteering", "Guidance to volunteering", "Toeleiding naar vrijwilligerswerk",
    (("municipality", 1.0),), grade="D", source=("L035",),
)  # fmt: skip
_WITHOUT_WORK = (
    int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE), int(Activity.INCAPACITY), int(Activity.RETIRED),
    int(Activity.OTHER),
)  # fmt: skip
_TO_WORK = ("work.return", "work.assistance_to_work")


@LEVERS.register
class GuideToVolunteering(Lever):
    """A worker helps people without work to begin as a volunteer (toeleiden naar vrijwilligerswerk).

    Meant for adults without work who do not volunteer and whom a worker meets: those within reach of outreach and those
    with an open case. They begin sooner, and who began that way meets more people and finds work a little sooner. Who
    began by own motion gains nothing here. No study of the effect was found: all three ratios may be 1. Volunteers
    also keep up community centres and informal organisations, which the facilities count by themselves.
    """

    name: ClassVar[str] = "guide-to-volunteering"
    title: ClassVar[str] = "Guidance to volunteering"
    title_nl: ClassVar[str] = "Toeleiden naar vrijwilligerswerk"
    explain: ClassVar[str] = "A worker helps people without work to begin as a volunteer."
    explain_nl: ClassVar[str] = "Een sociaal werker helpt mensen zonder werk om als vrijwilliger te beginnen."
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L035",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L035", moves="severe_loneliness", sign=-1,
            differs="People without work become volunteers themselves, and it is they who gain contacts.",
        ),
    )  # fmt: skip

    begin = Param(
        1.4, "ratio", (1.0, 3.0), "assumed", "D", ("L035",),
        "Beginning as a volunteer with guidance over without (0.02 a month)",
    )  # fmt: skip
    meeting = Param(
        1.25, "ratio", (1.0, 1.67), "assumed", "D", ("L035",),
        "Encounters of who began with guidance; the inverse of a ratio of 0.8 (0.6 to 0.95) on isolation",
    )  # fmt: skip
    to_work = Param(
        1.1, "ratio", (1.0, 1.3), "assumed", "D", ("L035", "design"), "Their chance to look for and find work"
    )  # fmt: skip
    uptake = Param(
        0.5, "share", (0.1, 1.0), "assumed", "D", ("design",), "Part of those approached who will be guided"
    )  # fmt: skip
    price = Param(
        150.0, "EUR/year", (50.0, 400.0), "assumed", "D", ("L035", "design"),
        "Guidance: a few hours of a worker per person", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Guide those who do not volunteer yet; who began with guidance before goes on gaining."""
        table = ctx.world.resident
        idle = table.alive & (table.age >= ADULT_AGE) & np.isin(table.activity, _WITHOUT_WORK)
        met = table.reached | (table.worker >= 0)
        wanted = np.flatnonzero(idle & met & (table.volunteer_hours == 0)).astype(np.int32)
        guided = self.reached(ctx, wanted, dose)
        place = table.district[guided]
        number = np.bincount(place[place >= 0], minlength=ctx.world.n_districts)
        self.scale(ctx, "facilities.begins", "resident", guided, self.number("begin"))
        self.book(ctx, COST, "price", number.astype(np.float64), per=MONTHS_PER_YEAR)
        active = np.flatnonzero(table.alive & table.guided & (table.volunteer_hours > 0)).astype(np.int32)
        volunteers: Rows = self.in_target(ctx, "resident", active)
        if volunteers.size:
            self.scale(ctx, "contacts.encounters", "resident", volunteers, self.number("meeting"))
            for rate in _TO_WORK:
                self.scale(ctx, rate, "resident", volunteers, self.number("to_work"))
