"""Never finished: part of the effort stays after a programme ends (blijvende druk)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Upkeep(Lever):
    """Keep part of the dose of programmes that end (no area is ever finished)."""

    name: ClassVar[str] = "upkeep"
    title: ClassVar[str] = "Permanent upkeep"
    title_nl: ClassVar[str] = "Nooit klaar: blijvend onderhoud"
    explain: ClassVar[str] = "Part of what a programme did is kept up after its end."
    explain_nl: ClassVar[str] = "Een deel van wat een programma deed, blijft na het einde in stand."
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "G029",
        "DYN-03",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G029",
            moves="unmet_need",
            sign=-1,
            differs="Works after the end of programmes only; commitment works while they are still promised.",
            with_levers=(
                use("staffing", role="all", change=0.5, end=60),
                use("basic-job", places_per_1000=5, end=60),
            ),
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    floor = Param(
        0.3, "share", (0.1, 0.6), "assumed", "D", ("G029",), "Part of the dose at the end that stays"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Keep a floor under the doses."""
        self.govern(ctx, self.aimed(), Governed(floor=self.number("floor") * dose))
