"""School choice limited by postcode: primary schools admit children of the own district first (L092)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity, Education
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ADMISSION = CostItem(
    "school_admission",
    "Central admission to schools",
    "Centrale aanmelding bij scholen",
    payers=(("municipality", 1.0),),
    grade="D",
    source=("L092",),
    kind="programme",
)
PRIMARY = 0  # code of the track
_MOVES = ("housing.move_corporation", "housing.move_owner", "housing.move_private")


@LEVERS.register
class PostcodeSchools(Lever):
    """Hold part of the homes to the schools of their district (postcodebeleid, centrale aanmelding).

    Choice makes a quarter of the segregation between schools, homes the rest: that follows from the model and is the
    most that a rule of admission can take away (L092, EFF-35). It holds new pupils only, so that it works at the pace
    at which classes follow each other. Families that could pass the local school by until now, those with education
    and without the lowest income, move more often while they have young children: the backlash is a ratio on their
    moves, with a range from none. That they turn to private lessons instead is left out.
    """

    name: ClassVar[str] = "postcode-schools"
    title: ClassVar[str] = "School choice by postcode"
    title_nl: ClassVar[str] = "Schoolkeuze op postcode"
    explain: ClassVar[str] = (
        "Primary schools admit the children of their own district, so that fewer pass them by."
    )
    explain_nl: ClassVar[str] = (
        "Basisscholen nemen kinderen uit de eigen wijk aan, zodat minder gezinnen naar een school elders gaan."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("choose", "scale")
    chooses: ClassVar[tuple[str, ...]] = ("school_choice",)
    evidence: ClassVar[tuple[str, ...]] = ("L092", "EFF-35")
    grade: ClassVar[str] = "C"
    costs: ClassVar[tuple[CostItem, ...]] = (ADMISSION,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L092", moves="school_isolation", sign=-1,
            differs="A rule for everybody: it asks nobody's consent, and some answer it by moving away.",
        ),
    )  # fmt: skip

    efficacy = Param(
        0.5,
        "share",
        (0.2, 0.8),
        "assumed",
        "D",
        ("L092",),
        "Homes that the rule really holds to their district",
    )
    weight = Param(
        20.0, "utility", (0.0, 40.0), "policy", "D", ("L092", "design"),
        "Weight of the own district against distance and taste; 20 leaves no choice where there is a seat",
    )  # fmt: skip
    levels = Argument("primary", ("primary", "all"), "Schools to which the rule applies")
    backlash = Param(
        1.3, "ratio", (1.0, 2.0), "assumed", "D", ("L092", "design"),
        "Moves of educated families with young children that are held: .02 a year [0, .06] on top of some .07",
    )  # fmt: skip
    price = Param(
        15, "EUR per pupil a year", (0, 60), "assumed", "D", ("design",),
        "Central admission, per child at primary school", price_year=2024,
    )  # fmt: skip
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "The rule ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule, with a share of homes that grows with the dose, and let the families answer."""
        share = self.number("efficacy") * dose * self.number("coverage") * self.number("uptake")
        arguments = {
            "share": share,
            "weight": self.number("weight"),
            "levels": str(self.arguments["levels"]),
            "districts": ",".join(self.target.districts),
        }
        self.choose(ctx, "school_choice", "postcode", arguments)
        families = self._answering(ctx, share)
        for rate in _MOVES:
            self.scale(ctx, rate, "household", families, self.number("backlash"))
        table = ctx.world.resident
        pupils = np.flatnonzero((table.activity == Activity.PUPIL) & (table.track == PRIMARY)).astype(
            np.int32
        )
        district = table.district[self.in_target(ctx, "resident", pupils)]
        number = np.bincount(district[district >= 0], minlength=ctx.world.n_districts)
        self.book(ctx, ADMISSION, "price", number.astype(np.float64) * dose, per=MONTHS_PER_YEAR)

    def _answering(self, ctx: Context, share: float) -> Rows:
        """Households that the rule holds and that could have passed the local school by."""
        table, household = ctx.world.resident, ctx.world.household
        young = (table.activity == Activity.CHILD) | (
            (table.activity == Activity.PUPIL) & (table.track == PRIMARY)
        )
        homes = np.unique(table.household[table.alive & young])
        able = table.education[household.head[homes]] > int(Education.LOWER)
        able &= household.income_fifth[homes] > 0
        homes = self.in_target(ctx, "household", homes[able].astype(np.int32))
        luck = ctx.draws.life("lever.postcode-schools.backlash", household.uid[homes])
        return homes[luck < share]
