"""Places to work and meet for people who work at home (L096)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PLACES = CostItem(
    "home_worker_places",
    "Places for home workers",
    "Werkplekken voor thuiswerkers",
    payers=(("residents", 0.5), ("employers", 0.5)),
    grade="D",
    source=("L096",),
    kind="programme",
)


@LEVERS.register
class HomeWorkerPlaces(Lever):
    """Give people who work at home a place near home to work and meet (werkplekken voor thuiswerkers).

    Part of those in work does so at home; with a place nearby they are about in the daytime for part of it. That is so
    many more eyes on the street, to which social control listens, and more chance meetings for those who come, among
    others with people of another milieu. Nobody has measured it (L096: none found), so both ranges include nothing.
    What they spend there is left out: it is their own money, spent elsewhere before.
    """

    name: ClassVar[str] = "home-worker-places"
    title: ClassVar[str] = "Places for home workers"
    title_nl: ClassVar[str] = "Werkplekken voor thuiswerkers"
    explain: ClassVar[str] = (
        "People who work at home get a place nearby, so that they are about in the daytime."
    )
    explain_nl: ClassVar[str] = (
        "Thuiswerkers krijgen een werk- en ontmoetingsplek dichtbij, zodat zij overdag in de wijk zijn."
    )
    family: ClassVar[str] = "work"
    verbs: ClassVar[tuple[str, ...]] = ("scale", "fund")
    evidence: ClassVar[tuple[str, ...]] = ("L096",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PLACES,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L096", moves="bridging", sign=1,
            differs="It brings those who have work into the street in the daytime, and makes no job.",
        ),
    )  # fmt: skip

    coverage = Param(
        0.25,
        "share",
        (0.1, 0.4),
        "assumed",
        "D",
        ("L096",),
        "People in work who work at home for a large part",
    )
    presence = Param(
        0.1,
        "share",
        (0.0, 0.3),
        "assumed",
        "D",
        ("L096",),
        "Part of the daytime that a place adds in the neighbourhood",
    )
    meeting_ratio = Param(
        1.1, "ratio", (1.0, 1.3), "assumed", "D", ("L096", "design"), "Encounters of those who use a place"
    )
    price = Param(
        250, "EUR per user a year", (0, 1000), "assumed", "D", ("design",),
        "Use of a place, paid by those who use it and by their employers", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the places after they close"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Scale encounters of those who come, and count how many more are about in the daytime."""
        table = ctx.world.resident
        working = np.flatnonzero(table.alive & (table.activity == Activity.EMPLOYED)).astype(np.int32)
        users = self.reached(ctx, working, dose)
        self.scale(ctx, "contacts.encounters", "resident", users, self.number("meeting_ratio"))
        district = table.district[users]
        number = np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
        residents = np.maximum(ctx.world.by_district("resident"), 1)
        self.fund(ctx, "nuisance.presence", number * self.number("presence") / residents)
        self.book(ctx, PLACES, "price", number, per=MONTHS_PER_YEAR)
