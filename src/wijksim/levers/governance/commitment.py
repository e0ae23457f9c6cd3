"""Holding on for twenty years (bestendigheid, meerjarig commitment)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever
from wijksim.levers.governance import PACKAGE

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Commitment(Lever):
    """Let programmes go on where others would stop them.

    It does nothing where nobody stops anything, so its worth is told against a case in which somebody does. While it
    holds, nothing fades through a stop; what has gone on until the promise ends, fades from then on.
    """

    name: ClassVar[str] = "commitment"
    title: ClassVar[str] = "Twenty-year commitment"
    title_nl: ClassVar[str] = "Commitment voor twintig jaar"
    explain: ClassVar[str] = "Programmes go on through changes of course, for as long as was promised."
    explain_nl: ClassVar[str] = (
        "Programma's gaan door als het beleid van koers wisselt, zo lang als is beloofd."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = (
        "G001",
        "G013",
        "G014",
        "G024",
    )
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G001",
            moves="trust",
            sign=1,
            differs="All programmes, against three years on and two off: what a delta plan of twenty years promises.",
            with_levers=(*PACKAGE, use("stop-go", on_months=36, off_months=24)),
        ),
        Carries(
            "G013",
            moves="continuity",
            sign=1,
            differs="Against a rhythm of two years on and two off, in which nothing matures.",
            with_levers=(*PACKAGE, use("stop-go", on_months=24, off_months=24)),
        ),
        Carries(
            "G014",
            moves="liveability_index",
            sign=1,
            arguments={"aim": "own-staff", "steady": 0.5},
            differs="Only what the corporation carries goes on, and by half: its own course buffers half of a cut.",
            with_levers=(
                use("staffing", id="own-staff", role="caretaker", change=1.0),
                use("stop-go", on_months=36, off_months=24),
            ),
        ),
        Carries(
            "G024",
            moves="trust",
            sign=1,
            arguments={"years": 8.0},
            differs="Commitment for eight years instead of twenty: the part of the promise that a contract can give.",
            with_levers=(*PACKAGE, use("stop-go", on_months=36, off_months=24)),
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    steady = Param(
        1.0, "share", (0.0, 1.0), "policy", "D", ("G001", "G014"), "Part that goes on through a stop"
    )
    years = Param(20.0, "years", (4.0, 40.0), "policy", "D", ("G024",), "Years for which it is promised")
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Shield the programmes as long as the promise lasts, and leave word until when they were."""
        if ctx.month < self.over():
            part = self.number("steady") * dose
            self.govern(ctx, self.aimed(), Governed(steady=part))
            ctx.effects.governing.keep(self.identity, self.aimed(), part)

    def over(self) -> int:
        """First month in which nothing is promised any more: the years are over, or its window."""
        end = self.window.start + round(self.number("years") * MONTHS_PER_YEAR)
        return end if self.window.end is None else min(end, self.window.end)
