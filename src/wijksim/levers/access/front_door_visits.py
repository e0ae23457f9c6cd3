"""Behind the front door: every household of the district is visited once in so many years (L036)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.lookout_lever import LookoutLever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "front_door_visits", "Visits behind the front door", "Huisbezoeken achter de voordeur",
    (("municipality", 0.5), ("corporation", 0.5)), grade="D", source=("L036",),
)  # fmt: skip


@LEVERS.register
class FrontDoorVisits(LookoutLever):
    """Visit everybody in turn, whether or not there are signals (achter de voordeur).

    Each household has its month within the interval, by a lot for life. Who opens the door is its uptake: 75 to over
    90 per cent of households were spoken to in projects reviewed. What is seen leads to help as any signal does: by
    acceptance, and then only as far as teams have hours for intake, so that without capacity the queue grows and
    nothing else. That is what the reviews found: satisfied residents and outcomes often missed. Visitors are advisers
    of their own, booked by the households visited; the hours of the team are not increased.
    """

    name: ClassVar[str] = "front-door-visits"
    title: ClassVar[str] = "Visits behind the front door"
    title_nl: ClassVar[str] = "Achter de voordeur"
    explain: ClassVar[str] = (
        "Advisers visit every household of the district once in some years and see what is the matter."
    )
    explain_nl: ClassVar[str] = (
        "Adviseurs bezoeken eens in de paar jaar elk huishouden van de wijk en zien wat er speelt."
    )
    family: ClassVar[str] = "access"
    evidence: ClassVar[tuple[str, ...]] = ("L036", "STF-02", "TIM-12")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L036", moves="open_cases", sign=1,
            differs="Everybody is visited once per interval, not only those signalled; help follows only if there are "
            "hours for it.",
        ),
    )  # fmt: skip
    channel: ClassVar[str] = "front_door"

    interval = Param(36.0, "months", (12.0, 60.0), "policy", "D", ("L036",), "Months between two visits")
    chance = Param(
        1.0, "1/visit", (0.5, 1.0), "assumed", "D", ("L036", "design"), "Chance that need that shows is seen at a visit"
    )  # fmt: skip
    contact = Param(
        1.0, "share", (0.75, 1.0), "assumed", "D", ("design",), "Part met: who opens the door is the uptake"
    )
    from_need = Param(
        0.1, "share", (0.05, 0.2), "assumed", "D", ("L036", "design"), "Need from which it shows behind the front door"
    )  # fmt: skip
    uptake = Param(
        0.8, "share", (0.75, 0.92), "measured", "C", ("L036",), "Households that open the door, at average trust"
    )  # fmt: skip
    ramp = Param(
        12.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Months until all advisers are at work"
    )
    households_per_adviser = Param(
        95.0, "households", (60.0, 120.0), "estimated", "C", ("L036",), "Households that one adviser visits and follows"
    )  # fmt: skip
    adviser_months = Param(
        18.0, "months", (18.0, 18.0), "measured", "C", ("L036",), "Months in which one adviser does so"
    )  # fmt: skip
    price = Param(
        93600.0, "EUR/year", (88400.0, 150000.0), "estimated", "C", ("STF-02",), "Full cost of one adviser",
        price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the visits after the end; 0 ends them"
    )  # fmt: skip

    def whom(self, ctx: Context) -> Rows:
        """Adults of the households whose turn it is this month."""
        table = ctx.world.resident
        rows = np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & (table.household >= 0)).astype(
            np.int32
        )
        homes = self._turn(ctx)
        mine = np.zeros(ctx.world.household.size, dtype=bool)
        mine[homes] = True
        found: Rows = rows[mine[table.household[rows]]]
        return found

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Advisers, by the households that are to be visited, whether or not they open."""
        del reached
        homes = self.in_target(ctx, "household", self._turn(ctx))
        district = ctx.world.household.district[homes]
        count = np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
        months = self.number("adviser_months") / self.number("households_per_adviser")
        self.book(
            ctx, COST, "price", count * months * dose * self.number("coverage"), per=MONTHS_PER_YEAR
        )  # fmt: skip

    def _turn(self, ctx: Context) -> Rows:
        """Households whose month it is."""
        household = ctx.world.household
        every = household.rows
        interval = max(round(self.number("interval")), 1)
        turn = (ctx.draws.life("lever.front-door-visits.turn", household.uid[every]) * interval).astype(
            np.int64
        )
        found: Rows = every[turn == (ctx.month - self.window.start) % interval]
        return found
