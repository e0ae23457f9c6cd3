"""Homes for middle groups built in a vulnerable district, beside what stands there (L006)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class MiddleHomes(Lever):
    """Add middle-rent and owner-occupied dwellings (middenhuur en betaalbare koop, verdichting).

    The corporation and builders are asked for more dwellings beside existing complexes; nobody has to leave. Permit and
    building take almost three years. Who lives in them is a matter of the market: movers of the district look nearby
    first, and others come who can pay the price. So part of those whose income has risen find a home without leaving,
    and purchasing power for shops comes in with the rest. That more climbers stay (L006 assumes 5 to 30 % fewer
    leavers) is not put in: it comes about or it does not. Whoever will own the dwellings pays for them.

    Rotterdam-Zuid reports fewer leavers as incomes rise, without a comparison.
    """

    name: ClassVar[str] = "middle-homes"
    title: ClassVar[str] = "Homes for middle groups"
    title_nl: ClassVar[str] = "Woningen voor middengroepen"
    explain: ClassVar[str] = (
        "Adds middle-rent and owner-occupied dwellings beside the complexes of the chosen districts."
    )
    explain_nl: ClassVar[str] = (
        "Bouwt in de gekozen wijken middenhuur- en koopwoningen bij, naast de complexen die er staan."
    )
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L006", "H702")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L006",
            moves="moves_out",
            sign=-1,
            differs="Homes are added for those who rise and would leave, without pulling anything down.",
            arguments={"share": 0.05, "ramp": 120.0},
        ),
    )
    share = Param(
        0.05,
        "share",
        (0.0, 0.15),
        "policy",
        "D",
        ("L006",),
        "Dwellings added, in the end, per dwelling that was there",
    )
    density = Param(
        0.2,
        "share",
        (0.05, 0.5),
        "policy",
        "D",
        ("design",),
        "Dwellings added per dwelling of a complex beside which is built",
    )
    owner_share = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("design",),
        "Part that is sold; the others are let at a middle rent",
    )
    dearer = Param(
        1.0,
        "ratio",
        (0.8, 1.4),
        "policy",
        "D",
        ("design",),
        "Price and middle rent over the usual for new dwellings there",
    )
    ramp = Param(
        120.0, "months", (0.0, 240.0), "policy", "D", ("L006",), "Months over which building is decided on"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "What has begun is finished, no more begins"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask for what should have been decided on by now."""
        sold = self.number("owner_share")
        self.request(
            ctx,
            "corporation",
            "add",
            districts=self.districts(ctx),
            complexes=self.target.complexes,
            share=self.number("share") * dose * self.number("coverage") * self.number("uptake"),
            density=self.number("density"),
            owner_share=sold,
            private_share=1 - sold,
            dearer=self.number("dearer"),
        )
