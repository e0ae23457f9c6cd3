"""Community centre and library (L085)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import PER_TEN_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.rate_lever import RateLever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class CommunityCentre(RateLever):
    """Open community centres and libraries with a programme, or close them (buurthuis, bibliotheek).

    All of the district has more access to meeting places; users of the programme make new ties more readily, and more
    of them begin to volunteer. Facilities book a centre at its price (FAC-01), so that a lever that closes them shows
    as a saving. A third of the centres of two cities was closed by 2013 (L085): -0.33 per 10,000 is about that. The 2.5
    euros gained per euro (LON-15) are claimed by those who are paid for it and used nowhere. What users lose where a
    centre closes is access only.
    """

    name: ClassVar[str] = "community-centre"
    title: ClassVar[str] = "Community centre and library"
    title_nl: ClassVar[str] = "Buurthuis en bibliotheek"
    explain: ClassVar[str] = (
        "The municipality opens (or closes) community centres and libraries with a programme."
    )
    explain_nl: ClassVar[str] = (
        "De gemeente opent (of sluit) buurthuizen en bibliotheken met een programma van activiteiten."
    )
    family: ClassVar[str] = "meeting"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L085", "FAC-01", "CTX-11", "LON-15")
    grade: ClassVar[str] = "D"
    rates: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("contacts.new_ties", "resident", "new_ties"),
        ("facilities.begins", "resident", "volunteering"),
    )
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L085", moves="acquaintances", sign=1,
            differs="A house of its own with a programme and volunteers, run with public money.",
        ),
    )  # fmt: skip

    centres_per_10k = Param(
        1.0, "centres/10,000 residents", (-1.0, 2.0), "policy", "D", ("L085",),
        "Centres opened per 10,000 residents, below zero closed; there is about one in the country",
    )  # fmt: skip
    new_ties = Param(
        1.3, "ratio", (1.0, 2.0), "assumed", "D", ("L085",),
        "New ties of a user, with over without the programme; range includes no effect",
    )  # fmt: skip
    volunteering = Param(
        1.2, "ratio", (1.0, 2.0), "assumed", "D", ("L085",),
        "Users who begin to volunteer, with over without; range includes no effect",
    )  # fmt: skip
    uptake = Param(
        0.08,
        "share",
        (0.03, 0.15),
        "assumed",
        "D",
        ("L085",),
        "Adults who use the programme, at average trust",
    )
    ramp = Param(
        24.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Months until all are open (or closed)"
    )
    decay = Param(
        0.0, "months", (0.0, 60.0), "policy", "D", ("design",), "Half-life of the centres after the money; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the centres, and the programme where there are more of them."""
        number = self.number("centres_per_10k")
        if number > 0:
            super().act(ctx, dose)
        residents = ctx.world.by_district("resident") / PER_TEN_THOUSAND
        centres = number * dose * self.number("coverage") * residents * self.districts(ctx)
        self.fund(ctx, "facilities.places.centre", centres)
