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
def look(alive: Bools, district: Places, nowhere: int, place: Places, state: Bools) -> None:
    """Fill ``place`` with the district or ``nowhere``, -1 where the row is nobody's, who is in no ``state`` either."""
    for row in range(alive.size):
        here = district[row] if district[row] >= 0 else nowhere
        place[row] = here if alive[row] else -1
    for one in range(state.shape[0]):
        for row in range(alive.size):
            state[one, row] &= alive[row]


@compiled
def move(
    rows: Rows, way: NDArray[np.int64], number: int, place: Places, state: Bools, ways: NDArray[np.int64]
) -> None:
    """Add ``number`` to ``ways``, shape ``(ways, states, places)``, for each state of those who went a way."""
    for i in range(rows.size):
        for one in range(state.shape[0]):
            if state[one, rows[i]]:
                ways[way[i], one, place[rows[i]]] += number


@compiled
def book(
    uid_before: Uids,
    place_before: Places,
    state_before: Bools,
    uid: Uids,
    place: Places,
    state: Bools,
    stayer: Bools,
    changed: Counts,
    between: Counts,
    gone: Rows,
    new: Rows,
) -> tuple[int, int]:
    """Book those who are there at both ends of a month, and list the others.

    Parameters
    ----------
    uid_before, place_before, uid, place
        Number and place of every row at the beginning and at the end; a place of -1 is nobody. Rows that the table
        has gained are only at the end.
    state_before, state
        Who is in which state, shape ``(states, rows)``.
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
        was = place_before[row] if row < uid_before.size else -1
        now = place[row]
        if was >= 0 and now >= 0 and uid_before[row] == uid[row]:
            if was != now:
                stayer[row] = False
            for one in range(state.shape[0]):
                if state_before[one, row]:
                    if was != now:
                        between[one, now] += 1
                        between[one, was] -= 1
                    if not state[one, row]:
                        changed[one, now] -= 1
                elif state[one, row]:
                    changed[one, now] += 1
            continue
        stayer[row] = False
        if was >= 0:
            gone[went] = row
            went += 1
        if now >= 0:
            new[came] = row
            came += 1
    return went, came


@compiled
def count(who: Bools, place: Places, found: Counts) -> None:
    """Add persons by place to ``found``, shape ``(states, places)``; nobody is counted at a place of -1."""
    for one in range(who.shape[0]):
        for row in range(place.size):
            if who[one, row] and place[row] >= 0:
                found[one, place[row]] += 1
