"""Compiled: how much people are about, and who is lonely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Weights = NDArray[np.float32]


# fmt: off
@compiled
def roots(
    activity: Codes, age: NDArray[np.int16], table: Weights, sociability: Weights, language: Weights, grown: Bools,
    odds: Weights, access: Weights, worth: np.float32, home: Rows, lift: Weights, rooms: Bools, user: Bools,
    bonus: np.float32, space: Weights, gain: np.float32, entrance: Rows, out: Weights,
) -> None:
    # fmt: on
    """Fill ``out`` with the square root of how much people are about; 0 for minors.

    Parameters
    ----------
    table
        By activity and age.
    odds, access, worth
        Odds of staying in for fear, and what there is to go to by ``home``, where somebody has one, which is ``worth``
        so much.
    lift, user, space
        What levers do: a ratio or nothing, who uses a shared room if any of the ``rooms`` is one, and the quality of
        space at each entrance, with ``bonus`` and ``gain`` as what the last two are worth.
    """
    last, one = table.shape[1] - 1, np.float32(1)
    shared = laid_out = False
    for room in rooms:
        shared |= room
    for quality in space:
        laid_out |= quality > 0
    # a loop for each step: those without a look-up elsewhere are done for several rows at once
    for i in range(out.size):
        out[i] = table[np.uint8(activity[i]), np.uint32(min(age[i], last))]
    for i in range(out.size):
        level = out[i] * sociability[i] * language[i]
        out[i] = (level if grown[i] else np.float32(0)) * (one / (odds[i] + one))
    for i in range(out.size):
        if home[i] >= 0:
            out[i] *= one + worth * (access[np.uint32(home[i])] - one)
    for i in range(lift.size):
        out[i] *= lift[i]
    for i in range(out.size if shared else 0):
        if user[i]:
            out[i] *= bonus
    for i in range(out.size if laid_out else 0):
        if entrance[i] >= 0:
            out[i] *= one + gain * space[entrance[i]]
    for i in range(out.size):
        out[i] = np.sqrt(out[i])


# fmt: off
@compiled
def parted(
    adult_age: int, alive: Bools, age: NDArray[np.int16], dwelling: Rows, known: Rows, hurt: Weights, lonely: Bools,
    rooms: Bools, space: Weights, greetings: Weights, grown: Bools, moved: Bools, adults: Rows, free: Rows, alone: Rows,
) -> tuple[int, int, int, bool, bool, bool]:
    # fmt: on
    """Mark adults, and who has another dwelling than is ``known``; list adults, and those who are not and are lonely.

    Return how many each list holds, whether anybody has moved or is ``hurt``, and whether there are shared ``rooms``,
    ``space`` laid out or ``greetings``.
    """
    moves, hurts, left, size = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(alive.size)
    well, low = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    for row in range(size):
        grown[row] = alive[row] & (age[row] >= adult_age)
        well[row], low[row] = grown[row] & (not lonely[row]), grown[row] & lonely[row]
    for row in range(size):
        moved[row] = alive[row] & (dwelling[row] != known[row])
        moves += np.uint32(moved[row])
    # counted and not just found out: that is done for several rows at once
    for i in range(hurt.size):
        hurts += np.uint32(hurt[i] != 0)
    for i in range(rooms.size):
        left += np.uint32(rooms[i])
    for i in range(space.size):
        left += np.uint32(space[i] != 0)
    for i in range(greetings.size):
        left += np.uint32(greetings[i] != 0)
    a, b, c = np.uint32(0), np.uint32(0), np.uint32(0)
    for row in range(size):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        adults[a] = free[b] = alone[c] = row
        a += np.uint32(grown[row])
        b += np.uint32(well[row])
        c += np.uint32(low[row])
    return int(a), int(b), int(c), bool(moves > 0), bool(hurts > 0), bool(left > 0)


# fmt: off
@compiled
def begun(
    adult_age: int, table: Weights, worth: np.float32, bonus: np.float32, gain: np.float32, odds: Weights,
    lift: Weights, alive: Bools, age: NDArray[np.int16], dwelling: Rows, known: Rows, hurt: Weights, lonely: Bools,
    rooms: Bools, space: Weights, greetings: Weights, activity: Codes, sociability: Weights, language: Weights,
    access: Weights, home: Rows, user: Bools, entrance: Rows, grown: Bools, moved: Bools, adults: Rows, free: Rows,
    alone: Rows, out: Weights,
) -> tuple[int, int, int, bool, bool, bool]:
    # fmt: on
    """Begin a month: do what :func:`parted` does and then what :func:`roots` does with the adults found."""
    found = parted(
        adult_age, alive, age, dwelling, known, hurt, lonely, rooms, space, greetings, grown, moved, adults, free, alone
    )
    roots(
        activity, age, table, sociability, language, grown, odds, access, worth, home, lift, rooms, user, bonus, space,
        gain, entrance, out,
    )  # fmt: skip
    return found
