"""Sheltered housing for youths of the neighbourhood (L019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PLACE = CostItem(
    "sheltered_youth_place",
    "Sheltered places for youths",
    "Beschermde woonplekken voor jongeren",
    (("municipality", 1.0),),
    grade="C",
    source=("L019", "CST-08"),
)


@LEVERS.register
class ShelteredYouth(RateLever):
    """A stable place with guidance, near one's own people (beschermd wonen voor jongeren uit de buurt).

    Places are few and go to youths of whom a school or team sees that they are at risk: who stays away from lessons, or
    grows up in a home with problem debt or known violence. Who is in crime is seen by nobody, and nobody is picked by
    it. Who takes up a place leaves school early less often and is drawn into crime less often; by how much is assumed
    (0.6, up to no effect), as only the cost of shelter is known. The youth stays a member of the household, as a place
    of this kind is no dwelling of the stock: the family gets no room and no quiet from it here. Part of those placed
    would have done well anyway; the ratio is what is left after that.
    """

    name: ClassVar[str] = "sheltered-youth"
    title: ClassVar[str] = "Sheltered housing for local youths"
    title_nl: ClassVar[str] = "Beschermd wonen voor jongeren uit de buurt"
    explain: ClassVar[str] = "Offers youths at risk a stable place with guidance in their own neighbourhood."
    explain_nl: ClassVar[str] = (
        "Geeft jongeren met wie het mis dreigt te gaan een vaste plek met begeleiding in hun eigen buurt."
    )
    family: ClassVar[str] = "housing"
    evidence: ClassVar[tuple[str, ...]] = ("L019", "CST-08", "HML-01")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PLACE,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L019",
            moves="school_dropout",
            sign=-1,
            differs="A bed and guidance for a few youths at risk, not a dwelling and not for all who leave home.",
        ),
    )
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("school.dropout_secondary", "resident", "risk_ratio"),
        ("school.dropout_vocational", "resident", "risk_ratio"),
        ("school.dropout_entry", "resident", "risk_ratio"),
        ("crime.fringe", "resident", "risk_ratio"),
        ("crime.active", "resident", "risk_ratio"),
    )
    price = (PLACE, "place_cost")
    places_per_1000 = Param(
        2.0, "1/1000 residents", (0.0, 10.0), "policy", "D", ("L019", "design"), "Places at full dose"
    )
    age_from = Param(16.0, "years", (14.0, 18.0), "policy", "D", ("design",), "Youngest who gets a place")
    age_to = Param(23.0, "years", (20.0, 27.0), "policy", "D", ("design",), "Oldest who has one")
    attends = Param(
        0.9, "share", (0.7, 0.98), "policy", "D", ("design",), "Part of lessons attended below which a pupil is at risk"
    )  # fmt: skip
    risk_ratio = Param(
        0.6,
        "ratio",
        (0.4, 1.0),
        "assumed",
        "D",
        ("L019",),
        "Leaving school early and being drawn into crime, with a place against without; 1 is no effect",
    )
    place_cost = Param(
        22_302.0,
        "EUR per place a year",
        (20_000.0, 41_000.0),
        "estimated",
        "C",
        ("L019", "CST-08", "HML-01"),
        "Shelter of a youth; the highest is that of a place with heavy care",
        price_year=2016,
    )
    uptake = Param(
        0.6,
        "share",
        (0.3, 0.9),
        "assumed",
        "D",
        ("L019", "design"),
        "Part of those approached who want a place, at average trust",
    )
    decay = Param(0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of places after funding")

    def whom(self, ctx: Context) -> Rows:
        """Youths at risk."""
        table, household = ctx.world.resident, ctx.world.household
        home = household.problem_debt[table.household] | (household.violence_memory[table.household] > 0)
        young = (table.age >= self.number("age_from")) & (table.age <= self.number("age_to"))
        pupil = table.activity == int(Activity.PUPIL)
        risk = home | (pupil & (table.attendance < self.number("attends")))
        return np.flatnonzero(table.alive & young & risk).astype(np.int32)

    def reached(self, ctx: Context, residents: Rows, dose: float) -> Rows:
        """Those with a place: in each district so many are asked that those who want one fill the places on average.

        Who is asked first is settled for life, so that a larger dose asks whom a smaller one asks.
        """
        world = ctx.world
        places = world.by_district("resident") * self.number("places_per_1000") * dose / PER_THOUSAND
        asked = np.rint(places / self.number("uptake")).astype(int)
        residents = self.in_target(ctx, "resident", residents)
        turn = np.argsort(
            ctx.draws.life(f"lever.{self.name}.turn", world.resident.uid[residents]), kind="stable"
        )
        residents = residents[turn]
        district = world.resident.district[residents]
        parts = [residents[district == one][:number] for one, number in enumerate(asked.tolist())]
        return super().reached(ctx, np.sort(np.concatenate(parts)), 1.0)
