"""Residents have a say in what basic jobs are for, so that tasks are what the street lacks (L099)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR, PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.codes import Activity

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

ROUNDS = CostItem(
    "say_in_jobs",
    "Rounds in which residents choose tasks",
    "Rondes waarin bewoners taken kiezen",
    payers=(("municipality", 1.0),),
    grade="C",
    source=("L099",),
    kind="programme",
)


@LEVERS.register
class SayInJobs(Lever):
    """Let residents decide what people in basic jobs do in the street (inspraak in wijkbanen).

    It raises the part of the work that is what the street lacks, from the match without a say to that with one; the
    work itself comes from basic jobs with tasks in the street. Reviews find little impact of residents' voice (Lub
    2013) and that budgets work with support (Tonkens 2009), so the range includes no better match. That being asked
    builds trust is left out: trust follows promises kept, and a say that changes nothing is none.
    """

    name: ClassVar[str] = "say-in-jobs"
    title: ClassVar[str] = "Residents' say in the jobs"
    title_nl: ClassVar[str] = "Inspraak van bewoners in wijkbanen"
    explain: ClassVar[str] = (
        "Residents decide once a year which tasks the basic jobs in their streets are for."
    )
    explain_nl: ClassVar[str] = (
        "Bewoners bepalen elk jaar welke taken mensen met een basisbaan in hun straten doen."
    )
    family: ClassVar[str] = "work"
    verbs: ClassVar[tuple[str, ...]] = ("fund",)
    evidence: ClassVar[tuple[str, ...]] = ("L099", "L097")
    grade: ClassVar[str] = "D"
    costs: ClassVar[tuple[CostItem, ...]] = (ROUNDS,)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L099", moves="disorder", sign=-1,
            differs="It changes what the same jobs are for, not how many there are.",
            with_levers=({"lever": "basic-job", "tasks": "street", "places_per_1000": 5},),
        ),
    )  # fmt: skip

    match_without = Param(
        0.5,
        "share",
        (0.3, 0.7),
        "assumed",
        "D",
        ("L099",),
        "Part of the work that the street lacks, without a say",
    )
    match_with = Param(
        0.8,
        "share",
        (0.5, 0.95),
        "assumed",
        "D",
        ("L099",),
        "The same with a say; as little as without it at the low end",
    )
    rounds = Param(
        1.0, "1/year", (0.0, 4.0), "policy", "D", ("design",), "Rounds a year in which residents decide"
    )
    price = Param(
        5,
        "EUR per resident and round",
        (5, 10),
        "measured",
        "C",
        ("L099",),
        "A round in the neighbourhood",
        price_year=2013,
    )
    decay = Param(
        0.0,
        "months",
        (0.0, 36.0),
        "policy",
        "D",
        ("design",),
        "Half-life of the better match after the last round",
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the upkeep that a better match adds, by the jobs held last month."""
        world, table = ctx.world, ctx.world.resident
        n, here = world.n_districts, self.districts(ctx)
        residents = world.by_district("resident")
        held = table.basic_district[(table.activity == Activity.BASIC_JOB) & (table.basic_district >= 0)]
        jobs = np.bincount(held, minlength=n) * PER_THOUSAND / np.maximum(residents, 1)
        gain = max(self.number("match_with") - self.number("match_without"), 0.0)
        part = dose * self.number("coverage") * self.number("uptake") * here
        self.fund(ctx, "nuisance.upkeep", jobs * gain * part)
        self.book(ctx, ROUNDS, "price", residents * part * self.number("rounds"), per=MONTHS_PER_YEAR)
