"""Which places come first: those with the poorest dwellings, or also those where most is to be gained for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.state.codes import DwellingKind
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

ANY = "any"


def first(ctx: Context, unit: str, rows: Rows, quality: Floats, *, social: float) -> NDArray[np.intp]:
    """Order in which places are taken in hand.

    Parameters
    ----------
    quality
        Mean quality of the dwellings that would be done, shape of ``rows``.
    social
        Weight of social return, 0 for technical need alone, 1 for social return alone.
    """
    if social > 0:
        quality = (1 - social) * _standard(quality) - social * social_return(ctx, unit, rows)
    return np.lexsort((ctx.world.tables[unit].uid[rows], quality))


def social_return(ctx: Context, unit: str, rows: Rows) -> Floats:
    """What renovation has to offer people in and around a place, in standard deviations over the places compared.

    Half of it is the part of the households whose energy bill is too high for their income, half of it is disorder
    before the door, which all who pass see.
    """
    world = ctx.world
    dwelling, household = world.dwelling, world.household
    size = world.tables[unit].size
    lived_in = (dwelling.alive & (dwelling.household >= 0)).nonzero()[0]
    place = dwelling[unit][lived_in]
    homes = np.maximum(np.bincount(place, minlength=size), 1)
    dear = np.bincount(place, weights=household.energy_poor[dwelling.household[lived_in]], minlength=size)
    disorder = world.entrance.disorder[dwelling.entrance[lived_in]]
    street = np.bincount(place, weights=disorder, minlength=size)
    return np.asarray((_standard((dear / homes)[rows]) + _standard((street / homes)[rows])) / 2)


def of_kind(ctx: Context, unit: str, kind: str) -> NDArray[np.bool_]:
    """Places of a kind of building, shape ``(places,)``: all, or walk-up flats (portieketageflats).

    The world keeps no kind of entrance; flats with as few neighbours at the door as a stairwell has count as such.
    """
    world = ctx.world
    size = world.tables[unit].size
    if kind == ANY:
        return np.ones(size, dtype=bool)
    dwelling = world.dwelling
    rows = dwelling.rows
    few = world.entrance.dwellings[dwelling.entrance[rows]] <= ctx.values["build.entrance_portiek_largest"]
    fits = few & (dwelling.kind[rows] == int(DwellingKind.FLAT))
    place = dwelling[unit][rows]
    return np.bincount(place, weights=fits, minlength=size) * 2 > np.bincount(place, minlength=size)


def _standard(values: Floats) -> Floats:
    deviation = float(values.std()) if values.size else 0.0
    return np.zeros(values.shape) if deviation == 0 else (values - values.mean()) / deviation
