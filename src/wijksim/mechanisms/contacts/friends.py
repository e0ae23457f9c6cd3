"""Friends of a friend: how open wedges close."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.pair_loops import introduced
from wijksim.state.table import Rows

STORE = "contacts.friends"
EVERY = MONTHS_PER_YEAR // 2  # months between lists


def index_ties(ctx: Context) -> None:
    """Write down who knows whom, by row, for the coming half year: rows of ties grouped by end.

    The friends of one person stand in the order of a lot that each drew for life, so that a list changes with the
    own ties only.
    """
    ties, resident = ctx.world.ties, ctx.world.resident
    # short integers are sorted by radix, much quicker than by comparison
    lot = ctx.draws.life("contacts.friends", resident.uid) * np.iinfo(np.uint16).max
    order = np.argsort(lot.astype(np.uint16), kind="stable").astype(np.int32)
    rank = np.empty(order.size, dtype=np.int32)
    rank[order] = np.arange(order.size, dtype=np.int32)
    a, b = ties.a.astype(np.int32), ties.b.astype(np.int32)
    end, friend = np.concatenate([a, b]), np.concatenate([b, a])
    by_friend, start = _dealt(end, rank.take(friend), resident.size)
    friend = np.repeat(order, np.diff(start))
    friend, start = _dealt(friend, by_friend, resident.size)
    ctx.world.stores[STORE] = {"start": start, "count": np.diff(start), "friend": friend}


def _dealt(values: Rows, place: Rows, size: int) -> tuple[Rows, Rows]:
    """Values grouped by place, in the order in which they stood, and where each of ``size`` places begins.

    A matrix with one entry per column, turned to rows, deals entries out in one pass: quicker than a sort.
    """
    each = np.arange(values.size + 1, dtype=np.int32)
    by_row = csc_array((values, place, each), shape=(size, values.size)).tocsr()
    return by_row.data, by_row.indptr.astype(np.int32, copy=False)


def friend_of_friend(ctx: Context, rows: Rows, luck: NDArray[np.float64], grown: NDArray[np.bool_]) -> Rows:
    """Draw a friend, and a friend of that friend, for each of ``rows``; -1 where there is none in the district.

    ``luck`` is uniform and decides on both. The list may be some months old: somebody who has left since is not
    found, a new resident on that row is met as if introduced.
    """
    resident = ctx.world.resident
    book = ctx.world.stores.get(STORE)
    if book is None:
        return np.full(rows.size, -1, dtype=np.int32)
    found = np.empty(rows.size, dtype=np.int32)
    introduced(
        rows,
        luck,
        book["start"],
        book["count"],
        book["friend"],
        resident.household,
        resident.district,
        grown,
        found,
    )
    return found
