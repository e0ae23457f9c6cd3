"""The street before the door: disorder and social control of each entrance, and what drives them.

Both are deviations from the national mean. Disorder leads social control more than the reverse (NUI-18), and each
brings the other about, so that together they are slower than either.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.stock import standing
from wijksim.mechanisms.nuisance.source_loops import count_homes

_NOBODY = -1  # household of an empty dwelling

# what counts against its national mean
SOURCES = Influence("entrance.sources", "nuisance.disorder_sources")
VACANT = Influence("entrance.vacant", "nuisance.disorder_vacancy")
TURNOVER = Influence("entrance.turnover", "nuisance.control_turnover")
PRESENCE = Influence("district.prevention_fte", "nuisance.control_presence", loop="firefighting")
PETTY = Influence("entrance.petty_disorder", "nuisance.disorder_petty", loop="street")


def moved_in_year(ctx: Context) -> None:
    """Households that moved in over the last twelve months per dwelling, counted anew."""
    household, entrance = ctx.world.household, ctx.world.entrance
    recent = np.flatnonzero(household.alive & (household.moved_in >= ctx.month - MONTHS_PER_YEAR))
    count = np.bincount(household.entrance[recent], minlength=entrance.size)
    entrance.turnover[:] = count / np.maximum(entrance.dwellings, 1)


def surroundings(ctx: Context, fraction: float) -> None:
    """Vacancy, and turnover of twelve months (updated by ``fraction``)."""
    world = ctx.world
    household, entrance, dwelling = world.household, world.entrance, world.dwelling
    doors = np.maximum(entrance.dwellings, 1)
    empty = np.zeros(entrance.size, dtype=np.int64)
    count_homes(standing(world), _NOBODY, dwelling.household, dwelling.entrance, empty)
    entrance.vacant[:] = empty / doors
    if fraction:
        came = np.zeros(entrance.size, dtype=np.int64)
        count_homes(household.alive, ctx.month - 1, household.moved_in, household.entrance, came)
        entrance.turnover[:] += came / doors - entrance.turnover * np.float32(fraction)


def move(ctx: Context, *, even: bool = False) -> None:
    """Move disorder and control one month: disorder leads; ``even`` takes what drives them as district means."""
    entrance, values = ctx.world.entrance, ctx.values
    stir: NDArray[Any] = (
        _excess(ctx, SOURCES) * values["nuisance.disorder_sources"]
        + _excess(ctx, VACANT) * values["nuisance.disorder_vacancy"]
        + _excess(ctx, PETTY) * values["nuisance.disorder_petty"]
    )
    turnover: NDArray[Any] = _excess(ctx, TURNOVER)
    if even:
        stir, turnover = (_evenly(ctx, driver) for driver in (stir, turnover))
    disorder, control = entrance.disorder, entrance.control
    bound = values["nuisance.street_bound"]
    decay = (
        values["nuisance.disorder_keep"] * disorder
        + values["nuisance.disorder_input"] * stir
        - values["nuisance.disorder_control"] * control
    )
    disorder[:] = np.minimum(np.maximum(decay, -bound), bound)
    order = (
        control
        + values["nuisance.control_return"] * (values["nuisance.control_usual"] - control)
        - values["nuisance.control_disorder"] * disorder
        - values["nuisance.control_turnover"] * turnover / MONTHS_PER_YEAR
        + values["nuisance.control_presence"] * _excess(ctx, PRESENCE)
    )
    control[:] = np.minimum(np.maximum(order, -bound), bound)
    ctx.world.district.disorder[:] = _per_district(ctx, disorder)


def _excess(ctx: Context, influence: Influence) -> NDArray[Any]:
    """Values per entrance less the national mean."""
    mean, _ = ctx.reference.moments(ctx, "nuisance.street", "entrance", influence)
    excess: NDArray[Any] = influence.values(ctx, "entrance", slice(None)) - np.float32(mean)
    return excess


def _per_district(ctx: Context, level: NDArray[Any]) -> NDArray[np.float64]:
    """Mean over dwellings of a figure per entrance, shape ``(n_districts,)``."""
    entrance, size = ctx.world.entrance, ctx.world.n_districts + 1
    doors = np.bincount(entrance.district + 1, weights=entrance.dwellings, minlength=size)
    sums = np.bincount(entrance.district + 1, weights=level * entrance.dwellings, minlength=size)
    return np.asarray(np.divide(sums, doors, out=np.zeros(size), where=doors > 0)[1:])


def _evenly(ctx: Context, level: NDArray[Any]) -> NDArray[np.float32]:
    """The same for every entrance of a district, shape ``(n_entrances,)``."""
    found: NDArray[np.float32] = _per_district(ctx, level).astype(np.float32)[ctx.world.entrance.district]
    return found
