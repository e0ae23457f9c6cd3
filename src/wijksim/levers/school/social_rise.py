"""Social rise as a national programme of twenty years: school, work and housing for a generation (L090)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.govern import FREE, Governed
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PROGRAMME = CostItem(
    "social_rise",
    "National programme for social rise",
    "Nationaal programma voor sociale stijging",
    payers=(("state", 0.5), ("municipality", 0.3), ("corporation", 0.1), ("employers", 0.1)),
    grade="D",
    source=("L090",),
    kind="programme",
)
_SCHOOL = ("school.dropout_secondary", "school.dropout_vocational", "school.dropout_entry")
_JOBS = ("work.job_finding", "work.assistance_to_work")
_LEARNING = (int(Activity.PUPIL), int(Activity.STUDENT))
_JOBLESS = (int(Activity.UNEMPLOYED), int(Activity.ASSISTANCE))


@LEVERS.register
class SocialRise(Lever):
    """Guide pupils to a diploma, jobseekers to work and tenants through arrears, for twenty years (NPRZ).

    The programme in Rotterdam-Zuid had reached less than a quarter of its goals after half of its time; early leaving
    went from 4.3 to 3.6 % and jobs grew half again as much as in Noord, of which nobody knows what would have come
    anyway. So the dose grows slowly: with shape 2 a quarter of it stands at half time. The ratios are what the goals
    would be at the end, taken down to the part that is thought within reach (a ceiling of .6); their ranges include no
    effect. What is known of the cost is all that the programme spends, dwellings in it and not apart (BUD-10): so the
    renovation that it paid for is not put beside it, or it would be booked twice, and what better dwellings do is left
    out. Costs run from the first day, as far as those who govern it let it go on; effects do not. Whom the programme
    reaches has been promised something.
    """

    name: ClassVar[str] = "social-rise"
    title: ClassVar[str] = "National programme for social rise"
    title_nl: ClassVar[str] = "Sociale stijging als nationaal programma"
    explain: ClassVar[str] = (
        "For twenty years, pupils, jobseekers and tenants in arrears of the chosen districts get extra guidance."
    )
    explain_nl: ClassVar[str] = (
        "Twintig jaar lang krijgen leerlingen, werkzoekenden en huurders met betalingsachterstand in de gekozen wijken "
        "extra begeleiding."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("L090", "L102", "PT20", "BUD-10")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (PROGRAMME,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L090", moves="young_start_qualification", sign=1,
            differs="School, work and homes at once and for a generation; its gains come late, its costs do not.",
        ),
    )  # fmt: skip

    dropout_ratio = Param(
        0.65, "ratio", (0.5, 1.0), "estimated", "D", ("L090", "design"),
        "Early leaving of pupils reached at full dose; 4.3 to 3.6 % at a quarter of the goals, times the ceiling",
    )  # fmt: skip
    return_ratio = Param(
        1.3,
        "ratio",
        (1.0, 2.0),
        "assumed",
        "D",
        ("L090", "design"),
        "Going back to school of early leavers reached",
    )
    job_ratio = Param(
        1.25, "ratio", (1.0, 1.6), "assumed", "D", ("L090", "design"),
        "Finding work of the jobless reached at full dose, in Zuid half again as many jobs as in Noord",
    )  # fmt: skip
    home_ratio = Param(
        0.8, "ratio", (0.5, 1.0), "assumed", "D", ("L090", "design"),
        "Court orders of eviction against households reached at full dose",
    )  # fmt: skip
    shape = Param(
        2.0, "power", (1.0, 3.0), "estimated", "D", ("L090",),
        "How late the dose comes: 2 gives a quarter of it at half of the ramp",
    )  # fmt: skip
    uptake = Param(
        0.7, "share", (0.3, 1.0), "assumed", "D", ("design",),
        "Part of those approached whom the programme really reaches, at average trust",
    )  # fmt: skip
    price = Param(
        500, "EUR per resident a year", (200, 1000), "estimated", "D", ("L090", "BUD-10"),
        "Spending of the whole programme per resident of its districts, dwellings in it", price_year=2022,
    )  # fmt: skip
    ramp = Param(
        240.0,
        "months",
        (0.0, 360.0),
        "policy",
        "C",
        ("L090",),
        "Months to the full dose: the programme is of 20 years",
    )

    def late(self, month: int, dose: float, governed: Governed = FREE) -> float:
        """The dose bent to come late; what has come by the end fades as that of any lever."""
        grown = self._level(self._course(month)[0], 0, governed)
        return float(dose * grown ** (self.number("shape") - 1))

    def act(self, ctx: Context, dose: float) -> None:
        """Scale the ways out of school, into work and out of the home for those reached."""
        table = ctx.world.resident
        learning = np.isin(table.activity, _LEARNING)
        jobless = np.isin(table.activity, _JOBLESS) & (table.age >= ADULT_AGE)
        left = table.dropped_out & ~learning
        rows = np.flatnonzero(table.alive & (learning | jobless | left)).astype(np.int32)
        reached = self.reached(ctx, rows, self.late(ctx.month, dose, self.governed(ctx)))
        pupils, seekers = reached[learning[reached]], reached[jobless[reached]]
        for rate in _SCHOOL:
            self.scale(ctx, rate, "resident", pupils, self.number("dropout_ratio"))
        self.scale(ctx, "school.return", "resident", reached[left[reached]], self.number("return_ratio"))
        for rate in _JOBS:
            self.scale(ctx, rate, "resident", seekers, self.number("job_ratio"))
        homes = np.unique(table.household[reached])
        self.scale(ctx, "debt.order", "household", homes, self.number("home_ratio"))
        governed = self.governed(ctx)
        if self.in_force(ctx.month, governed):
            # organisations are paid in full while what they do grows: the dose without its ramp
            paid = self.dose(ctx.month, replace(governed, ramp=0))
            number = ctx.world.by_district("resident") * self.districts(ctx) * paid
            self.book(ctx, PROGRAMME, "price", number, per=MONTHS_PER_YEAR)
