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
    for i in range(out.size):
        level = table[activity[i], min(age[i], last)] * sociability[i] * language[i]
        level = (level if grown[i] else np.float32(0)) * (one / (odds[i] + one))
        if home[i] >= 0:
            level *= one + worth * (access[home[i]] - one)
        if lift.size:
            level *= lift[i]
        if shared and user[i]:
            level *= bonus
        if laid_out and entrance[i] >= 0:
            level *= one + gain * space[entrance[i]]
        out[i] = np.sqrt(level)


# fmt: off
@compiled
def parted(
    alive: Bools, age: NDArray[np.int16], adult_age: int, dwelling: Rows, known: Rows, hurt: Weights, lonely: Bools,
    rooms: Bools, space: Weights, greetings: Weights, grown: Bools, moved: Bools, adults: Rows, free: Rows, alone: Rows,
) -> tuple[int, int, int, bool, bool, bool]:
    # fmt: on
    """Mark adults, and who has another dwelling than is ``known``; list adults, and those who are not and are lonely.

    Return how many each list holds, whether anybody has moved or is ``hurt``, and whether there are shared ``rooms``,
    ``space`` laid out or ``greetings``.
    """
    moves, hurts, left = np.uint32(0), False, False
    for row in range(alive.size):
        grown[row] = alive[row] & (age[row] >= adult_age)
        moved[row] = alive[row] & (dwelling[row] != known[row])
        moves += np.uint32(moved[row])
    for level in hurt:
        hurts |= level != 0
    for room in rooms:
        left |= room
    for levels in (space, greetings):
        for level in levels:
            left |= level != 0
    a, b, c = np.uint32(0), np.uint32(0), np.uint32(0)
    for row in range(np.uint32(grown.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        adults[a] = free[b] = alone[c] = row
        a += np.uint32(grown[row])
        b += np.uint32(grown[row] & (not lonely[row]))
        c += np.uint32(grown[row] & lonely[row])
    return int(a), int(b), int(c), bool(moves > 0), hurts, left
