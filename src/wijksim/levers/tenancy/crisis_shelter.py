"""Places in crisis shelter (L033)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.matching import fill
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PLACES = CostItem(
    "crisis_shelter",
    "Places in crisis shelter",
    "Plaatsen in de crisisopvang",
    payers=(("municipality", 0.7), ("insurer", 0.3)),
    grade="C",
    source=("L033",),
    kind="shelter",
)


@LEVERS.register
class CrisisShelter(Lever):
    """Fund places in which people in crisis can stay for some months (crisisopvang).

    People from here without a home come first: the accounts take them in as far as places go, pay for them once, and
    let them find a home after six months and not after a year. What places are left is for residents after a crisis,
    the latest first, who bring about fewer crises while they are there. Nothing changes in how many lose their home or
    fall into crisis for the first time: this is no prevention, and an empty place costs what a full one does. That two
    euros are avoided per euro (Cebeon) is a sum over all shelter and is nowhere put in. Places for women and children
    who flee from violence are another provision, and left out.
    """

    name: ClassVar[str] = "crisis-shelter"
    title: ClassVar[str] = "Crisis shelter"
    title_nl: ClassVar[str] = "Crisisopvang"
    explain: ClassVar[str] = (
        "The municipality pays for places where people in crisis can stay for some months."
    )
    explain_nl: ClassVar[str] = (
        "De gemeente betaalt plaatsen waar mensen in crisis enkele maanden terechtkunnen."
    )
    family: ClassVar[str] = "tenancy"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L033", "CST-03", "HML-01")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PLACES,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L033",
            moves="homeless",
            sign=-1,
            differs="Comes after the harm is done: it shortens what follows, and prevents nothing.",
        ),
    )

    places_per_1000 = Param(
        1.0,
        "1/1000 residents",
        (0.0, 10.0),
        "policy",
        "D",
        ("design",),
        "Places per 1,000 residents at full dose",
    )
    crisis_ratio = Param(
        0.7, "ratio", (0.4, 1.0), "assumed", "D", ("L033", "design"),
        "Rate of crises of a resident who has a place, against without",
    )  # fmt: skip
    place_price = Param(
        23_236.0, "EUR/year", (15_000.0, 41_200.0), "measured", "C", ("L033", "CST-03", "HML-01"),
        "A place for a year, filled or not", price_year=2011,
    )  # fmt: skip
    ramp = Param(
        12.0, "months", (0.0, 60.0), "assumed", "D", ("design",), "Months over which places are opened"
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 12.0),
        "policy",
        "D",
        ("design",),
        "Half-life of places after the money; 0 closes them",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the places, book them, and give what the homeless leave to residents after a crisis."""
        world = ctx.world
        share = self.number("places_per_1000") * dose * self.number("coverage") / PER_THOUSAND
        places = share * world.by_district("resident") * self.districts(ctx)
        self.fund(ctx, "places.shelter", places)
        self.book(ctx, PLACES, "place_price", places, per=MONTHS_PER_YEAR)
        staying = self._stay(ctx, np.floor(np.maximum(places - world.district.homeless, 0)))
        for rate in ("health.crisis_psychiatric", "health.crisis_other"):
            self.scale(ctx, rate, "resident", staying, self.number("crisis_ratio"))

    def _stay(self, ctx: Context, places: NDArray[np.float64]) -> Rows:
        """Residents who have one of ``places`` per district: the latest crises first, for the months of a stay."""
        table = ctx.world.resident
        recent = table.crisis_last > ctx.month - ctx.values["prices.crisis_place_months"]
        meant = (table.alive & (table.age >= ADULT_AGE) & recent & (table.district >= 0)).nonzero()[0]
        # the dose is in the number of places, and not in whom they are offered
        rows = self.reached(ctx, meant.astype(np.int32), 1.0)
        last = table.crisis_last[rows].astype(np.float64)
        placed = fill(places, group=table.district[rows], score=last, uid=table.uid[rows])
        return rows[placed]
