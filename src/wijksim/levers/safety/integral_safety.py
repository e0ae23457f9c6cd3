"""An integral approach to safety in a district: organisations that work on one plan together (L071)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

SAFETY_TEAM = CostItem(
    "safety_team",
    "Integral safety team",
    "Integraal veiligheidsteam",
    payers=(("municipality", 0.6), ("corporation", 0.2), ("police_justice", 0.2)),
    grade="D",
    kind="programme",
)


@LEVERS.register
class IntegralSafety(RateLever):
    """One plan and one team of municipality, landlord, police and schools (integrale wijkaanpak veiligheid).

    It moves little of each of several domains at once: with those whom the team knows, trouble begins less often and
    ends sooner and the young are recruited less often, and in the whole district organisations pass on more to each
    other (``cooperation``). Fear follows what people see, with the lag of felt safety (``safety.felt_half_life``): the
    source says that perception follows an objective gain only after years. The one Dutch account of such a team
    (Columbusplein) claims two euros for one on a noisy basis of three years and is contested (L071): every ratio may
    be 1.
    """

    name = "integral-safety"
    title = "Integral safety approach"
    title_nl = "Integrale wijkaanpak veiligheid"
    explain = (
        "One team of landlord, municipality, police and schools works on nuisance and youth crime together."
    )
    explain_nl = (
        "Eén team van corporatie, gemeente, politie en scholen pakt overlast en jeugdcriminaliteit samen aan."
    )
    family = "safety"
    evidence = ("L071", "ASM-13")
    grade = "D"
    costs = (SAFETY_TEAM,)
    targets = ("districts", "groups")
    rates = (
        ("nuisance.onset", "resident", "onset_ratio"),
        ("nuisance.onset_other", "resident", "onset_ratio"),
        ("nuisance.end", "resident", "end_ratio"),
        ("crime.fringe", "resident", "recruit_ratio"),
    )
    price = (SAFETY_TEAM, "price_per_person")
    carries = (
        Carries(
            "L071",
            moves="nuisance_sources",
            sign=-1,
            differs="A little of several domains at once, and better referral between organisations",
        ),
    )

    onset_ratio = Param(
        0.95,
        "ratio",
        (0.85, 1.0),
        "assumed",
        "D",
        ("L071",),
        "Becoming a source of nuisance of those the team knows",
    )
    end_ratio = Param(
        1.05, "ratio", (1.0, 1.2), "assumed", "D", ("L071",), "Ending of nuisance of those the team knows"
    )
    recruit_ratio = Param(
        0.95, "ratio", (0.85, 1.0), "assumed", "D", ("L071", "CRI-26"), "Recruitment of youths the team knows"
    )
    cooperation_ratio = Param(
        1.3,
        "ratio of odds",
        (1.0, 2.5),
        "assumed",
        "D",
        ("L071", "ASM-13"),
        "Odds that a referral arrives, in the district",
    )
    price_per_person = Param(
        20.0, "EUR a year", (5.0, 80.0), "assumed", "D", ("design",), "Cost of the team per resident whom it knows",
        price_year=2023,
    )  # fmt: skip
    uptake = Param(
        0.6, "share", (0.2, 1.0), "assumed", "D", ("design",), "Part of residents whom the team comes to know"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the joint effort after the end; 0 ends it"
    )  # fmt: skip

    def whom(self, ctx: Context) -> Rows:
        """Everybody old enough to be recruited or to give trouble."""
        table = ctx.world.resident
        return np.flatnonzero(table.alive & (table.age >= ctx.values["crime.youngest"])).astype(np.int32)

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the rates of those the team knows, and the odds of referral in the districts."""
        super().act(ctx, dose)
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        ratio = self.number("cooperation_ratio") ** (dose * self.number("coverage"))
        if ratio != 1:
            self.scale(ctx, "cooperation", "district", here, ratio)
