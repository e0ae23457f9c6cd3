"""Coaching in keeping a home and getting on with neighbours (L004)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COACHING = CostItem(
    "home_coaching",
    "Coaching of tenants at home",
    "Woonbegeleiding",
    payers=(("municipality", 0.8), ("corporation", 0.2)),
    grade="D",
    source=("L004",),
    gains=(("residents", 0.7), ("corporation", 0.3)),
)


@LEVERS.register
class LivingSkills(Lever):
    """Coach tenants with complex problems in living next to others (leren wonen, woonbegeleiding).

    It comes beside treatment, for adults in corporation homes with a severe psychiatric problem, an addiction or a mild
    intellectual limitation with low self-reliance. Those reached become a source of nuisance less often, the skills of
    keeping their home rise, and a landlord who sees somebody at work carries out an order less often. Evidence is about
    people in supported homes who kept them (73 to 83 %), chosen practices without a comparison, and of nuisance there
    is none: both ratios may be 1. Coaching of the neighbours, and the tact of whoever calls, are left out.
    """

    name: ClassVar[str] = "living-skills"
    title: ClassVar[str] = "Coaching in living skills"
    title_nl: ClassVar[str] = "Leren wonen en omgaan met buren"
    explain: ClassVar[str] = (
        "Vulnerable tenants get coaching at home in keeping a household and getting on with their neighbours."
    )
    explain_nl: ClassVar[str] = (
        "Kwetsbare huurders krijgen thuis begeleiding bij het voeren van een huishouden en het omgaan met de buren."
    )
    family: ClassVar[str] = "tenancy"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "request")
    evidence: ClassVar[tuple[str, ...]] = ("L004", "STF-02", "STF-03")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COACHING,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L004",
            moves="nuisance_often",
            sign=-1,
            differs="Teaches what treatment leaves out: keeping a home and getting on behind one front door.",
        ),
    )

    onset_ratio = Param(
        0.5, "ratio", (0.3, 1.0), "assumed", "D", ("L004",),
        "Rate at which those coached become a source of nuisance, against without",
    )  # fmt: skip
    execution_ratio = Param(
        0.7, "ratio", (0.4, 1.1), "assumed", "D", ("L004", "design"),
        "Rate at which an order to evict is carried out, with coaching against without",
    )  # fmt: skip
    half_life = Param(
        12.0, "months", (4.0, 48.0), "assumed", "D", ("design",),
        "Months in which coaching closes half of the distance to full skill",
    )  # fmt: skip
    hours = Param(
        4.0, "hours/month", (1.0, 8.0), "assumed", "D", ("design",), "Hours of coaching a month per tenant"
    )
    hour_price = Param(
        68.7, "EUR/hour", (64.9, 110.1), "estimated", "C", ("STF-02", "STF-03"),
        "Full cost of an hour of a social worker", price_year=2024,
    )  # fmt: skip
    uptake = Param(
        0.6,
        "share",
        (0.3, 0.9),
        "assumed",
        "D",
        ("design",),
        "Part of those offered it that joins, at average trust",
    )
    decay = Param(
        6.0,
        "months",
        (0.0, 36.0),
        "assumed",
        "D",
        ("design",),
        "Half-life of what coaching does after its end",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Coach those reached, and book the hours as long as the programme runs."""
        table = ctx.world.resident
        meant = table.alive & (table.age >= ADULT_AGE) & table.complex_problems
        rows = meant.nonzero()[0].astype(np.int32)
        rows = rows[ctx.world.household.tenure[table.household[rows]] == int(Tenure.CORPORATION)]
        coached = self.reached(ctx, rows, dose)
        households = np.unique(table.household[coached])
        self.scale(ctx, "nuisance.onset", "resident", coached, self.number("onset_ratio"))
        self.scale(ctx, "debt.execution", "household", households, self.number("execution_ratio"))
        if self.window.end is not None and ctx.month >= self.window.end:
            return
        self.request(ctx, "skills", "coach_homes", households=households, half_life=self.number("half_life"))
        hours = np.bincount(table.district[coached], minlength=ctx.world.n_districts).astype(
            np.float64
        ) * self.number("hours")
        self.book(ctx, COACHING, "hour_price", hours)
