"""A pact of corporation and school: families with pupils keep their home (L020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity, Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PACT = CostItem(
    "stable_home_pact",
    "Pact of corporation and school",
    "Afspraak van corporatie en school",
    payers=(("corporation", 0.5), ("municipality", 0.5)),
    grade="D",
    source=("L020",),
)


@LEVERS.register
class StableHome(Lever):
    """Fewer forced moves of families with pupils (stabiel wonen voor een diploma).

    The corporation does not put families with pupils on the street as readily, and helps those who are ill housed
    without making them move again. Where ``signal`` is on, school and corporation tell each other: somebody calls at
    families whose pupil stays away from lessons, and arrears are signalled sooner. What a calm home and fewer moves do
    for results and for leaving early is in school (EDU-17: 2.6 times as often among frequent movers; the source text
    guesses 1.5). Of the pact itself there is no figure at all: every ratio may be 1. A family whose home is pulled down
    moves with it, and one that is evicted leaves the model with its pupils, so that their dropout is not counted.
    """

    name: ClassVar[str] = "stable-home"
    title: ClassVar[str] = "Stable housing for a diploma"
    title_nl: ClassVar[str] = "Stabiel wonen voor een diploma"
    explain: ClassVar[str] = (
        "Corporation and school agree that families with pupils keep their home, and warn each other early."
    )
    explain_nl: ClassVar[str] = (
        "Corporatie en school spreken af dat gezinnen met schoolgaande kinderen hun woning kunnen houden, en "
        "waarschuwen elkaar op tijd."
    )
    family: ClassVar[str] = "tenancy"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "request")
    evidence: ClassVar[tuple[str, ...]] = ("L020", "EDU-17", "STF-02", "STF-03")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PACT,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L020",
            moves="young_start_qualification",
            sign=1,
            differs="Works on the home of the pupil and leaves lessons as they are.",
        ),
    )

    signal = Argument("on", ("on", "off"), "Whether school and corporation tell each other what they see")
    execution_ratio = Param(
        0.8, "ratio", (0.35, 1.1), "assumed", "D", ("L020", "design"),
        "Rate at which an order to evict a family with pupils is carried out, with the pact against without",
    )  # fmt: skip
    move_ratio = Param(
        0.9, "ratio", (0.7, 1.05), "assumed", "D", ("L020", "design"),
        "Rate at which these families decide to move, with the pact against without",
    )  # fmt: skip
    signal_ratio = Param(
        1.5, "ratio", (1.0, 3.0), "assumed", "D", ("L020", "design"),
        "Early-warning signals of these families when they are behind, with the signal against without",
    )  # fmt: skip
    attends = Param(
        0.9,
        "share",
        (0.7, 0.98),
        "policy",
        "D",
        ("design",),
        "Part of lessons attended below which the school tells",
    )
    found = Param(
        0.05, "share/month", (0.0, 0.2), "assumed", "D", ("L020", "design"),
        "Chance a month that such a signal brings the need of a parent to light",
    )  # fmt: skip
    hours = Param(
        1.0,
        "hours/year",
        (0.2, 4.0),
        "assumed",
        "D",
        ("design",),
        "Hours of the pact a year per family with pupils",
    )
    hour_price = Param(
        68.7, "EUR/hour", (64.9, 110.1), "estimated", "C", ("STF-02", "STF-03"),
        "Full cost of an hour of a social worker", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 24.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the pact after its end; 0 ends it",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Spare the families reached, and pass on what school and corporation see."""
        resident, table = ctx.world.resident, ctx.world.household
        pupils = np.flatnonzero(resident.alive & (resident.activity == int(Activity.PUPIL)))
        families = np.unique(resident.household[pupils])
        families = families[table.tenure[families] == int(Tenure.CORPORATION)]
        heads = self.reached(ctx, table.head[families], dose)
        families = resident.household[heads]
        self.scale(ctx, "debt.execution", "household", families, self.number("execution_ratio"))
        self.scale(ctx, "housing.move_corporation", "household", families, self.number("move_ratio"))
        if self.arguments["signal"] == "on":
            self.scale(ctx, "debt.signal", "household", families, self.number("signal_ratio"))
            away = np.zeros(table.size, bool)
            away[resident.household[pupils[resident.attendance[pupils] < self.number("attends")]]] = True
            self.request(
                ctx,
                "professionals",
                "find_need",
                residents=heads[away[families]],
                chance=self.number("found"),
            )
        hours = np.bincount(table.district[families], minlength=ctx.world.n_districts).astype(
            np.float64
        ) * self.number("hours")
        self.book(ctx, PACT, "hour_price", hours, per=MONTHS_PER_YEAR)
