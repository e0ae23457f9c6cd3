"""Crises first, then those in greatest need (default)."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.strategy import STRATEGIES
from wijksim.kernel.triage import Triage


@STRATEGIES.register
class CrisisFirst(Triage):
    """Crises take what they ask for; outreach gets what is left (brandjes blussen)."""

    name: ClassVar[str] = "crisis_first"
    default: ClassVar[bool] = True
    side_by_side: ClassVar[bool] = False
