"""Cases go to the colleague who fits them best."""

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
class BestMatch(Placement):
    """Match worker and resident by language and by skill in mental-health problems (matching).

    It does nothing where colleagues are all alike; who fits many gets more cases than the others, up to the weight.
    """

    name: ClassVar[str] = "best_match"

    weight = Param(
        2.0,
        "caseloads",
        (0.0, 5.0),
        "policy",
        "D",
        ("L064", "design"),
        "Caseload above the mean that a full fit is worth over none",
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")

    def prefers(self, ctx: Context, cases: dict[str, Any], colleagues: dict[str, Any]) -> NDArray[np.float64]:
        """Fit, in the districts of the rule."""
        weight = float(self.arguments["weight"]) * self.rules(ctx)[cases["district"]]
        preferred: NDArray[np.float64] = weight[:, None] * colleagues["fit"]
        return preferred
