"""Third places: church, thrift shop, coffee corner (L084)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR, PER_TEN_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

THIRD_PLACES = CostItem(
    "third_places", "Third places", "Derde plekken", (("municipality", 1.0),), grade="D", source=("FAC-02",),
    kind="facilities",
)  # fmt: skip


@LEVERS.register
class ThirdPlaces(RateLever):
    """Open places where people come as customers and meet by the way (derde plekken).

    Churches, thrift shops and supermarkets are paid for a corner to sit in. More of them means more access to meeting
    places for all of the district (``contacts.meeting_weight``: visits a month times a chance of meeting at each, as
    they may be counted, have no number of their own here); visitors take to people of another milieu a little more
    readily. No effect has been measured (L084), so the range of that ratio includes none. Part of the visits would
    have gone to places that there are already (``deadweight``).
    """

    name: ClassVar[str] = "third-places"
    title: ClassVar[str] = "Third places"
    title_nl: ClassVar[str] = "Derde plekken: kerk, kringloop, koffiehoek"
    explain: ClassVar[str] = (
        "Churches, thrift shops and supermarkets get a corner where people stay and meet by the way."
    )
    explain_nl: ClassVar[str] = (
        "Kerken, kringloopwinkels en supermarkten krijgen een hoek waar mensen blijven zitten en zo anderen ontmoeten."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L084", "FAC-02")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (THIRD_PLACES,)
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (("contacts.mixing", "resident", "mixing"),)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L084", moves="bridging", sign=1,
            differs="People come to buy and not to meet, so it reaches those who avoid what is organised.",
        ),
    )  # fmt: skip

    places_per_10k = Param(
        6.0, "places/10,000 residents", (2.0, 15.0), "policy", "D", ("L084",),
        "Places opened per 10,000 residents; there are about six in the country",
    )  # fmt: skip
    deadweight = Param(
        0.3,
        "share",
        (0.0, 0.8),
        "assumed",
        "D",
        ("design",),
        "Part of the visits taken from places there are",
    )
    mixing = Param(
        1.1, "ratio", (0.95, 1.4), "assumed", "D", ("L084",),
        "New ties of a visitor with another milieu, with over without; range includes no effect",
    )  # fmt: skip
    cost = Param(
        10_000.0, "EUR per place a year", (0.0, 31_000.0), "assumed", "D", ("FAC-02", "design"),
        "Subsidy of a corner in a place of somebody else; a meeting place of its own had 31,000", price_year=2021,
    )  # fmt: skip
    uptake = Param(
        0.3, "share", (0.1, 0.7), "assumed", "D", ("design",), "Adults who visit them, at average trust"
    )
    decay = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Half-life of the places after the money; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the places, let visitors mix and book the places."""
        super().act(ctx, dose)
        residents = ctx.world.by_district("resident") / PER_TEN_THOUSAND
        places = (
            self.number("places_per_10k") * dose * self.number("coverage") * residents * self.districts(ctx)
        )
        self.fund(ctx, "facilities.places.third_place", places * (1 - self.number("deadweight")))
        weights = self.governed(ctx).places
        self.book(
            ctx, THIRD_PLACES, "cost", places if weights is None else places * weights, per=MONTHS_PER_YEAR
        )
