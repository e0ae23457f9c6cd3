"""Light support that lasts, in place of a case that is closed (L042)."""

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

SUPPORT = CostItem(
    "light_support",
    "Light long-term support",
    "Lichte langdurige ondersteuning",
    payers=(("municipality", 0.5), ("insurer", 0.5)),
    grade="D",
    source=("L042",),
)


@LEVERS.register
class LightSupport(RateLever):
    """Keep in touch with people who are stable, an hour a month, in place of closing the case (waakvlam).

    It is for adults without a case who live with a severe psychiatric problem, have stopped with an addiction, or whose
    case was closed in the last two years. Relapse halves (HEA-25 assumes twice as many without support), which is an
    assumption in itself: the evidence on admissions of teams that scale up and down (FACT) is mixed, so the range holds
    no effect. An open case has the effect of its hours already, and is not counted twice. Left out: that who falls back
    is helped without a new intake, and that peers (ervaringsdeskundigen) would make it cheaper.
    """

    name: ClassVar[str] = "light-support"
    title: ClassVar[str] = "Light long-term support"
    title_nl: ClassVar[str] = "Stabiliseren met lichte ondersteuning"
    explain: ClassVar[str] = (
        "People who are stable keep a worker for about an hour a month, instead of having their case closed."
    )
    explain_nl: ClassVar[str] = (
        "Mensen met wie het weer goed gaat, houden ongeveer een uur per maand een vaste hulpverlener, "
        "in plaats van dat de hulp stopt."
    )
    family: ClassVar[str] = "tenancy"
    evidence: ClassVar[tuple[str, ...]] = ("L042", "HEA-25", "STF-02", "STF-03")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (SUPPORT,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("health.psychiatric_relapse", "resident", "relapse_ratio"),
        ("health.addiction_relapse", "resident", "relapse_ratio"),
    )
    price: ClassVar[tuple[CostItem, str] | None] = (SUPPORT, "year_price")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L042",
            moves="psychiatric_admissions",
            sign=-1,
            differs="Does nothing for those in trouble now: it keeps those who came out of it.",
        ),
    )

    relapse_ratio = Param(
        0.5, "ratio", (0.27, 1.0), "assumed", "D", ("L042", "HEA-25"),
        "Rate of relapse with light support against without",
    )  # fmt: skip
    after_months = Param(
        24.0,
        "months",
        (6.0, 60.0),
        "policy",
        "D",
        ("design",),
        "Months after the end of a case in which it is offered",
    )
    year_price = Param(
        824.0, "EUR/year", (250.0, 2470.0), "assumed", "D", ("L042", "STF-02", "STF-03"),
        "An hour a month (0.3 to 3) at the full cost of an hour of a social worker", price_year=2024,
    )  # fmt: skip
    uptake = Param(
        0.7,
        "share",
        (0.3, 0.95),
        "assumed",
        "D",
        ("design",),
        "Part of those offered it that stays, at average trust",
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 12.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the support after the money; 0 ends it",
    )

    def whom(self, ctx: Context) -> Rows:
        """Adults without a case who are stable after trouble."""
        table = ctx.world.resident
        lasting = table.psychiatric | table.addiction_past
        lasting |= table.case_closed > ctx.month - self.number("after_months")
        free = table.alive & (table.age >= ADULT_AGE) & (table.case == int(CaseStage.NONE))
        return np.flatnonzero(free & lasting).astype(np.int32)
