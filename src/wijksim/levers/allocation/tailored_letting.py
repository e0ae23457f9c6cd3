"""Allocation tuned per complex to what it carries at the moment (L003)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class TailoredLetting(LettingLever):
    """Each complex has a target that follows its load, set anew every few months (maatwerk per complex).

    A complex with more disorder than the others takes in fewer households known to need support, a calm one more. How
    well the landlord knows complexes and seekers grows with the hours that caretakers have left, so the rule falls
    back on a fixed quota where they are cut. The source calls it a fragile process and no effect was found: the
    response to load may be nil.
    """

    name: ClassVar[str] = "tailored-letting"
    title: ClassVar[str] = "Tailor-made letting per complex"
    title_nl: ClassVar[str] = "Maatwerk per complex bij toewijzen"
    explain: ClassVar[str] = (
        "The share of homes for vulnerable households differs per complex and follows what the complex carries."
    )
    explain_nl: ClassVar[str] = (
        "Hoeveel kwetsbare huishoudens in een complex komen wonen, hangt af van hoe het daar gaat."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "L003",
        "L001",
    )
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "tailored"
    carries = (
        Carries(
            "L003",
            moves="nuisance_often",
            sign=-1,
            differs="The cap is not fixed: it follows the load of the complex, as far as caretakers make it known.",
        ),
    )

    steered_share = Param(0.5, "share", (0.1, 1.0), "policy", "D", ("L003",), "Vacancies that are steered")
    vulnerable_cap = Param(
        0.35, "share", (0.2, 0.6), "assumed", "D", ("L001",), "Target of a complex with the mean load"
    )
    response = Param(
        0.3,
        "log ratio per sd",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L003",),
        "Lower target per standard deviation of load",
    )
    information_least = Param(
        0.3, "share", (0.0, 0.6), "assumed", "D", ("L003",), "What the landlord knows without a caretaker"
    )
    information_most = Param(
        0.9,
        "share",
        (0.3, 1.0),
        "assumed",
        "D",
        ("L003",),
        "What the landlord knows with caretakers at the norm",
    )
    review_interval = Param(
        3.0, "months", (1.0, 12.0), "policy", "D", ("L003",), "Months between reviews of the targets"
    )
    letting_cost = Param(
        500,
        "EUR per letting",
        (0, 2000),
        "assumed",
        "D",
        ("design",),
        "Interviews, matching and reviews per steered letting",
        price_year=2023,
    )
