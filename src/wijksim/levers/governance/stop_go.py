"""Stop-go: programmes are stopped and taken up again (beleidspendule)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.levers.governance import PACKAGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class StopGo(Lever):
    """Stop the programmes it is aimed at after some years and take them up again some years later.

    At a stop a programme fades with its own half-life and its promises are broken; taken up again it begins at the
    foot of its ramp. Nothing else is assumed of stop-go: ties, workers and trust that are lost are lost through the
    mechanisms.
    """

    name: ClassVar[str] = "stop-go"
    title: ClassVar[str] = "Stop-go policy"
    title_nl: ClassVar[str] = "Beleidspendule"
    explain: ClassVar[str] = "Programmes are stopped after some years and taken up again some years later."
    explain_nl: ClassVar[str] = "Programma's stoppen na enkele jaren en beginnen enkele jaren later opnieuw."
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "M005",
        "M004",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "M005",
            moves="trust",
            sign=-1,
            arguments={"on_months": 36.0, "off_months": 24.0},
            differs="On for three years and off for two, again and again: what stopping and beginning anew costs.",
            with_levers=PACKAGE,
        ),
        Carries(
            "M004",
            moves="liveability_index",
            sign=-1,
            arguments={"on_months": 36.0, "off_months": 240.0},
            differs="Stopped once, after three years, and not taken up again.",
            with_levers=PACKAGE,
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    on_months = Param(60.0, "months", (12.0, 120.0), "estimated", "C", ("M005",), "Months in force")
    off_months = Param(108.0, "months", (24.0, 240.0), "estimated", "C", ("M005",), "Months without")
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Say where in the cycle the programmes are; a part of the strength leaves the rest of the dose standing."""
        on, off = round(self.number("on_months")), round(self.number("off_months"))
        passed = ctx.month - self.window.start
        phase = passed % (on + off)
        stopped = max(phase + 1 - on, 0)
        # who ran before the first stop is not thrown back by the lever's own beginning
        ran = min(phase + 1, on) if passed >= on + off else ctx.month + 1 - stopped
        course = (ran, stopped)
        self.govern(ctx, self.aimed(), Governed(course=course, steady=1 - dose))
