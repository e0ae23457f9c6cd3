"""Works and support in one visit (L014)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed
from wijksim.state.codes import Works
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

VISITS = CostItem(
    "double_strike_visits",
    "Visits during works at home",
    "Huisbezoeken tijdens renovatie",
    payers=(("municipality", 0.5), ("corporation", 0.5)),
    grade="D",
    source=("L014",),
)


@LEVERS.register
class DoubleStrike(Lever):
    """Use the visit that works at home call for anyway to see how people are doing (dubbelslag).

    While a dwelling is being renovated with the people in it, somebody comes to nearly every household. Need that is
    there comes to light with a chance of 0.4 (an assumption), missed allowances too, and advice takes a little off the
    energy bill (113 euros a year, EFF-37, before and after in one city). With ``sync`` off the same visit is made apart
    from the works: fewer are met, and the way there is paid in full. A call at
    which nobody is met is paid too. The saving stays with the household and does not
    fade. What works themselves do, and their nuisance, is the matter of renovation: without renovation nobody is
    visited, which ``<lever>.homes_in_works`` among the sums of the run shows. Households whose home is
    pulled down are left out.
    """

    name: ClassVar[str] = "double-strike"
    title: ClassVar[str] = "Works and support in one"
    title_nl: ClassVar[str] = "Dubbelslag: verduurzamen en helpen"
    explain: ClassVar[str] = (
        "Whoever's home is renovated is visited: the visit also looks for hidden problems and gives energy advice."
    )
    explain_nl: ClassVar[str] = (
        "Wie een renovatie krijgt, krijgt bezoek: daarbij komen ook verborgen problemen aan het licht en is er "
        "energieadvies."
    )
    family: ClassVar[str] = "tenancy"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L014", "EFF-37", "TIM-11", "WMO-01")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (VISITS,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L014",
            moves="energy_poverty",
            sign=-1,
            differs="Finds people by the state of their home, not by asking, signals or need.",
            with_levers=({"lever": "renovation"},),
        ),
    )

    sync = Argument("on", ("on", "off"), "Whether the visit is made together with the works")
    contact = Param(
        0.9,
        "share",
        (0.75, 0.97),
        "assumed",
        "D",
        ("L014",),
        "Part of households met in works, at average trust",
    )
    contact_apart = Param(
        0.35, "share", (0.3, 0.4), "measured", "A", ("TIM-11",), "Part of households met at a visit apart"
    )
    detection = Param(
        0.4,
        "share",
        (0.2, 0.6),
        "assumed",
        "D",
        ("L014",),
        "Part of hidden problems that comes to light if met",
    )
    saving = Param(
        113.0, "EUR/year", (0.0, 600.0), "estimated", "D", ("L014", "EFF-37"),
        "Saved on energy by advice at the visit (80 to 150 there); the highest is that of insulation",
        price_year=2021,
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
    extra = Param(
        0.5,
        "share",
        (0.2, 1.0),
        "assumed",
        "D",
        ("design",),
        "Part of that price on top of the visit made anyway",
    )
    ramp = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Months until every project is visited"
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 0.0),
        "policy",
        "D",
        ("design",),
        "Visits end with the money; what they did stays",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Visit the households whose home is being renovated, spread over the months of the works."""
        together = self.arguments["sync"] == "on"
        homes = self._in_works(ctx)
        ctx.counters.add(f"{self.identity}.homes_in_works", homes.size)
        met = self.number("contact" if together else "contact_apart")
        heads = self.reached(ctx, ctx.world.household.head[homes], dose * met)
        households = ctx.world.resident.household[heads]
        # what comes to light over all months of the works, spread evenly
        months = ctx.values["construction.renovation_months"]
        chance = 1 - (1 - self.number("detection")) ** (1 / months)
        self.request(ctx, "professionals", "find_need", residents=heads, chance=chance)
        self.request(ctx, "income", "help_claim", households=households, chance=chance)
        saving = indexed(ctx, self.number("saving"), type(self).saving.price_year)
        self.request(ctx, "energy", "advise", households=households, saving=saving)
        visits = np.bincount(
            ctx.world.household.district[households], minlength=ctx.world.n_districts
        ).astype(np.float64)
        # whoever is not met was called on as well
        price = (self.number("extra") if together else 1.0) / met
        self.book(ctx, VISITS, "visit_price", visits * price, per=months)

    def _in_works(self, ctx: Context) -> Rows:
        """Households in the target whose home is being renovated."""
        table = ctx.world.dwelling
        homes = table.household[(table.works == int(Works.RENOVATION)) & table.alive]
        return self.in_target(ctx, "household", homes[homes >= 0])
