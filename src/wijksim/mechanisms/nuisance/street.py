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
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.nuisance import street_loops
from wijksim.mechanisms.nuisance.means import Means
from wijksim.mechanisms.nuisance.room import ROOM, Room

# what counts against its national mean
SOURCES = Influence("entrance.sources", "nuisance.disorder_sources")
VACANT = Influence("entrance.vacant", "nuisance.disorder_vacancy")
TURNOVER = Influence("entrance.turnover", "nuisance.control_turnover")
PRESENCE = Influence("district.prevention_fte", "nuisance.control_presence", loop="firefighting")
PETTY = Influence("entrance.petty_disorder", "nuisance.disorder_petty", loop="street")

_DRIVERS = (SOURCES, VACANT, PETTY, TURNOVER, PRESENCE)
_MEANS = Means("nuisance.street", "entrance", _DRIVERS)
_NOTHING = np.empty(0, np.float32)

type Levels = NDArray[np.float32]

UPKEEP = "nuisance.upkeep"
"""Capacity that a lever may fund per district: jobs in upkeep of the street per 1,000 residents (schoon en heel)."""
DAYTIME = "nuisance.presence"
"""The same: residents who are about in the daytime and would not have been, as a share of all (ogen op straat)."""
REPAIR = "nuisance.repair"
"""What levers may scale per entrance: the part of neglect above the national mean that is put right in a month."""

_RULES = itemgetter(
    "nuisance.disorder_sources", "nuisance.disorder_vacancy", "nuisance.disorder_petty",
    "nuisance.disorder_keep", "nuisance.disorder_input", "nuisance.disorder_control",
    "nuisance.control_return", "nuisance.control_usual", "nuisance.control_disorder", "nuisance.control_turnover",
    "nuisance.control_presence",
)  # fmt: skip
"""What stirs disorder up, what is kept of it, and what holds control."""
_STIR, _KEPT = len(("sources", "vacancy", "petty")), len(("keep", "input", "control"))


@Kept
def _rules(values: dict[str, float]) -> tuple[Levels, Levels, Levels, float]:
    """Numbers of :data:`_RULES` in its three parts, and how far disorder and control may go."""
    found = np.array(_RULES(values), np.float32)
    stir, kept, held = found[:_STIR], found[_STIR : _STIR + _KEPT], found[_STIR + _KEPT :]
    return stir.copy(), kept.copy(), held.copy(), values["nuisance.street_bound"]


def moved_in_year(ctx: Context) -> None:
    """Households that moved in over the last twelve months per dwelling, counted anew."""
    household, entrance = ctx.world.household, ctx.world.entrance
    recent = (household.alive & (household.moved_in >= ctx.month - MONTHS_PER_YEAR)).nonzero()[0]
    count = np.bincount(household.entrance[recent], minlength=entrance.size)
    entrance.turnover[:] = count / np.maximum(entrance.dwellings, 1)


def surroundings(ctx: Context, fraction: float) -> None:
    """Vacancy, and turnover of twelve months (updated by ``fraction``)."""
    standing, works, household, empty_in, alive, moved_in, came_to, dwellings, vacant, turnover, *_ = ROOM(
        ctx.world
    ).street
    street_loops.around(
        standing, works, household, empty_in, alive, moved_in, came_to, ctx.month - 1, fraction, dwellings, vacant,
        turnover,
    )  # fmt: skip


def move(
    ctx: Context, *, even: bool = False, fraction: float | None = None, laid: Room | None = None
) -> None:  # fmt: skip
    """Move disorder and control one month: disorder leads; ``even`` takes what drives them as district means.

    Vacancy and turnover move first, by a ``fraction``, if there is one. How columns are ``laid`` out is looked up
    unless given.
    """
    world, means, kept_up, about = ctx.world, _MEANS.narrow(ctx), _NOTHING, _NOTHING
    loops, scales = ctx.loops, ctx.effects.scales
    special = bool(loops.off or loops.watched)
    if ctx.effects.capacities:
        kept_up = _funded(ctx, UPKEEP, "nuisance.disorder_upkeep")
        about = _funded(ctx, DAYTIME, "nuisance.daytime_presence")
    if fraction is not None and not special:
        street_loops.moved_on(
            means, kept_up, about, even, ctx.month - 1, fraction, *_rules(ctx.values),
            *(ROOM(world) if laid is None else laid).street,
        )  # fmt: skip
    else:
        if fraction is not None:
            surroundings(ctx, fraction)
        entrance, district = world.entrance, world.district
        street_loops.moved(
            means, kept_up, about, even, entrance.dwellings, entrance.district, entrance.disorder, entrance.control,
            district.disorder, *_rules(ctx.values), *_drivers(ctx, special=special),
        )  # fmt: skip
    if scales and ctx.effects.touches(REPAIR):
        _repair(ctx)


def _drivers(ctx: Context, *, special: bool) -> tuple[Any, ...]:
    """What drives disorder and control, and whether the last, presence, is per district and not per entrance."""
    entrance, prevention = ctx.world.entrance, ctx.world.district.prevention_fte
    if not special:
        return (
            entrance.sources, entrance.vacant, entrance.petty_disorder, entrance.turnover, prevention, True,
        )  # fmt: skip
    return (*(np.asarray(one.values(ctx, "entrance", slice(None)), np.float32) for one in _DRIVERS), False)


def _funded(ctx: Context, capacity: str, weight: str) -> NDArray[np.float32]:
    """What levers fund in the district of each entrance, weighed; empty where no lever does."""
    amount = ctx.effects.funded(capacity, ctx.world.n_districts)
    if not amount.any():
        return _NOTHING
    found: NDArray[np.float32] = (amount * ctx.values[weight]).astype(np.float32)[ctx.world.entrance.district]
    return found


def _repair(ctx: Context) -> None:
    """Clean and mend what goes beyond the usual neglect, sooner than it would be where a lever has it done."""
    lever = ctx.effects.offsets(REPAIR, "entrance")
    entrance, district = ctx.world.entrance, ctx.world.district
    if lever is None:
        return
    sooner = (1 - ctx.values["nuisance.disorder_keep"]) * np.expm1(lever)
    entrance.disorder[:] -= np.clip(sooner, 0, 1) * np.maximum(entrance.disorder, 0)
    district.disorder[:] = street_loops.per_district(
        entrance.disorder, entrance.dwellings, entrance.district, district.size
    )
