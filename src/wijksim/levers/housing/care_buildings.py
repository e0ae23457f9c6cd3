"""Vacated care buildings used by local partners and for youths (L018)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed
from wijksim.state.codes import HousingForm

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

BUILDING = CostItem(
    "care_building",
    "Vacated care buildings let to local partners",
    "Zorgvastgoed voor partijen uit de wijk",
    (("corporation", 1.0),),
    grade="D",
    source=("L018", "FAC-02"),
    kind="facilities",
)
_STORE = "facilities.provided"


@LEVERS.register
class CareBuildings(Lever):
    """Let empty care buildings to who does most for the area (vrijkomend zorgvastgoed, challenges).

    Each building gives premises of one kind, open at once, and a number of small dwellings for youths who leave home in
    the district, after the usual time for permit and building. Tenants who are chosen for what they do for the area pay
    little rent, so that they close later than others may: by a ratio that includes no effect. Premises have to share
    visitors and purchasing power with what is there. One example is known and nothing was measured (NONE FOUND): the
    numbers of buildings and places are assumed. That residents feel that a building is theirs is left out.
    """

    name: ClassVar[str] = "care-buildings"
    title: ClassVar[str] = "Vacated care buildings for the area"
    title_nl: ClassVar[str] = "Vrijkomend zorgvastgoed voor de wijk"
    explain: ClassVar[str] = (
        "Lets vacated care buildings to partners who do something for the area, with homes for youths above."
    )
    explain_nl: ClassVar[str] = (
        "Verhuurt vrijkomende zorggebouwen aan partijen die iets voor de wijk doen, met woningen voor jongeren."
    )
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L018", "FAC-02", "H702")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (BUILDING,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L018",
            moves="meeting_places",
            sign=1,
            differs="Buildings that are there already get tenants who are chosen for what they do for the area.",
        ),
    )
    kind = Argument(
        "third_place",
        ("third_place", "centre", "service", "workspace", "informal"),
        "What the premises become",
    )
    per_1000 = Param(
        0.1,
        "1/1000 residents",
        (0.0, 0.2),
        "assumed",
        "D",
        ("L018",),
        "Buildings that come free and are used in this way, in the end",
    )
    youth_places = Param(
        20.0, "dwellings", (8.0, 40.0), "assumed", "D", ("L018",), "Dwellings for youths in each building"
    )
    youth_rent = Param(
        454.0,
        "EUR/month",
        (300.0, 650.0),
        "policy",
        "C",
        ("design",),
        "Rent of such a dwelling, up to which those under 23 may get the rent benefit",
        price_year=2024,
    )
    works_ratio = Param(
        0.4,
        "ratio",
        (0.2, 0.8),
        "assumed",
        "D",
        ("L018", "design"),
        "Cost of making a small dwelling in an existing building over that of an ordinary new one",
    )
    closing_ratio = Param(
        0.8,
        "ratio",
        (0.5, 1.2),
        "assumed",
        "D",
        ("L018",),
        "Closing of these premises against others of their kind; no evidence, 1 is no effect",
    )
    building_cost = Param(
        15_000.0,
        "EUR per building a year",
        (5_000.0, 60_000.0),
        "assumed",
        "D",
        ("L018", "FAC-02"),
        "Rent forgone and fitting out, spread over years",
        price_year=2021,
    )
    ramp = Param(
        24.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Months over which buildings come free"
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the low rents after the programme",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for the buildings of by now, and keep the rents of those in use low."""
        world = ctx.world
        part = dose * self.number("coverage") * self.number("uptake")
        here = self.districts(ctx)
        residents = world.by_district("resident") * here
        in_the_end = residents * self.number("per_1000") / PER_THOUSAND
        buildings = in_the_end * part
        if not buildings.any():
            return
        kind = str(self.arguments["kind"])
        self.request(ctx, "facilities", "provide", kind=kind, units=buildings)
        homes = world.by_district("dwelling")
        places = self.number("youth_places")
        self.request(
            ctx,
            "corporation",
            "add",
            districts=here,
            # one share for all target districts: residents per dwelling differ little between them
            share=float(buildings.sum() * places / max(homes[here].sum(), 1)),
            # a small district has part of a building: its places come together
            each=places * min(float(in_the_end[here].mean()), 1.0),
            owner_share=0.0,
            form=int(HousingForm.YOUTH),
            rooms=1,
            rent=indexed(ctx, self.number("youth_rent"), self.youth_rent.price_year),
            works_ratio=self.number("works_ratio"),
        )
        self._rents(ctx)
        self.book(ctx, BUILDING, "building_cost", buildings, per=MONTHS_PER_YEAR)

    def _rents(self, ctx: Context) -> None:
        """Close later, or not: the premises that are there since last month."""
        known = cast(dict[tuple[str, int, int], int], ctx.world.stores.get(_STORE, {}))
        rows = np.array([row for key, row in known.items() if key[0] == self.identity], dtype=np.int32)
        if rows.size:
            self.scale(ctx, "facilities.closing", "facility", rows, self.number("closing_ratio"))
