"""Neighbourhood basic jobs: municipal work at the minimum wage for people long on assistance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class BasicJob(Lever):
    """Fund places and offer them to long-term recipients who can be reached.

    The lever funds ``places.basic_job`` per district and asks the work mechanism to offer them to the residents it
    reaches; who wants to work gets a place as far as there are places. It books nothing: work books wages, charges
    and supervision (together 32,000 euros per job a year) by the places filled, and assistance saved shows as
    assistance not paid. Tasks may be in the street: then part of the work is upkeep that the street lacks, and disorder
    hears it (L097: .02 per job per 1,000 residents is an assumption). With other tasks it does not.
    """

    name = "basic-job"
    title = "Neighbourhood basic jobs"
    title_nl = "Wijkbasisbanen"
    explain = (
        "The municipality employs people who are long on social assistance, for 30 hours at the minimum wage."
    )
    explain_nl = "De gemeente neemt mensen die lang in de bijstand zitten in dienst, voor 30 uur tegen het minimumloon."
    family = "work"
    verbs = ("fund", "request")
    evidence = (
        "L097", "LAB-31", "LAB-32", "LAB-34", "LAB-35", "LAB-42", "LAB-43", "LAB-44", "EFF-12", "EFF-14", "PT20",
        "WRK-03", "WRK-04",
    )  # fmt: skip
    grade = "C"
    carries = (
        Carries(
            "L097", moves="share_in_assistance", sign=-1,
            differs="It makes the job itself, for people long on assistance, with tasks in their own streets.",
            arguments={"tasks": "street", "places_per_1000": 5.0},
        ),
    )  # fmt: skip

    tasks = Argument("any", ("any", "street"), "What the jobs are for: anything, or upkeep of the street")
    task_match = Param(
        0.5,
        "share",
        (0.3, 0.95),
        "assumed",
        "D",
        ("L099",),
        "Part of the work in the street that the street lacks",
    )
    places_per_1000 = Param(
        0.5,
        "1/1000 residents",
        (0.0, 10.0),
        "policy",
        "C",
        ("L097",),
        "Basic jobs per 1,000 residents at full dose",
    )
    after_months = Param(
        36.0,
        "months",
        (6.0, 60.0),
        "policy",
        "B",
        ("LAB-35",),
        "Months on assistance before a place is offered",
    )
    ramp = Param(
        19.0, "months", (0.0, 120.0), "estimated", "C", ("PT20",), "Months to all places (25 of 40 in a year)"
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "C",
        ("design",),
        "Half-life of places after funding; 0 ends them",
    )
    uptake = Param(
        1.0,
        "share",
        (0.0, 1.0),
        "assumed",
        "D",
        ("LAB-35", "design"),
        "Part of those approached that listens; who wants a basic job is counted by work.wants_share already",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund this month's places and name those to whom they are offered."""
        world = ctx.world
        residents = world.by_district("resident")
        places = self.number("places_per_1000") * dose * residents / PER_THOUSAND * self.districts(ctx)
        self.fund(ctx, "places.basic_job", places)
        table = world.resident
        long_term = (table.activity == Activity.ASSISTANCE) & (
            table.assistance_clock >= self.number("after_months")
        )
        reached = self.reached(ctx, np.flatnonzero(long_term).astype(np.int32), 1.0)
        self.request(ctx, "work", "offer_basic_job", residents=reached)
        if self.arguments["tasks"] == "street":
            held = table.basic_district[(table.activity == Activity.BASIC_JOB) & (table.basic_district >= 0)]
            jobs = np.bincount(held, minlength=ctx.world.n_districts) * self.districts(ctx)
            per_thousand = jobs * PER_THOUSAND / np.maximum(residents, 1)
            self.fund(ctx, "nuisance.upkeep", per_thousand * self.number("task_match"))
