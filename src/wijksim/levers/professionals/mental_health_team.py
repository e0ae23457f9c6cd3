"""Mental-health expertise in the neighbourhood team."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.employers import by_employer, fte_by_employer
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

TRAINING = CostItem(
    "mental_health_training",
    "Mental-health skill of neighbourhood teams",
    "Ggz-kennis in wijkteams",
    (("municipality", 1.0),),
    grade="D",
    source=("L039",),
)
_TRAINED = (Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.DISTRICT_NURSE)
COSTS = by_employer(TRAINING, _TRAINED)


@LEVERS.register
class MentalHealthTeam(PostLever):
    """Mental-health workers join the team and train the others (ggz-expertise in het wijkteam, wijk-GGD'er).

    More of them means shorter waits; what the others lack of skill in mental-health problems gets less, so that
    clients with such problems get more out of each hour. Fewer incidents of confused behaviour, which the sources
    expect (a pilot saw a rise come to a halt, L039), follow from need that is met or do not come: the multiplier of
    0.8 that is sometimes assumed is not put on incidents.
    """

    name: ClassVar[str] = "mental-health-team"
    title: ClassVar[str] = "Mental-health expertise in the team"
    title_nl: ClassVar[str] = "Ggz-expertise in het wijkteam"
    explain: ClassVar[str] = (
        "Adds mental-health workers to the team and gives its other members more skill in mental-health problems."
    )
    explain_nl: ClassVar[str] = (
        "Voegt ggz-medewerkers toe aan het wijkteam en leert de anderen beter omgaan met psychische problemen."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L039", "PRO-21", "ASM-14")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = tuple(COSTS.values())
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L039",
            moves="crises",
            sign=-1,
            differs="Works for clients with psychiatric problems or addiction alone: their wait, and skill in theirs.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = _TRAINED

    change = Param(
        0.4, "share of standing fte", (0.0, 1.0), "policy", "C", ("L039", "PRO-21"),
        "Mental-health workers added: 2.4 to 3.4 per 10,000 residents",
    )  # fmt: skip
    gap_ratio = Param(
        0.5, "ratio", (0.34, 1.0), "assumed", "D", ("L039", "ASM-14", "design"),
        "What other roles lack of skill in mental-health problems, with over without",
    )  # fmt: skip
    training_cost = Param(
        1000, "EUR/fte a year", (0, 3000), "assumed", "D", ("design",),
        "Training and consultation of the other roles", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts, close the gap of those trained, book their training."""
        part = self.number("change") * dose * self.number("coverage") * self.number("uptake")
        added = self.standing(ctx, Profession.MENTAL_HEALTH_WORKER) * part
        if added.any():
            self.fund(ctx, "fte.mental_health_worker", added)
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.mental_gap", posts, "gap_ratio")
        fte = fte_by_employer(ctx, posts)
        for employer, item in COSTS.items():
            self.book(ctx, item, "training_cost", fte[employer], per=MONTHS_PER_YEAR)
