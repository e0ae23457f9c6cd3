"""Allocation by law and registration date: what the law asks for, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class Chronological(Strategy):
    """Longest registered first, within the category of the vacancy (toewijzing op inschrijfduur)."""

    name = "chronological"
    kind = "allocation"
    default = True

    def steers(self, ctx: Context, vacancies: Mapping[str, Any]) -> NDArray[np.bool_]:
        """No vacancy is treated otherwise."""
        return np.zeros(vacancies["district"].size, dtype=bool)

    def rank(
        self, ctx: Context, vacancies: Mapping[str, Any], candidates: Mapping[str, Any]
    ) -> NDArray[np.float64]:
        """Registration month, lowest first, shape ``(vacancies, candidates)``."""
        return np.asarray(candidates["seniority"], dtype=np.float64)
