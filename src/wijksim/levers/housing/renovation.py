"""Renovation of the poorest dwellings, with the people in them (L012, L013)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Renovation(Lever):
    """Renovation with energy works (renovatie), of the corporation's dwellings and, with a grant, of those of others.

    Quality and energy label rise when the works are done; people stay, the owner stays, and the rent stays
    (woonlastenneutraal), so that what a better label saves is the tenant's. A lighter renovation costs less, and does
    as much less. By itself the poorest dwellings come first; with a weight on social return, also the places where many
    households pay too much of their income for energy and where the street is in disorder (look broad, act narrow).

    The state fund (Volkshuisvestingsfonds) goes mostly to poor private dwellings: some 20,000 euros for each, the owner
    pays the rest (L012, H700). Twice as much is applied for as is granted; the shares here are what is granted.
    By itself there is no grant: a corporation pays for its own dwellings.
    Nuisance of the works themselves, and the rise of prices near by (about 2 % within 250 metres, L013), are left out;
    prices follow liveability.
    """

    name: ClassVar[str] = "renovation"
    title: ClassVar[str] = "Renovation"
    title_nl: ClassVar[str] = "Renovatie"
    explain: ClassVar[str] = (
        "Renovates the poorest dwellings of the chosen districts: of the corporation, and with a grant of others."
    )
    explain_nl: ClassVar[str] = (
        "Knapt de slechtste woningen van de gekozen wijken op: die van de corporatie, en met subsidie die van anderen."
    )
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L012", "L013", "H700", "H703")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L012",
            moves="dwelling_quality",
            sign=1,
            differs="State money, four fifths of it for poor dwellings of owner-occupiers and private landlords.",
            arguments={
                "unit": "entrance",
                "share": 0.06,
                "share_others": 0.24,
                "subsidy": 20_000,
                "delay": 15.0,
            },
        ),
        Carries(
            "L013",
            moves="liveability_index",
            sign=1,
            differs="Lighter works out of the maintenance budget, first where they do most for people and the street.",
            arguments={"unit": "entrance", "share": 0.5, "social_weight": 0.5, "depth": 0.2},
        ),
    )
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
    share_others = Param(
        0.0,
        "share",
        (0.0, 1.0),
        "policy",
        "C",
        ("L012",),
        "Dwellings of owner-occupiers and private landlords that are renovated with a grant, in the end",
    )
    social_weight = Param(
        0.0,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L013",),
        "Weight of social return (energy bills, disorder) in what comes first, next to technical need",
    )
    depth = Param(
        1.0,
        "share",
        (0.1, 1.0),
        "policy",
        "D",
        ("L013",),
        "Part of a deep renovation: of its cost, its quality and its steps of the energy label",
    )
    delay = Param(
        0.0,
        "months",
        (0.0, 40.0),
        "assumed",
        "D",
        ("L012", "design"),
        "Preparation before the permit is asked for (rounds of the fund, consent of owners)",
    )
    subsidy = Param(
        0,
        "EUR per dwelling",
        (0, 25_000),
        "policy",
        "B",
        ("H700",),
        "State grant (Volkshuisvestingsfonds): 18,800 on average, mostly for private dwellings",
        price_year=2021,
    )
    ramp = Param(
        60.0, "months", (0.0, 240.0), "policy", "D", ("design",), "Months over which renovation is decided on"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "What has begun is finished, no more begins"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask the owners for what should have been decided on by now."""
        part = dose * self.number("coverage") * self.number("uptake")
        terms = {
            "districts": self.districts(ctx),
            "complexes": self.target.complexes,
            "unit": str(self.arguments["unit"]),
            "subsidy": indexed(ctx, self.number("subsidy"), self.subsidy.price_year),
            "social": self.number("social_weight"),
            "depth": self.number("depth"),
            "delay": int(self.number("delay")),
        }
        self.request(ctx, "corporation", "renovate", share=self.number("share") * part, **terms)
        if self.number("share_others") > 0:
            self.request(
                ctx, "corporation", "improve_private", share=self.number("share_others") * part, **terms
            )
