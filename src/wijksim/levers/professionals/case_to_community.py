"""Individual help tied to community building: clients get to know people."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.roles import CaseStage
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

INTRODUCTION = CostItem(
    "case_to_community",
    "Introducing clients to neighbours and groups",
    "Cliënten in contact brengen met buren en groepen",
    (("municipality", 1.0),),
    grade="D",
    source=("L040",),
)


@LEVERS.register
class CaseToCommunity(RateLever):
    """Whoever is in help is also brought in touch with people (individuele hulp en samenlevingsopbouw verbinden).

    Clients make new ties sooner, so long as their case is open. In the model an adult makes some 1.7 new ties a year;
    a ratio of 2.5, which counts for one half with each of the two who meet, makes that one more. Ties give support and
    guard against loneliness after the help has ended, and fewer relapses follow from that: the multiplier of 0.85 per
    tie that is sometimes assumed is not put on relapse. No study of the size of the effect was found (L040), so that
    the range begins at none at all. The work of neighbours for clients is not priced.
    """

    name: ClassVar[str] = "case-to-community"
    title: ClassVar[str] = "Case work tied to community building"
    title_nl: ClassVar[str] = "Individuele hulp koppelen aan samenlevingsopbouw"
    explain: ClassVar[str] = (
        "Clients of social work are introduced to neighbours and groups while they are in help."
    )
    explain_nl: ClassVar[str] = (
        "Wie hulp krijgt, wordt ook in contact gebracht met buren en groepen in de wijk."
    )
    family: ClassVar[str] = "professionals"
    evidence: ClassVar[tuple[str, ...]] = ("L040",)
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    costs: ClassVar[tuple[CostItem, ...]] = (INTRODUCTION,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L040",
            moves="stability",
            sign=1,
            differs="Ties are made for clients alone and while they are in help, not for whoever joins in.",
        ),
    )
    rates = (("contacts.new_ties", "resident", "ties_ratio"),)
    price = (INTRODUCTION, "introduction_cost")

    ties_ratio = Param(
        2.5, "ratio", (1.0, 3.0), "assumed", "D", ("L040", "design"),
        "New ties of clients, with over without, of which half counts with each end: one more tie a year",
    )  # fmt: skip
    introduction_cost = Param(
        1000, "EUR/client a year", (0, 3000), "assumed", "D", ("design",),
        "Hours of a community builder for a client: some fifteen a year", price_year=2024,
    )  # fmt: skip
    uptake = Param(
        0.6, "share", (0.2, 1.0), "assumed", "D", ("design",), "Part of the clients approached that joins in"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of this work after the end; 0 ends it"
    )  # fmt: skip

    def whom(self, ctx: Context) -> Rows:
        """Adults with an open case."""
        table = ctx.world.resident
        clients = table.alive & (table.age >= ADULT_AGE) & (table.case == int(CaseStage.OPEN))
        return np.flatnonzero(clients).astype(np.int32)
