"""Residents' initiatives (bewonersinitiatieven): activities that volunteers begin and that end unless kept up.

A stock per district: ``starts - all / survival``, with a longer survival for those that are coached. What initiatives
without any coaching do for meeting is part of the level of encounters already; only what coaching adds counts on top.
So the stock is followed twice, once as if nobody had ever been coached.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

STORE = "facilities.initiatives"
OWNER, ACT = "facilities", "coach_initiatives"

type Floats = NDArray[np.float64]

_NOBODY = np.empty(0)


def settle(ctx: Context) -> None:
    """Begin where starting and ending balance."""
    values = ctx.values
    volunteers = ctx.world.by_district("resident", ctx.world.resident.volunteer_hours > 0)
    starts = volunteers * values["facilities.initiative_start"] / MONTHS_PER_YEAR
    ends = _ending(values["facilities.initiative_survival"])
    ctx.world.stores[STORE] = np.tile(starts / ends, (2, 1))


@lru_cache(maxsize=8)
def _ending(survival: float) -> float:
    """Chance to end within a month, from the mean life in months."""
    return float(-np.expm1(-1 / survival))


def pace(values: Mapping[str, float]) -> tuple[float, int, float]:
    """Initiatives that volunteers begin a year, months of one, and the part that ends within a month."""
    ends = _ending(values["facilities.initiative_survival"])
    return values["facilities.initiative_start"], MONTHS_PER_YEAR, ends


def coached(ctx: Context) -> Floats:
    """Initiatives per district that go on this month for being coached; empty where no lever asks for it.

    Levers ask to coach with ``hours`` by district, as far as it goes.
    """
    acts = ctx.effects.acts
    if not acts:
        return _NOBODY
    asked = [(lever, details) for lever, owner, act, details in acts if (owner, act) == (OWNER, ACT)]
    if not asked:
        return _NOBODY
    values, hours = ctx.values, np.zeros(ctx.world.n_districts)
    for _, details in sorted(asked, key=lambda one: one[0]):
        hours += details["hours"]
    reached = np.minimum(hours / values["facilities.initiative_hours"], ctx.world.stores[STORE][0])
    longer: Floats = reached * (
        _ending(values["facilities.initiative_survival"])
        - _ending(values["facilities.initiative_survival_coached"])
    )
    return longer
