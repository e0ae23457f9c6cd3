"""Social rise: careers and generations."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.measure import MEASURES
from wijksim.kernel.where import Where
from wijksim.measures._base import Share, ShareAmong
from wijksim.measures._cells import Ages

WORKING: Ages = (25, 60)
YOUNG: Ages = (25, 35)


class _Rise(Share):
    theme: ClassVar[str] = "income"
    ages: ClassVar[Ages | None] = WORKING


@MEASURES.register
class Climbers(_Rise):
    """Residents of 25 to 59 in a higher national income fifth than some years ago (sociale stijgers)."""

    name = "social_climbers"
    label, label_nl = "Residents who have risen", "Sociale stijgers"
    direction = 1
    column = "resident.climbed"
    outcome = ("O19",)


@MEASURES.register
class Fallers(_Rise):
    """Residents of 25 to 59 in a lower national income fifth than some years ago."""

    name = "social_fallers"
    label, label_nl = "Residents who have fallen", "Sociale dalers"
    direction = -1
    column = "resident.fell"
    outcome = ("O19",)


@MEASURES.register
class BeyondParents(ShareAmong):
    """Residents of 25 to 34 with more education than the parents with whom they were last seen living here."""

    name = "beyond_parents"
    label, label_nl = "Further at school than the parents", "Hoger opgeleid dan de ouders"
    direction = 1
    theme = "school"
    outcome = ("O19",)
    among_if = (Where("resident.age", YOUNG[0], YOUNG[1] - 1), Where("resident.parent_education", 0))

    def counted(self, ctx: Context) -> NDArray[Any]:
        """A higher level."""
        table = ctx.world.resident
        return np.asarray(table.education > table.parent_education)
