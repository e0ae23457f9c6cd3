"""Do not hunt for signals of crime among tenants but act on them, or hunt after all (L075)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "signal_duty", "Looking for signals among tenants", "Speuren naar signalen bij huurders",
    (("corporation", 1.0),), grade="D", source=("L075",),
)  # fmt: skip
PASSIVE, ACTIVE = "passive", "active"
_STAGES = ("crime.offence_fringe", "crime.offence_active")


@LEVERS.register
class SignalDuty(Lever):
    """The landlord passes on what it meets with, or goes looking (niet zoeken maar wel handelen bij signalen).

    *Passive*: staff report what they cannot help seeing; *active*: they go looking, and see three times as much. A part
    of the reports makes a tenant who offends a suspect. Only those who do are at risk of it: the rates of offending
    of the crime mechanism are those of becoming a suspect at the fringe and as a habitual offender. Tenants among whom
    the landlord goes looking know it (``resident.watched``), innocent or not, and trust reads that column. No source
    measures detection or trust; with no report that leads to a suspect nothing happens. Wrong suspicion is left out,
    and so is everything that would choose whom to look at: all tenants of the target are looked at alike.
    """

    name: ClassVar[str] = "signal-duty"
    title: ClassVar[str] = "Acting on signals of crime"
    title_nl: ClassVar[str] = "Niet zoeken maar wel handelen bij signalen"
    explain: ClassVar[str] = (
        "The landlord acts on signals of crime among tenants without going looking for them."
    )
    explain_nl: ClassVar[str] = (
        "De corporatie handelt als ze signalen van criminaliteit tegenkomt, maar gaat er niet naar op zoek."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "request")
    evidence: ClassVar[tuple[str, ...]] = ("L075",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)

    mode = Argument(PASSIVE, (PASSIVE, ACTIVE), "Act on what is met with, or go looking")
    detection_passive = Param(
        0.01, "1/month", (0.0, 0.03), "assumed", "D", ("L075",), "Tenants who offend and are noticed, without looking"
    )  # fmt: skip
    detection_active = Param(
        0.03, "1/month", (0.0, 0.1), "assumed", "D", ("L075",), "Tenants who offend and are noticed, going looking"
    )  # fmt: skip
    followed = Param(
        0.3, "share", (0.0, 1.0), "assumed", "D", ("design",), "Reports after which the tenant becomes a suspect"
    )  # fmt: skip
    price = Param(
        20.0, "EUR/year", (5.0, 60.0), "assumed", "D", ("L075", "design"), "Going looking, per tenant reached",
        price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Add what is noticed to the chance to become a suspect; going looking is known and booked."""
        table = ctx.world.resident
        rented = ctx.world.gather("resident", slice(None), "household.tenure") == int(Tenure.CORPORATION)
        old_enough = table.age >= ctx.values["crime.youngest"]
        tenants = np.flatnonzero(table.alive & old_enough & rented & (table.household >= 0)).astype(np.int32)
        reached = self.reached(ctx, tenants, dose)
        mode = self.arguments["mode"]
        more = self.number(f"detection_{mode}") * self.number("followed") * MONTHS_PER_YEAR
        for rate in _STAGES:
            if ctx.values[rate] > 0:
                self.scale(ctx, rate, "resident", reached, 1 + more / ctx.values[rate])
        if mode == ACTIVE:
            self.request(ctx, "professionals", "watch", residents=reached)
            place = table.district[reached]
            number = np.bincount(place[place >= 0], minlength=ctx.world.n_districts).astype(np.float64)
            self.book(ctx, COST, "price", number, per=MONTHS_PER_YEAR)
