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
    # a spare place for the dead, who are in no household; loops with look-ups and loops that are vectorised in turns
    best, present = np.full(fifth.size + 1, _UNKNOWN, np.int8), np.zeros(alive.size, np.float32)
    for row in range(np.uint32(alive.size)):
        home = np.uint32(household[row] if household[row] >= 0 else fifth.size)
        present[row] = np.float32(fifth[np.uint32(max(household[row], 0))])
        parent = (role[row] == _HEAD) | (role[row] == _PARTNER)
        best[home] = max(best[home], education[row] if parent else _UNKNOWN)
    pace = np.float32(fraction)
    for row in range(alive.size):
        now, known = present[row], memory[row]
        before = known if known >= 0 else now
        then = before + (now - before) * pace
        memory[row] = then if alive[row] else known
        climbed[row] = (now - then >= least) if alive[row] else climbed[row]
        fell[row] = (then - now >= least) if alive[row] else fell[row]
    for row in range(np.uint32(alive.size)):
        seen = best[np.uint32(max(household[row], 0))]
        child = alive[row] & (role[row] == _CHILD)
        parent_education[row] = seen if child else parent_education[row]
