"""What corporations may spend on liveability, and what they do with it (L023)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed, price_of
from wijksim.state.codes import Tenure
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

LIFTED, IN_FORCE = "lifted", "in force"
_STORE = "professionals.base_fte"


@LEVERS.register
class SpendingFreedom(Lever):
    """Lift or restore the ceiling on what corporations spend on liveability (Woningwet, leefbaarheidsuitgaven).

    From 2015 to 2021 the law capped spending on liveability per dwelling and asked for agreements with the
    municipality; since January 2022 it does not (L023). Here the budget pays caretakers, the landlord's part of whose
    cost counts against it. Part of the corporations bring their spending to what they would like to spend: all of it
    with the ceiling lifted, up to the ceiling where it is in force, and no corporation then spends more than that. What
    the rule does is the difference between the two.

    How corporations responded to 2022 was not found: that half of them use the room is assumed. New posts are filled
    after the usual months and booked by the accounts, the tenants' half in the service charge.
    """

    name: ClassVar[str] = "spending-freedom"
    title: ClassVar[str] = "Spending freedom of corporations"
    title_nl: ClassVar[str] = "Ruimte in de Woningwet voor leefbaarheid"
    explain: ClassVar[str] = (
        "Lifts (or restores) the legal ceiling on what corporations spend on liveability; they use it for caretakers."
    )
    explain_nl: ClassVar[str] = (
        "Schrapt (of herstelt) het wettelijk maximum voor leefbaarheid; corporaties besteden het aan huismeesters."
    )
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = ("L023", "ASM-03", "STF-06")
    grade: ClassVar[str] = "D"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L023",
            moves="staff_cost",
            sign=1,
            differs="A rule is lifted; whether anybody spends more is up to the corporations.",
            arguments={"rule": LIFTED},
        ),
    )
    rule = Argument(LIFTED, (LIFTED, IN_FORCE), "Whether the ceiling holds")
    ceiling = Param(
        125.0,
        "EUR per dwelling a year",
        (50.0, 250.0),
        "policy",
        "D",
        ("L023", "design"),
        "Most that the landlord may spend on liveability while the ceiling is in force",
        price_year=2015,
    )
    wanted = Param(
        200.0,
        "EUR per dwelling a year",
        (120.0, 400.0),
        "assumed",
        "D",
        ("L023", "design"),
        "What corporations would like to spend on caretakers in such districts, their part of the cost",
        price_year=2023,
    )
    uptake = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("L023",),
        "Part of the corporations that use the room they get",
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the change after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund caretakers up to what is wanted and allowed."""
        amount = self.change(ctx) * dose * self.number("coverage")
        if amount.any():
            self.fund(ctx, f"fte.{Profession.CARETAKER.key}", amount)

    def change(self, ctx: Context) -> NDArray[np.float64]:
        """Change in caretakers at full dose, fte per district, shape ``(n_districts,)``."""
        world = ctx.world
        base: NDArray[np.float64] | None = world.stores.get(_STORE)
        if base is None:
            return np.zeros(world.n_districts)
        homes = world.by_district("dwelling", world.dwelling.owner == int(Tenure.CORPORATION))
        each = price_of(ctx, "prices.fte_caretaker") * (1 - ctx.values["prices.caretaker_tenants"])
        spent = base[Profession.CARETAKER].sum(axis=0) * each
        most = homes * indexed(ctx, self.number("ceiling"), self.ceiling.price_year)
        liked = homes * indexed(ctx, self.number("wanted"), self.wanted.price_year)
        cut = np.zeros(world.n_districts)
        if self.arguments["rule"] == IN_FORCE:
            liked, cut = np.minimum(liked, most), np.minimum(most - spent, 0)
        room = np.maximum(liked - spent, 0) * self.number("uptake") + cut
        return np.where(self.districts(ctx), room / each if each > 0 else 0.0, 0.0)
