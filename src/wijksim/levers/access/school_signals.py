"""Teachers and preschool leaders pass on what they see of children and their parents (L059)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.lookout_lever import LookoutLever
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

COST = CostItem(
    "school_signals", "Schools that signal", "Signalerende scholen", (("municipality", 1.0),), grade="D",
    source=("L059",),
)  # fmt: skip


@LEVERS.register
class SchoolSignals(LookoutLever):
    """Schools and preschools pass on that a family is in trouble (signalerende leerkrachten en peuterleidsters).

    They see children daily, and through them the parents: in sight are adults of a household with a child of preschool
    or school age. A school sees less where posts stand open: the chance is that of a fully staffed school times what
    its shortage leaves; for a preschool the national shortage counts. No source gives an effect; measured is the
    shortage, 15 per cent in large cities and up to a quarter in the weakest districts. Children themselves are no
    clients of the team here: youth care is another world.
    """

    name: ClassVar[str] = "school-signals"
    title: ClassVar[str] = "Teachers and preschool staff signal"
    title_nl: ClassVar[str] = "Leerkrachten en peuterleidsters signaleren"
    explain: ClassVar[str] = "Teachers and preschool leaders pass on to the team that a family is in trouble."
    explain_nl: ClassVar[str] = (
        "Leerkrachten en peuterleidsters geven aan het wijkteam door dat het in een gezin niet goed gaat."
    )
    family: ClassVar[str] = "access"
    evidence: ClassVar[tuple[str, ...]] = ("L059", "EDU-13", "TIM-11")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L059", moves="open_cases", sign=1,
            differs="Schools see families through their children, and less where teachers are short.",
        ),
    )  # fmt: skip
    channel: ClassVar[str] = "schools"

    chance = Param(
        0.04, "1/month", (0.0, 0.1), "assumed", "D", ("L059",),
        "Chance a month that a fully staffed school passes on need at home that shows",
    )  # fmt: skip
    from_age = Param(2.0, "years", (0.0, 5.0), "policy", "D", ("L059",), "Age from which children are seen")
    deadweight = Param(
        0.2, "share", (0.0, 0.5), "assumed", "D", ("L059", "design"), "Part that schools pass on already"
    )  # fmt: skip
    price = Param(
        15.0, "EUR/year", (5.0, 60.0), "assumed", "D", ("L059", "design"),
        "Time of school and a fixed contact, per parent in sight", price_year=2024,
    )  # fmt: skip

    def whom(self, ctx: Context) -> Rows:
        """Adults with a child whom a school or preschool sees."""
        table = ctx.world.resident
        home = table.household
        seen = table.alive & (table.age >= ADULT_AGE) & (home >= 0) & (self._seen(ctx)[home] > 0)
        return np.flatnonzero(seen).astype(np.int32)

    def chances(self, ctx: Context, reached: Rows) -> NDArray[np.float64]:
        """Chance for each parent: that of the best staffed school of the children."""
        new = self.number("chance") * (1 - self.number("deadweight"))
        result: NDArray[np.float64] = new * self._seen(ctx)[ctx.world.resident.household[reached]]
        return result

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Time of schools, by parents in sight."""
        del dose
        self.book(ctx, COST, "price", self.people(ctx, reached), per=MONTHS_PER_YEAR)

    def _seen(self, ctx: Context) -> NDArray[np.float64]:
        """Part of full attention for the children of each household, 0 without any; shape ``(n_households,)``."""
        table = ctx.world.resident
        child = table.alive & (table.age >= self.number("from_age")) & (table.age < ADULT_AGE)
        rows = np.flatnonzero(child & (table.household >= 0))
        shortage = np.full(rows.size, ctx.values["school.shortage_level"])
        placed = table.school[rows] >= 0
        shortage[placed] = ctx.world.school.shortage[table.school[rows[placed]]]
        seen = np.zeros(ctx.world.household.size)
        np.maximum.at(seen, table.household[rows], 1 - shortage)
        return seen
