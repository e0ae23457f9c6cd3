"""Compiled loops over posts: who is there, whether that is as funded, and who holds which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.professionals.columns import NEVER

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Amounts = NDArray[np.float32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]


@compiled
def at_work(
    rows: Rows, funded: Floats, least: float, due: Rows, month: int, person: Rows, alive: Flags, vacant: Flags,
    sick: Flags, role: Codes, employer: Codes, district: Rows, fte: Floats, lists: Rows,
) -> tuple[int, int, int, bool, bool]:  # fmt: skip
    """List posts that stand for a person (the first of a week's) and are held: all, those of the sick, the others.

    Who stands for nobody that is still there from now on stands for itself. Return how many each list holds, whether
    posts of every role, employer and district add up to what is ``funded``, and whether the month has come in which any
    recruit is ``due``.
    """
    n, m, k, total = 0, 0, 0, np.zeros(funded.shape)
    for i in range(rows.size):
        row = rows[i]
        total[role[row], employer[row], district[row]] += fte[row]
        if not alive[person[row]]:
            person[row] = row
        if person[row] == row and not vacant[row]:
            lists[0, n] = row
            n += 1
            if sick[row]:
                lists[1, m] = row
                m += 1
            else:
                lists[2, k] = row
                k += 1
    off, awaited = False, False
    for one in range(funded.shape[0]):
        for other in range(funded.shape[1]):
            for d in range(funded.shape[2]):
                off |= abs(funded[one, other, d] - total[one, other, d]) > least
    for i in range(due.size):
        awaited |= due[i] <= month
    return n, m, k, not off, awaited


@compiled
def _of_persons(first: Rows, rows: Rows, person: Rows) -> Rows:
    """Those of ``rows`` whose person holds one of the posts ``first``."""
    chosen, found, n = np.zeros(person.size, np.bool_), np.empty(rows.size, np.int32), 0
    for row in first:
        chosen[row] = True
    for row in rows:
        if chosen[person[row]]:
            found[n] = row
            n += 1
    return found[:n]


@compiled
def begin(
    rows: Rows, who: NDArray[np.uint64], month: int, uid: NDArray[np.uint64], alive: Flags, vacant: Flags,
    since: Months, district: Rows, crisis_share: Amounts, strain: Amounts,
) -> None:  # fmt: skip
    """Let somebody begin in the posts ``rows`` that are still those for ``who``, strained as the district is."""
    for i in range(rows.size):
        row = rows[i]
        if alive[row] and uid[row] == who[i]:
            vacant[row], since[row], strain[row] = False, month, crisis_share[district[row]]


@compiled
def turn(back: Rows, ill: Rows, rows: Rows, person: Rows, sick: Flags) -> None:
    """Let all posts of those who come ``back`` and who fall ``ill`` know it; both are first posts."""
    for row in _of_persons(back, rows, person):
        sick[row] = False
    for row in _of_persons(ill, rows, person):
        sick[row] = True


@compiled
def forget(
    posts: Rows, size: int, month: int, worker: Rows, worker_since: Months, worker_changed: Months
) -> None:
    """End the ties between residents and workers in ``posts``, of a table of so many."""
    gone = np.zeros(size, np.bool_)
    for post in posts:
        gone[post] = True
    for row in range(worker.size):
        if worker[row] >= 0 and gone[worker[row]]:
            worker[row], worker_since[row], worker_changed[row] = -1, NEVER, month


@compiled
def leave(
    gone: Rows, rows: Rows, person: Rows, uid: NDArray[np.uint64], month: int, sick: Flags, vacant: Flags,
    since: Months, worker: Rows, worker_since: Months, worker_changed: Months,
) -> tuple[Rows, NDArray[np.uint64]]:  # fmt: skip
    """Let all posts of persons fall vacant, whose first are ``gone``; residents forget them. Return which, and who."""
    left = _of_persons(gone, rows, person)
    who = np.empty(left.size, np.uint64)
    for i in range(left.size):
        row = left[i]
        sick[row], vacant[row], since[row], who[i] = False, True, month, uid[row]
    forget(left, person.size, month, worker, worker_since, worker_changed)
    return left, who
