"""Friends of a friend: how open wedges close."""

from __future__ import annotations

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.pair_loops import deal_friends

STORE = "contacts.friends"
EVERY = MONTHS_PER_YEAR // 2  # months between lists
NONE = {"start": np.zeros(1, dtype=np.int32), "friend": np.empty(0, dtype=np.int32)}
"""The list of a world in which nobody was written down yet."""


def index_ties(ctx: Context) -> None:
    """Write down who knows whom, by row, for the coming half year: rows of ties grouped by end.

    The friends of one person stand in the order of a lot that each drew for life, so that a list changes with the
    own ties only.
    """
    ties, resident = ctx.world.ties, ctx.world.resident
    # short integers are sorted by radix, much quicker than by comparison
    lot = ctx.draws.life("contacts.friends", resident.uid) * np.iinfo(np.uint16).max
    order = np.argsort(lot.astype(np.uint16), kind="stable").astype(np.int32)
    start = np.zeros(resident.size + 1, dtype=np.int32)
    friend = np.empty(2 * len(ties), dtype=np.int32)
    deal_friends(ties.a, ties.b, order, start, friend)
    ctx.world.stores[STORE] = {"start": start, "friend": friend}
