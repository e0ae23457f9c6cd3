"""Religious and informal organisations linked with formal care (L054)."""

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
    "informal_links", "Links with informal organisations", "Samenwerking met informele organisaties",
    (("municipality", 1.0),), grade="D", source=("L054",),
)  # fmt: skip


@LEVERS.register
class InformalLinks(LookoutLever):
    """Link churches, mosques and self-organised groups with the neighbourhood team (koppeling formeel en informeel).

    How many residents such organisations know is a column of the facilities (``district.informal_reach``): it follows
    the organisations that are open. A linked organisation introduces the team to somebody whom it knows, so that little
    trust in institutions does not count, and sees need earlier. It also takes over some work of the team: part of its
    volunteer hours count as hours of social workers. Measured are the volume, some 200 million euros a year of unpaid
    work in Rotterdam, and that 17 per cent works with neighbourhood teams; what a link does is assumed and may be
    nothing. Volunteers are paid nothing, so only keeping up the link is booked.
    """

    name: ClassVar[str] = "informal-links"
    title: ClassVar[str] = "Informal organisations linked to care"
    title_nl: ClassVar[str] = "Informele organisaties gekoppeld aan zorg"
    explain: ClassVar[str] = (
        "Churches, mosques and groups of volunteers introduce the team to people who avoid services."
    )
    explain_nl: ClassVar[str] = (
        "Kerken, moskeeën en groepen vrijwilligers brengen mensen die hulp mijden in contact met het wijkteam."
    )
    family: ClassVar[str] = "access"
    verbs: ClassVar[tuple[str, ...]] = ("request", "fund")
    evidence: ClassVar[tuple[str, ...]] = ("L054", "PRO-41")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (COST,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L054", moves="unmet_need", sign=-1,
            differs="Whom informal organisations know is introduced by somebody trusted, and their volunteers take "
            "over some work of the team.",
        ),
    )  # fmt: skip
    channel: ClassVar[str] = "informal"
    warm: ClassVar[bool] = True

    linked = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L054",), "Part of the organisations that works with the team"
    )  # fmt: skip
    already = Param(
        0.17, "share", (0.05, 0.5), "measured", "C", ("L054",), "Part that does already: no gain there"
    )  # fmt: skip
    chance = Param(
        0.03, "1/month", (0.0, 0.1), "assumed", "D", ("L054", "design"),
        "Chance a month that need that shows leads to an introduction",
    )  # fmt: skip
    contact = Param(
        1.0, "share", (0.5, 1.0), "assumed", "D", ("design",), "Part of introductions at which people are met"
    )  # fmt: skip
    from_need = Param(
        0.1, "share", (0.05, 0.2), "assumed", "D", ("L054", "design"), "Need from which it shows: earlier than to teams"
    )  # fmt: skip
    hours = Param(
        5700.0, "hours/year", (5700.0, 27000.0), "estimated", "C", ("L054",),
        "Volunteer hours of one organisation; sources conflict",
    )  # fmt: skip
    useful = Param(
        0.02, "share", (0.0, 0.1), "assumed", "D", ("L054", "design"),
        "Part of those hours that takes over work of a social worker once linked",
    )  # fmt: skip
    price = Param(
        3000.0, "EUR/year", (1000.0, 10000.0), "assumed", "D", ("L054", "design"),
        "Keeping up the link, per organisation", price_year=2024,
    )  # fmt: skip

    def organisations(self, ctx: Context) -> NDArray[np.float64]:
        """Informal organisations open per district that this links, those linked already left out."""
        table = ctx.world.facility
        kinds = table.columns["kind"].codes
        assert kinds is not None
        informal = int(kinds.__members__["INFORMAL"])
        rows = np.flatnonzero(table.alive & table.open & (table.kind == informal))
        count = np.bincount(table.district[rows], weights=table.units[rows], minlength=ctx.world.n_districts)
        found: NDArray[np.float64] = count * self._new() * self.districts(ctx)
        return found

    def whom(self, ctx: Context) -> Rows:
        """Adults whom an organisation knows that is newly linked."""
        table = ctx.world.resident
        known = ctx.world.district.informal_reach.astype(np.float64) * self._new()
        rows = np.flatnonzero(table.alive & (table.age >= ADULT_AGE) & (table.district >= 0)).astype(np.int32)
        lot = ctx.draws.life("lever.informal-links.known", table.uid[rows])
        found: Rows = rows[lot < known[table.district[rows]]]
        return found

    def costs_of(self, ctx: Context, reached: Rows, dose: float) -> None:
        """Hours that volunteers take over, and what keeping up the links costs."""
        del reached
        number = self.organisations(ctx) * dose * self.number("coverage")
        self.fund(
            ctx,
            "hours.social_worker",
            number * self.number("hours") * self.number("useful") / MONTHS_PER_YEAR,
        )
        self.book(ctx, COST, "price", number, per=MONTHS_PER_YEAR)

    def _new(self) -> float:
        return max(self.number("linked") - self.number("already"), 0.0)
