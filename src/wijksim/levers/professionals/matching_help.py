"""Helpers who fit precisely these residents."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import CASE_ROLES, Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

MATCHING = CostItem(
    "matching_help",
    "Specialised helpers and matching",
    "Specialistische hulpverleners en matching",
    (("municipality", 1.0),),
    grade="D",
    source=("L064",),
)


@LEVERS.register
class MatchingHelp(PostLever):
    """Support by helpers able to work with precisely these residents (passende hulpverleners).

    Part of the workers get the skills that the cases of the district ask for, so that less is lost between worker and
    resident in language and mental-health skill; and a new case goes to the colleague who fits it best rather than to
    the one with most room. Match quality of 0.6 that becomes 0.9 is the source's own guess (L064); no study was
    found, so that the range begins at no effect. Cases that have a worker keep that worker.
    """

    name: ClassVar[str] = "matching-help"
    title: ClassVar[str] = "Helpers who fit the resident"
    title_nl: ClassVar[str] = "Passende hulpverleners"
    explain: ClassVar[str] = (
        "Part of the workers get the skills that cases ask for, and cases go to the worker who fits them best."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de hulpverleners leert wat nodig is. Bewoners krijgen de hulpverlener die het best bij hen past."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "choose")
    chooses: ClassVar[tuple[str, ...]] = ("placement",)
    evidence: ClassVar[tuple[str, ...]] = ("L064", "ASM-14")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (MATCHING,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L064",
            moves="self_reliance",
            sign=1,
            differs="Who works with whom changes, and skill for the case at hand; hours and staff stay as they are.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = CASE_ROLES

    coverage = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of the workers who are equipped for it"
    )
    mismatch_ratio = Param(
        0.6, "ratio", (0.34, 1.0), "assumed", "D", ("L064", "design"),
        "What lacks of a full fit of worker and resident, with over without, for workers equipped for it",
    )  # fmt: skip
    weight = Param(
        2.0, "caseloads", (0.0, 5.0), "policy", "D", ("L064", "design"),
        "Caseload above the mean that a full fit is worth over none when cases are placed",
    )  # fmt: skip
    matching_cost = Param(
        1500, "EUR/fte a year", (0, 5000), "assumed", "D", ("design",),
        "Training and intervision per fte equipped for it", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Close part of the mismatch and place new cases by fit."""
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.mismatch", posts, "mismatch_ratio")
        self.choose(
            ctx,
            "placement",
            "best_match",
            {"weight": self.number("weight") * dose, "districts": ",".join(self.target.districts)},
        )
        self.book(ctx, MATCHING, "matching_cost", self.filled(ctx, posts), per=MONTHS_PER_YEAR)
