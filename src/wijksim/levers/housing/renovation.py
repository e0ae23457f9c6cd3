"""Renovation of the poorest corporation dwellings, with the people in them (L012, L013)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Renovation(Lever):
    """Deep renovation with energy works (renovatie).

    Quality and energy label rise when the works are done; people stay, the owner stays, and the rent stays because what
    a better label saves is not in the model either. Nuisance of the works themselves is left out.
    """

    name: ClassVar[str] = "renovation"
    title: ClassVar[str] = "Renovation"
    title_nl: ClassVar[str] = "Renovatie"
    explain: ClassVar[str] = "Renovates the poorest corporation dwellings of the chosen districts."
    explain_nl: ClassVar[str] = "Knapt de slechtste corporatiewoningen van de gekozen wijken grondig op."
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L012", "L013", "H700", "H703")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    unit = Argument("complex", ("complex", "entrance"), "What is renovated as a whole")
    share = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("design",),
        "Corporation dwellings that are renovated, in the end",
    )
    subsidy = Param(
        18_800,
        "EUR per dwelling",
        (0, 25_000),
        "policy",
        "B",
        ("H700",),
        "State grant (Volkshuisvestingsfonds)",
        price_year=2021,
    )
    ramp = Param(
        60.0, "months", (0.0, 240.0), "policy", "D", ("design",), "Months over which renovation is decided on"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "What has begun is finished, no more begins"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask the corporation for what should have been decided on by now."""
        self.request(
            ctx,
            "corporation",
            "renovate",
            districts=self.districts(ctx),
            complexes=self.target.complexes,
            unit=str(self.arguments["unit"]),
            share=self.number("share") * dose * self.number("coverage") * self.number("uptake"),
            subsidy=indexed(ctx, self.number("subsidy"), self.subsidy.price_year),
        )
