"""Whom outreach and community work reach, given the hours that crises, cases and intakes leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import service

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_PREVENTION = Influence("district.prevention_fte", "professionals.prevention_half", loop="firefighting")


def reach(ctx: Context) -> None:
    """Write who is reached: a share ``P / (P + P50)`` of those willing and trusting enough, the easiest first.

    The effect on a reached resident's crises (``health.prevention_ratio``) gives a district the mean-field form
    ``1 - e_max * P / (P + P50)``, less what selection takes: those in need come forward last.
    """
    table, values = ctx.world.resident, ctx.values
    prevention = ctx.world.district.prevention_fte
    if ctx.loops.special:
        prevention = _PREVENTION.values(ctx, "district", slice(None))
    level = np.float32(values["wellbeing.trust_level"])
    service.reach(
        table.trust, table.district, table.uptake, table.alive, level, prevention,
        values["professionals.prevention_half"], table.reached,
    )  # fmt: skip
