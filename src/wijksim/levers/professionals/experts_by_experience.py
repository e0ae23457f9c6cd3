"""Experts by experience: somebody who has been there says that help is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.roles import CaseStage
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

EXPERTS = CostItem(
    "experts_by_experience",
    "Experts by experience",
    "Ervaringsdeskundigen",
    (("municipality", 1.0),),
    grade="D",
    source=("L061",),
)


@LEVERS.register
class ExpertsByExperience(RateLever):
    """Field workers go to distrustful residents together with an expert by experience (ervaringsdeskundigen).

    Whoever trusts institutions less than the country does, and has no help, accepts it more often when others have
    raised the alarm: neighbours, a caretaker or outreach. Asking for help oneself does not change, nor does trust
    itself. A package with such pairs brought 1.90 per euro (L061), which says nothing of this part of it: the range
    begins at no effect. An expert can go along to so many residents only, who are taken by lot for life.
    """

    name: ClassVar[str] = "experts-by-experience"
    title: ClassVar[str] = "Experts by experience"
    title_nl: ClassVar[str] = "Ervaringsdeskundigen"
    explain: ClassVar[str] = (
        "Residents with little trust in institutions accept help more often from a credible peer."
    )
    explain_nl: ClassVar[str] = (
        "Bewoners met weinig vertrouwen in instanties nemen vaker hulp aan van iemand die het zelf heeft meegemaakt."
    )
    family: ClassVar[str] = "professionals"
    evidence: ClassVar[tuple[str, ...]] = ("L061", "TIM-12")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    costs: ClassVar[tuple[CostItem, ...]] = (EXPERTS,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L061",
            moves="open_cases",
            sign=1,
            differs="Acceptance alone rises, and of distrustful residents alone; nobody is found who was not found.",
        ),
    )
    rates = (
        ("professionals.signal_neighbour", "resident", "accept_ratio"),
        ("professionals.signal_caretaker", "resident", "accept_ratio"),
        ("professionals.signal_outreach", "resident", "accept_ratio"),
    )

    accept_ratio = Param(
        1.2,
        "ratio",
        (1.0, 1.5),
        "assumed",
        "D",
        ("L061",),
        "Help accepted once in contact, with over without",
    )
    experts = Param(
        1.0,
        "fte per 10,000",
        (0.0, 5.0),
        "policy",
        "D",
        ("design",),
        "Experts by experience per 10,000 residents",
    )
    per_expert = Param(
        200.0, "residents per fte", (50.0, 500.0), "assumed", "D", ("L061", "design"),
        "Residents to whom one expert can go along with a field worker",
    )  # fmt: skip
    expert_cost = Param(
        65000, "EUR/fte a year", (40000, 90000), "assumed", "D", ("STF-01", "design"),
        "Cost of an expert by experience, below that of a community builder", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end; 0 ends it"
    )  # fmt: skip

    def staff(self, ctx: Context, dose: float) -> NDArray[np.float64]:
        """Experts by district, fte, shape ``(n_districts,)``."""
        people = ctx.world.by_district("resident") / ctx.values["professionals.per_residents"]
        return np.asarray(self.number("experts") * dose * people * self.districts(ctx))

    def whom(self, ctx: Context) -> Rows:
        """Adults without help whose trust in institutions lies below the national level."""
        table = ctx.world.resident
        distrustful = table.trust < ctx.values["wellbeing.trust_level"]
        alone = table.case == int(CaseStage.NONE)
        return np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & distrustful & alone).astype(np.int32)

    def reached(self, ctx: Context, residents: Rows, dose: float) -> Rows:
        """Those of whom the experts can go by: so many for each of them."""
        places = self.staff(ctx, dose) * self.number("per_expert")
        residents = self.in_target(ctx, "resident", residents)
        return super().reached(ctx, self.with_place(ctx, residents, places), 1.0)

    def act(self, ctx: Context, dose: float) -> None:
        """Raise acceptance of those reached; book the experts by the residents of the districts."""
        super().act(ctx, dose)
        self.book(ctx, EXPERTS, "expert_cost", self.staff(ctx, dose), per=MONTHS_PER_YEAR)
