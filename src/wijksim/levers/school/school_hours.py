"""Extra school hours: a longer school day or week at primary schools (L093)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PRIMARY = 0  # code of the track


@LEVERS.register
class SchoolHours(Lever):
    """Ask schools to teach pupils of primary schools longer (verlengde schooldag, onderwijstijdverlenging).

    The school gives the hours as far as it has teachers and books them; what an hour does for achievement is a number
    of the school (``school.extra_hours_effect``), with a prior around zero: a randomised trial, a comparison of the
    schools of Rotterdam-Zuid with look-alikes and a study of pupils over time found next to nothing (EDU-12 to EDU-14,
    PAT-28). Advice, dropout and diplomas follow from achievement, and outlast the hours only as far as achievement
    does. That pupils at school are not on the street, and that their parents have more time, is left out (L093 assumes
    the first without a measurement).
    """

    name: ClassVar[str] = "school-hours"
    title: ClassVar[str] = "Extra school hours"
    title_nl: ClassVar[str] = "Verlengde schooldag"
    explain: ClassVar[str] = (
        "Pupils of primary schools in the chosen districts get more hours of school a week."
    )
    explain_nl: ClassVar[str] = (
        "Leerlingen van basisscholen in de gekozen wijken krijgen meer uren school per week."
    )
    family: ClassVar[str] = "school"
    verbs: ClassVar[tuple[str, ...]] = ("request",)
    evidence: ClassVar[tuple[str, ...]] = ("L093", "EFF-36", "EDU-12", "EDU-13", "EDU-14", "PAT-28")
    grade: ClassVar[str] = "B"
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L093", moves="achievement", sign=0,
            differs="More of the same school for pupils of primary schools; ten hours a week showed no clear effect.",
        ),
    )  # fmt: skip

    hours = Param(
        10.0,
        "hours/week",
        (0.0, 12.0),
        "policy",
        "B",
        ("EFF-36", "L093"),
        "Hours a week beyond the timetable at full dose (ten in Rotterdam-Zuid)",
    )
    deadweight = Param(
        0.1,
        "share",
        (0.0, 0.4),
        "assumed",
        "D",
        ("EDU-14", "design"),
        "Part of the hours that pupils would have learned elsewhere anyway (homework classes, private lessons)",
    )
    uptake = Param(
        0.9,
        "share",
        (0.5, 1.0),
        "assumed",
        "D",
        ("EDU-13", "design"),
        "Part of the pupils at schools that join who really takes part, at average trust",
    )
    ramp = Param(24.0, "months", (0.0, 120.0), "assumed", "D", ("design",), "Months over which schools join")
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the hours after the money; 0 ends them",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Name the pupils who are to be taught longer; more schools join as the dose rises."""
        hours = self.number("hours")
        if hours <= 0:
            return
        table = ctx.world.resident
        pupils = (table.activity == Activity.PUPIL) & (table.track == PRIMARY) & (table.school >= 0)
        reached = self.reached(ctx, np.flatnonzero(pupils).astype(np.int32), dose)
        self.request(
            ctx, "school", "teach_longer", residents=reached, hours=hours, anyway=self.number("deadweight")
        )
