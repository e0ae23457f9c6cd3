"""Coaching of residents who organise something themselves (L053)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.task_lever import TaskLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class InitiativeCoaching(TaskLever):
    """Coach residents' initiatives, so that they last longer (coachen bij zelf organiseren).

    Initiatives begin with volunteers and end after eight months on average, coached ones after eighteen; the numbers
    are assumed, the low end of the survival with a coach is no effect. What there is more of them counts as places to
    meet. That residents' vouchers work if there is good support (L053, Tonkens) is what speaks for it; that coaching
    makes more initiatives begin, or keeps volunteers longer, is left out.
    """

    name: ClassVar[str] = "initiative-coaching"
    title: ClassVar[str] = "Coaching of residents' initiatives"
    title_nl: ClassVar[str] = "Coachen bij zelf organiseren"
    explain: ClassVar[str] = "A community worker helps residents who organise activities to keep them going."
    explain_nl: ClassVar[str] = (
        "Een opbouwwerker helpt bewoners die zelf activiteiten organiseren om die vol te houden."
    )
    family: ClassVar[str] = "meeting"
    evidence: ClassVar[tuple[str, ...]] = ("L053", "STF-01")
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L053", moves="initiatives", sign=1,
            differs="It lengthens what residents began themselves and begins nothing for them.",
        ),
    )  # fmt: skip

    coached_share = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("design",), "Initiatives that have a coach at full dose"
    )
    hours = Param(
        4.0,
        "hours/month",
        (1.0, 12.0),
        "assumed",
        "D",
        ("L053",),
        "Hours of the coach planned per initiative",
    )
    uptake = Param(
        0.8, "share", (0.3, 1.0), "assumed", "D", ("design",), "Initiatives offered a coach that want one"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the coaching after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund hours for the initiatives that there are; more of them are coached as the dose rises."""
        residents = ctx.world.by_district("resident") / PER_THOUSAND
        share = self.number("coached_share") * self.number("coverage") * self.number("uptake") * dose
        wanted = ctx.world.district.initiatives * residents * share * self.districts(ctx)
        hours = self.employ(ctx, np.asarray(wanted * self.number("hours") / self.full_time(ctx)))
        self.request(ctx, "facilities", "coach_initiatives", hours=hours)
