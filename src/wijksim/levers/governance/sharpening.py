"""Sharpening a course instead of turning it over (verscherpen in plaats van omgooien)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.carry import Carries, use
from wijksim.kernel.govern import Governed
from wijksim.kernel.lever import GOVERN, LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class Sharpening(Lever):
    """Avoid reorganisations that would otherwise come; it is nothing where none would."""

    name: ClassVar[str] = "sharpening"
    title: ClassVar[str] = "Sharpen, do not overturn"
    title_nl: ClassVar[str] = "Verscherpen in plaats van omgooien"
    explain: ClassVar[str] = (
        "Reorganisations are avoided: the course is sharpened, relations and routines stay."
    )
    explain_nl: ClassVar[str] = (
        "Reorganisaties blijven uit: de koers wordt scherper, relaties en routines blijven."
    )
    family: ClassVar[str] = "governance"
    phase: ClassVar[str] = GOVERN
    verbs: ClassVar[tuple[str, ...]] = ("scale",)
    evidence: ClassVar[tuple[str, ...]] = ("G009",)
    grade: ClassVar[str] = "D"
    targets: ClassVar[tuple[str, ...]] = ()
    carries: ClassVar[tuple[Carries, ...]] = (
        Carries(
            "G009",
            moves="unmet_need",
            sign=-1,
            differs="The reverse of a reorganisation every four years: what is told is what it spares.",
            with_levers=(use("reorganisation", every=48),),
        ),
    )
    aim = Argument("reorganisation", (), "Levers or families that are avoided, separated by commas")
    avoided = Param(1.0, "share", (0.0, 1.0), "policy", "D", ("G009",), "Part that is avoided")
    ramp = Param(0.0, "months", (0.0, 120.0), "policy", "D", ("design",), "Months to full effect")
    decay = Param(0.0, "months", (0.0, 0.0), "policy", "D", ("design",), "It ends at once")

    def act(self, ctx: Context, dose: float) -> None:
        """Make what it is aimed at smaller."""
        self.govern(ctx, self.aimed(), Governed(dose=1 - self.number("avoided") * dose))
