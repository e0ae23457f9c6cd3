"""Compiled passes of nuisance: who has complex problems, who may become a source, and whom sources reach."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import luck_of
from wijksim.state.codes import DwellingKind, Tenure
from wijksim.state.structure import ADULT_AGE

type Bools = NDArray[np.bool_]
type Rows = NDArray[np.int32]
type Counts = NDArray[np.int16]
type Members = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]
type Uids = NDArray[np.uint64]

CAME_FROM_OUTSIDE = 1  # value of resident.origin
_LANDLORD, _HOUSE = int(Tenure.CORPORATION), int(DwellingKind.HOUSE)
LISTS = ("new", "sources", "marked", "others")  # who came from outside, sources, and adults who are none
_OTHERS = LISTS.index("others")


# fmt: off
@compiled
def mark_problems(
    alive: Bools, age: Counts, household: Rows, psychiatric: Bools, addiction: Bools, cognitive: Bools,
    self_reliance: NDArray[Any], limit: float, adults: Counts, marked: Bools, members: Members, plain: Members,
) -> bool:
    # fmt: on
    """Mark adults with complex problems, and count those with and without per household; tell whether anybody can cope.

    A cognitive limitation is a problem to those whose self-reliance lies below a limit.
    """
    members[:] = 0
    least = np.float32(limit)
    for i in range(marked.size):
        severe = psychiatric[i] | addiction[i] | (cognitive[i] & (self_reliance[i] < least))
        marked[i] = severe & (age[i] >= ADULT_AGE) & alive[i]
    known = np.uint32(0)
    for i in range(self_reliance.size):
        known += np.uint32(self_reliance[i] > 0)
    for i in range(marked.size):
        if marked[i]:  # few are: the branch is hardly ever guessed wrong
            members[household[i]] += 1
    for home in range(members.size):
        plain[home] = adults[home] - members[home]
    return bool(known > 0)


# fmt: off
@compiled
def groups(
    alive: Bools, origin: Members, since: Counts, month: int, source: Bools, age: Counts, marked: Bools,
    new: Rows, sources: Rows, first: Rows, second: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """List who came from outside in a month, sources, and adults who are none, with and without a mark; how many.

    Behind the sources stand those who came from outside once more.
    """
    a, b, c, d = 0, 0, np.uint32(0), np.uint32(0)
    for i in range(alive.size):
        # few are one or the other: these branches are hardly ever guessed wrong
        if since[i] == month and origin[i] == CAME_FROM_OUTSIDE and alive[i]:
            new[a] = i
            a += 1
        if source[i] and alive[i]:
            sources[b] = i
            b += 1
    sources[b : b + a] = new[:a]
    one, other = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    for i in range(one.size):
        free = alive[i] & (not source[i]) & (age[i] >= ADULT_AGE)
        one[i], other[i] = free & marked[i], free & (not marked[i])
    for i in range(np.uint32(one.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        first[c] = second[d] = i
        c += np.uint32(one[i])
        d += np.uint32(other[i])
    return a, b, int(c), int(d)


# fmt: off
@compiled
def covered(
    alive: Bools, owner: Members, district: Rows, hours: NDArray[Any], norm: float, cover: Floats
) -> None:
    # fmt: on
    """Fill ``cover`` with hours of caretakers per dwelling of a landlord by district, over the norm, at most 1."""
    # a pass for each, as districts are few, has no branch
    for place in range(hours.size):
        homes = np.int32(0)
        for home in range(alive.size):
            homes += np.int32(alive[home] & (owner[home] == _LANDLORD) & (district[home] == place))
        cover[place] = min(np.float64(hours[place]) / max(int(homes), 1) / norm, 1.0)


# fmt: off
@compiled
def looked_over(
    self_reliance: NDArray[Any], limit: float, hours: NDArray[Any], norm: float, month: int, alive: Bools, age: Counts,
    household: Rows, psychiatric: Bools, addiction: Bools, cognitive: Bools, adults: Counts, marked: Bools,
    members: Members, plain: Members, origin: Members, since: Counts, source: Bools, standing: Bools, owner: Members,
    place: Rows, cover: Floats, lists: Rows,
) -> tuple[bool, int, int, int, int]:
    # fmt: on
    """Begin a month: do what :func:`mark_problems`, :func:`covered` and :func:`groups` do, which fills the lists."""
    known = mark_problems(
        alive, age, household, psychiatric, addiction, cognitive, self_reliance, limit, adults, marked, members, plain
    )
    covered(standing, owner, place, hours, norm, cover)
    return known, *groups(
        alive, origin, since, month, source, age, marked, lists[0], lists[1], lists[2], lists[_OTHERS]
    )


# fmt: off
@compiled
def reach(
    spread: float, factor: float, house_factor: float, source: Bools, living: Bools, intensity: Shares,
    resident_household: Rows, resident_entrance: Rows, doors: Counts, complex_: Rows, complex_doors: Rows,
    alive: Bools, entrance: Rows, dwelling: Rows, kind: Members, sources: Shares, exposure: Shares, often: Shares,
    reached: Rows, levels: Shares,
) -> int:
    # fmt: on
    """Fill ``sources`` per entrance and ``exposure`` per household; list who is ``reached`` and how much, how many.

    Exposure counts ``house_factor`` times in houses; nobody often has nuisance yet.
    """
    own = np.zeros(exposure.size)
    at_door, number = np.zeros(doors.size), np.zeros(doors.size)
    in_complex = np.zeros(complex_doors.size)
    for row in range(source.size):
        if source[row] and living[row]:  # few are: the branch is hardly ever guessed wrong
            own[resident_household[row]] += intensity[row]
            at_door[resident_entrance[row]] += intensity[row]
            number[resident_entrance[row]] += 1
    for i in range(doors.size):
        in_complex[complex_[i]] += at_door[i]
    here, near, far = np.empty((1 + 2, doors.size + 1), np.float32)
    for i in range(doors.size):
        here[i] = at_door[i]
        near[i] = min(spread / max(doors[i] - 1, 1), 1.0)
        others = max(complex_doors[complex_[i]] - doors[i], 1)
        far[i] = min(spread / others, 1.0) * factor * (in_complex[complex_[i]] - at_door[i])
        sources[i] = number[i] / max(doors[i], 1)
    often[:] = 0
    for home in range(exposure.size):
        door = np.uint32(max(entrance[home], 0))
        level = (here[door] - np.float32(own[home])) * near[door] + far[door]
        exposure[home] = max(level, np.float32(0)) if alive[home] & (entrance[home] >= 0) else np.float32(0)
    count = np.uint32(0)
    for home in range(np.uint32(exposure.size)):
        reached[count] = home  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(exposure[home] > 0)
    for k in range(count):
        near_one = np.uint32(reached[k])
        if kind[dwelling[near_one]] == _HOUSE:
            exposure[near_one] *= np.float32(house_factor)
        levels[k] = exposure[near_one]
    return int(count)


@compiled
def bothered(levels: Shares, often: Shares, report: Bools, mediation: Bools, reached: Rows, felt: Floats) -> int:
    """Write how often those ``reached`` have nuisance, a level for each; nobody has reported anything yet.

    Those who ever have some come first, ``felt`` is how often; return how many.
    """
    report[:] = False
    mediation[:] = False
    count = 0
    for k in range(levels.size):
        often[reached[k]] = levels[k]
        reached[count], felt[count] = reached[k], levels[k]
        count += levels[k] > 0
    return count


@compiled
def grown_up(
    rows: Rows, managed: Floats, age: Counts, source: Bools, marked: Bools, out: Rows, out_managed: Floats
) -> tuple[int, int]:  # fmt: skip
    """Fill ``out`` with adults among ``rows`` who are no source, those with a mark first; how many they and all are.

    A number for each of ``rows`` goes along with them.
    """
    count = number = 0
    for mark in (True, False):
        for i in range(rows.size):
            row = rows[i]
            if age[row] >= ADULT_AGE and not source[row] and marked[row] == mark:
                out[number], out_managed[number] = row, managed[i]
                number += 1
        count = number if mark else count
    return count, number


@compiled
def started(rows: Rows, uid: Uids, key: Uids, begin: Floats, stop: Floats, kept: float, source: Bools) -> None:
    """Make those sources whose luck lies below ``kept`` times the chance of being one in the long run.

    Luck is what :func:`wijksim.core.mixing.uniforms` draws under the two halves of the key.
    """
    for i in range(rows.size):
        luck = luck_of(uid, key, rows[i])
        total = begin[i] + stop[i]
        if luck < kept * (begin[i] / total if total > 0 else 0.0):
            source[rows[i]] = True
