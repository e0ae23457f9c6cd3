"""Area officers between the street and the budget."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

OFFICERS = CostItem(
    "area_officers",
    "Area officers of the municipality",
    "Gebiedsmedewerkers van de gemeente",
    (("municipality", 1.0),),
    grade="D",
    source=("L066",),
)


class Decided(IntEnum):
    """Kinds of premises whose opening takes a decision of the municipality, by their code."""

    THIRD_PLACE = 2
    CENTRE = 3
    INFORMAL = 5


@LEVERS.register
class AreaOfficers(PostLever):
    """Civil servants who know the street speed up decisions on the budget (gebiedsambtenaren, wijkmanagers).

    Two things in the model wait for the town hall: vacant premises that are to become a meeting place, a community
    centre or home of an informal organisation, and posts for which money is there but nobody has been found or
    admitted yet. Both wait a shorter time. That six months become three is the source's guess (L066), no study was
    found, so that the ranges begin at no effect. With fewer officers than ``enough`` there is as much less of it:
    without officers nothing is sooner. What officers know of residents is left out.
    """

    name: ClassVar[str] = "area-officers"
    title: ClassVar[str] = "Area officers between street and budget"
    title_nl: ClassVar[str] = "Gebiedsmedewerkers tussen straat en stadhuis"
    explain: ClassVar[str] = "Civil servants of the area get decisions on places and posts taken sooner."
    explain_nl: ClassVar[str] = (
        "Ambtenaren van het gebied zorgen dat besluiten over plekken en vacatures in de wijk sneller vallen."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L066", "STF-01")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (OFFICERS,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L066",
            moves="meeting_places",
            sign=1,
            differs="Nothing is funded that was not: decisions on places and posts are taken sooner.",
        ),
    )

    opening_ratio = Param(
        1.4, "ratio", (1.0, 2.0), "assumed", "D", ("L066", "design"),
        "Opening of places that need a decision, with over without: twice as soon at best",
    )  # fmt: skip
    vacancy_ratio = Param(
        0.75, "ratio", (0.5, 1.0), "assumed", "D", ("L066", "design"),
        "Months until a funded post is filled, with over without",
    )  # fmt: skip
    officers = Param(
        0.5, "fte per 10,000", (0.0, 1.5), "policy", "D", ("L066",), "Area officers per 10,000 residents"
    )
    enough = Param(
        0.5, "fte per 10,000", (0.2, 1.5), "assumed", "D", ("L066", "design"),
        "Area officers from whom on decisions are sooner in full",
    )  # fmt: skip
    officer_cost = Param(
        88400, "EUR/fte a year", (80600, 95800), "estimated", "C", ("STF-01",),
        "Cost of a municipal worker", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Speed up openings and hires in the target districts, book the officers."""
        part = dose * self.number("coverage") * self.number("uptake")
        done = min(self.number("officers") / self.number("enough"), 1.0)
        if done == 0:
            return
        table = ctx.world.facility
        rows = self.in_target(ctx, "facility", table.rows)
        rows = rows[np.isin(table.kind[rows], list(Decided))]
        if rows.size:
            self.scale(
                ctx, "facilities.opening", "facility", rows, self.number("opening_ratio") ** (part * done)
            )
        self.scale_districts(ctx, "professionals.vacancy_months", "vacancy_ratio", dose * done)
        people = ctx.world.by_district("resident") / ctx.values["professionals.per_residents"]
        staff = self.number("officers") * part * people * self.districts(ctx)
        self.book(ctx, OFFICERS, "officer_cost", staff, per=MONTHS_PER_YEAR)
