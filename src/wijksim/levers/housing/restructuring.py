"""Restructuring: the poorest complexes of a district are pulled down and replaced by a mix of tenures (L005, L011)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.kernel.prices import indexed

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Restructuring(Lever):
    """Demolition and replacement with mixed tenure (herstructurering).

    The corporation is asked to take the poorest places in hand until the agreed part of its dwellings in the target
    districts has been reached; the ramp is the length of the programme. It accepts as far as permits and money go. What
    follows takes years: permit, rehousing with priority, building. Households have to move, most of them for good:
    the comparison with the null alternative shows where they and their problems go. The state's grant is that of the
    Volkshuisvestingsfonds; who buys the new dwellings for sale pays for them.

    The kind of building may be narrowed to walk-up flats (portieketageflats), the worst of which were the part of the
    Dutch area programme with a clear effect (L011). New dwellings may be dearer than usual, so that who can pay more
    comes in (L005): incomes then rise by who lives there, not for who lived there. The shock of a forced move beyond
    lost neighbours and changed schools, and the rise of prices within about 250 metres (1 to 3 %), are left out.
    """

    name: ClassVar[str] = "restructuring"
    title: ClassVar[str] = "Restructuring"
    title_nl: ClassVar[str] = "Herstructurering"
    explain: ClassVar[str] = (
        "Pulls down the poorest corporation dwellings of the chosen districts and builds a mix of rent and sale."
    )
    explain_nl: ClassVar[str] = (
        "Sloopt de slechtste corporatiewoningen van de gekozen wijken en bouwt een mix van huur en koop terug."
    )
    own_money: ClassVar[bool] = True
    family: ClassVar[str] = "housing"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L005", "L011", "L012", "H705", "H706", "PT04")
    grade: ClassVar[str] = "C"
    targets: ClassVar[tuple[str, ...]] = ("districts", "complexes")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L005",
            moves="income",
            sign=1,
            differs="Most of what is built is for sale and dearer than usual, so that other people come in.",
            arguments={"share": 0.2, "ramp": 120.0, "owner_share": 0.7, "private_share": 0.2, "dearer": 1.25},
        ),
        Carries(
            "L011",
            moves="liveability_index",
            sign=1,
            differs="Only the worst walk-up flats, one stairwell at a time, mostly rebuilt for rent.",
            arguments={
                "unit": "entrance",
                "kind": "walk_up",
                "share": 0.1,
                "ramp": 120.0,
                "owner_share": 0.3,
            },
        ),
    )
    unit = Argument("complex", ("complex", "entrance"), "What is pulled down as a whole")
    kind = Argument("any", ("any", "walk_up"), "Kind of building: any, or walk-up flats only")
    share = Param(
        0.3,
        "share",
        (0.0, 1.0),
        "policy",
        "C",
        ("H706",),
        "Corporation dwellings that are pulled down, in the end",
    )
    owner_share = Param(
        0.5, "share", (0.0, 1.0), "policy", "D", ("L005",), "Part of the new dwellings that is sold"
    )
    private_share = Param(
        0.1,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L005",),
        "Part of the new dwellings let in the middle segment",
    )
    growth = Param(
        0.0,
        "ratio",
        (0.0, 1.0),
        "policy",
        "C",
        ("H700",),
        "Dwellings added per dwelling pulled down (verdichting); in the state fund 1,940 were added for 1,250",
    )
    dearer = Param(
        1.0,
        "ratio",
        (1.0, 1.6),
        "policy",
        "D",
        ("L005", "design"),
        "Price of new dwellings for sale, and middle rents, over the usual for new dwellings there",
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
        96.0, "months", (0.0, 240.0), "policy", "D", ("design",), "Months over which demolition is decided on"
    )
    decay = Param(
        0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "What has begun is finished, no more begins"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Ask the corporation for what should have been decided on by now."""
        self.request(
            ctx,
            "corporation",
            "demolish_and_replace",
            districts=self.districts(ctx),
            complexes=self.target.complexes,
            unit=str(self.arguments["unit"]),
            kind=str(self.arguments["kind"]),
            dearer=self.number("dearer"),
            share=self.number("share") * dose * self.number("coverage") * self.number("uptake"),
            owner_share=self.number("owner_share"),
            private_share=self.number("private_share"),
            growth=self.number("growth"),
            subsidy=indexed(ctx, self.number("subsidy"), self.subsidy.price_year),
        )
