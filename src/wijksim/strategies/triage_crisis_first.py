"""Crises first, then those in greatest need (default)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.strategy import STRATEGIES, Strategy


@STRATEGIES.register
class CrisisFirst(Strategy):
    """Crises take what they ask for; outreach gets what is left (brandjes blussen)."""

    name: ClassVar[str] = "crisis_first"
    kind: ClassVar[str] = "triage"
    default: ClassVar[bool] = True

    def reserve(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nothing is kept, shape ``(roles, districts)``."""
        return np.zeros_like(hours)

    def score(
        self, need: NDArray[np.float64], waiting: NDArray[np.float64], crises: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Greatest need first."""
        del waiting, crises
        return need
