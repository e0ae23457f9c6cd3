"""Personal contact at two months of arrears, and a payment plan instead of court (L022)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of
from wijksim.state.codes import Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

VISITS = CostItem(
    "arrears_visits",
    "Visits to tenants in arrears",
    "Huisbezoeken bij huurachterstand",
    payers=(("corporation", 0.5), ("municipality", 0.5)),
    grade="D",
    source=("L022",),
    kind="debt",
    gains=(("corporation", 0.3), ("municipality", 0.7)),
)


@LEVERS.register
class ArrearsContact(Lever):
    """Call on tenants two months behind, and agree on a plan before it comes to court (vroeg erop af).

    Three things for whom it reaches: the landlord signals them to the municipality sooner, whoever calls is met more
    often than a letter is answered (0.35 a visit against 0.17, TIM-10 and TIM-11), and those who are met and accept a
    payment plan get a notice less often. The source gives 0.3 for the last; no lever may take more than two thirds off
    a rate, which stands here. From notice on everything runs as it did: one order in four is executed (PAT-12). That
    Amsterdam had 28 % fewer evictions than the national trend (EFF-02) is a comparison of two trends. What is paid back
    under the plan is left out: arrears fall by what a household can spare. Early warning books what a signal costs the
    municipality (DEB-03); that is taken off the visits, so that no call is paid twice.
    """

    name: ClassVar[str] = "arrears-contact"
    title: ClassVar[str] = "Early contact and payment plan at arrears"
    title_nl: ClassVar[str] = "Vroeg contact en betalingsregeling bij huurachterstand"
    explain: ClassVar[str] = (
        "Tenants two months in arrears are signalled and visited, and get a payment plan instead of a summons."
    )
    explain_nl: ClassVar[str] = (
        "Huurders met twee maanden achterstand krijgen bezoek en een betalingsregeling, in plaats van een dagvaarding."
    )
    family: ClassVar[str] = "money"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L022", "EFF-02", "PAT-12", "TIM-10", "TIM-11", "DEB-22", "WMO-01")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (VISITS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L022",
            moves="evictions",
            sign=-1,
            differs="Works on those who are behind already, between the second month and the court.",
        ),
    )

    months = Param(
        2.0, "months", (1.0, 4.0), "policy", "C", ("L022",), "Months of arrears at which somebody calls"
    )
    signal_ratio = Param(
        1.5, "ratio", (1.0, 3.0), "assumed", "D", ("L022", "design"),
        "Early-warning signals of those reached, with against without",
    )  # fmt: skip
    contact_ratio = Param(
        2.06, "ratio", (1.0, 3.0), "measured", "B", ("TIM-10", "TIM-11"),
        "Contact at a visit (0.35) against that after a letter or call (0.17)",
    )  # fmt: skip
    contact = Param(
        0.35, "share", (0.3, 0.4), "measured", "A", ("TIM-11", "L022"), "Chance to be met at one visit"
    )
    visits = Param(
        3.0, "visits/year", (1.0, 8.0), "assumed", "D", ("design",), "Visits a year to a tenant in arrears"
    )
    accepts = Param(
        0.33,
        "share",
        (0.2, 0.4),
        "measured",
        "B",
        ("L022", "DEB-22"),
        "Part of those met that accepts a payment plan",
    )
    notice_ratio = Param(
        0.35, "ratio", (0.1, 1.0), "assumed", "D", ("L022",),
        "Rate of notice with a payment plan against without",
    )  # fmt: skip
    visit_price = Param(
        95.0,
        "EUR/visit",
        (65.0, 125.0),
        "estimated",
        "C",
        ("WMO-01",),
        "Home visit of an hour",
        price_year=2022,
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 24.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the visits after the money; 0 ends them",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Signal and visit those reached; those who accept a plan are spared the notice."""
        resident, table = ctx.world.resident, ctx.world.household
        behind = table.alive & (table.tenure == int(Tenure.CORPORATION))
        behind &= table.arrears >= self.number("months")
        visited = self.reached(ctx, table.head[behind.nonzero()[0]], dose)
        households = resident.household[visited]
        self.scale(ctx, "debt.signal", "household", households, self.number("signal_ratio"))
        self.scale(ctx, "professionals.signal_letter", "resident", visited, self.number("contact_ratio"))
        met = 1 - (1 - self.number("contact")) ** self.number("visits")
        willing = ctx.draws.life(f"lever.{self.name}.plan", resident.uid[visited])
        plan = households[willing < met * self.number("accepts")]
        self.scale(ctx, "debt.notice", "household", plan, self.number("notice_ratio"))
        self._pay(ctx, households)

    def _pay(self, ctx: Context, households: Rows) -> None:
        """Book this month's visits, less what early warning books for the signals of the same households."""
        table, size = ctx.world.household, ctx.world.n_districts
        visits = (
            np.bincount(table.district[households], minlength=size) * self.number("visits") / MONTHS_PER_YEAR
        )
        signalled = households[table.early_signal[households]]
        signals = np.bincount(table.district[signalled], minlength=size).astype(np.float64)
        visit = indexed(ctx, self.number("visit_price"), type(self).visit_price.price_year)
        paid = signals * price_of(ctx, "debt.signal_price") / visit if visit > 0 else signals
        self.book(ctx, VISITS, "visit_price", np.maximum(visits - paid, 0))
