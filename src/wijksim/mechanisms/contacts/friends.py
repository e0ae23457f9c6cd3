"""Friends of a friend: how open wedges close."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.pair_loops import deal_friends, introduced
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
    start = np.zeros(resident.size + 1, dtype=np.int32)
    friend = np.empty(2 * len(ties), dtype=np.int32)
    deal_friends(ties.a, ties.b, rank, order, start, friend)
    ctx.world.stores[STORE] = {"start": start, "count": np.diff(start), "friend": friend}


def friend_of_friend(
    ctx: Context,
    rows: Rows,
    focus: NDArray[np.int64],
    luck: NDArray[np.float64],
    grown: NDArray[np.bool_],
    *,
    found: Rows,
) -> None:
    """Draw a friend, and a friend of that friend, for each of ``rows`` whose focus is -1, into ``found``.

    ``luck`` is uniform and decides on both. -1 where there is none in the district. The list may be some months old:
    somebody who has left since is not found, a new resident on that row is met as if introduced.
    """
    resident = ctx.world.resident
    book = ctx.world.stores.get(STORE)
    if book is None:
        return
    introduced(
        rows,
        focus,
        luck,
        book["start"],
        book["count"],
        book["friend"],
        resident.household,
        resident.district,
        grown,
        found,
    )
