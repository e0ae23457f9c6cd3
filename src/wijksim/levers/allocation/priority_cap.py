"""Counter concentration: no priority where many households already need support (L024)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class PriorityCap(LettingLever):
    """A cap on lettings with priority per entrance, complex or district (plafond op urgenten en andere voorrang).

    Concentration was named as the main cause of decline in twelve districts studied, without a slope (L024). Load works
    convexly in the model already, through nuisance from neighbours, so spreading can lower the total; whether it does
    depends on where those with priority go instead. Regular seekers with need are not looked at: the cap is on the
    ground of letting, which is known, and not on the person.
    """

    name: ClassVar[str] = "priority-cap"
    title: ClassVar[str] = "Cap on priority lettings"
    title_nl: ClassVar[str] = "Plafond op toewijzen met voorrang"
    explain: ClassVar[str] = (
        "Where many households need support, vacant dwellings are no longer let with priority."
    )
    explain_nl: ClassVar[str] = (
        "Waar al veel kwetsbare huishoudens wonen, krijgen mensen met voorrang geen woning meer."
    )
    evidence: ClassVar[tuple[str, ...]] = ("L024",)
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "priority_cap"
    carries = (
        Carries(
            "L024",
            moves="nuisance_often",
            sign=-1,
            differs="Stops the inflow with priority where the load is high, and leaves regular seekers alone.",
        ),
    )

    steered_share = Param(1.0, "share", (0.0, 1.0), "policy", "D", ("L024",), "Vacancies under the cap")
    cap = Param(
        0.3,
        "share",
        (0.1, 0.7),
        "assumed",
        "D",
        ("L024", "design"),
        "Share of homes with a household needing support from which no priority is given",
    )
    level = Argument("entrance", ("entrance", "complex", "district"), "Where that share is counted")
    letting_cost = Param(
        50,
        "EUR per letting",
        (0, 200),
        "assumed",
        "D",
        ("design",),
        "Registration and checks per letting",
        price_year=2023,
    )
