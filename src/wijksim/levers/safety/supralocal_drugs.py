"""Tackling drug crime above the neighbourhood: less pressure from outside (L079)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

DRUG_CRIME = CostItem(
    "supralocal_drug_crime",
    "Drug crime tackled above the neighbourhood",
    "Bovenlokale aanpak van drugscriminaliteit",
    payers=(("state", 0.5), ("police_justice", 0.5)),
    grade="D",
    kind="programme",
)
_MARKET = "crime.outside_market"


@LEVERS.register
class SupralocalDrugs(Lever):
    """Lower what the drugs market asks of hands and sends of recruiters (bovenlokale aanpak drugscriminaliteit).

    The supply side lies outside the model: the level of the outside market and the number of recruiters are what it
    shows of itself. They fall in the whole country alike, so that nothing is displaced from one district to another,
    as it is when one district alone is policed (60 to 100 % of the gain, L079, EFF-24), and no district can be chosen.
    No effect of any such programme was found: both ratios reach from less to more, as a market broken up may fight for
    its share. The cost is the share of the simulated residents in a national programme.
    """

    name = "supralocal-drugs"
    title = "Drug crime tackled above the neighbourhood"
    title_nl = "Drugscriminaliteit bovenlokaal aanpakken"
    explain = (
        "State and police break up the drugs market outside the neighbourhood, which then needs fewer hands."
    )
    explain_nl = "Rijk en politie pakken de drugsmarkt buiten de wijk aan, die dan minder mensen nodig heeft."
    family = "safety"
    verbs = ("set", "scale")
    evidence = ("L079", "CRI-18", "EFF-24")
    grade = "D"
    costs = (DRUG_CRIME,)
    targets = ()
    carries = (
        Carries(
            "L079",
            moves="youth_in_crime",
            sign=-1,
            differs="Takes away the pull from outside on all districts at once: nothing to displace",
        ),
    )

    market_ratio = Param(
        0.8,
        "ratio",
        (0.5, 1.2),
        "assumed",
        "D",
        ("L079",),
        "Demand of the outside market for hands, against without",
    )
    recruiters_ratio = Param(
        0.9,
        "ratio",
        (0.5, 1.2),
        "assumed",
        "D",
        ("L079",),
        "Recruiters who approach the young, against without",
    )
    price_per_resident = Param(
        15.0, "EUR a year", (0.0, 60.0), "assumed", "D", ("design",), "Cost of the national programme per resident",
        price_year=2023,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Set the market of this month, and let fewer recruiters come."""
        part = dose * self.number("coverage") * self.number("uptake")
        market = self.number("market_ratio") ** part
        if market != 1:
            self.set_value(ctx, _MARKET, ctx.values[_MARKET] * market)
        recruiters = self.number("recruiters_ratio") ** part
        table = ctx.world.resident
        young = (table.age >= ctx.values["crime.youngest"]) & (table.age <= ctx.values["crime.recruit_to"])
        if recruiters != 1:
            self.scale(
                ctx,
                "crime.fringe",
                "resident",
                np.flatnonzero(table.alive & young).astype(np.int32),
                recruiters,
            )
        residents = ctx.world.by_district("resident").astype(np.float64)
        self.book(ctx, DRUG_CRIME, "price_per_resident", residents * part, per=MONTHS_PER_YEAR)
