"""Help with claiming allowances for those who miss them (L032)."""

from __future__ import annotations

from math import expm1
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

HELP = CostItem(
    "allowance_help",
    "Help with allowances",
    "Hulp bij toeslagen",
    payers=(("municipality", 1.0),),
    grade="D",
    source=("L032",),
)


@LEVERS.register
class AllowanceHelp(Lever):
    """Look up households with a low income that miss their allowances, and help them claim (hulp bij toeslagen).

    Who misses allowances is rare on assistance and one in seven among the working poor (EFF-49); what a claim brings
    follows from the rules of the allowances (about 150 euros of rent allowance a month), and with it arrears and debts.
    A household that would have claimed anyway does so in the model too, so deadweight needs no number. Not in it: that
    an allowance paid too much has to be paid back, and the work of volunteers, who would make an hour cheaper.
    """

    name: ClassVar[str] = "allowance-help"
    title: ClassVar[str] = "Help with allowances"
    title_nl: ClassVar[str] = "Hulp bij toeslagen"
    explain: ClassVar[str] = (
        "Households with a low income that miss allowances are looked up and helped to claim them."
    )
    explain_nl: ClassVar[str] = (
        "Huishoudens met een laag inkomen die toeslagen mislopen, krijgen hulp om ze aan te vragen."
    )
    family: ClassVar[str] = "money"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L032", "EFF-49", "STF-02", "STF-03")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (HELP,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L032",
            moves="allowance_takeup",
            sign=1,
            differs="Brings in money to which people are entitled already; nothing is asked of them but a form.",
        ),
    )

    highest_fifth = Param(
        1.0, "code", (0.0, 2.0), "policy", "D", ("design",),
        "Highest fifth of income to which the help goes, 0 is the lowest",
    )  # fmt: skip
    round_months = Param(
        6.0, "months", (2.0, 24.0), "assumed", "D", ("design",),
        "Mean time until a household that misses allowances is looked up",
    )  # fmt: skip
    claims = Param(
        0.8, "share", (0.4, 0.95), "assumed", "D", ("L032", "design"),
        "Part of the households helped that claims in the end",
    )  # fmt: skip
    hours = Param(2.0, "hours", (1.0, 5.0), "assumed", "D", ("L032",), "Hours of help per household")
    hour_price = Param(
        68.7, "EUR/hour", (10.0, 110.1), "estimated", "C", ("STF-02", "STF-03"),
        "Full cost of an hour of a social worker; the lowest is that of a volunteer", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 12.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the help after the money; 0 ends it",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Help part of those reached who miss their allowances; book the hours of those helped."""
        table = ctx.world.household
        missing = table.alive & ~table.takeup & (table.income_fifth <= self.number("highest_fifth"))
        heads = self.reached(ctx, table.head[np.flatnonzero(missing)], dose)
        households = ctx.world.resident.household[heads]
        helped = -expm1(-1 / self.number("round_months"))
        self.request(
            ctx, "income", "help_claim", households=households, chance=helped * self.number("claims")
        )
        # who is helped this month is luck of the owner: booked is what is expected
        number = (
            np.bincount(table.district[households], minlength=ctx.world.n_districts).astype(np.float64)
            * helped
        )
        self.book(ctx, HELP, "hour_price", number * self.number("hours"))
