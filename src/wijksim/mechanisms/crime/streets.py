"""Where offenders are active: at home, next door or elsewhere in the city, and what the police do to that.

Enforcement does not only take activity away: part of what it takes away goes to the least covered of the adjacent
districts and to the rest of the city (waterbedeffect). Without a table of neighbours, all districts of a world count
as adjacent to each other and to the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

Floats = NDArray[np.float64]

_TINY = float(np.finfo(np.float64).tiny)
_NOTHING = np.empty(0)
# NumPy adds up in halves down to blocks of this length, and in a block keeps as many sums as it unrolls
_BLOCK, _UNROLLED = 2**7, 2**3


@compiled
def summed(values: Floats) -> float:
    """Add up as ``np.add.reduce`` does, bit for bit."""
    n, total = values.size, 0.0
    if n < _UNROLLED:
        for value in values:
            total += value
        return total
    if n > _BLOCK:
        half = n // 2
        half -= half % _UNROLLED
        return summed(values[:half]) + summed(values[half:])
    r, whole = values[:_UNROLLED].copy(), n - n % _UNROLLED
    for i in range(_UNROLLED, whole, _UNROLLED):
        for k in range(_UNROLLED):
            r[k] += values[i + k]
    total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    for value in values[whole:]:
        total += value
    return float(total)


@compiled
def _mixed(offending: Floats, home: float, rest: float, out: Floats) -> None:
    """Fill ``out`` with what is at home, and what comes from other districts and the rest of the city."""
    total = summed(offending)
    for i in range(out.size):
        others = (total - offending[i]) / max(out.size - 1, 1)
        out[i] = home * offending[i] + (1 - home) * ((1 - rest) * others + rest)


# fmt: off
@compiled
def _at_work(
    offending: NDArray[np.float32], mean: float, people: Floats, home: float, rest: float, floor: float,
    raised: Floats, activity: Floats,
) -> None:
    # fmt: on
    """Fill in what :func:`drawn` gives."""
    for i in range(raised.size):
        raised[i] = np.float64(offending[i]) / mean if mean > 0 else 1.0
    _mixed(raised, home, rest, activity)
    for i in range(raised.size):
        raised[i], activity[i] = max(activity[i], floor), activity[i] * max(people[i], 1.0)


# fmt: off
@compiled
def _dealt(
    activity: Floats, ratio: Floats, pull: Floats, share: float, after: Floats, moved: Floats, weight: Floats
) -> float:
    # fmt: on
    """Take away what enforcement does on the spot, a ``share`` of which is ``moved``, and return how much in all.

    ``weight`` becomes the part of what moves from each district (line) that goes to each other one (column).
    """
    for i in range(activity.size):
        change = activity[i] * (ratio[i] - 1)
        moved[i], after[i] = -share * change, activity[i] + change
        for j in range(activity.size):
            weight[i, j] = 0.0 if i == j else activity[j] / pull[j]
        total = summed(weight[i])
        if total > 0:
            weight[i] /= total
    return summed(moved)


@compiled
def _arrived(come: Floats, stays: float, after: Floats) -> None:
    """Add the part that ``stays`` of what has ``come``; nothing falls below zero."""
    for i in range(after.size):
        level = after[i] + stays * come[i] if come.size else after[i]
        after[i] = 0.0 if level < 0 else level


def drawn(
    values: Mapping[str, float], offending: NDArray[np.float32], mean: float, people: Floats
) -> tuple[Floats, Floats]:
    """Offender activity before enforcement: per resident, against the nation, above the floor; and in all.

    Parameters
    ----------
    offending
        Offending of those who live in each district, shape ``(n_districts,)``; the rest of the city counts as 1.
    mean
        That of the nation.
    people
        Residents of each district.
    """
    raised, activity = np.empty((2, people.size))
    _at_work(
        offending, mean, people, values["crime.home_share"], rest_share(values, people.size),
        values["crime.cover_floor"], raised, activity,
    )  # fmt: skip
    return raised, activity


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
    after, moved, weight = np.empty(n), np.empty(n), np.empty((n, n))
    pull = np.maximum(cover, values["crime.cover_floor"]) ** values["crime.displacement_focus"]
    whole = _dealt(activity, ratio, pull, values["crime.displacement_share"], after, moved, weight)
    to_rest = rest_share(values, n)
    _arrived(moved @ weight if n > 1 else _NOTHING, 1 - to_rest, after)
    return after, to_rest * whole
