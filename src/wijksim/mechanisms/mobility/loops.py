"""Compiled passes over residents for what is remembered of income and parents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Role

type Amounts = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Codes = NDArray[np.int8]
type Rows = NDArray[np.int32]

UNKNOWN = -1
_UNKNOWN = np.int8(UNKNOWN)
_HEAD, _PARTNER, _CHILD = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD)


# fmt: off
@compiled
def remember(
    alive: Flags, household: Rows, role: Codes, education: Codes, fifth: Codes, fraction: float, least: float,
    memory: Amounts, climbed: Flags, fell: Flags, parent_education: Codes,
) -> None:
    # fmt: on
    """Move the memory of everybody's income fifth a fraction on, and let children at home see what their parents have.

    A memory below zero begins where the household is. Parents are the heads of the household; the highest level of
    the two counts.
    """
    best = np.full(fifth.size, _UNKNOWN, np.int8)
    for row in range(alive.size):
        if not alive[row]:
            continue
        home = household[row]
        now = np.float32(fifth[home])
        before = memory[row] if memory[row] >= 0 else now
        then = before + (now - before) * np.float32(fraction)
        memory[row] = then
        climbed[row] = now - then >= least
        fell[row] = then - now >= least
        if role[row] == _HEAD or role[row] == _PARTNER:
            best[home] = max(best[home], education[row])
    for row in range(alive.size):
        if alive[row] and role[row] == _CHILD:
            parent_education[row] = best[household[row]]
