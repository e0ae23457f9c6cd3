"""A findable walk-in point in the district, with somebody behind the counter (L048)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "walk_in_point", "Walk-in points, premises", "Inlooppunten, huisvesting", (("municipality", 1.0),), grade="D",
    source=("FAC-02", "L048"),
)  # fmt: skip


@LEVERS.register
class WalkInPoint(Lever):
    """Open walk-in points for everyday problems (inlooppunt, wijkwinkel).

    The nearer a resident lives, the likelier to come by: the distance is drawn once for everybody, evenly over the
    surroundings of a point, and is shared by those behind one front door. Who comes with much need is taken on by the
    team; who comes with little is helped at the counter, as far as social workers have hours left after crises, cases
    and intakes, and has fewer worries and less paper to fill in: also allowances are claimed more often. The point has
    staff of its own, funded as posts of social workers, which the accounts book; what is booked here are the premises.
    No size of the effect was found: the chance to come by may be nothing.
    """

    name: ClassVar[str] = "walk-in-point"
    title: ClassVar[str] = "Walk-in point in the neighbourhood"
    title_nl: ClassVar[str] = "Vindbaar inlooppunt in de wijk"
    explain: ClassVar[str] = "Residents can walk in with everyday problems at a point near home."
    explain_nl: ClassVar[str] = "Bewoners kunnen dicht bij huis binnenlopen met alledaagse problemen."
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request", "fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L048", "FAC-02")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L048", moves="unmet_need", sign=-1,
            differs="Residents come of their own accord, and small problems are solved before they need a case.",
        ),
    )  # fmt: skip

    residents_per_point = Param(
        5000.0, "residents", (2000.0, 20000.0), "policy", "D", ("L048", "design"), "Residents for each point"
    )  # fmt: skip
    staff = Param(1.5, "fte", (0.0, 4.0), "assumed", "D", ("L048",), "Social workers per point")
    chance = Param(
        0.02, "1/month", (0.0, 0.06), "assumed", "D", ("L048",), "Chance a month to come by, next door and with a worry"
    )  # fmt: skip
    radius = Param(
        800.0, "m", (400.0, 2000.0), "assumed", "D", ("design",), "Distance within which those live who use a point"
    )  # fmt: skip
    decay_distance = Param(
        500.0, "m", (300.0, 900.0), "assumed", "D", ("L048",), "Distance over which the chance falls to 0.37"
    )  # fmt: skip
    from_need = Param(
        0.03, "share", (0.01, 0.1), "assumed", "D", ("design",), "Need from which somebody has a worry to come with"
    )  # fmt: skip
    solved = Param(
        0.5, "share", (0.0, 0.7), "assumed", "D", ("L048",), "Small problems that can be solved at the counter"
    )  # fmt: skip
    hours = Param(2.0, "hours", (0.5, 4.0), "assumed", "D", ("design",), "Hours that a small problem takes")
    claiming = Param(
        1.2, "ratio", (1.0, 2.0), "assumed", "D", ("L032", "design"),
        "Beginning to claim allowances of those who live next door, as forms are filled in together",
    )  # fmt: skip
    price = Param(
        31000.0, "EUR/year", (15000.0, 79000.0), "estimated", "C", ("FAC-02",), "Premises of one point", price_year=2021
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the points after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Open points for part of the residents, staff them, and say who may come by."""
        table = ctx.world.resident
        points = ctx.world.by_district("resident") * self.districts(ctx) / self.number("residents_per_point")
        points = points * dose * self.number("coverage")
        self.fund(ctx, "fte.social_worker", points * self.number("staff"))
        self.book(ctx, COST, "price", points, per=MONTHS_PER_YEAR)
        adults = table.alive & (table.age >= ADULT_AGE) & (table.entrance >= 0)
        reached = self.reached(ctx, adults.nonzero()[0].astype(np.int32), dose)
        near = self._near(ctx, reached)
        self.request(
            ctx, "professionals", "walk_in", residents=reached, chance=self.number("chance") * near,
            from_need=self.number("from_need"), solved=self.number("solved"), hours=self.number("hours"),
        )  # fmt: skip
        home = table.household[reached]
        heads = ctx.world.household.head[home] == reached
        if heads.any():
            ratio = 1 + (self.number("claiming") - 1) * near[heads]
            self.scale(ctx, "income.claim", "household", home[heads], ratio)

    def _near(self, ctx: Context, residents: Rows) -> NDArray[np.float64]:
        """Part of the chance next door that is left at the distance of each of ``residents``."""
        world = ctx.world
        lot = ctx.draws.life("lever.walk-in-point.distance", world.entrance.uid)
        distance = self.number("radius") * np.sqrt(lot)
        near: NDArray[np.float64] = np.exp(-distance / self.number("decay_distance"))
        found: NDArray[np.float64] = near[world.resident.entrance[residents]]
        return found
