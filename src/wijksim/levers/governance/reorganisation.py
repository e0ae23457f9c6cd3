"""A reorganisation of services, and what it takes while it lasts (reorganisatie, transitieverlies)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wijksim.kernel.arguments import Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Reorganisation(Lever):
    """Take part of the hours of all professionals for as long as a reorganisation lasts, again after every cycle.

    Relations and posts stay; workers who leave over it are left to the mechanism of strain.
    """

    name: ClassVar[str] = "reorganisation"
    title: ClassVar[str] = "Reorganisation"
    title_nl: ClassVar[str] = "Reorganisatie"
    explain: ClassVar[str] = (
        "Professionals lose part of their hours to a reorganisation for a year and a half."
    )
    explain_nl: ClassVar[str] = (
        "Professionals verliezen anderhalf jaar een deel van hun uren aan een reorganisatie."
    )
    family: ClassVar[str] = "governance"
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "M008",
        "M009",
        "G009",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ("districts",)
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "M008",
            moves="unmet_need",
            sign=1,
            differs="A loss of hours that passes: tasks and posts stay as they were.",
            with_levers=(),
        ),
    )
    loss = Param(0.25, "share", (0.0, 0.5), "assumed", "D", ("M008", "G009"), "Hours lost while it lasts")
    lasts = Param(18.0, "months", (6.0, 36.0), "assumed", "D", ("M008",), "Months that it lasts")
    every = Param(240.0, "months", (36.0, 1200.0), "assumed", "D", ("design",), "Months from one to the next")
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Take the loss off the hours of all roles in the target districts."""
        if (ctx.month - self.window.start) % round(self.number("every")) >= self.number("lasts"):
            return
        dose *= self.number("coverage") * self.number("uptake")
        here = np.flatnonzero(self.districts(ctx)).astype(np.int32)
        self.scale(
            ctx,
            "professionals.hours",
            "district",
            here,
            1 - min(self.number("loss") * dose, self.loss.range[1]),
        )
