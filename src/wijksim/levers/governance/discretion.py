"""Room to depart from the rule in complex cases (maatwerk, afwijken van de regel)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever
from wijksim.state.roles import CaseStage

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Discretion(Lever):
    """Let one worker decide over the rules of several organisations, in open cases that are reached.

    Fewer hand-overs are needed, so more of the help is kept; it takes time, which is lost to others. Who is helped by
    one organisation alone gains nothing.
    """

    name: ClassVar[str] = "discretion"
    title: ClassVar[str] = "Room to depart from the rule"
    title_nl: ClassVar[str] = "Maatwerk: afwijken van de regel"
    explain: ClassVar[str] = "In complex cases one worker may decide over the rules of several organisations."
    explain_nl: ClassVar[str] = (
        "In ingewikkelde situaties mag één hulpverlener van de regels van meerdere organisaties afwijken."
    )
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G008",)
    grade: ClassVar[str] = "C"
    targets: ClassVar[tuple[str, ...]] = ("districts", "groups")
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G008",
            moves="stability",
            sign=1,
            differs="The worker decides in the single case; less bureaucracy changes what all cases meet.",
        ),
    )

    handovers = Param(
        0.6, "ratio", (0.3, 1.0), "assumed", "D", ("G008",), "Hand-overs that help takes, with over without"
    )
    hours = Param(0.08, "share", (0.0, 0.2), "assumed", "D", ("G008",), "Hours that it takes from others")
    coverage = Param(0.8, "share", (0.0, 1.0), "policy", "D", ("G008",), "Part of the open cases")

    def act(self, ctx: Context, dose: float) -> None:
        """Scale hand-overs of those reached and the hours of all roles."""
        table = ctx.world.resident
        open_cases = np.flatnonzero(table.alive & (table.case == CaseStage.OPEN)).astype(np.int32)
        reached = self.reached(ctx, open_cases, dose)
        self.scale(ctx, "professionals.handovers", "resident", reached, self.number("handovers"))
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        self.scale(
            ctx,
            "professionals.hours",
            "district",
            here,
            1 - min(self.number("hours") * dose, self.hours.range[1]),
        )
