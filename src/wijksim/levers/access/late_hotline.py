"""A hotline for care and nuisance: neighbours report, but late (L049)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "late_hotline", "Hotline for care and nuisance", "Meldpunt zorg en overlast", (("municipality", 1.0),), grade="D",
    source=("L049",),
)  # fmt: skip


@LEVERS.register
class LateHotline(Lever):
    """Give neighbours a number to call (meldpunt zorg en overlast).

    It is used when things are out of hand: only a very large need is reported, by neighbours behind the same front
    door, each with a small chance. Somebody goes by as after any signal by others. A report is felt as a betrayal: part
    of the ties of the resident behind that front door is lost. What is found in the sources is a trend, 40 to 75
    thousand police reports a year over five years while crisis services fell; chances and losses are assumed. Reports
    of nuisance to landlord and police are another process, which this does not touch.
    """

    name: ClassVar[str] = "late-hotline"
    title: ClassVar[str] = "Hotline for care and nuisance"
    title_nl: ClassVar[str] = "Meldpunt zorg en overlast"
    explain: ClassVar[str] = "Neighbours can report somebody whose life is out of hand, which they do late."
    explain_nl: ClassVar[str] = (
        "Buren kunnen melden dat het met iemand uit de hand loopt. Dat doen ze meestal pas laat."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L049",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L049", moves="informal_support", sign=-1,
            differs="Only need that is out of hand is reported, and the report costs ties behind the same front door.",
        ),
    )  # fmt: skip

    from_need = Param(
        0.5, "share", (0.3, 0.95), "assumed", "D", ("L049",), "Need from which a neighbour reports"
    )  # fmt: skip
    chance = Param(
        0.02, "1/month", (0.0, 0.1), "assumed", "D", ("L049", "design"), "Chance a month that one neighbour does"
    )  # fmt: skip
    tie_loss = Param(
        0.3, "share", (0.0, 0.6), "assumed", "D", ("L049",), "Ties behind the front door that a report costs"
    )  # fmt: skip
    ramp = Param(6.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Months until it is known")
    price = Param(
        1.0, "EUR/year", (0.3, 3.0), "assumed", "D", ("L049", "design"), "Cost of the hotline per resident",
        price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Name the neighbours who know of the number and would use it."""
        table = ctx.world.resident
        adults = np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & (table.entrance >= 0)).astype(
            np.int32
        )
        callers = self.reached(ctx, adults, dose)
        self.request(
            ctx, "professionals", "hear_late", residents=callers, chance=self.number("chance"),
            from_need=self.number("from_need"), loss=self.number("tie_loss"),
        )  # fmt: skip
        people = ctx.world.by_district("resident") * self.districts(ctx)
        self.book(ctx, COST, "price", people * dose * self.number("coverage"), per=MONTHS_PER_YEAR)
