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

_HEAD, _PARTNER, _CHILD = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD)


@compiled
def remember(
    alive: Flags,
    household: Rows,
    fifth: Codes,
    fraction: float,
    least: float,
    memory: Amounts,
    climbed: Flags,
    fell: Flags,
) -> None:
    """Move the memory of everybody's income fifth a fraction on; a memory below zero begins where the household is."""
    for row in range(alive.size):
        if not alive[row]:
            continue
        now = np.float32(fifth[household[row]])
        before = memory[row] if memory[row] >= 0 else now
        then = before + (now - before) * np.float32(fraction)
        memory[row] = then
        climbed[row] = now - then >= least
        fell[row] = then - now >= least


@compiled
def look_at_parents(
    alive: Flags, role: Codes, household: Rows, education: Codes, best: Codes, parent_education: Codes
) -> None:
    """Give children at home the highest level of the heads of their household; ``best`` is -1 per household."""
    for row in range(alive.size):
        if alive[row] and (role[row] == _HEAD or role[row] == _PARTNER):
            home = household[row]
            best[home] = max(best[home], education[row])
    for row in range(alive.size):
        if alive[row] and role[row] == _CHILD:
            parent_education[row] = best[household[row]]
