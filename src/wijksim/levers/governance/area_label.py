"""Being publicly named a focus area, and what that does to who comes (stigma of a label, M028)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class AreaLabel(Lever):
    """Name the target districts in public as places where things go wrong; who can choose then chooses them less.

    Fewer regular seekers accept a corporation dwelling there, fewer who move within the city look there, and fewer
    come to see a dwelling to buy or rent privately. Seekers with priority can hardly refuse, so that who comes changes
    more than how many. The source found residents who saw their district improve and were less satisfied; no size of
    an effect on who comes was found, so that it may be none. What a label does to how residents themselves see their
    district is left out, as no lever may act on satisfaction; nor does it bring money, which is another lever.
    """

    name: ClassVar[str] = "area-label"
    title: ClassVar[str] = "Named a focus area"
    title_nl: ClassVar[str] = "Stempel van focusgebied"
    explain: ClassVar[str] = (
        "The districts are publicly named as focus areas, and fewer people who can choose come to live there."
    )
    explain_nl: ClassVar[str] = (
        "De wijken krijgen in het openbaar het stempel focusgebied, en wie kan kiezen gaat er minder vaak wonen."
    )
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("M028",)
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "M028",
            moves="satisfaction_neighbourhood",
            sign=-1,
            differs="The label alone: it changes who comes, not what is done, and satisfaction only by way of that.",
        ),
    )

    odds = Param(
        0.85, "odds ratio", (0.6, 1.0), "assumed", "D", ("M028",),
        "Odds that who can choose accepts, or looks, with a label over without; 1 is no effect",
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Lower the odds in the target districts by the dose; coverage is the part of people who hear of the label."""
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        part = min(dose * self.number("coverage"), 1.0)
        if here.size and self.number("odds") < 1:
            self.scale(ctx, "housing.label", "district", here, self.number("odds") ** part)
