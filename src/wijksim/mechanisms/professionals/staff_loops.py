"""Compiled loops over posts: who is there, whether that is as funded, and which posts make up the week of a person."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.int32]


@compiled
def at_work(
    rows: Rows, person: Rows, alive: Flags, vacant: Flags, sick: Flags, cells: NDArray[np.int64], fte: Floats,
    funded: NDArray[Any], least: float,
) -> tuple[Rows, Rows, Rows, bool]:  # fmt: skip
    """Posts that stand for a person (the first of a week's) and are held: all, those of the sick and of the others.

    Who stands for nobody that is still there from now on stands for itself. Last is whether the posts of every cell
    add up to what is ``funded``; ``cells`` holds that of each of ``rows``.
    """
    first, ill, well = (
        np.empty(rows.size, np.int32),
        np.empty(rows.size, np.int32),
        np.empty(rows.size, np.int32),
    )
    wanted = funded.reshape(-1)
    n, m, k, total = 0, 0, 0, np.zeros(wanted.size)
    for i in range(rows.size):
        row = rows[i]
        total[cells[i]] += fte[row]
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
    off = False
    for i in range(wanted.size):
        off |= abs(wanted[i] - total[i]) > least
    return first[:n].copy(), ill[:m].copy(), well[:k].copy(), not off


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
