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
    gate: Weights, places: Weights, home: Rows, lift: Weights, user: Bools, bonus: np.float32, space: Weights,
    gain: np.float32, entrance: Rows, out: Weights,
) -> None:
    # fmt: on
    """Fill ``out`` with the square root of how much people are about; 0 for minors.

    Parameters
    ----------
    table
        By activity and age.
    gate, places
        What fear leaves of going out, and what there is to go to by ``home``, where somebody has one.
    lift, user, space
        What levers do, or nothing: a ratio, who uses a shared room, and the quality of space at each entrance, with
        ``bonus`` and ``gain`` as what the last two are worth.
    """
    last = table.shape[1] - 1
    for i in range(out.size):
        level = table[activity[i], min(age[i], last)] * sociability[i] * language[i]
        level = (level if grown[i] else np.float32(0)) * gate[i]
        if home[i] >= 0:
            level *= places[home[i]]
        if lift.size:
            level *= lift[i]
        if user.size and user[i]:
            level *= bonus
        if space.size and entrance[i] >= 0:
            level *= np.float32(1) + gain * space[entrance[i]]
        out[i] = np.sqrt(level)


@compiled
def parted(grown: Bools, lonely: Bools, free: Rows, alone: Rows) -> tuple[int, int]:
    """Fill ``free`` and ``alone`` with adults who are not and who are lonely, return how many."""
    a, b = np.uint32(0), np.uint32(0)
    for row in range(np.uint32(grown.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        free[a] = alone[b] = row
        a += np.uint32(grown[row] & (not lonely[row]))
        b += np.uint32(grown[row] & lonely[row])
    return int(a), int(b)
