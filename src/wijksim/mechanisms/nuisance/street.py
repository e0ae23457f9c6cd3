"""The street before the door: disorder and social control of each entrance, and what drives them.

Both are deviations from the national mean. Disorder leads social control more than the reverse (NUI-18), and each
brings the other about, so that together they are slower than either.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.influence import Influence
from wijksim.kernel.stock import standing
from wijksim.mechanisms.nuisance import street_loops
from wijksim.mechanisms.nuisance.source_loops import count_homes

_NOBODY = -1  # household of an empty dwelling

# what counts against its national mean
SOURCES = Influence("entrance.sources", "nuisance.disorder_sources")
VACANT = Influence("entrance.vacant", "nuisance.disorder_vacancy")
TURNOVER = Influence("entrance.turnover", "nuisance.control_turnover")
PRESENCE = Influence("district.prevention_fte", "nuisance.control_presence", loop="firefighting")
PETTY = Influence("entrance.petty_disorder", "nuisance.disorder_petty", loop="street")

UPKEEP = "nuisance.upkeep"
"""Capacity that a lever may fund per district: jobs in upkeep of the street per 1,000 residents (schoon en heel)."""
DAYTIME = "nuisance.presence"
"""The same: residents who are about in the daytime and would not have been, as a share of all (ogen op straat)."""
REPAIR = "nuisance.repair"
"""What levers may scale per entrance: the part of neglect above the national mean that is put right in a month."""

_STIR = itemgetter("nuisance.disorder_sources", "nuisance.disorder_vacancy", "nuisance.disorder_petty")
_KEPT = itemgetter("nuisance.disorder_keep", "nuisance.disorder_input", "nuisance.disorder_control")
_HELD = itemgetter(
    "nuisance.control_return",
    "nuisance.control_usual",
    "nuisance.control_disorder",
    "nuisance.control_turnover",
    "nuisance.control_presence",
)


def moved_in_year(ctx: Context) -> None:
    """Households that moved in over the last twelve months per dwelling, counted anew."""
    household, entrance = ctx.world.household, ctx.world.entrance
    recent = (household.alive & (household.moved_in >= ctx.month - MONTHS_PER_YEAR)).nonzero()[0]
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
    drivers = SOURCES, VACANT, PETTY
    means = np.array([_mean(ctx, one) for one in drivers], np.float32)
    sources, vacant, petty = (
        np.asarray(one.values(ctx, "entrance", slice(None)), np.float32) for one in drivers
    )
    stir = np.empty(entrance.size, dtype=np.float32)
    street_loops.stirred(sources, vacant, petty, means, np.array(_STIR(values), np.float32), stir)
    kept_up = _funded(ctx, UPKEEP, "nuisance.disorder_upkeep")
    if kept_up is not None:
        stir -= kept_up
    turnover = np.asarray(_excess(ctx, TURNOVER), np.float32)
    if even:
        stir, turnover = (_evenly(ctx, driver) for driver in (stir, turnover))
    presence = np.asarray(_excess(ctx, PRESENCE), np.float32)
    about = _funded(ctx, DAYTIME, "nuisance.daytime_presence")
    if about is not None:
        presence = presence + about
    kept, held = np.array(_KEPT(values), np.float32), np.array(_HELD(values), np.float32)
    bound = np.float32(values["nuisance.street_bound"])
    street_loops.moved(stir, turnover, presence, kept, held, bound, entrance.disorder, entrance.control)
    _repair(ctx)
    ctx.world.district.disorder[:] = _per_district(ctx, entrance.disorder)


def _funded(ctx: Context, capacity: str, weight: str) -> NDArray[np.float32] | None:
    """What levers fund in the district of each entrance, weighed; None where no lever does."""
    amount = ctx.effects.funded(capacity, ctx.world.n_districts)
    if not amount.any():
        return None
    found: NDArray[np.float32] = (amount * ctx.values[weight]).astype(np.float32)[ctx.world.entrance.district]
    return found


def _repair(ctx: Context) -> None:
    """Clean and mend what goes beyond the usual neglect, sooner than it would be where a lever has it done."""
    lever = ctx.effects.offsets(REPAIR, "entrance")
    if lever is None:
        return
    entrance = ctx.world.entrance
    sooner = (1 - ctx.values["nuisance.disorder_keep"]) * np.expm1(lever)
    entrance.disorder[:] -= np.clip(sooner, 0, 1) * np.maximum(entrance.disorder, 0)


def _mean(ctx: Context, influence: Influence) -> float:
    """National mean of a driver."""
    return ctx.reference.moments(ctx, "nuisance.street", "entrance", influence)[0]


def _excess(ctx: Context, influence: Influence) -> NDArray[Any]:
    """Values per entrance less the national mean."""
    excess: NDArray[Any] = influence.values(ctx, "entrance", slice(None)) - np.float32(_mean(ctx, influence))
    return excess


def _per_district(ctx: Context, level: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean over dwellings of a figure per entrance, shape ``(n_districts,)``."""
    entrance, found = ctx.world.entrance, np.empty(ctx.world.n_districts)
    sums = np.zeros((2, found.size))
    street_loops.per_district(level, entrance.dwellings, entrance.district, sums, found)
    return found


def _evenly(ctx: Context, level: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same for every entrance of a district, shape ``(n_entrances,)``."""
    found: NDArray[np.float32] = _per_district(ctx, level).astype(np.float32)[ctx.world.entrance.district]
    return found
