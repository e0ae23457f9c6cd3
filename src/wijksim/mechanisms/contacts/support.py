"""Informal support: hours that flow over ties, from those who can to those who need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.support_loops import able, spread


@dataclass(frozen=True)
class Flow:
    """Hours a month per resident, all of shape ``(n_residents,)``."""

    received: NDArray[np.float64]
    given: NDArray[np.float64]
    capacity: NDArray[np.float64]


def capacity(ctx: Context, grown: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Hours a month that each adult can give, ``6 * (1 - stress)``, twice that for a contributor (drager)."""
    resident, values = ctx.world.resident, ctx.values
    hours = np.empty(resident.size)
    able(
        resident.stress,
        resident.contributor,
        grown,
        values["contacts.support_hours"],
        values["contacts.support_contributor"],
        hours,
    )
    lever = ctx.effects.offsets("contacts.capacity", "resident")
    if lever is not None:
        hours *= np.exp(lever)
    return hours


def flow(ctx: Context, grown: NDArray[np.bool_]) -> Flow:
    """Match need with capacity over the ties.

    Whoever needs support asks for ``need * hours`` and spreads that over the ties by strength; with little
    strength in all (less than one full tie) only that part is asked. Whoever is asked for more than the own
    capacity gives everybody the same part. So what is given is what is received, nobody gives more than the
    capacity and nobody gets more than the need.
    """
    world, values = ctx.world, ctx.values
    ties, size = world.ties, world.resident.size
    hours = capacity(ctx, grown)
    asks = world.resident.need >= np.float32(values["contacts.support_need_floor"])
    asks &= grown
    received, given = np.zeros(size), np.zeros(size)
    spread(
        ties.a,
        ties.b,
        ties.strength,
        asks,
        world.resident.need,
        values["contacts.support_need_hours"],
        hours,
        received,
        given,
    )
    return Flow(received=received, given=given, capacity=hours)
