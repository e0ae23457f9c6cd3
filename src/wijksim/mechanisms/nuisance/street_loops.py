"""Compiled: disorder and control of the street, and how care ends a source of nuisance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Tenure, Works

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Levels = NDArray[np.float32]
type Floats = NDArray[np.float64]

_LANDLORD, _SITE = int(Tenure.CORPORATION), int(Works.SITE)


@compiled
def per_district(level: Levels, dwellings: NDArray[np.int16], district: Rows, districts: int) -> Floats:
    """Mean over dwellings of a figure per entrance, by district."""
    total, number = np.zeros(districts), np.zeros(districts)
    for i in range(level.size):
        if district[i] >= 0:
            total[district[i]] += np.float64(level[i] * np.float32(dwellings[i]))
            number[district[i]] += dwellings[i]
    for place in range(districts):
        total[place] = total[place] / number[place] if number[place] > 0 else 0.0
    return total


@compiled
def _even_out(level: Levels, dwellings: NDArray[np.int16], district: Rows, districts: int) -> None:
    """Give every entrance the mean of its district."""
    means = per_district(level, dwellings, district, districts)
    for i in range(level.size):
        level[i] = np.float32(means[district[i]])


# fmt: off
@compiled
def moved(
    means: Levels, kept_up: Levels, about: Levels, even: bool, dwellings: NDArray[np.int16], district: Rows,
    disorder: Levels, control: Levels, in_district: Levels, weights: Levels, kept: Levels, held: Levels, widest: float,
    sources: Levels, vacant: Levels, petty: Levels, turnover: Levels, presence: Levels, wide: bool,
) -> None:
    # fmt: on
    """Move disorder and control one month, not beyond the ``widest``; disorder leads.

    The disorder of each district is filled in.

    Parameters
    ----------
    kept_up, about
        What levers take off what stirs disorder up, and what they add to presence; empty if they do nothing.
    even
        Whether what drives them is that of the district everywhere.
    weights
        What the first three do to disorder.
    kept
        What is kept of disorder, what stirring brings to it and what control takes.
    held
        Part of the way that control returns, where to, and what disorder, turnover a year and presence do to it.
    sources, vacant, petty, turnover, presence
        What drives them, per entrance, which counts as far as it lies above its national mean; presence is per
        district if it is ``wide``.
    """
    bound = np.float32(widest)
    stir, moving = np.empty(disorder.size, np.float32), np.empty(disorder.size, np.float32)
    for i in range(disorder.size):
        level = (sources[i] - means[0]) * weights[0] + (vacant[i] - means[1]) * weights[1]
        stir[i] = level + (petty[i] - means[2]) * weights[2]
        if kept_up.size:
            stir[i] -= kept_up[i]
        moving[i] = turnover[i] - means[3]
    if even:
        _even_out(stir, dwellings, district, in_district.size)
        _even_out(moving, dwellings, district, in_district.size)
    for i in range(disorder.size):
        place = district[i] if wide else i
        seen = (presence[place] if place >= 0 else np.float32(0)) - means[4]
        if about.size:
            seen = seen + about[i]
        decay = kept[0] * disorder[i] + kept[1] * stir[i] - kept[2] * control[i]
        disorder[i] = min(max(decay, -bound), bound)
        order = control[i] + held[0] * (held[1] - control[i]) - held[2] * disorder[i]
        order = order - held[3] * moving[i] / np.float32(MONTHS_PER_YEAR) + held[4] * seen
        control[i] = min(max(order, -bound), bound)
    in_district[:] = per_district(disorder, dwellings, district, in_district.size)


# fmt: off
@compiled
def around(
    standing: Bools, works: NDArray[np.int8], household: Rows, empty_in: Rows, alive: Bools,
    moved_in: NDArray[np.int16], came_to: Rows, month: int, fraction: float, dwellings: NDArray[np.int16],
    vacant: Levels, turnover: Levels,
) -> None:
    # fmt: on
    """Fill in the share of dwellings at each entrance that are ``vacant``, and move ``turnover`` by a ``fraction``.

    The first four are of dwellings, of which building sites do not count; the next three are of households: those who
    moved in this ``month`` count.
    """
    empty, came = np.zeros(vacant.size, np.int64), np.zeros(vacant.size, np.int64)
    for home in range(standing.size):
        if standing[home] and works[home] != _SITE and household[home] < 0 and empty_in[home] >= 0:
            empty[empty_in[home]] += 1
    if fraction > 0:
        for home in range(alive.size):
            if alive[home] and moved_in[home] == month and came_to[home] >= 0:
                came[came_to[home]] += 1
    for door in range(vacant.size):
        doors = max(dwellings[door], 1)
        vacant[door] = empty[door] / doors
        if fraction > 0:
            turnover[door] += came[door] / doors - np.float64(turnover[door] * np.float32(fraction))


# fmt: off
@compiled
def moved_on(
    means: Levels, kept_up: Levels, about: Levels, even: bool, month: int, fraction: float, weights: Levels,
    kept: Levels, held: Levels, widest: float, standing: Bools, works: NDArray[np.int8], household: Rows,
    empty_in: Rows, alive: Bools, moved_in: NDArray[np.int16], came_to: Rows, dwellings: NDArray[np.int16],
    vacant: Levels, turnover: Levels, district: Rows, disorder: Levels, control: Levels, in_district: Levels,
    sources: Levels, petty: Levels, presence: Levels,
) -> None:
    # fmt: on
    """Do what :func:`around` does, and then what :func:`moved` does with it; presence is per district."""
    around(
        standing, works, household, empty_in, alive, moved_in, came_to, month, fraction, dwellings, vacant, turnover
    )
    moved(
        means, kept_up, about, even, dwellings, district, disorder, control, in_district, weights, kept, held, widest,
        sources, vacant, petty, turnover, presence, True,
    )  # fmt: skip


# fmt: off
@compiled
def ends(
    alone_share: float, alone: float, full: float, rows: Rows, care: Levels, household: Rows,
    tenure: NDArray[np.int8], district: Rows, cover: Floats, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with minus the chance that each source ends: between that alone and that with care in full.

    ``care`` is that of every resident, of which ``alone_share`` counts where no caretaker goes with it.
    """
    for i in range(rows.size):
        home = household[rows[i]]
        managed = alone_share
        if home >= 0 and tenure[home] == _LANDLORD:
            managed = alone_share + (1 - alone_share) * cover[district[rows[i]]]
        out[i] = -(alone + (full - alone) * np.float64(care[rows[i]]) * managed)
