"""Need for support: what a resident cannot manage alone.

Problems add up as shares of what is still managed (``1 - product(1 - weight * problem)``), so that need stays
below 1 however many problems meet in one person. Informal support and professional help then take their part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.influence import Influence
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

STRESS = Influence("resident.stress", "health.need_stress", loop="scarcity")
SUPPORT = Influence("resident.support", "health.ties_absorb", loop="ties")
HELP = Influence("resident.help_effect", "health.help_effect_max", loop="firefighting")

_ALL = slice(None)


def managed(ctx: Context, where: Rows | slice = _ALL) -> NDArray[np.float32]:
    """Part of life that is managed in spite of problems, before any support, in (0, 1]."""
    table, values = ctx.world.resident, ctx.values
    stress = np.asarray(STRESS.values(ctx, "resident", where), np.float32)
    left = 1 - np.float32(values["health.need_stress"]) * np.maximum(
        stress - np.float32(values["wellbeing.stress_level"]), 0
    )
    frail = np.clip(table.frailty[where] - np.float32(values["health.frail_from"]), 0, 1)
    old = table.age[where] >= values["health.frail_age"]
    left *= 1 - frail * np.where(
        old, np.float32(values["health.need_frail_old"]), np.float32(values["health.need_frail"])
    )
    indebted = ctx.world.gather("resident", where, "household.problem_debt")
    left[indebted] *= 1 - np.float32(values["health.need_debt"])
    for column, parameter in (
        ("psychiatric", "health.need_psychiatric"),
        ("unstable", "health.need_unstable"),
        ("addiction", "health.need_addiction"),
    ):
        left[table[column][where]] *= 1 - np.float32(values[parameter])
    limited = np.flatnonzero(table.cognitive[where])
    reliance = table.self_reliance[where][limited]
    left[limited] *= 1 - np.float32(values["health.need_cognitive"]) * (1 - reliance)
    return left


def target(ctx: Context, where: Rows | slice = _ALL) -> NDArray[np.float32]:
    """Need to which the resident moves, shape of ``where``; minors have none of their own.

    Ties absorb a share that saturates in the hours of informal support (B2); professional help lowers need by
    at most half (``help_effect`` is q x continuity x match x cooperation).
    """
    values = ctx.values
    need: NDArray[Any] = 1 - managed(ctx, where)
    support = np.asarray(SUPPORT.values(ctx, "resident", where), np.float32)
    half = np.float32(values["health.ties_absorb_half"])
    need *= 1 - np.float32(values["health.ties_absorb"]) * support / (support + half)
    helped = np.asarray(HELP.values(ctx, "resident", where), np.float32)
    need *= 1 - np.float32(values["health.help_effect_max"]) * helped
    need *= ctx.world.resident.age[where] >= ADULT_AGE
    return need.astype(np.float32, copy=False)
