"""One compiled pass over everybody for the books of who came, went and changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Counts = NDArray[np.int64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Places = NDArray[np.int32]
type Rows = NDArray[np.int32]


@compiled
def look(alive: Bools, district: Places, nowhere: int, place: Places) -> None:
    """Fill ``place`` with the district or ``nowhere``, -1 where the row is nobody's."""
    for row in range(alive.size):
        here = district[row] if district[row] >= 0 else nowhere
        place[row] = here if alive[row] else -1


@compiled
def of_households(household: Places, holds: Bools, found: Bools) -> None:
    """Fill ``found`` with what holds of the household of each resident; nothing does without one."""
    for row in range(household.size):
        found[row] = household[row] >= 0 and holds[household[row]]


# fmt: off
@compiled
def book(
    alive: Bools, district: Places, nowhere: int, uid: Uids, state: Bools, known: Uids, place: Places, held: Bools,
    stayer: Bools, changed: Counts, between: Counts, gone: Rows, new: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Book those who are there at both ends of a month, and list the others.

    Parameters
    ----------
    alive, district, uid, state
        Rows at the end, and who is in which state, shape ``(states, rows)``; ``nowhere`` is the place of those without
        a district.
    known, place, held
        Numbers, places and states at the beginning, of as many rows or more; a place of -1 is nobody. They become those
        at the end for whoever stays.
    stayer
        Who has been in one district all the time; those who went, moved or came are taken off.
    changed, between
        Change of those who are there, and net moves between places; shape ``(states, places)``.
    gone, new
        Filled with the rows of who went and who came; a row may have another person.

    Returns
    -------
    tuple of int
        How many went and how many came.
    """
    went, came = 0, 0
    for row in range(uid.size):
        was, now = place[row], -1
        if alive[row]:
            now = district[row] if district[row] >= 0 else nowhere
        if was >= 0 and now >= 0 and known[row] == uid[row]:
            if was != now:
                stayer[row], place[row] = False, now
            for one in range(state.shape[0]):
                if held[one, row] and was != now:
                    between[one, now] += 1
                    between[one, was] -= 1
                if held[one, row] != state[one, row]:
                    held[one, row] = state[one, row]
                    changed[one, now] += 1 if state[one, row] else -1
            continue
        stayer[row] = False
        if was >= 0:
            gone[went] = row
            went += 1
        if now >= 0:
            new[came] = row
            came += 1
    return went, came


# fmt: off
@compiled
def pass_by(
    gone: Rows, exits: Uids, ways_out: NDArray[np.int64], new: Rows, births: Uids, born: int, moved: int,
    district: Places, nowhere: int, uid: Uids, state: Bools, known: Uids, place: Places, held: Bools,
    ways: NDArray[np.int64],
) -> None:
    # fmt: on
    """Book who went, by the way out that the number stands at, and who came, born or moved in; note how all are now.

    Parameters
    ----------
    gone, new, district, nowhere, uid, state, known, place, held
        As in :func:`book`, which lists ``gone`` and ``new``.
    ways
        Added to, shape ``(ways, states, places)``.
    """
    for row in gone:
        for k in range(exits.size):
            if exits[k] == known[row]:
                for one in range(held.shape[0]):
                    ways[ways_out[k], one, place[row]] -= int(held[one, row])
                break
        place[row] = -1
    for row in new:
        way = moved
        for number in births:
            if number == uid[row]:
                way = born
        known[row], place[row] = uid[row], district[row] if district[row] >= 0 else nowhere
        for one in range(held.shape[0]):
            held[one, row] = state[one, row]
            ways[way, one, place[row]] += int(state[one, row])


@compiled
def count(who: Bools, place: Places, found: Counts) -> None:
    """Add persons by place to ``found``, shape ``(states, places)``; nobody is counted at a place of -1."""
    for one in range(who.shape[0]):
        for row in range(place.size):
            if who[one, row] and place[row] >= 0:
                found[one, place[row]] += 1
