"""Like with like behind one door, in a district that stays mixed (L008)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class SimilarNeighbours(LettingLever):
    """Offer homes first to seekers in the stage of life of the building (homogeen portiek in een gemengde wijk).

    People like to live among others like themselves in the staircase and meet the rest in shared places (L008, expert
    opinion). Alike is by stage of life, as in the making of ties; not by income, need or origin. Ties behind the door
    then grow more readily, ties that bridge only where people meet elsewhere: both follow from contacts. It says
    nothing about shared places: put a meeting lever beside it for those. No effect was found.
    """

    name: ClassVar[str] = "similar-neighbours"
    title: ClassVar[str] = "Like neighbours per entrance"
    title_nl: ClassVar[str] = "Buren in dezelfde levensfase per portiek"
    explain: ClassVar[str] = (
        "Vacant dwellings go first to seekers in the stage of life of most neighbours in the building."
    )
    explain_nl: ClassVar[str] = (
        "Vrijkomende woningen gaan eerst naar mensen in dezelfde levensfase als de meeste buren."
    )
    evidence: ClassVar[tuple[str, ...]] = ("L008",)
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "similar"
    carries = (
        Carries(
            "L008",
            moves="good_ties",
            sign=1,
            differs="Puts like with like where the others mix, on the smallest scale: behind one door.",
        ),
    )

    steered_share = Param(
        0.7,
        "share",
        (0.0, 0.95),
        "assumed",
        "D",
        ("L008",),
        "Vacancies offered first to seekers who resemble the neighbours",
    )
    level = Argument(
        "entrance", ("entrance", "complex"), "Neighbours to resemble: behind one entrance or in a complex"
    )
    letting_cost = Param(
        100,
        "EUR per letting",
        (0, 400),
        "assumed",
        "D",
        ("design",),
        "Matching per steered letting",
        price_year=2023,
    )
