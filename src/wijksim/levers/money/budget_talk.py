"""A budget talk at the start of a tenancy (L021)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

TALKS = CostItem(
    "budget_talks",
    "Budget talks with new tenants",
    "Budgetgesprekken met nieuwe huurders",
    payers=(("corporation", 0.5), ("municipality", 0.5)),
    grade="D",
    source=("L021",),
    gains=(("residents", 0.5), ("corporation", 0.5)),
)


@LEVERS.register
class BudgetTalk(Lever):
    """Talk with new tenants of corporations about allowances and fixed costs (begrotingsgesprek).

    The month after they move in, those who want it have a talk. Who missed the allowances is helped to claim them.
    In the first year in the home, in which new tenants come into trouble more often (DEB-33), those who had the talk
    leave less of a shortage unpaid at the landlord and come into problem debt less often. The pilot gives no effect
    (DEB-34), and coaching later on has figures without controls only: ranges include none. What a talk does after the
    first year is left out.
    """

    name: ClassVar[str] = "budget-talk"
    title: ClassVar[str] = "Budget talk with new tenants"
    title_nl: ClassVar[str] = "Budgetgesprek met nieuwe huurders"
    explain: ClassVar[str] = (
        "New tenants of a corporation have a talk about allowances and fixed costs before they fall behind."
    )
    explain_nl: ClassVar[str] = (
        "Nieuwe huurders van een corporatie krijgen een gesprek over toeslagen en vaste lasten, "
        "voordat zij achterstand hebben."
    )
    family: ClassVar[str] = "money"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "request")
    evidence: ClassVar[tuple[str, ...]] = ("L021", "DEB-33", "DEB-34", "STF-02", "STF-03")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (TALKS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L021",
            moves="arrears",
            sign=-1,
            differs="Reaches every new tenant who wants it, once, before there is any debt.",
        ),
    )

    arrears_ratio = Param(
        0.8, "ratio", (0.5, 1.0), "assumed", "D", ("L021", "DEB-34"),
        "Part of a shortage left unpaid at the landlord, with the talk against without, in the first year",
    )  # fmt: skip
    entry_ratio = Param(
        0.9, "ratio", (0.7, 1.1), "assumed", "D", ("L021", "DEB-34", "design"),
        "Rate of problem debt with the talk against without, in the first year",
    )  # fmt: skip
    claims = Param(
        0.6, "share", (0.0, 0.9), "assumed", "D", ("L021", "design"),
        "Part of those who miss their allowances that claims them after the talk",
    )  # fmt: skip
    hours = Param(
        1.5,
        "hours",
        (1.0, 3.0),
        "assumed",
        "D",
        ("L021",),
        "Hours of a talk, with what comes before and after",
    )
    hour_price = Param(
        68.7, "EUR/hour", (64.9, 110.1), "estimated", "C", ("STF-02", "STF-03"),
        "Full cost of an hour of a social worker", price_year=2024,
    )  # fmt: skip
    uptake = Param(
        0.4, "share", (0.2, 0.7), "assumed", "D", ("L021",),
        "Part of new tenants that takes up the offer, at average trust",
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 12.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the talks after the money; 0 ends them",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Hold this month's talks, and let those of the last year work."""
        table = ctx.world.household
        tenants = table.alive & (table.tenure == int(Tenure.CORPORATION))
        talked: list[Rows] = []
        governed = self.governed(ctx)
        for ago in range(MONTHS_PER_YEAR):
            # who was reached is decided by the dose of the month of the talk, not by that of today
            then = self.dose(ctx.month - ago, governed)
            moved = np.flatnonzero(tenants & (table.moved_in == ctx.month - ago - 1))
            if then > 0 and moved.size:
                heads = self.reached(ctx, table.head[moved], then)
                talked.append(ctx.world.resident.household[heads])
                if ago == 0:
                    self._talk(ctx, talked[-1])
        rows = np.unique(np.concatenate(talked)) if talked else np.empty(0, np.int32)
        self.scale(ctx, "debt.unpaid_rent", "household", rows, self.number("arrears_ratio"))
        self.scale(ctx, "debt.entry", "household", rows, self.number("entry_ratio"))

    def _talk(self, ctx: Context, households: Rows) -> None:
        """Help with allowances, and book the hours."""
        self.request(ctx, "income", "help_claim", households=households, chance=self.number("claims"))
        held = np.bincount(ctx.world.household.district[households], minlength=ctx.world.n_districts).astype(
            np.float64
        )
        self.book(ctx, TALKS, "hour_price", held * self.number("hours"))
