"""Decisions that come sooner (beslissnelheid, uitzonderingen)."""

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
class FasterDecisions(Lever):
    """Shorten the run-up of programmes: the part of it that is waiting for decisions becomes shorter."""

    name: ClassVar[str] = "faster-decisions"
    title: ClassVar[str] = "Faster decisions"
    title_nl: ClassVar[str] = "Sneller besluiten"
    explain: ClassVar[str] = (
        "Interests are weighed case by case and exceptions decided sooner, so that programmes begin sooner."
    )
    explain_nl: ClassVar[str] = (
        "Belangen worden per geval gewogen en uitzonderingen sneller besloten, zodat programma's eerder lopen."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "G011",
        "G023",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G011",
            moves="unmet_need",
            sign=-1,
            differs="Two months of decision become 0.7, by weighing interests per case.",
            with_levers=PACKAGE,
        ),
        Carries(
            "G023",
            moves="unmet_need",
            sign=-1,
            arguments={"delay": 6.0, "sooner": 4.0},
            differs="Six months of waiting for an exception become two, by the backing of directors of all parties.",
            with_levers=PACKAGE,
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    delay = Param(
        2.0, "months", (1.0, 12.0), "assumed", "D", ("G011", "G023"), "Months that a decision takes now"
    )
    sooner = Param(
        1.3, "months", (0.0, 6.0), "assumed", "D", ("G011", "G023"), "Months by which it comes sooner"
    )
    part = Param(
        0.5,
        "share",
        (0.1, 1.0),
        "assumed",
        "D",
        ("design",),
        "Part of the run-up that is waiting for decisions",
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Shorten the run-up of programmes by the part of their delay that is spared."""
        spared = min(self.number("sooner") / self.number("delay"), 1) * self.number("part")
        self.govern(ctx, self.aimed(), Governed(ramp=1 - spared * dose))
