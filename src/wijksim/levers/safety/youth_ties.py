"""Youth workers who keep youths out of recruitment by a tie outside crime (L076)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import Profession

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_FTE = f"fte.{Profession.YOUTH_WORKER.key}"


@LEVERS.register
class YouthTies(Lever):
    """Fund youth workers (jongerenwerkers), each of whom keeps up a tie with a number of youths.

    A youth of the recruitment ages who has such a tie comes to the fringe of a group of offenders less often, by one
    ratio; status and money outside crime come from levers on work and school. Who gets a place is luck, not a profile:
    all youths of the district have the same chance, and those who are willing and have trust come forward. The
    accounts book the posts. Its effect on crime was never measured (L076, CRI-25, CRI-26), so the range holds no
    effect at all. While new posts are still vacant the ramp stands for the few who can be held.
    """

    name = "youth-ties"
    title = "Youth workers against recruitment"
    title_nl = "Jongerenwerk tegen rekrutering"
    explain = "Youth workers keep up ties with youths, who then come into crime less often."
    explain_nl = "Jongerenwerkers onderhouden contact met jongeren, die daardoor minder vaak in de criminaliteit raken."
    family = "safety"
    verbs = ("fund", "scale")
    evidence = ("L076", "CRI-18", "CRI-25", "CRI-26", "RAT-01", "STF-05")
    grade = "D"
    targets = ("districts", "groups")
    carries = (
        Carries(
            "L076",
            moves="youth_in_crime",
            sign=-1,
            differs="Acts on entry alone, one tie at a time, and is bounded by how many youths a worker can hold",
        ),
    )

    workers_per_10k = Param(
        2.0, "fte per 10,000", (0.0, 5.0), "policy", "D", ("L076", "RAT-01"),
        "Youth workers per 10,000 residents beyond those in post",
    )  # fmt: skip
    youths_per_worker = Param(
        40.0, "youths per fte", (15.0, 100.0), "assumed", "D", ("L076", "design"),
        "Youths with whom one worker keeps up a tie that counts",
    )  # fmt: skip
    tie_ratio = Param(
        0.8, "ratio", (0.6, 1.0), "assumed", "D", ("L076", "CRI-26"),
        "Coming to the fringe with such a tie, against without",
    )  # fmt: skip
    uptake = Param(
        0.6, "share", (0.3, 1.0), "assumed", "D", ("design",), "Part of those approached that takes part"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end; 0 ends them"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the posts and hold as many youths as they can."""
        world, values = ctx.world, ctx.values
        workers = (
            self.number("workers_per_10k")
            * world.by_district("resident")
            / values["professionals.per_residents"]
        )
        workers = workers * dose * self.districts(ctx)
        if not workers.any():
            return
        self.fund(ctx, _FTE, workers)
        table = world.resident
        young = (table.age >= values["crime.youngest"]) & (table.age <= values["crime.recruit_to"])
        youths = np.flatnonzero(table.alive & young & (table.district >= 0)).astype(np.int32)
        youths = self.in_target(ctx, "resident", youths)
        held = self.reached(
            ctx, self.with_place(ctx, youths, workers * self.number("youths_per_worker")), 1.0
        )
        if held.size:
            self.scale(ctx, "crime.fringe", "resident", held, self.number("tie_ratio"))
