"""The heaviest cases first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wijksim.kernel.arguments import Param
from wijksim.kernel.lever import LEVERS, Lever

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@LEVERS.register
class HardestFirstLever(Lever):
    """Hours go first to those with most crises behind them (zwaarste gevallen eerst).

    The rule of triage is chosen for the districts named, in part while the dose is below one. It is the counterpart of
    early help: whoever slides but is not in crisis yet comes later.
    """

    name: ClassVar[str] = "hardest-first"
    title: ClassVar[str] = "Heaviest cases first"
    title_nl: ClassVar[str] = "Zwaarste zaken eerst"
    explain: ClassVar[str] = "Hours of help go first to residents with most crises behind them."
    explain_nl: ClassVar[str] = "Uren gaan het eerst naar bewoners die de meeste crises achter de rug hebben."
    family: ClassVar[str] = "professionals"
    verbs: ClassVar[tuple[str, ...]] = ("choose",)
    chooses: ClassVar[tuple[str, ...]] = ("triage",)
    evidence: ClassVar[tuple[str, ...]] = ("L047", "M006")
    grade: ClassVar[str] = "D"

    weight = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L047", "design"),
        "Weight of crises; the rest is that of need",
    )
    decay = Param(
        0.0, "months", (0.0, 36.0), "policy", "D", ("design",), "Half-life of the rule after the end"
    )

    def act(self, ctx: Context, dose: float) -> None:
        """Choose the rule; the dose, coverage and uptake (of teams) make the weight smaller."""
        weight = self.number("weight") * dose * self.number("coverage") * self.number("uptake")
        weight = min(weight, self.weight.range[1])  # a budget or more parties may raise the dose above 1
        self.choose(
            ctx, "triage", "hardest_first", {"weight": weight, "districts": ",".join(self.target.districts)}
        )
