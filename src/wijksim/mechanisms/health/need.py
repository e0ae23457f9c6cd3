"""Need for support: what a resident cannot manage alone.

Problems add up as shares of what is still managed (``1 - product(1 - weight * problem)``), so that need stays
below 1 however many problems meet in one person. Informal support and professional help then take their part.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

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
_CONDITIONS = (
    ("psychiatric", "health.need_psychiatric"),
    ("unstable", "health.need_unstable"),
    ("addiction", "health.need_addiction"),
)


def managed(ctx: Context, where: Rows | slice = _ALL) -> NDArray[np.float32]:
    """Part of life that is managed in spite of problems, before any support, in (0, 1].

    Stress, frailty and debt are taken over the whole column in place; conditions that few have are looked up
    and applied to those few.
    """
    table, values = ctx.world.resident, ctx.values
    stress = np.asarray(STRESS.values(ctx, "resident", where), np.float32)
    left: NDArray[np.float32] = np.subtract(stress, np.float32(values["wellbeing.stress_level"]))
    np.maximum(left, 0, out=left)
    left *= np.float32(values["health.need_stress"])
    np.subtract(1, left, out=left)
    left *= _sturdy(ctx, where)
    burden = ctx.world.gather("resident", where, "household.problem_debt") * np.float32(
        values["health.need_debt"]
    )
    left *= np.subtract(1, burden, out=burden)
    for column, parameter in _CONDITIONS:
        ill = table[column][where].nonzero()[0]
        if ill.size:
            left[ill] *= 1 - np.float32(values[parameter])
    limited = table.cognitive[where].nonzero()[0]
    if limited.size:
        reliance = table.self_reliance[where][limited]
        left[limited] *= 1 - np.float32(values["health.need_cognitive"]) * (1 - reliance)
    return left


def target(ctx: Context, where: Rows | slice = _ALL) -> NDArray[np.float32]:
    """Need to which the resident moves, shape of ``where``; minors have none of their own.

    Ties absorb a share that saturates in the hours of informal support (B2); professional help lowers need by
    at most half (``help_effect`` is q x continuity x match x cooperation).
    """
    values = ctx.values
    need = managed(ctx, where)
    np.subtract(1, need, out=need)
    support = np.asarray(SUPPORT.values(ctx, "resident", where), np.float32)
    absorbed = np.float32(values["health.ties_absorb"]) * support
    absorbed /= support + np.float32(values["health.ties_absorb_half"])
    need *= np.subtract(1, absorbed, out=absorbed)
    effect = np.asarray(HELP.values(ctx, "resident", where), np.float32)
    helped = (effect != 0).nonzero()[0]
    if helped.size:
        need[helped] *= 1 - np.float32(values["health.help_effect_max"]) * effect[helped]
    need *= ctx.world.resident.age[where] >= ADULT_AGE
    return need


def _sturdy(ctx: Context, where: Rows | slice) -> NDArray[np.float32]:
    """What frailty leaves; it weighs more in old age. Shape of ``where``."""
    table, values = ctx.world.resident, ctx.values
    left: NDArray[np.float32] = np.subtract(table.frailty[where], np.float32(values["health.frail_from"]))
    np.clip(left, 0, 1, out=left)
    left *= np.where(
        table.age[where] >= ceil(values["health.frail_age"]),  # whole: no copy of all ages in floating point
        np.float32(values["health.need_frail_old"]),
        np.float32(values["health.need_frail"]),
    )
    return np.subtract(1, left, out=left)
