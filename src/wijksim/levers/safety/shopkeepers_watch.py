"""Shopkeepers who act together against dealers before their doors (L074)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SHOP_WATCH = CostItem(
    "shop_watch",
    "Shopkeepers' watch",
    "Winkeliersaanpak: toezicht en organisatie",
    payers=(("employers", 0.5), ("municipality", 0.5)),
    grade="D",
    kind="programme",
    gains=(("employers", 0.5), ("residents", 0.5)),
)
TRADE = ("SHOP", "SERVICE", "THIRD_PLACE")
"""Premises with an entrepreneur behind the counter."""


@LEVERS.register
class ShopkeepersWatch(Lever):
    """Bring shopkeepers together to keep an eye on the street (gemeenschappelijk belang, winkeliers tegen dealers).

    Each open shop, service or café of the district takes part or not; the more trouble there is before the door, the
    more of them want to. From a threshold of their number on they act together and take part of offender activity
    away; below it nothing happens. What they take away turns up elsewhere in part. Citizen watches are among the two
    theories, of fourteen, that a Dutch review found strongly supported (L074), but no size is given for shopkeepers.
    That acting together brings them closer, as the source expects, is left out: entrepreneurs have no ties in the
    model.
    """

    name = "shopkeepers-watch"
    title = "Shopkeepers against dealers"
    title_nl = "Winkeliers samen tegen dealers"
    explain = "Shopkeepers keep an eye on the street together, once enough of them take part."
    explain_nl = "Winkeliers houden samen de straat in het oog, zodra er genoeg meedoen."
    family = "safety"
    verbs = ("request",)
    evidence = ("L074", "ASM-15")
    grade = "D"
    costs = (SHOP_WATCH,)
    carries = (
        Carries(
            "L074",
            moves="victims",
            sign=-1,
            differs="Guardianship by entrepreneurs, which does nothing at all until enough of them join",
        ),
    )

    joining = Param(
        0.5, "share", (0.1, 0.9), "assumed", "D", ("L074", "design"),
        "Shopkeepers who join at the national level of offender activity",
    )  # fmt: skip
    trouble_pull = Param(
        0.5,
        "exponent",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L074", "design"),
        "How much more join where there is more activity",
    )
    threshold = Param(
        0.3,
        "share",
        (0.15, 0.5),
        "assumed",
        "D",
        ("L074",),
        "Part of shopkeepers from which they act together",
    )
    effect = Param(
        0.15,
        "share",
        (0.0, 0.3),
        "assumed",
        "D",
        ("L074",),
        "Offender activity that they take away where they act",
    )
    displacement = Param(
        0.5, "share", (0.2, 1.0), "assumed", "D", ("L074", "ASM-15"), "Part of that which turns up elsewhere"
    )
    shop_cost = Param(
        600.0,
        "EUR a year",
        (0.0, 3000.0),
        "assumed",
        "D",
        ("design",),
        "Cost per shop that takes part",
        price_year=2023,
    )
    decay = Param(
        12.0,
        "months",
        (0.0, 60.0),
        "assumed",
        "D",
        ("design",),
        "Half-life of joining after the organiser left",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask crime to reckon with the watch, as far as shopkeepers join."""
        units, joined = self._shops(ctx, dose)
        part = np.divide(joined, units, out=np.zeros_like(joined), where=units > 0)
        self.request(
            ctx, "crime", "guard", joined=part, threshold=self.number("threshold"),
            effect=self.number("effect"), displacement=self.number("displacement"),
        )  # fmt: skip
        self.book(ctx, SHOP_WATCH, "shop_cost", joined, per=MONTHS_PER_YEAR)

    def _shops(self, ctx: Context, dose: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shops in business and those that join, by district; luck for life decides who joins first."""
        world = ctx.world
        table, district = world.facility, world.district
        codes = cast(type[IntEnum], table.columns["kind"].codes)
        trade = np.isin(table.kind, [int(codes[name]) for name in TRADE])
        rows = np.flatnonzero(table.alive & table.open & trade)
        place = table.district[rows]
        pull = np.exp(self.number("trouble_pull") * (district.offending_log + district.enforcement_log))
        chance = self.number("joining") * dose * self.number("coverage") * self.number("uptake") * pull
        luck = ctx.draws.life(f"lever.{self.name}.joins", table.uid[rows])
        joins = (luck < chance[place]) & self.districts(ctx)[place]
        weight, n = table.units[rows].astype(np.float64), world.n_districts
        units, joined = (np.bincount(place, weights=part, minlength=n) for part in (weight, weight * joins))
        return units.astype(np.float64), joined.astype(np.float64)
