"""Districts with little need for support take their part of the inflow with need (L007)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.letting_lever import STEERED_LETTING, LettingLever
from wijksim.kernel.lever import LEVERS


@LEVERS.register
class SpreadInflow(LettingLever):
    """Direct part of the inflow that needs support to districts with less of it than the others (spreiding).

    Aim it at all districts, or at those that should take their part. In districts with more need than all together the
    directed are offered nothing, where there is less they come first. Affluent districts have few corporation
    dwellings, so many of the directed wait or are housed in the rest of the city: that is the limit of the rule, and
    it is found and not assumed. Whether the city gains depends on how convex nuisance is in the load of an entrance,
    which the mechanism has (range 1 to 2.5 in the source). No effect was found; households refused before moved to the
    edge of the city (EFF-28) and clustered unless steered (EFF-33).
    """

    name: ClassVar[str] = "spread-inflow"
    title: ClassVar[str] = "Spread of inflow over districts"
    title_nl: ClassVar[str] = "Kwetsbare instroom over wijken spreiden"
    explain: ClassVar[str] = (
        "Part of the vulnerable home seekers is housed in districts where fewer of them live."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de kwetsbare woningzoekenden krijgt een woning in wijken waar er minder van wonen."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "L007",
        "EFF-28",
        "EFF-33",
        "PT26",
    )
    grade: ClassVar[str] = "D"
    costs = (STEERED_LETTING,)
    price = (STEERED_LETTING, "letting_cost")
    rule = "spread"
    carries = (
        Carries(
            "L007",
            moves="vulnerable_households",
            sign=-1,
            differs="Works between districts and not within one: what leaves a weak district must land in another.",
            together=(use("spread-inflow", target={"districts": ["average", "affluent"]}),),
        ),
    )

    steered_share = Param(1.0, "share", (0.1, 1.0), "policy", "D", ("L007",), "Vacancies under the rule")
    share_directed = Param(
        0.3,
        "share",
        (0.0, 0.6),
        "policy",
        "D",
        ("L007",),
        "Part of the inflow with need that is offered homes in districts with less need only",
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
        100,
        "EUR per letting",
        (0, 400),
        "assumed",
        "D",
        ("design",),
        "Agreements between districts and matching per letting",
        price_year=2023,
    )
