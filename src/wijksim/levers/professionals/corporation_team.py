"""The corporation's own area teams, whatever policy does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import Organisation, Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class CorporationTeam(PostLever):
    """The landlord keeps an area team in the neighbourhood, outside the cycle of policy (gebiedsteam corporatie).

    Its people are of the role that the model has for landlords: they keep order behind the front door, raise the alarm
    about tenants in trouble and take part in crises. Because the landlord decides alone, they stay: fewer leave than
    elsewhere. They lead no cases, so that continuity of the case worker hardly moves. No study of the effect was found
    (L057). The accounts book the posts, of which tenants bear a part in the service charge.
    """

    name: ClassVar[str] = "corporation-team"
    title: ClassVar[str] = "Area teams of the housing corporation"
    title_nl: ClassVar[str] = "Eigen gebieds- en wijkteams van de corporatie"
    explain: ClassVar[str] = (
        "The corporation adds people of its own to the neighbourhood, who stay whatever policy does."
    )
    explain_nl: ClassVar[str] = (
        "De corporatie zet extra eigen mensen in de wijk, die blijven als het beleid verandert."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L057", "ASM-03")
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L057",
            moves="staff_turnover",
            sign=-1,
            differs="Paid and decided by the landlord alone and kept for good: the face that does not change.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = (Profession.CARETAKER,)

    fte_per_1000 = Param(
        2.0, "fte/1000 dwellings", (0.5, 5.0), "policy", "D", ("L057",),
        "Posts added per 1,000 corporation dwellings at the start",
    )  # fmt: skip
    departure_ratio = Param(
        0.8, "ratio", (0.5, 1.0), "assumed", "D", ("L057", "design"),
        "Staff of the corporation who leave, with over without",
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 300.0), "assumed", "D", ("design",), "Half-life of the posts after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts and keep who works for the corporation."""
        # the standing formation follows the dwellings of corporations when the world began
        dwellings = (
            self.standing(ctx, Profession.CARETAKER) * ctx.values["professionals.dwellings_per_caretaker"]
        )
        part = dose * self.number("coverage") * self.number("uptake")
        added = self.number("fte_per_1000") * dwellings / PER_THOUSAND * part
        if added.any():
            self.fund(ctx, "fte.caretaker.corporation", np.asarray(added, dtype=np.float64))
        posts = self.posts(ctx, dose)
        own = posts[ctx.world.professional.organisation[posts] == int(Organisation.CORPORATION)]
        if own.size:
            self.scale_posts(ctx, "professionals.depart", self.holders(ctx, own), "departure_ratio")
