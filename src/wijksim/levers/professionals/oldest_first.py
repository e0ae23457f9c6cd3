"""Order of arrival for who waits for help."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class OldestFirstLever(Lever):
    """Whoever has waited longest goes first, not whoever needs it most (op volgorde van aanmelding).

    The rule of triage is chosen for the districts named, in part while the dose is below one. It costs nothing but
    what greater need left waiting brings about.
    """

    name: ClassVar[str] = "oldest-first"
    title: ClassVar[str] = "Help in order of arrival"
    title_nl: ClassVar[str] = "Hulp op volgorde van aanmelding"
    explain: ClassVar[str] = "Whoever has waited longest is helped first, whatever others need."
    explain_nl: ClassVar[str] = (
        "Wie het langst wacht, krijgt het eerst hulp, ook als anderen er erger aan toe zijn."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("choose",)
    chooses: ClassVar[tuple[str, ...]] = ("triage",)
    evidence: ClassVar[tuple[str, ...]] = ("M006",)
    grade: ClassVar[str] = "D"

    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the rule after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule; the dose, coverage and uptake (of teams) are the weight of the wait."""
        weight = dose * self.number("coverage") * self.number("uptake")
        self.choose(
            ctx, "triage", "oldest_first", {"weight": weight, "districts": ",".join(self.target.districts)}
        )
