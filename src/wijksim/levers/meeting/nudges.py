"""Nudges and subtle staging of encounters (L081)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

NUDGES = CostItem("nudges", "Nudges to meet", "Nudges voor ontmoeting", (("municipality", 1.0),), grade="D")


@LEVERS.register
class Nudges(RateLever):
    """Small cues that let people run into each other more often (nudging, subtiele regie).

    Encounters rise with the force of the cues up to a limit; beyond it people feel pushed and withdraw, until at full
    force the gain has become as large a loss (total inclusion is an illusion, as the text has it). Nobody has measured
    any of this: the range of the ratio includes no effect.
    """

    name: ClassVar[str] = "nudges"
    title: ClassVar[str] = "Nudges"
    title_nl: ClassVar[str] = "Nudging en subtiele regie"
    explain: ClassVar[str] = (
        "Small cues make residents run into each other more often, without any obligation."
    )
    explain_nl: ClassVar[str] = (
        "Kleine duwtjes zorgen dat bewoners elkaar vaker tegenkomen, zonder dat er iets moet."
    )
    family: ClassVar[str] = "meeting"
    evidence: ClassVar[tuple[str, ...]] = ("L081",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (NUDGES,)
    price: ClassVar[tuple[CostItem, str] | None] = (NUDGES, "cost")
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L081", moves="weekly_contact", sign=1,
            differs="Cues instead of meetings, which turn against themselves when they become a push.",
        ),
    )  # fmt: skip

    ratio = Param(
        1.15,
        "ratio",
        (1.0, 1.4),
        "assumed",
        "D",
        ("L081",),
        "Encounters with over without, at the best force",
    )
    force = Param(
        0.6, "share", (0.0, 1.0), "policy", "D", ("L081",), "Force of the cues, from none to forced mixing"
    )
    limit = Param(
        0.6,
        "share",
        (0.3, 0.9),
        "assumed",
        "D",
        ("L081",),
        "Force beyond which people feel pushed and withdraw",
    )
    cost = Param(
        3.0, "EUR per person reached a year", (0.0, 20.0), "assumed", "D", ("design",), "Cost of the cues",
        price_year=2023,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of what is set up after the end; 0 ends it"
    )  # fmt: skip

    def encounters(self) -> float:
        """Ratio on being about of somebody reached, at this force."""
        force, limit = self.number("force"), self.number("limit")
        part = force / limit if force <= limit else 1 - 2 * (force - limit) / (1 - limit)
        return float(self.number("ratio") ** part)

    def act(self, ctx: Context, dose: float) -> None:
        """Scale how much those reached are about."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        self.scale(ctx, "contacts.encounters", "resident", reached, self.encounters())
        if self.in_force(ctx.month, self.governed(ctx)):
            self.book(ctx, NUDGES, "cost", self.count(ctx, reached), per=MONTHS_PER_YEAR)
