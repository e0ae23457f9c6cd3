"""Free choice of school: distance, the pupils who are there and taste decide."""

from __future__ import annotations

from typing import ClassVar

from wijksim.kernel.school_choice import SchoolChoice
from wijksim.kernel.strategy import STRATEGIES


@STRATEGIES.register
class FreeChoice(SchoolChoice):
    """Parents choose any school of the city (vrije schoolkeuze); full schools admit their own district first."""

    name: ClassVar[str] = "free"
    default: ClassVar[bool] = True
    side_by_side: ClassVar[bool] = False
