"""Mixing target groups within a building when dwellings are allocated (L001), with contributing tenants (L002)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class AllocationMixing(LettingLever):
    """Part of the vacancies is let with a cap on vulnerable households per entrance and a quota for contributors.

    It works at the speed of turnover only: nobody has to leave, and a household that is passed over remains a seeker
    and is housed elsewhere. Deadweight is not assumed: many steered vacancies would have gone to the same household
    anyway, and the comparison with the null alternative shows how many.
    """

    name: ClassVar[str] = "allocation-mixing"
    title: ClassVar[str] = "Allocation mixing"
    title_nl: ClassVar[str] = "Doelgroepen mengen bij toewijzen"
    explain: ClassVar[str] = (
        "Part of the vacant corporation dwellings goes to households that the entrance can carry."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de vrijkomende corporatiewoningen gaat naar huishoudens die het portiek kan dragen."
    )
    evidence: ClassVar[tuple[str, ...]] = ("L001", "L002", "PT26", "EFF-33")
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    rule = "steered"
    price = (STEERED_LETTING, "letting_cost")
    carries = (
        Carries(
            "L001",
            moves="nuisance_often",
            sign=-1,
            differs="A fixed cap per entrance on households needing support, for a quarter of the vacancies.",
            arguments={"steered_share": 0.25, "vulnerable_cap": 0.35, "contributor_quota": 0.0},
        ),
        Carries(
            "L002",
            moves="informal_support",
            sign=1,
            differs="Looks for tenants who help rather than keeping others out: a high quota, hardly a cap.",
            arguments={"steered_share": 0.25, "vulnerable_cap": 0.6, "contributor_quota": 0.5},
        ),
    )

    steered_share = Param(0.25, "share", (0.1, 0.5), "policy", "C", ("L001",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35,
        "share",
        (0.2, 0.6),
        "assumed",
        "D",
        ("L001",),
        "Most dwellings of an entrance with a household needing support",
    )
    contributor_quota = Param(
        0.2,
        "share",
        (0.0, 0.5),
        "assumed",
        "D",
        ("L002",),
        "Steered vacancies offered first to seekers who contribute",
    )
    information = Param(
        0.6,
        "share",
        (0.3, 0.9),
        "assumed",
        "D",
        ("L003",),
        "Regular seekers whose need for support the landlord knows",
    )
    letting_cost = Param(
        400,
        "EUR per letting",
        (0, 1500),
        "assumed",
        "D",
        ("design",),
        "Interviews and matching per steered letting",
        price_year=2023,
    )
