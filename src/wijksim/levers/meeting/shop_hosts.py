"""Shopkeepers as hosts of the neighbourhood (L086)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SHOP = 0  # code of the kind of premises
SHOP_HOSTS = CostItem(
    "shop_hosts", "Shopkeepers as hosts", "Ondernemers als gastheer", (("municipality", 0.5), ("employers", 0.5)),
    grade="D",
)  # fmt: skip


@LEVERS.register
class ShopHosts(RateLever):
    """Shopkeepers who know their customers and make them meet (ondernemers als sociale motoren).

    Baker, greengrocer and barber see people of all kinds at their daily errands. Their customers run into each other
    more, also across milieus, as far as there are shops: the effect is in proportion to the shops that are open per
    resident, up to the national number, and shops live on purchasing power. The claim is ethnographic and unmeasured
    (L086): the ranges of both ratios include no effect.
    """

    name: ClassVar[str] = "shop-hosts"
    title: ClassVar[str] = "Shopkeepers as hosts"
    title_nl: ClassVar[str] = "Ondernemers als sociale motoren"
    explain: ClassVar[str] = "Shopkeepers are helped to make their shop a place where customers get talking."
    explain_nl: ClassVar[str] = (
        "Winkeliers krijgen hulp om van hun zaak een plek te maken waar klanten met elkaar aan de praat raken."
    )
    family: ClassVar[str] = "meeting"
    evidence: ClassVar[tuple[str, ...]] = ("L086",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (SHOP_HOSTS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L086", moves="bridging", sign=1,
            differs="It works through errands at existing shops, and is lost with them.",
        ),
    )  # fmt: skip

    visits = Param(
        8.0,
        "visits/month",
        (3.0, 20.0),
        "assumed",
        "D",
        ("L086",),
        "Visits of a customer to shops of the district",
    )
    per_visit = Param(
        0.006, "log ratio", (-0.005, 0.03), "assumed", "D", ("L086",),
        "Gain of encounters per visit, as a log; range includes none",
    )  # fmt: skip
    mixing = Param(
        1.1, "ratio", (0.9, 1.4), "assumed", "D", ("L086",),
        "New ties of a customer with another milieu, with over without; range includes no effect",
    )  # fmt: skip
    cost = Param(
        500.0, "EUR per shop a year", (0.0, 2000.0), "assumed", "D", ("design",), "Advice and time of the shopkeeper",
        price_year=2023,
    )  # fmt: skip
    uptake = Param(
        0.5, "share", (0.1, 0.9), "assumed", "D", ("design",), "Adults who do their errands at such shops"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the hosting after the end; 0 ends it"
    )  # fmt: skip

    def shops(self, ctx: Context) -> NDArray[np.float64]:
        """Shops that are open by district, shape ``(n_districts,)``."""
        table = ctx.world.facility
        open_ = table.units * (table.alive & table.open & (table.kind == SHOP))
        return np.bincount(table.district, weights=open_, minlength=ctx.world.n_districts)

    def act(self, ctx: Context, dose: float) -> None:
        """Scale what customers are about and with whom, by the shops there are."""
        reached = self.reached(ctx, self.whom(ctx), dose)
        if not reached.size:
            return
        shops = self.shops(ctx)
        people = np.maximum(ctx.world.by_district("resident"), 1) / PER_THOUSAND
        supply = np.minimum(shops / people / ctx.values["facilities.shop_density"], 1)
        supply = supply[ctx.world.resident.district[reached]]
        gain = self.number("visits") * self.number("per_visit")
        for rate, log in (("contacts.encounters", gain), ("contacts.mixing", np.log(self.number("mixing")))):
            self.scale(ctx, rate, "resident", reached, np.exp(log * supply))
        if self.in_force(ctx.month, self.governed(ctx)):
            self.book(ctx, SHOP_HOSTS, "cost", shops * dose * self.districts(ctx), per=MONTHS_PER_YEAR)
