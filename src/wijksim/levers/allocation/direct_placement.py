"""Direct placement of seekers with priority where there is room."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class DirectPlacement(LettingLever):
    """Keep vacancies for seekers with priority and place them where neighbours can carry it (directe plaatsing).

    The other side of a cap: not where they may not come, but where they are meant to. Seekers with priority are housed
    sooner, regular ones wait longer. Aim it at districts or complexes with few vulnerable households. No evidence of
    an effect on neighbourhoods was found.
    """

    name: ClassVar[str] = "direct-placement"
    title: ClassVar[str] = "Direct placement"
    title_nl: ClassVar[str] = "Directe plaatsing met voorrang"
    explain: ClassVar[str] = (
        "Part of the vacant dwellings in calm entrances is kept for seekers with priority."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de vrijkomende woningen in rustige portieken is voor mensen met voorrang."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "L001",
        "design",
    )
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "direct"

    steered_share = Param(
        0.2, "share", (0.0, 0.6), "policy", "D", ("design",), "Vacancies kept for direct placement"
    )
    most_load = Param(
        0.3,
        "share",
        (0.1, 0.6),
        "assumed",
        "D",
        ("L001", "design"),
        "Share of homes behind the entrance with a household needing support from which nobody is placed",
    )
    letting_cost = Param(
        400,
        "EUR per letting",
        (0, 1500),
        "assumed",
        "D",
        ("design",),
        "Selection and matching per placement",
        price_year=2023,
    )
