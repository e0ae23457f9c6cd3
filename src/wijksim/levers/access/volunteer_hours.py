"""Volunteers in the joint effort: cheap hours of contact with limited skill (L063)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "volunteer_hours", "Coordination of volunteers", "Coördinatie van vrijwilligers", (("municipality", 1.0),),
    grade="D", source=("L063",),
)  # fmt: skip


@LEVERS.register
class VolunteerHours(Lever):
    """Residents give hours to the neighbourhood under guidance (vrijwilligers, maatjes).

    Part of the hours goes to visits to people with few good contacts, who meet more people for it; the rest helps with
    outreach and counts as hours of community builders, each for the part that a volunteer can do of the work of one.
    Hours that would have been given anyway are left out. Who is visited is decided by good contacts, fewest first,
    as far as hours go: never by who is lonely, which is an outcome. Only the volume of volunteering was found; the
    effect of a visit may be nothing. Hours of volunteers have no price here, their coordination has.
    """

    name: ClassVar[str] = "volunteer-hours"
    title: ClassVar[str] = "Volunteers in the joint effort"
    title_nl: ClassVar[str] = "Vrijwilligers in de gezamenlijke inzet"
    explain: ClassVar[str] = (
        "Residents give some hours a month to visit isolated people and to help with outreach."
    )
    explain_nl: ClassVar[str] = (
        "Bewoners geven een paar uur per maand om mensen met weinig contacten te bezoeken en mee te helpen in de wijk."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L063",)
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L063", moves="severe_loneliness", sign=-1,
            differs="Hours of residents, cheap and with limited skill, go to isolated people and to outreach.",
        ),
    )  # fmt: skip

    coverage = Param(
        0.05, "share", (0.0, 0.12), "policy", "D", ("L063",), "Part of the adults who are asked, and found willing"
    )  # fmt: skip
    hours = Param(6.0, "hours/month", (2.0, 12.0), "assumed", "D", ("L063",), "Hours that a volunteer gives")
    deadweight = Param(
        0.3, "share", (0.0, 0.7), "assumed", "D", ("design",), "Part of the hours that would have been given anyway"
    )  # fmt: skip
    skill = Param(
        0.1, "share", (0.0, 0.6), "assumed", "D", ("L063", "design"), "Worth of an hour over one of a community builder"
    )  # fmt: skip
    visiting = Param(0.5, "share", (0.0, 1.0), "policy", "D", ("design",), "Part of the hours for visits")
    visit_hours = Param(
        4.0, "hours/month", (2.0, 8.0), "assumed", "D", ("design",), "Hours that one resident gets"
    )
    meeting = Param(
        1.5, "ratio", (1.0, 2.5), "assumed", "D", ("L063", "design"), "Encounters of who is visited; 1 is no effect"
    )  # fmt: skip
    price = Param(
        250.0, "EUR/year", (100.0, 600.0), "assumed", "D", ("L063", "design"),
        "Coordination and expenses, per volunteer", price_year=2024,
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Count the hours, share them out, and book their coordination."""
        table = ctx.world.resident
        adults = np.flatnonzero(table.alive & (table.age >= ADULT_AGE)).astype(np.int32)
        volunteers = self.reached(ctx, adults, dose)
        place = table.district[volunteers]
        number = np.bincount(place[place >= 0], minlength=ctx.world.n_districts).astype(np.float64)
        new = number * self.number("hours") * (1 - self.number("deadweight"))
        spent = new * self.number("visiting")
        self.fund(ctx, "hours.community_builder", (new - spent) * self.number("skill"))
        self.book(ctx, COST, "price", number, per=MONTHS_PER_YEAR)
        visited = self._visited(ctx, np.setdiff1d(adults, volunteers), spent / self.number("visit_hours"))
        if visited.size:
            self.scale(ctx, "contacts.encounters", "resident", visited, self.number("meeting"))

    def _visited(self, ctx: Context, adults: Rows, places: NDArray[np.float64]) -> Rows:
        """Those with the fewest good contacts of each target district, as many as there are places for."""
        table = ctx.world.resident
        rows = self.in_target(ctx, "resident", adults)
        rows = rows[table.district[rows] >= 0]
        rows = rows[np.lexsort((table.uid[rows], table.good_ties[rows], table.district[rows]))]
        place = table.district[rows]
        turn = np.arange(rows.size) - np.searchsorted(place, place)
        found: Rows = np.sort(rows[turn + 1 <= places[place]])
        return found
