"""Compiled steps of events that are decided together: drivers with a weight per event, chances, and who is struck."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Places = NDArray[np.intp]
type Sums = NDArray[np.float32]
type Floats = NDArray[np.float64]


@compiled
def add(power: Sums, column: NDArray[Any], link: Rows, nobody: float, weights: Sums, of: Places) -> None:
    """Add what ``link`` finds in a narrow column, weighed by the event ``of`` each candidate; -1 finds ``nobody``."""
    for i in range(power.size):
        value = np.float32(nobody) if link[i] < 0 else np.float32(column[np.uint32(link[i])])
        power[i] += value * weights[of[i]]


@compiled
def add_match(
    power: Sums,
    column: NDArray[Any],
    link: Rows,
    nobody: float,
    codes: NDArray[np.int64],
    weights: Sums,
    of: Places,
) -> None:
    """Add the weight where ``link`` finds one of ``codes``."""
    for i in range(power.size):
        value = np.int64(nobody) if link[i] < 0 else np.int64(column[np.uint32(link[i])])
        for code in codes:
            if value == code:
                power[i] += weights[of[i]]
                break


@compiled
def exponents(power: Sums, constants: Sums, references: Floats, of: Places, clip: float, out: Floats) -> None:
    """Centre the sums of drivers, keep them within the clip and take off the normaliser of each event."""
    for i in range(power.size):
        exponent = np.float64(power[i] - constants[of[i]])
        out[i] = min(max(exponent, -clip), clip) - references[of[i]]


@compiled
def hazards(ratio: Floats, rates: Floats, of: Places, parts: float) -> None:
    """Turn ratios into minus the hazard of one of so many ``parts`` of a year, in place."""
    for i in range(ratio.size):
        ratio[i] = ratio[i] * rates[of[i]] / -parts


@compiled
def cut(chance: Floats, cap: float, of: Places, capped: Places) -> None:
    """Cut chances off at the cap; count in ``capped``, zero at first, how many of each event are."""
    for i in range(chance.size):
        if chance[i] > cap:
            chance[i] = cap
            capped[of[i]] += 1


@compiled
def struck(rows: Rows, u: Floats, chance: Floats, out: Rows) -> int:
    """Fill ``out`` with the rows whose draw lies below their chance, return how many."""
    count = 0
    for i in range(rows.size):
        out[count] = rows[i]
        count += u[i] < chance[i]
    return count


@compiled
def with_memory(rows: Rows, u: Floats, bound: float, push: float, memory: Sums) -> int:
    """Keep in front those of ``rows`` whose draw lies below the bound and what memory adds to it; return how many."""
    count = 0
    for i in range(rows.size):
        if u[i] < bound + np.float64(np.float32(push) * memory[rows[i]]):
            rows[count], u[count] = rows[i], u[i]
            count += 1
    return count


@compiled
def adults(problem: NDArray[np.bool_], age: NDArray[np.int16], adult: int, out: Rows) -> int:
    """Fill ``out`` with adults whom a column marks, return how many."""
    count = np.uint32(0)
    for i in range(np.uint32(problem.size)):
        out[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(problem[i] & (age[i] >= adult))
    return int(count)
