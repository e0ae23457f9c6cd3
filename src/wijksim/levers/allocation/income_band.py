"""Part of the homes is let to incomes between two bounds."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class IncomeBand(LettingLever):
    """Reserve part of the vacancies for an income band (inkomensmix, labelen).

    Unlike an income requirement it keeps out high incomes as well as low ones, nobody is exempt for having lived long
    in the region, and it takes part of the homes only. It looks at income and not at need: selection by income changed
    who came and not how it was to live there (PT26).
    """

    name: ClassVar[str] = "income-band"
    title: ClassVar[str] = "Income band"
    title_nl: ClassVar[str] = "Inkomensband bij toewijzen"
    explain: ClassVar[str] = "Part of the vacant corporation dwellings is let to incomes between two bounds."
    explain_nl: ClassVar[str] = (
        "Een deel van de vrijkomende corporatiewoningen is voor inkomens tussen twee grenzen."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "PT26",
        "EFF-28",
    )
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "income_band"

    steered_share = Param(
        0.3, "share", (0.0, 1.0), "policy", "D", ("design",), "Vacancies let within the band"
    )
    lowest = Param(1.0, "fifth", (0.0, 4.0), "policy", "D", ("design",), "Lowest income fifth that is let to")
    highest = Param(
        3.0, "fifth", (0.0, 4.0), "policy", "D", ("design",), "Highest income fifth that is let to"
    )
    letting_cost = Param(
        100,
        "EUR per letting",
        (0, 400),
        "assumed",
        "D",
        ("design",),
        "Check of income per letting",
        price_year=2023,
    )
