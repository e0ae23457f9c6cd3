"""Feeling unsafe and fear."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.measures._base import Ages, Share


class _Feeling(Share):
    theme: ClassVar[str] = "safety"
    direction: ClassVar[int] = -1
    ages: ClassVar[Ages | None] = (15, np.iinfo(np.int16).max)
    outcome: ClassVar[tuple[str, ...]] = ("O15",)


@MEASURES.register
class Unsafe(_Feeling):
    """Residents of 15 and over who sometimes feel unsafe in their own neighbourhood."""

    name = "unsafe"
    label, label_nl = "Feels unsafe in the neighbourhood", "Voelt zich onveilig in de buurt"

    def counted(self, ctx: Context) -> NDArray[Any]:
        """Chance of feeling unsafe."""
        return np.asarray(1 - ctx.world.resident.felt_safety)


@MEASURES.register
class Fear(_Feeling):
    """Residents of 15 and over who are afraid of harassment or robbery."""

    name = "fear"
    label, label_nl = "Afraid of harassment or robbery", "Bang voor lastigvallen of beroving"
    column = "resident.fear"
