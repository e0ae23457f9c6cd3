"""Neighbourhood circles and peer groups with a coach (L051)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.core.units import PER_THOUSAND
from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.task_lever import TaskLever
from wijksim.state.structure import ADULT_AGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class NeighbourhoodCircles(TaskLever):
    """Coach groups of vulnerable residents who help each other (buurtcirkels, lotgenotengroepen).

    Residents in need or with few good contacts are asked; those who join a circle become acquainted with some of the
    members, meet them weekly and give each other what help they can. Support and good contacts do the rest; loneliness
    itself is left alone. Without a coach a circle falls apart at 0.08 a month, and its ties fade.

    Two of ten evaluated programmes against loneliness worked (LON-05), and no effect study of this one was found
    (LON-07). ``click`` is set so that a member gains about one good contact and its range begins at none. Members do
    not leave of their own accord.
    """

    name: ClassVar[str] = "neighbourhood-circles"
    title: ClassVar[str] = "Neighbourhood circles"
    title_nl: ClassVar[str] = "Buurtcirkels en lotgenotengroepen"
    explain: ClassVar[str] = (
        "Vulnerable residents form groups that meet weekly and help each other, held together by a coach."
    )
    explain_nl: ClassVar[str] = (
        "Kwetsbare bewoners vormen groepen die elke week bij elkaar komen en elkaar helpen; een coach houdt ze bijeen."
    )
    family: ClassVar[str] = "meeting"
    evidence: ClassVar[tuple[str, ...]] = ("L051", "LON-05", "LON-07", "STF-01")
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L051", moves="severe_loneliness", sign=-1,
            differs="Weak shoulders carry each other in a fixed group, which lasts only as long as its coach.",
        ),
    )  # fmt: skip

    circles_per_1000 = Param(
        1.0, "1/1000 residents", (0.0, 5.0), "policy", "D", ("design",), "Circles per 1,000 residents"
    )
    size = Param(10.0, "persons", (6.0, 14.0), "policy", "C", ("L051",), "Members of a circle")
    few_ties = Param(
        1.0, "good contacts", (0.0, 3.0), "policy", "D", ("design",), "Most good contacts of who is asked without need"
    )  # fmt: skip
    coach_hours = Param(
        16.0, "hours/month", (8.0, 32.0), "assumed", "D", ("L051",), "Hours of the coach for one circle"
    )
    click = Param(
        0.15, "chance", (0.0, 0.5), "assumed", "D", ("L051", "LON-07"),
        "Chance that somebody who joins and a member become acquainted; range includes none",
    )  # fmt: skip
    uptake = Param(
        0.15, "share", (0.02, 0.5), "assumed", "D", ("design",), "Part of those asked who would join, at average trust"
    )  # fmt: skip
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the coaching after the end; 0 ends it"
    )  # fmt: skip

    def act(self, ctx: Context, dose: float) -> None:
        """Fund the coaches and ask for the circles for which they have hours."""
        world = ctx.world
        table, each = world.resident, self.number("coach_hours")
        circles = self.number("circles_per_1000") * dose * world.by_district("resident") / PER_THOUSAND
        hours = self.employ(ctx, circles * self.districts(ctx) * each / self.full_time(ctx))
        vulnerable = table.need >= ctx.values["contacts.support_need_floor"]
        vulnerable |= table.good_ties <= self.number("few_ties")
        vulnerable &= table.alive & (table.age >= ADULT_AGE)
        self.request(
            ctx,
            "contacts",
            "coach_circles",
            residents=self.reached(ctx, np.flatnonzero(vulnerable).astype(np.int32), 1.0),
            circles=hours / each,
            size=self.number("size"),
            click=self.number("click"),
        )
