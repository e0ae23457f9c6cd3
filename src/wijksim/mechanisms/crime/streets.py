"""Where offenders are active: at home, next door or elsewhere in the city, and what the police do to that.

Enforcement does not only take activity away: part of what it takes away goes to the least covered of the adjacent
districts and to the rest of the city (waterbedeffect). Without a table of neighbours, all districts of a world count
as adjacent to each other and to the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TINY = float(np.finfo(np.float64).tiny)


def drawn(values: Mapping[str, float], offending: Floats) -> Floats:
    """Offender activity per resident, against the nation, before enforcement; shape ``(n_districts,)``.

    Parameters
    ----------
    offending
        Offending of those who live in each district, against the nation; the rest of the city counts as 1.
    """
    n = offending.size
    home, rest = values["crime.home_share"], rest_share(values, n)
    others = (np.add.reduce(offending) - offending) / max(n - 1, 1)
    result: Floats = home * offending + (1 - home) * ((1 - rest) * others + rest)
    return result


def rest_share(values: Mapping[str, float], n: int) -> float:
    """Part of what leaves a district that goes to the rest of the city: all of it where there is no other."""
    return values["crime.rest_share"] if n > 1 else 1.0


def deterrence(values: Mapping[str, float], cover: Floats) -> Floats:
    """Ratio on offender activity at ``cover``, police hours per resident against the nation."""
    ratio = np.maximum(cover, _TINY) ** values["crime.police_elasticity"]
    np.maximum(ratio, values["crime.police_low"], out=ratio)
    bounded: Floats = np.minimum(ratio, values["crime.police_high"], out=ratio)
    return bounded


def displaced(
    values: Mapping[str, float], activity: Floats, cover: Floats, ratio: Floats
) -> tuple[Floats, float]:
    """Activity after enforcement and displacement, and what the rest of the city gets more.

    Parameters
    ----------
    activity
        Offender activity per district (not per resident), shape ``(n,)``.
    cover
        Police hours per resident against the nation.
    ratio
        What enforcement does to activity on the spot.

    Notes
    -----
    Sum over districts and rest falls by ``1 - displacement_share`` of what enforcement takes away, exactly, as long
    as no district runs empty. Where the police fall short of the nation, activity is drawn in by the same rule.
    """
    n = activity.size
    change = activity * (ratio - 1)
    moved = -values["crime.displacement_share"] * change
    to_rest = rest_share(values, n)
    result = activity + change
    if n > 1:
        pull = activity / np.maximum(cover, values["crime.cover_floor"]) ** values["crime.displacement_focus"]
        weight = np.empty((n, n))
        weight[:] = pull
        weight.flat[:: n + 1] = 0
        total = np.add.reduce(weight, axis=1, keepdims=True)
        np.divide(weight, total, out=weight, where=total > 0)
        result = result + (1 - to_rest) * (moved @ weight)
    return np.maximum(result, 0, out=result), float(to_rest * np.add.reduce(moved))
