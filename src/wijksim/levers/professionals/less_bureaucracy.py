"""Less silos and bureaucracy: fewer hand-overs per household, less paperwork per worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import CASE_ROLES, FRONTLINE, CaseStage, Profession
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

BREAKTHROUGH = CostItem(
    "breakthrough_budget",
    "Free budget of workers for what a household needs first",
    "Doorbraakbudget voor wat een huishouden eerst nodig heeft",
    (("municipality", 1.0),),
    grade="D",
    source=("L045",),
)


@LEVERS.register
class LessBureaucracy(PostLever):
    """One worker with a mandate and a small budget in place of many agencies (ontkokeren, doorbraakmethode).

    Households that are reached meet fewer hand-overs: where help by several organisations keeps 0.6 of its effect at
    each of them, half of the hand-overs means that 0.77 is kept. Workers spend less of their week on forms and
    meetings, and have that time for residents. In a study of 85 families without protocols every euro brought 1.90
    (L045), of which the model takes nothing over: gains follow from hours and from help that arrives. Rules of the
    state that contradict each other stay as they are.
    """

    name: ClassVar[str] = "less-bureaucracy"
    title: ClassVar[str] = "Less silos and bureaucracy"
    title_nl: ClassVar[str] = "Minder verkokering en bureaucratie"
    explain: ClassVar[str] = (
        "Households deal with fewer agencies, and workers spend less time on forms and meetings."
    )
    explain_nl: ClassVar[str] = (
        "Huishoudens hebben met minder instanties te maken en werkers zijn minder tijd kwijt aan formulieren."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L045", "ASM-13")
    grade: ClassVar[str] = "C"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    costs: ClassVar[tuple[CostItem, ...]] = (BREAKTHROUGH,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L045",
            moves="trust",
            sign=1,
            differs="Hand-overs themselves are fewer and so is paperwork; organisations cooperate no better.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = tuple(dict.fromkeys((*CASE_ROLES, *FRONTLINE)))

    handover_ratio = Param(
        0.5, "ratio", (0.34, 1.0), "assumed", "D", ("L045", "ASM-13"),
        "Hand-overs of a case, with over without: a loss of 0.4 at a step becomes 0.23, at best 0.16",
    )  # fmt: skip
    paperwork_ratio = Param(
        0.8, "ratio", (0.5, 1.0), "assumed", "D", ("L045", "design"),
        "Time for administration and meetings, with over without",
    )  # fmt: skip
    budget_cost = Param(
        500, "EUR/client a year", (0, 3000), "assumed", "D", ("design",),
        "Breakthrough budget spent per client reached", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Spare clients hand-overs and workers paperwork; book the free budget."""
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.paperwork", posts, "paperwork_ratio")
        table = ctx.world.resident
        client = table.alive & (table.age >= ADULT_AGE) & (table.case == int(CaseStage.OPEN))
        reached = self.reached(ctx, np.flatnonzero(client).astype(np.int32), dose)
        self.scale(ctx, "professionals.handovers", "resident", reached, self.number("handover_ratio"))
        place = table.district[reached]
        count = np.bincount(place[place >= 0], minlength=ctx.world.n_districts).astype(np.float64)
        self.book(ctx, BREAKTHROUGH, "budget_cost", count, per=MONTHS_PER_YEAR)
