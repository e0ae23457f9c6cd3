"""Residents' initiatives (bewonersinitiatieven): activities that volunteers begin and that end unless kept up.

A stock per district: ``starts - all / survival``, with a longer survival for those that are coached. What initiatives
without any coaching do for meeting is part of the level of encounters already; only what coaching adds counts on top.
So the stock is followed twice, once as if nobody had ever been coached.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.facilities.loops import lasting

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

STORE = "facilities.initiatives"
OWNER, ACT = "facilities", "coach_initiatives"

type Floats = NDArray[np.float64]


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


def step(ctx: Context, volunteers: Floats) -> None:
    """Do one month, of volunteers by district; levers ask to coach with ``hours`` by district, as far as it goes."""
    values = ctx.values
    stock: Floats = ctx.world.stores[STORE]
    ends = _ending(values["facilities.initiative_survival"])
    acts = ctx.effects.acts
    asked = (
        [(lever, details) for lever, owner, act, details in acts if (owner, act) == (OWNER, ACT)]
        if acts
        else []
    )
    after = np.empty(stock.shape)
    lasting(stock, volunteers, values["facilities.initiative_start"], MONTHS_PER_YEAR, ends, after)
    if asked:
        hours = np.zeros(ctx.world.n_districts)
        for _, details in sorted(asked, key=lambda one: one[0]):
            hours += details["hours"]
        coached = np.minimum(hours / values["facilities.initiative_hours"], stock[0])
        after[0] += coached * (ends - _ending(values["facilities.initiative_survival_coached"]))
    ctx.world.stores[STORE] = after
