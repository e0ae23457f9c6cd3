"""From offenders to crimes in the streets of each district: where they go, what police cover does, displacement.

Offenders spend a part of their activity at home and the rest anywhere in the city. Cover by the neighbourhood police
lowers what they do in a district (EFF-19); a part of what is prevented moves to the least covered other districts and
to the rest of the city (ASM-15, EFF-24). Days of activity are an account: what is not displaced is prevented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Days:
    """Offender activity of a month, in persons.

    Attributes
    ----------
    local
        After enforcement and displacement, per district.
    rest
        Displaced to the rest of the city.
    prevented
        Not done at all (negative where cover fell below that at the start).
    """

    local: Floats
    rest: float
    prevented: float


def visiting(active: Floats, residents: Floats, *, home: float, rest: float, density: float) -> Floats:
    """Activity per district before enforcement.

    Parameters
    ----------
    active, residents
        Active offenders who live in each district, and residents, shape ``(n_districts,)``.
    home
        Part of the activity that is done in the own district.
    rest
        Residents of the rest of the city.
    density
        Active offenders per resident of the rest.
    """
    people = residents.sum() + rest
    about = (1 - home) * (active.sum() + rest * density) / max(people, _TINY)
    return np.asarray(home * active + about * residents)


def enforce(days: Floats, cover: Floats, *, elasticity: float, share: float, rest: float) -> Days:
    """Take away what police cover prevents and displace a part of it.

    Parameters
    ----------
    days
        Activity per district before enforcement.
    cover
        Police hours per resident over those at the start.
    elasticity
        Fall of activity, in per cent, per per cent more cover.
    share
        Part of what is prevented in a district that moves elsewhere.
    rest
        Activity in the rest of the city, which takes its part of what is displaced.
    """
    left = days * np.maximum(cover, np.finfo(np.float32).eps) ** -elasticity
    removed = days - left
    moved = share * removed
    # each other district draws by its activity, and the more the less it is covered; the rest has cover 1
    pull = np.append(days / np.maximum(cover, np.finfo(np.float32).eps), rest)
    sources = np.arange(days.size)
    local, elsewhere = left.copy(), 0.0
    for source in sources[moved != 0]:
        weight = pull.copy()
        weight[source] = 0
        total = weight.sum()
        if total <= 0:
            continue
        part = moved[source] * weight / total
        local += part[:-1]
        elsewhere += float(part[-1])
    local = np.maximum(local, 0)
    return Days(local, elsewhere, float(days.sum() - local.sum() - elsewhere))
