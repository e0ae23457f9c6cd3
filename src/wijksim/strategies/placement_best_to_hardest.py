"""The best workers take the hardest cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.placement import Placement
from wijksim.kernel.strategy import STRATEGIES

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class BestToHardest(Placement):
    """Hardest cases first, with those who do most in an hour and fit best (beste krachten op de zwaarste zaken).

    The harder a case, the more craft counts against a full caseload. It does nothing where colleagues are all alike.
    """

    name: ClassVar[str] = "best_to_hardest"

    weight = Param(
        2.0,
        "caseloads",
        (0.0, 5.0),
        "policy",
        "D",
        ("L047", "design"),
        "Caseload above the mean that a craft of 1 is worth in the hardest case",
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")

    def order(self, ctx: Context, cases: dict[str, Any]) -> NDArray[np.float64]:
        """Hardest first."""
        return np.asarray(self.hardness(cases) * self.rules(ctx)[cases["district"]])

    def prefers(self, ctx: Context, cases: dict[str, Any], colleagues: dict[str, Any]) -> NDArray[np.float64]:
        """Craft times fit, by how hard the case is."""
        weight = float(self.arguments["weight"]) * self.order(ctx, cases)
        preferred: NDArray[np.float64] = weight[:, None] * (colleagues["craft"] * colleagues["fit"])
        return preferred
