"""More parties take part in what works (opschalen)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.govern import EVERYTHING, Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class WiderCircle(Lever):
    """Scale programmes up by letting more parties carry them.

    Where a programme reaches everybody already, more parties add nothing.
    """

    name: ClassVar[str] = "wider-circle"
    title: ClassVar[str] = "More parties take part"
    title_nl: ClassVar[str] = "Meer partijen laten meedoen"
    explain: ClassVar[str] = (
        "More parties take part: a programme reaches more people, and is somewhat thinner with each."
    )
    explain_nl: ClassVar[str] = (
        "Meer partijen doen mee: een programma bereikt meer mensen en is bij ieder wat dunner."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G030",)
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G030",
            moves="share_in_basic_job",
            sign=1,
            differs="Scale with dilution; extra means buy scale without it.",
            with_levers=(use("basic-job", places_per_1000=2),),
        ),
    )
    aim = Argument(EVERYTHING, (), "Levers or families that are governed, separated by commas")
    doublings = Param(1.0, "doublings", (0.0, 3.0), "policy", "D", ("G030",), "Times that the scale doubles")
    kept = Param(
        0.9, "share", (0.7, 1.0), "assumed", "D", ("G030",), "Part of the effect kept at each doubling"
    )
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Raise the dose: twice as much at each doubling, thinned out."""
        self.govern(
            ctx,
            self.aimed(),
            Governed(dose=((1 + dose) * self.number("kept") ** dose) ** self.number("doublings")),
        )
