"""Crises first, then whoever keeps coming back with crises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class HardestFirst(Triage):
    """The heaviest cases first (zwaarste gevallen eerst): need and the crises of the last time together.

    Whoever is on the way down but not yet in crisis comes after them.
    """

    name: ClassVar[str] = "hardest_first"

    weight = Param(
        0.5,
        "share",
        (0.0, 1.0),
        "policy",
        "D",
        ("L047", "design"),
        "Weight of crises; the rest is that of need",
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")

    def score(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64]:
        """Most crises and greatest need first."""
        crises = np.asarray(cases["crises"], dtype=np.float64)
        weight = float(self.arguments["weight"]) * self.rules(ctx)[cases["district"]]
        # a share, as need is one: half at one crisis of this month
        need = np.asarray(cases["need"], dtype=np.float64)
        return np.asarray((1 - weight) * need + weight * crises / (1 + crises))
