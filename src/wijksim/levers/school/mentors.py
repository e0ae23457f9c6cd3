"""Networks that pull up: mentors who speak up for a pupil's advice and open doors to a first job (L094)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

MENTORING = CostItem(
    "mentoring",
    "Mentors of pupils and young jobseekers",
    "Mentoren voor leerlingen en jonge werkzoekenden",
    payers=(("municipality", 1.0),),
    grade="D",
    source=("L094",),
    kind="programme",
)
PRIMARY = 0  # code of the track


@LEVERS.register
class Mentors(Lever):
    """Give pupils of low income and young jobseekers a mentor (mentoren, tegengaan van onderadvisering).

    A pupil of the lowest income fifth is advised a fifth of a standard deviation below what he or she achieves
    (EDU-07). Whoever speaks up undoes part of that bias when the primary school advises, and nothing else: a pupil
    who was advised rightly gains nothing. Half of the bias undone lifts about a tenth of such pupils by a track. A
    young jobseeker with a mentor finds work sooner. Nobody has measured either (L094: none found), so both ranges
    include no effect. That mentors become ties of their own is left out.
    """

    name: ClassVar[str] = "mentors"
    title: ClassVar[str] = "Mentors and fair advice"
    title_nl: ClassVar[str] = "Mentoren en een eerlijk schooladvies"
    explain: ClassVar[str] = (
        "Pupils of low income get a mentor who watches over their school advice, and the young one who helps to a job."
    )
    explain_nl: ClassVar[str] = (
        "Leerlingen uit gezinnen met een laag inkomen krijgen een mentor die let op het schooladvies; jonge "
        "werkzoekenden krijgen hulp bij een eerste baan."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("request", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L094", "EDU-07", "EDU-08")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (MENTORING,)
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L094", moves="advice_high", sign=1,
            differs="It corrects a judgement about a pupil, and leaves what the pupil has learned as it is.",
        ),
    )  # fmt: skip

    heard = Param(
        0.5, "share", (0.0, 1.0), "assumed", "D", ("L094", "EDU-07", "design"),
        "Part of the bias in the advice that a mentor undoes; half lifts about a tenth of those reached by a track",
    )  # fmt: skip
    job_ratio = Param(
        1.15,
        "ratio",
        (1.0, 1.4),
        "assumed",
        "D",
        ("L094", "design"),
        "Finding work of young jobseekers with a mentor",
    )
    classes = Param(
        2.0, "classes", (1.0, 4.0), "policy", "D", ("design",), "Last classes of primary school with a mentor"
    )
    young_age = Param(
        27.0, "years", (20.0, 30.0), "policy", "D", ("design",), "Age up to which a jobseeker is young"
    )
    coverage = Param(
        0.1, "share", (0.0, 0.3), "policy", "D", ("L094",), "Part of those meant for whom there is a mentor"
    )
    price = Param(
        1000, "EUR per person a year", (300, 3000), "assumed", "D", ("design",),
        "Finding, training and guiding a volunteer mentor", price_year=2024,
    )  # fmt: skip
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the mentors after the money; 0 ends them",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Name the pupils for whom somebody speaks up, and scale finding work for the young."""
        table, household = ctx.world.resident, ctx.world.household
        first = ctx.values["school.years_primary"] - self.number("classes")
        pupils = (table.activity == Activity.PUPIL) & (table.track == PRIMARY) & (table.class_year >= first)
        pupils &= household.income_fifth.take(table.household, mode="wrap") == 0
        seeking = (table.activity == Activity.UNEMPLOYED) & (table.age < self.number("young_age"))
        rows = (table.alive & (pupils | seeking)).nonzero()[0].astype(np.int32)
        reached = self.reached(ctx, rows, dose)
        heard = self.number("heard")
        self.request(ctx, "school", "advocate", residents=reached[pupils[reached]], heard=heard)
        self.scale(ctx, "work.job_finding", "resident", reached[seeking[reached]], self.number("job_ratio"))
        district = table.district[reached]
        number = np.bincount(district[district >= 0], minlength=ctx.world.n_districts)
        self.book(ctx, MENTORING, "price", number.astype(np.float64), per=MONTHS_PER_YEAR)
