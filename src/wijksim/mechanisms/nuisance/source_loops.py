"""Compiled passes of nuisance: who has complex problems, who may become a source, and whom sources reach."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.structure import ADULT_AGE

type Bools = NDArray[np.bool_]
type Rows = NDArray[np.int32]
type Counts = NDArray[np.int16]
type Members = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]


@compiled
def mark_problems(
    alive: Bools,
    age: Counts,
    household: Rows,
    psychiatric: Bools,
    addiction: Bools,
    cognitive: Bools,
    low: Bools,
    adults: Counts,
    marked: Bools,
    members: Members,
    plain: Members,
) -> None:
    """Mark adults with complex problems, and count those with and without per household."""
    members[:] = 0
    for i in range(marked.size):
        severe = psychiatric[i] | addiction[i] | (cognitive[i] & low[i])
        marked[i] = severe & (age[i] >= ADULT_AGE) & alive[i]
    rows, count = np.empty(marked.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(marked.size)):
        rows[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(marked[i])
    for row in rows[:count]:
        members[household[row]] += 1
    for home in range(members.size):
        plain[home] = adults[home] - members[home]


@compiled
def free_adults(alive: Bools, source: Bools, age: Counts, marked: Bools, group: Rows, others: Rows) -> int:
    """Fill ``group`` and ``others`` with adults who are no source, by mark; return how many of the first.

    The number of the others stands in the last place of ``others``, which has one place more than there are rows.
    """
    first = second = 0
    for i in range(marked.size):
        free = alive[i] & (not source[i]) & (age[i] >= ADULT_AGE)
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        group[first] = others[second] = i
        first += free & marked[i]
        second += free & (not marked[i])
    others[-1] = second
    return first


# fmt: off
@compiled
def reach(
    source: Bools, living: Bools, intensity: Shares, resident_household: Rows, resident_entrance: Rows,
    doors: Counts, complex_: Rows, complex_doors: Rows, spread: float, factor: float,
    alive: Bools, entrance: Rows, dwelling: Rows, kind: Members, house: int, house_factor: np.float32,
    sources: Shares, exposure: Shares, often: Shares, reached: Rows, levels: Shares,
) -> int:
    # fmt: on
    """Fill ``sources`` per entrance and ``exposure`` per household; return how many are exposed.

    ``reached`` and ``levels`` become who is and how much, times ``house_factor`` in dwellings of the kind ``house``;
    nobody often has nuisance yet.
    """
    own = np.zeros(exposure.size)
    at_door, number = np.zeros(doors.size), np.zeros(doors.size)
    in_complex = np.zeros(complex_doors.size)
    rows, active = np.empty(source.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(source.size)):
        rows[active] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        active += np.uint32(source[i] & living[i])
    for row in rows[:active]:
        own[resident_household[row]] += intensity[row]
        at_door[resident_entrance[row]] += intensity[row]
        number[resident_entrance[row]] += 1
    for i in range(doors.size):
        in_complex[complex_[i]] += at_door[i]
    near, far = np.empty(doors.size, np.float32), np.empty(doors.size, np.float32)
    for i in range(doors.size):
        near[i] = min(spread / max(doors[i] - 1, 1), 1.0)
        others = max(complex_doors[complex_[i]] - doors[i], 1)
        far[i] = min(spread / others, 1.0) * factor * (in_complex[complex_[i]] - at_door[i])
        sources[i] = number[i] / max(doors[i], 1)
    count = 0
    for home in range(exposure.size):
        door = entrance[home]
        level = np.float32(0)
        if alive[home] and door >= 0:
            level = (np.float32(at_door[door]) - np.float32(own[home])) * near[door] + far[door]
        exposure[home] = max(level, np.float32(0))
        often[home] = 0
        reached[count] = home
        count += exposure[home] > 0
    for k in range(count):
        home = reached[k]
        if kind[dwelling[home]] == house:
            exposure[home] *= house_factor
        levels[k] = exposure[home]
    return count


@compiled
def count_homes(
    alive: Bools, wanted: int, column: NDArray[Any], place: NDArray[Any], number: NDArray[np.int64]
) -> None:
    """Count per place the living rows in whose column ``wanted`` stands; those in no place are left out."""
    for i in range(alive.size):
        if alive[i] and column[i] == wanted and place[i] >= 0:
            number[place[i]] += 1
