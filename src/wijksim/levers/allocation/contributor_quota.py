"""Part of the homes goes first to seekers who contribute (L002), without any cap."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class ContributorQuota(LettingLever):
    """Offer part of the vacancies first to seekers who are willing and able to help neighbours (dragers).

    The quota by itself, so that its part in mixing can be told from that of the cap. 35 contributors came in two years
    in one flat (L002, a process evaluation); whether contacts grow follows from the ties that they make. Recruiting
    more contributors than register by themselves is left out: the quota only brings forward those who do.
    """

    name: ClassVar[str] = "contributor-quota"
    title: ClassVar[str] = "Quota for contributors"
    title_nl: ClassVar[str] = "Voorrang voor dragende bewoners"
    explain: ClassVar[str] = (
        "Part of the vacant corporation dwellings is offered first to seekers who want to help neighbours."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de vrijkomende corporatiewoningen gaat eerst naar mensen die buren willen helpen."
    )
    evidence: ClassVar[tuple[str, ...]] = ("L002",)
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "contributor_quota"

    steered_share = Param(
        0.3, "share", (0.0, 0.6), "policy", "D", ("L002",), "Vacancies offered first to contributors"
    )
    letting_cost = Param(
        400,
        "EUR per letting",
        (0, 1500),
        "assumed",
        "D",
        ("design",),
        "Recruiting and interviews per steered letting",
        price_year=2023,
    )
