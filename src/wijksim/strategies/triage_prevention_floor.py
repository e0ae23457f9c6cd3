"""Keep a share of all hours for outreach, whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Argument, Param
from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class PreventionFloor(Triage):
    """A floor under prevention (preventievloer): crises can take no more than the rest.

    The price is crises that are served late or not at all, and what follows from that.
    """

    name: ClassVar[str] = "prevention_floor"

    share = Param(
        0.2, "share", (0.0, 0.6), "policy", "D", ("TIM-04", "design"), "Share of hours kept for outreach"
    )
    districts = Argument("", (), "Names of the districts, separated by commas; empty for all")

    def reserve(self, ctx: Context, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """The floor, shape ``(roles, districts)``."""
        kept: NDArray[np.float64] = hours * (float(self.arguments["share"]) * self.rules(ctx))
        return kept
