"""Keep a share of all hours for outreach, whatever happens."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.arguments import Param
from wijksim.kernel.strategy import STRATEGIES, Strategy


@STRATEGIES.register
class PreventionFloor(Strategy):
    """A floor under prevention (preventievloer): crises can take no more than the rest.

    The price is crises that are served late or not at all, and what follows from that.
    """

    name: ClassVar[str] = "prevention_floor"
    kind: ClassVar[str] = "triage"

    share = Param(
        0.2, "share", (0.0, 0.6), "policy", "D", ("TIM-04", "design"), "Share of hours kept for outreach"
    )

    def reserve(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """The floor, shape ``(roles, districts)``."""
        return hours * float(self.arguments["share"])

    def score(
        self, need: NDArray[np.float64], waiting: NDArray[np.float64], crises: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Greatest need first."""
        del waiting, crises
        return need
