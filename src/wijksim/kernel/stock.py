"""The stock of dwellings: which of them stand, which may be let, and how they become something else.

A world without the mechanism that builds knows no works: every dwelling stands and may be let.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import Works
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.requests import Addition, Conversion


def standing(world: World) -> NDArray[np.bool_]:
    """Dwellings that exist and are no building site, shape ``(dwellings,)``."""
    dwelling = world.dwelling
    if "works" not in dwelling:
        return dwelling.alive
    return np.asarray(dwelling.alive & (dwelling["works"] != Works.SITE.value))


def convert(ctx: Context, conversion: Conversion) -> None:
    """Write the new values of dwellings; what was empty is vacant from this month on.

    Raises
    ------
    ValueError
        If a dwelling that should be empty is not, or the owner changes over the head of a household.
    """
    dwelling, rows = ctx.world.dwelling, conversion.dwellings
    if conversion.empty and np.any(dwelling.household[rows] >= 0):
        raise ValueError("a dwelling in which somebody lives cannot be sold or rebuilt")
    if not conversion.empty and "owner" in conversion.columns:
        raise ValueError("a dwelling changes hands only while nobody lives there")
    for attribute, values in conversion.columns.items():
        dwelling[attribute][rows] = values
    if conversion.empty:
        dwelling.vacant_since[rows] = ctx.month
    dwelling.touch()


def add(ctx: Context, addition: Addition) -> None:
    """Build dwellings beside others: vacant from this month on."""
    world, beside = ctx.world, addition.beside
    dwelling = world.dwelling
    rows = dwelling.add(addition.uids)
    for attribute in ("entrance", "complex", "district", "kind", "rooms"):
        dwelling[attribute][rows] = dwelling[attribute][beside]
    for attribute, values in addition.columns.items():
        dwelling[attribute][rows] = values
    dwelling.household[rows] = -1
    dwelling.vacant_since[rows] = ctx.month
    np.add.at(world.entrance.dwellings, dwelling.entrance[rows], 1)
    np.add.at(world.complex.dwellings, dwelling.complex[rows], 1)
