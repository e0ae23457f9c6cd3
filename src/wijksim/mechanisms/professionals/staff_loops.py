"""Compiled loops over posts: whether they are as funded, who is there, and what they feel of pressure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.int32]


@compiled
def as_funded(cells: NDArray[np.int64], rows: Rows, fte: Floats, funded: NDArray[Any], least: float) -> bool:
    """Whether the posts of every cell add up to what is ``funded``; ``cells`` holds that of each of ``rows``."""
    wanted = funded.reshape(-1)
    total = np.zeros(wanted.size)
    for i in range(rows.size):
        total[cells[i]] += fte[rows[i]]
    off = False
    for i in range(wanted.size):
        off |= abs(wanted[i] - total[i]) > least
    return not off


@compiled
def at_work(rows: Rows, person: Rows, alive: Flags, vacant: Flags, sick: Flags) -> tuple[Rows, Rows, Rows]:
    """Posts that stand for a person (the first of a week's) and are held: all, those of the sick and of the others.

    Who stands for nobody that is still there from now on stands for itself.
    """
    first, ill, well = (
        np.empty(rows.size, np.int32),
        np.empty(rows.size, np.int32),
        np.empty(rows.size, np.int32),
    )
    n, m, k = 0, 0, 0
    for row in rows:
        if not alive[person[row]]:
            person[row] = row
        if person[row] == row and not vacant[row]:
            first[n] = row
            n += 1
            if sick[row]:
                ill[m] = row
                m += 1
            else:
                well[k] = row
                k += 1
    return first[:n].copy(), ill[:m].copy(), well[:k].copy()


@compiled
def of_persons(first: Rows, rows: Rows, person: Rows, size: int) -> Rows:
    """Those of ``rows`` whose person holds one of the posts ``first``."""
    chosen, found, n = np.zeros(size, np.bool_), np.empty(rows.size, np.int32), 0
    for row in first:
        chosen[row] = True
    for row in rows:
        if chosen[person[row]]:
            found[n] = row
            n += 1
    return found[:n].copy()


@compiled
def strained(
    rows: Rows, district: Rows, crisis_share: Amounts, fraction: np.float32, strain: Amounts
) -> None:
    """Move the strain of each post a fraction of the way to the share of hours that crises take in its district."""
    for row in rows:
        strain[row] = strain[row] + (crisis_share[district[row]] - strain[row]) * fraction
