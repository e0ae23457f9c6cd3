"""Whoever has the fewest cases takes the next one (default)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.placement import Placement
from wijksim.kernel.strategy import STRATEGIES


@STRATEGIES.register
class LeastLoaded(Placement):
    """The colleague with the fewest cases per fte takes the next, vacancies are filled in turn (naar caseload)."""

    name: ClassVar[str] = "least_loaded"
    default: ClassVar[bool] = True
    side_by_side: ClassVar[bool] = False
