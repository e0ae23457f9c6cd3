"""Crises first, then whoever has waited longest."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.strategy import STRATEGIES, Strategy


@STRATEGIES.register
class OldestFirst(Strategy):
    """Order of arrival (volgorde van aanmelding), which looks fair and leaves the worst cases waiting."""

    name: ClassVar[str] = "oldest_first"
    kind: ClassVar[str] = "triage"

    def reserve(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nothing is kept, shape ``(roles, districts)``."""
        return np.zeros_like(hours)

    def score(
        self, need: NDArray[np.float64], waiting: NDArray[np.float64], crises: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Longest wait first."""
        del need, crises
        return waiting
