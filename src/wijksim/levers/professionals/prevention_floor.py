"""A floor under the hours for prevention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class PreventionFloorLever(Lever):
    """Keep part of all hours for outreach, whatever crises ask for (preventievloer).

    The rule of triage is chosen for the districts named; elsewhere crises go on to take all they need. What crises and
    cases do not get shows as crises left without help and longer waits. It costs nothing but that.
    """

    name: ClassVar[str] = "prevention-floor"
    title: ClassVar[str] = "Floor under prevention"
    title_nl: ClassVar[str] = "Preventievloer"
    explain: ClassVar[str] = (
        "Part of the hours of professionals is kept for outreach, whatever crises ask for."
    )
    explain_nl: ClassVar[str] = (
        "Een deel van de uren van professionals blijft altijd beschikbaar voor preventie."
    )
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("choose",)
    chooses: ClassVar[tuple[str, ...]] = ("triage",)
    evidence: ClassVar[tuple[str, ...]] = ("M006", "TIM-04")
    grade: ClassVar[str] = "D"

    share = Param(
        0.2, "share", (0.0, 0.6), "policy", "D", ("TIM-04", "design"), "Share of hours kept for outreach"
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the floor after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule; the dose, coverage and uptake (of teams) make the floor lower."""
        share = self.number("share") * dose * self.number("coverage") * self.number("uptake")
        share = min(share, self.share.range[1])  # a budget or more parties may raise the dose above 1
        self.choose(
            ctx,
            "triage",
            "prevention_floor",
            {"share": share, "districts": ",".join(self.target.districts)},
        )
