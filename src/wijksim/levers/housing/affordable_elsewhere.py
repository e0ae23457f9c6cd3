"""Affordable dwellings built elsewhere in the city, so that pressure on the weakest estates falls (L007, L009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed
from wijksim.state.codes import Tenure

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

REST, AFFLUENT = "rest", "affluent"


@LEVERS.register
class AffordableElsewhere(Lever):
    """Build corporation dwellings where there are few (sociale huur bouwen buiten de kwetsbare wijk).

    Either in the rest of the city, where they go into its ledger and house seekers out of the queue of the whole city
    at the pace of all vacancies there, or beside the complexes of the simulated district with the dearest dwellings
    outside the target. In both cases households with priority find a home that is not one of the refused dwellings of
    the target; how much that relieves the target follows from the queue and from refusals, and is not put in.

    The corporations pay out of what they can invest, less a grant; costs are booked in the target districts, for whose
    sake it is done. No effect has been found for such a shift; L007 and L009 name it as a condition for others.
    """

    name: ClassVar[str] = "affordable-elsewhere"
    title: ClassVar[str] = "Affordable homes elsewhere"
    title_nl: ClassVar[str] = "Betaalbaar bouwen op andere plekken"
    explain: ClassVar[str] = (
        "Builds corporation dwellings in the rest of the city or in the most affluent district instead."
    )
    explain_nl: ClassVar[str] = "Bouwt sociale huurwoningen in de rest van de stad of in de rijkste wijk."
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L007", "L009", "H702")
    grade: ClassVar[str] = "D"
    where = Argument(
        REST, (REST, AFFLUENT), "Rest of the city, or the simulated district with the dearest dwellings"
    )
    per_1000 = Param(
        50.0,
        "1/1000 dwellings",
        (0.0, 200.0),
        "policy",
        "D",
        ("L007", "design"),
        "Dwellings built elsewhere, in the end, per 1,000 dwellings of the target districts",
    )
    density = Param(
        0.2,
        "share",
        (0.05, 0.5),
        "policy",
        "D",
        ("design",),
        "Dwellings added per dwelling of a complex beside which is built, in the affluent district",
    )
    subsidy = Param(
        0.0, "EUR per dwelling", (0, 50_000), "policy", "D", ("design",), "State grant", price_year=2021
    )
    ramp = Param(
        120.0, "months", (0.0, 240.0), "policy", "D", ("design",), "Months over which building is decided on"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "What has begun is finished, no more begins"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for what should have been decided on by now."""
        part = dose * self.number("coverage") * self.number("uptake")
        here, homes = self.districts(ctx), ctx.world.by_district("dwelling")
        wanted = float(homes[here].sum()) * self.number("per_1000") * part / PER_THOUSAND
        subsidy = indexed(ctx, self.number("subsidy"), self.subsidy.price_year)
        if self.arguments["where"] == REST:
            self.request(
                ctx, "corporation", "build_elsewhere", districts=here, dwellings=wanted, subsidy=subsidy
            )
            return
        best = self._dearest(ctx, here)
        self.request(
            ctx,
            "corporation",
            "add",
            districts=best,
            share=wanted / max(float(homes[best].sum()), 1.0),
            density=self.number("density"),
            owner_share=0.0,
            subsidy=subsidy,
        )

    def _dearest(self, ctx: Context, here: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """District with the dearest owner-occupied dwellings, outside the target if there is any; a mask."""
        dwelling = ctx.world.dwelling
        owned = dwelling.alive & (dwelling.owner == int(Tenure.OWNER))
        number = ctx.world.by_district("dwelling", owned)
        value = ctx.world.by_district("dwelling", np.where(owned, dwelling.value, 0.0))
        mean = value / np.maximum(number, 1)
        if not here.all():
            mean = np.where(here, -1.0, mean)
        return np.asarray(np.arange(mean.size) == int(mean.argmax()))
