"""District nurses who look wider than care."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

FINDING = ("self", "neighbour", "outreach")


@LEVERS.register
class DistrictNurses(PostLever):
    """More district nurses, who link care with welfare and see who is slipping (wijkverpleegkundigen).

    They visit old people at home: need of the frail is found sooner, and referrals between welfare and care arrive
    more often. The sources expect fewer hospital days as well (a file study of ten nurses: 135,000 euros a year, with
    nothing to compare it with, L058); hospitals are not in the model. The accounts book the posts.
    """

    name: ClassVar[str] = "district-nurses"
    title: ClassVar[str] = "District nurses in the joint effort"
    title_nl: ClassVar[str] = "Wijkverpleegkundigen die breder kijken"
    explain: ClassVar[str] = (
        "Adds district nurses, who find old people in need sooner and work together with welfare."
    )
    explain_nl: ClassVar[str] = (
        "Meer wijkverpleegkundigen, die problemen van ouderen eerder zien en samenwerken met welzijn."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L058", "PRO-23")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L058",
            moves="open_cases",
            sign=1,
            differs="For old people alone: more hours of nurses, need found at home, and welfare nearer to care.",
        ),
    )

    change = Param(
        0.22, "share of standing fte", (0.0, 1.0), "policy", "C", ("L058", "PRO-23"),
        "District nurses added: 4.5 to 5.5 per 10,000 residents",
    )  # fmt: skip
    finding_ratio = Param(
        1.2, "ratio", (1.0, 1.5), "assumed", "D", ("L058", "design"),
        "Need of old people that is found, with over without",
    )  # fmt: skip
    referral_odds = Param(
        1.5, "odds ratio", (1.0, 3.0), "assumed", "D", ("L058", "ASM-13", "design"),
        "Odds that a referral between welfare and care arrives, with over without",
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts, bring welfare and care nearer, find old people in need."""
        part = self.number("change") * dose * self.number("coverage") * self.number("uptake")
        added = self.standing(ctx, Profession.DISTRICT_NURSE) * part
        if added.any():
            self.fund(ctx, "fte.district_nurse", added)
        self.scale_districts(ctx, "cooperation.welfare_care", "referral_odds", dose)
        table = ctx.world.resident
        old = table.alive & (table.age >= ctx.values["health.frail_age"])
        reached = self.reached(ctx, old.nonzero()[0].astype(np.int32), dose)
        for way in FINDING:
            self.scale(ctx, f"professionals.signal_{way}", "resident", reached, self.number("finding_ratio"))
