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
    """Let programmes get under way sooner by the months that decisions take less."""

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
            arguments={"sooner": 4.0},
            differs="Six months of waiting for an exception become two, by the backing of directors of all parties.",
            with_levers=PACKAGE,
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    sooner = Param(
        1.3,
        "months",
        (0.0, 6.0),
        "assumed",
        "D",
        ("G011", "G023"),
        "Months by which programmes get under way sooner",
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Bring programmes on their way by the months that decisions are sooner."""
        self.govern(ctx, self.aimed(), Governed(sooner=self.number("sooner") * dose))
