"""The same worker stays and is present in the neighbourhood."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.employers import by_employer, fte_by_employer
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

RETENTION = CostItem(
    "staff_retention",
    "Keeping professionals: lasting contracts, time for the craft",
    "Behoud van professionals: vaste contracten, tijd voor het vak",
    (("municipality", 1.0),),
    grade="D",
    source=("L043",),
)
COSTS = by_employer(RETENTION)


@LEVERS.register
class Continuity(PostLever):
    """Employers keep their frontline staff, who are in the neighbourhood most of the week (vaste gezichten).

    Fewer leave their post, so that fewer residents lose their worker: the effect that a change of worker costs, the
    clients who then stay away, and trust, which grows with the months of help by the same worker, follow in the
    model. Who is present is known: outreach finds more of those it reaches. Turnover of 13 to 31 % a year is known
    (L043), what employers can do about it is not. That a familiar worker hears of more than the case at hand is left
    out but for that.
    """

    name: ClassVar[str] = "continuity"
    title: ClassVar[str] = "Same worker stays and is present"
    title_nl: ClassVar[str] = "Vaste gezichten in de wijk"
    explain: ClassVar[str] = (
        "Fewer professionals leave their post, and they are seen in the neighbourhood more often."
    )
    explain_nl: ClassVar[str] = "Professionals blijven langer op hun plek en zijn vaker in de wijk te zien."
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L043", "PRO-13", "PRO-14", "PRO-15", "ASM-12")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    costs: ClassVar[tuple[CostItem, ...]] = tuple(COSTS.values())
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L043",
            moves="continuity",
            sign=1,
            differs="Employers keep the staff they have; nobody is added, and who takes which case is as before.",
        ),
    )

    departure_ratio = Param(
        0.7, "ratio", (0.42, 1.0), "assumed", "D", ("L043", "PRO-15"),
        "Professionals who leave, with over without: 13 against 31 % a year at best",
    )  # fmt: skip
    presence_ratio = Param(
        1.2, "ratio", (1.0, 1.5), "assumed", "D", ("L043", "design"),
        "Signals by outreach among those it reaches, with over without a worker who is present",
    )  # fmt: skip
    retention_cost = Param(
        2500, "EUR/fte a year", (0, 8000), "assumed", "D", ("design",),
        "Extra cost of a post whose holder is to stay: contract, training, time", price_year=2024,
    )  # fmt: skip
    decay = Param(6.0, "months", (0.0, 36.0), "assumed", "D", ("design",), "Half-life after the end")

    def act(self, ctx: Context, dose: float) -> None:
        """Keep who holds a post, let residents know them, book what it costs by filled post."""
        posts = self.posts(ctx, dose)
        if posts.size:
            self.scale_posts(ctx, "professionals.depart", self.holders(ctx, posts), "departure_ratio")
        for employer, fte in fte_by_employer(ctx, posts).items():
            self.book(ctx, COSTS[employer], "retention_cost", fte, per=MONTHS_PER_YEAR)
        reached = self.reached(ctx, self.adults(ctx), dose)
        self.scale(ctx, "professionals.signal_outreach", "resident", reached, self.number("presence_ratio"))
