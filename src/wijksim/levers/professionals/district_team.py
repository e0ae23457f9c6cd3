"""Integrated district teams: one plan per household, fewer hand-overs, and hidden need that comes to light."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COORDINATION = CostItem(
    "district_team",
    "Leading and joining up district teams",
    "Aansturen en samenvoegen van sociale wijkteams",
    (("municipality", 1.0),),
    grade="D",
    source=("L038",),
)

PAIRS = ("municipality_welfare", "municipality_care", "welfare_care", "within")
FINDING = ("self", "neighbour", "caretaker", "outreach")


@LEVERS.register
class DistrictTeam(PostLever):
    """Municipality, welfare and care work in one team with one plan per household (sociaal wijkteam, integraal).

    Three things follow from it: referrals between the three arrive more often and more is kept of help that needs
    several of them; need that was hidden is found (CPB: care use referred to grew 14 points faster in municipalities
    with teams, most where providers sit in the team); and the team has to be led. Whether residents are better off
    is contested, and so are the savings (L038): here they follow from what is kept and found, and cost goes up first.
    Smaller caseloads are another lever (staffing).
    """

    name: ClassVar[str] = "district-team"
    title: ClassVar[str] = "Integrated district teams"
    title_nl: ClassVar[str] = "Integrale sociale wijkteams"
    explain: ClassVar[str] = (
        "Municipality, welfare and care work in one team with one plan per household, and find more hidden need."
    )
    explain_nl: ClassVar[str] = (
        "Gemeente, welzijn en zorg werken in één team met één plan per huishouden en vinden meer verborgen problemen."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L038", "ASM-13", "PT23")
    grade: ClassVar[str] = "C"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    costs: ClassVar[tuple[CostItem, ...]] = (COORDINATION,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L038",
            moves="open_cases",
            sign=1,
            differs="The joint team raises cooperation of the three kinds of organisation in it, and finds more need.",
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = (Profession.SOCIAL_WORKER,)

    referral_odds = Param(
        2.5, "odds ratio", (1.0, 3.0), "assumed", "D", ("L038", "ASM-13"),
        "Odds that a referral within the team arrives, with over without: 0.6 becomes 0.79",
    )  # fmt: skip
    finding_ratio = Param(
        1.11, "ratio", (1.0, 1.26), "estimated", "C", ("L038",),
        "Need that is found, with over without: 1.40 over 1.26 in referrals",
    )  # fmt: skip
    coordination_cost = Param(
        4000, "EUR/fte a year", (0, 12000), "assumed", "D", ("design",),
        "Leading the team and keeping one plan, per fte of social work", price_year=2024,
    )  # fmt: skip
    ramp = Param(
        24.0, "months", (0.0, 120.0), "assumed", "D", ("DYN-06", "design"), "Months to a working team"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Let the three cooperate, find more of those in need, book the leading of the team."""
        for pair in PAIRS:
            self.scale_districts(ctx, f"cooperation.{pair}", "referral_odds", dose)
        reached = self.reached(ctx, self.adults(ctx), dose)
        for way in FINDING:
            self.scale(ctx, f"professionals.signal_{way}", "resident", reached, self.number("finding_ratio"))
        team = self.filled(ctx, self.posts(ctx, dose))
        self.book(ctx, COORDINATION, "coordination_cost", team, per=MONTHS_PER_YEAR)
