"""Social work tied to paid work: a job coach joins the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.post_lever import PostLever
from wijksim.state.codes import Activity
from wijksim.state.roles import CaseStage, Profession
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class HelpToWork(PostLever):
    """Job coaches work with clients of social work who have no job (hulp koppelen aan werk, IPS).

    The lever funds job coaches; as far as these are in post, clients on assistance or unemployed find work sooner
    while their case is open. What stands in the way of work is worked on by the case itself. Supported employment
    (IPS) beats the usual re-integration, while in Amsterdam extra attention brought part-time work and no more exits
    (L041), so that the range of the ratio begins at none. That people in work use less care and offend less follows
    in the model. The accounts book the coaches; assistance saved shows as assistance not paid.
    """

    name: ClassVar[str] = "help-to-work"
    title: ClassVar[str] = "Social work tied to paid work"
    title_nl: ClassVar[str] = "Sociaal werk koppelen aan betaald werk"
    explain: ClassVar[str] = (
        "Job coaches join the help of clients who have no job, as far as there are coaches."
    )
    explain_nl: ClassVar[str] = "Jobcoaches helpen cliënten zonder baan aan werk, terwijl de hulp doorloopt."
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("fund", "scale")
    evidence: ClassVar[tuple[str, ...]] = ("L041",)
    grade: ClassVar[str] = "C"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "L041",
            moves="share_in_work",
            sign=1,
            differs="For clients with an open case alone: help and the step to work go together.",
            arguments={"coaches": 0.5},
        ),
    )
    roles: ClassVar[tuple[Profession, ...]] = (Profession.JOB_COACH,)

    coaches = Param(
        0.1, "fte/fte", (0.0, 0.5), "policy", "D", ("design",), "Job coaches per standing fte of social work"
    )
    caseload = Param(
        20.0, "clients/fte", (10.0, 30.0), "assumed", "D", ("design",), "Clients of a job coach at a time"
    )
    work_ratio = Param(
        1.3, "ratio", (1.0, 2.0), "estimated", "C", ("L041",), "Finding work while coached, with over without"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the posts after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Fund coaches, and let those in post work with as many clients as they can carry."""
        share = self.number("coaches") * dose
        wanted = self.standing(ctx, Profession.SOCIAL_WORKER) * share
        if wanted.any():
            self.fund(ctx, "fte.job_coach", wanted)
        coached = self.reached(ctx, self._carried(ctx), 1.0)
        if coached.size:
            for rate in ("work.assistance_to_work", "work.job_finding"):
                self.scale(ctx, rate, "resident", coached, self.number("work_ratio"))

    def _carried(self, ctx: Context) -> Rows:
        """Clients without a job whom the coaches in post can carry, by lot."""
        world, table = ctx.world, ctx.world.resident
        idle = (table.activity == int(Activity.ASSISTANCE)) | (table.activity == int(Activity.UNEMPLOYED))
        client = table.alive & (table.age >= ADULT_AGE) & (table.case == int(CaseStage.OPEN)) & idle
        rows = self.in_target(
            ctx, "resident", np.flatnonzero(client & (table.district >= 0)).astype(np.int32)
        )
        post = world.professional
        held = post.rows[(post.role[post.rows] == int(Profession.JOB_COACH)) & ~post.sick[post.rows]]
        places = np.floor(self.filled(ctx, held) * self.number("caseload"))
        district = table.district[rows]
        luck = ctx.draws.life(f"lever.{self.name}.places", table.uid[rows])
        order = np.lexsort((luck, district))
        first = np.searchsorted(district[order], np.arange(world.n_districts))
        # how many of the same district come before
        before = np.arange(order.size) - first[district[order]]
        chosen: Rows = rows[order[before < places[district[order]]]]
        return chosen
