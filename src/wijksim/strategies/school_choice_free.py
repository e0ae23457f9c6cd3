"""Free choice of school: distance, the pupils who are there and taste decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


@STRATEGIES.register
class FreeChoice(Strategy):
    """Parents choose any school of the city (vrije schoolkeuze); full schools admit their own district first."""

    name: ClassVar[str] = "free"
    kind: ClassVar[str] = "school_choice"
    default: ClassVar[bool] = True

    def held(self, ctx: Context, pupils: dict[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Nobody is held to a district, shape ``(pupils,)``."""
        del ctx
        return np.zeros(pupils["district"].size)
