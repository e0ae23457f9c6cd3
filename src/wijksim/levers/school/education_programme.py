"""Municipal programmes beside school policy: money that finds teachers for posts that stand open (L091)."""

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

PROGRAMME = CostItem(
    "education_programme",
    "Municipal education programme",
    "Gemeentelijk onderwijsprogramma",
    payers=(("municipality", 1.0),),
    grade="D",
    source=("L091",),
    kind="programme",
)


@LEVERS.register
class EducationProgramme(Lever):
    """Fill part of the open teaching posts in the schools of the chosen districts (aanvullend onderwijsbeleid).

    Targeted money took the shortage of teachers in the four large cities from 18.7 to 15.5 % in a year, without a
    comparison; part of that fall would have come anyway, and part of the teachers come from other schools of the city,
    where they are missed. What a filled post does for achievement is a number of the school, with a range from nothing.
    The money is not spread over pupils: smaller classes and other support are left out, as they have no figure here.
    """

    name: ClassVar[str] = "education-programme"
    title: ClassVar[str] = "Municipal education programme"
    title_nl: ClassVar[str] = "Aanvullend gemeentelijk onderwijsprogramma"
    explain: ClassVar[str] = (
        "The municipality pays to fill open teaching posts at schools in the chosen districts."
    )
    explain_nl: ClassVar[str] = (
        "De gemeente betaalt wat nodig is om vacatures voor leraren in de gekozen wijken te vervullen."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = ("L091", "EDU-13")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (PROGRAMME,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L091", moves="achievement", sign=1,
            differs="It changes who stands before the class, and reaches pupils by their school and not one by one.",
        ),
    )  # fmt: skip

    points = Param(
        0.032, "share", (0.0, 0.05), "measured", "C", ("L091",),
        "Teaching posts filled at full dose (18.7 to 15.5 %)",
    )  # fmt: skip
    deadweight = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L091", "design"),
        "Part of that fall that would have come anyway",
    )
    from_elsewhere = Param(
        0.5, "share", (0.0, 1.0), "assumed", "D", ("design",),
        "Part of the teachers who come from schools in the other districts of the city",
    )  # fmt: skip
    price = Param(
        200, "EUR per pupil a year", (50, 800), "assumed", "D", ("design",),
        "Cost per pupil at the schools of the district", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the programme; 0 ends it with the money",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund teachers here, and take part of them from elsewhere in the city."""
        school, here = ctx.world.school, self.districts(ctx)
        pupils = np.bincount(school.district, weights=school.pupils, minlength=ctx.world.n_districts)
        part = dose * self.number("coverage") * self.number("uptake")
        own = here * self.number("points") * (1 - self.number("deadweight")) * part
        others = pupils * ~here
        missed = self.number("from_elsewhere") * float(own @ pupils)
        lost = missed / others.sum() if others.any() else 0.0
        self.fund(ctx, "school.teachers", own - lost * ~here)
        self.book(ctx, PROGRAMME, "price", pupils * here * part, per=MONTHS_PER_YEAR)
