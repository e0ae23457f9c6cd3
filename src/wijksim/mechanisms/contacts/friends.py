"""Friends of a friend: how open wedges close."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.doors import digit
from wijksim.state.table import Rows

STORE = "contacts.friends"
EVERY = MONTHS_PER_YEAR // 2  # months between lists


def index_ties(ctx: Context) -> None:
    """Write down who knows whom, by row, for the coming half year: rows of ties grouped by end.

    A tie of somebody stands where it stood in the network relative to the others of the same person, so that one
    person's list changes with the own ties only.
    """
    ties, size = ctx.world.ties, ctx.world.resident.size
    end = np.concatenate([ties.a, ties.b])
    # short integers are sorted by radix, much quicker than by comparison
    key = end.astype(np.uint16) if size <= np.iinfo(np.uint16).max else end
    order = np.argsort(key, kind="stable")
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(end, minlength=size), out=start[1:])
    ctx.world.stores[STORE] = {"start": start, "friend": np.concatenate([ties.b, ties.a])[order]}


def friend_of_friend(ctx: Context, rows: Rows, luck: NDArray[np.float64], grown: NDArray[np.bool_]) -> Rows:
    """Draw a friend, and a friend of that friend, for each of ``rows``; -1 where there is none in the district.

    ``luck`` is uniform and decides on both. The list may be some months old: somebody who has left since is not
    found, a new resident on that row is met as if introduced.
    """
    resident = ctx.world.resident
    book = ctx.world.stores.get(STORE)
    if book is None:
        return np.full(rows.size, -1, dtype=np.int32)
    friend, rest = _pick(book, rows, luck)
    other, _ = _pick(book, friend, rest)
    fits = (other >= 0) & (resident.household[other] != resident.household[rows]) & grown[other]
    fits &= resident.district[other] == resident.district[rows]
    return np.where(fits, other, -1).astype(np.int32)


def _pick(
    book: dict[str, NDArray[np.int64]], rows: Rows, luck: NDArray[np.float64]
) -> tuple[Rows, NDArray[np.float64]]:
    """One of each row's friends (-1: none), and what is left of the luck."""
    start, friend = book["start"], book["friend"]
    if friend.size == 0:
        return np.full(rows.size, -1, dtype=np.int32), luck
    # a resident who came since the list was made is not on it
    begin = start.take(rows, mode="clip")
    count = np.where(rows >= 0, start.take(rows + 1, mode="clip") - begin, 0)
    which, rest = digit(luck, count)
    found = friend.take(begin + which, mode="clip")
    return np.where(count > 0, found, -1).astype(np.int32), rest
