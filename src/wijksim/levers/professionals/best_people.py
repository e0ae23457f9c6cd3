"""Best people and craft in the front line of the hardest areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.kernel.prices import price_of
from wijksim.state.roles import CASE_ROLES, FRONTLINE, Profession
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PREMIUM = CostItem(
    "area_premium",
    "Premium for work in the hardest areas, municipality",
    "Toeslag voor werk in zware wijken, gemeente",
    (("municipality", 1.0),),
    grade="D",
    source=("L047",),
)
PREMIUM_CARE = CostItem(
    "area_premium_care",
    "Premium for work in the hardest areas, health insurers",
    "Toeslag voor werk in zware wijken, zorgverzekeraars",
    (("insurer", 1.0),),
    grade="D",
    source=("L047",),
)

_CARE = (Profession.MENTAL_HEALTH_WORKER, Profession.DISTRICT_NURSE)


@LEVERS.register
class BestPeople(PostLever):
    """A premium draws skilled people to the hardest areas and keeps them there (beste krachten, vakmanschap).

    Part of the posts come to be held by people whose hour is worth more: it meets more need and brings a case further.
    They leave less often, vacancies are filled sooner, and the hardest cases go to them. Part of them comes from the
    other districts of the city, which lose as much craft as they give. That shortages are worst where need is highest
    is measured for teachers (25.8 against 3.1 %, L047), and that investment lowered them; what skill adds in social
    work was not found, so that the range begins at nothing.
    """

    name: ClassVar[str] = "best-people"
    title: ClassVar[str] = "Best people in the hardest areas"
    title_nl: ClassVar[str] = "Beste krachten in de zwaarste wijken"
    explain: ClassVar[str] = (
        "A premium on pay draws skilled workers, who stay longer and take the hardest cases."
    )
    explain_nl: ClassVar[str] = (
        "Een toeslag op het loon trekt ervaren krachten aan. Zij blijven langer en doen de zwaarste zaken."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "choose")
    chooses: ClassVar[tuple[str, ...]] = ("placement",)
    evidence: ClassVar[tuple[str, ...]] = ("L047", "PRO-15")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PREMIUM, PREMIUM_CARE)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L047",
            moves="staff_turnover",
            sign=-1,
            differs="An hour of help is worth more and the best hours go to the hardest cases, at a premium on wages.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = tuple(dict.fromkeys((*CASE_ROLES, *FRONTLINE)))

    placement = Argument(
        "best_to_hardest",
        ("best_to_hardest", "hardest_areas_first"),
        "Who comes first: the hardest cases within a district, or the hardest districts when recruits are divided",
    )
    coverage = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L047", "design"), "Part of the posts with a premium"
    )
    premium = Param(
        0.1, "share of wage", (0.0, 0.3), "policy", "D", ("L047",), "Premium over the full cost of a post"
    )
    craft = Param(
        1.15,
        "ratio",
        (1.0, 1.4),
        "assumed",
        "D",
        ("L047",),
        "What an hour of best people is worth over the usual",
    )
    from_here = Param(
        0.5, "share", (0.0, 1.0), "assumed", "D", ("design",),
        "Part of the craft that the other districts of the city lose",
    )  # fmt: skip
    departure_ratio = Param(
        0.85, "ratio", (0.5, 1.0), "assumed", "D", ("L047", "design"),
        "Professionals with a premium who leave, with over without",
    )  # fmt: skip
    vacancy_ratio = Param(
        0.75, "ratio", (0.34, 1.0), "assumed", "D", ("L047", "design"),
        "Months that a post stays vacant, with over without a premium",
    )  # fmt: skip
    weight = Param(
        2.0, "caseloads", (0.0, 5.0), "policy", "D", ("L047", "design"),
        "Caseload above the mean that a craft of 1 is worth in the hardest case",
    )  # fmt: skip
    decay = Param(12.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Half-life after the end")

    def act(self, ctx: Context, dose: float) -> None:
        """Give posts their craft, keep their holders, fill vacancies, and send them to the hardest cases."""
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.craft", posts, "craft")
            self._drain(ctx, posts)
            self.scale_posts(ctx, "professionals.depart", self.holders(ctx, posts), "departure_ratio")
        self.scale_districts(ctx, "professionals.vacancy_months", "vacancy_ratio", dose)
        rule = str(self.arguments["placement"])
        arguments: dict[str, str | float] = {"districts": ",".join(self.target.districts)}
        if rule == "best_to_hardest":
            arguments["weight"] = self.number("weight") * dose
        self.choose(ctx, "placement", rule, arguments)
        for item, roles in ((PREMIUM, set(self.roles) - set(_CARE)), (PREMIUM_CARE, set(_CARE))):
            self.pay(ctx, item, self._premiums(ctx, posts, roles))

    def _drain(self, ctx: Context, posts: Rows) -> None:
        """Take from the same roles elsewhere in the city what came from there: craft times fte is conserved."""
        table = ctx.world.professional
        rows = table.rows[np.isin(table.role[table.rows], self.roles)]
        away = rows[~self.districts(ctx)[table.district[rows]]]
        gained = float(table.fte[posts].sum()) * (self.number("craft") - 1) * self.number("from_here")
        elsewhere = float(table.fte[away].sum())
        if elsewhere > 0 and gained > 0:
            # what lies outside the bounds of one rate cannot be taken, nor can more than there is
            lost = min(gained / elsewhere, 1 - ctx.values["kernel.lever_ratio_low"])
            self.scale(ctx, "professionals.craft", "professional", away, 1 - lost)

    def _premiums(self, ctx: Context, posts: Rows, roles: set[Profession]) -> NDArray[np.float64]:
        """Euros of this month by district for the filled posts of ``roles``."""
        table = ctx.world.professional
        total = np.zeros(ctx.world.n_districts)
        for role in sorted(roles):
            fte = self.filled(ctx, posts[table.role[posts] == int(role)])
            total += fte * price_of(ctx, f"prices.fte_{role.key}") * self.number("premium") / MONTHS_PER_YEAR
        return total
