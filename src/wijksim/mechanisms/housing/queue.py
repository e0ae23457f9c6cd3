"""The queue of the whole city in the order in which vacancies meet it, kept from month to month.

Of some thousands of seekers a few dozen come and go in a month. So the order is not made anew: who left is taken out,
who came is merged in. The queue says nothing that the seeker table does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.housing import offer_loops
from wijksim.mechanisms.housing.desk import desk_of
from wijksim.state.codes import SeekerCategory
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

_CATEGORIES = len(SeekerCategory)
_LISTS = len(("rows", "local_rows", "own_rows"))
_COUNTED = len(("start", "count", "local"))
_NOBODY: Rows = np.empty(0, dtype=np.int32)


@dataclass
class Queue:
    """Seekers without a district of preference, sorted by category and place on the ring, and those with one.

    Attributes
    ----------
    rows, place
        Seekers who look everywhere, and their category plus place on the ring, ascending.
    start, count
        Where each category stands in ``rows``.
    longest
        Most seekers of one category in ``rows``.
    local_rows, local
        Seekers who only look in their own district, the longest registered first, and how many by category.
    own_rows
        Households and residents of the districts, wherever they look.
    version
        Version of the seeker table that this queue mirrors.
    """

    rows: Rows
    place: Floats
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    longest: int
    local_rows: Rows
    local: NDArray[np.int64]
    own_rows: Rows
    version: int


def open_queue(ctx: Context) -> Queue:
    """Queue as kept, or sorted from the table if rows were added or released by somebody else."""
    queue: Queue | None = desk_of(ctx).queue
    if queue is not None and queue.version == ctx.world.seeker.version:
        return queue
    none = np.zeros(_CATEGORIES, np.int64)
    nobody = Queue(_NOBODY, np.empty(0), none, none, 0, _NOBODY, none, _NOBODY, -1)
    return merged(ctx, nobody, came=ctx.world.seeker.rows)


def merged(ctx: Context, queue: Queue, *, left: Rows | None = None, came: Rows) -> Queue:
    """Queue without who ``left``, with who ``came``; who changes category is in both."""
    table = ctx.world.seeker
    most = queue.rows.size + queue.local_rows.size + came.size
    (rows, local, own), place = np.empty((_LISTS, most), np.int32), np.empty(most)
    start, many, n_by_local = np.empty((_COUNTED, _CATEGORIES), np.int64)
    # fmt: off
    count, longest, n_local, n_own = offer_loops.renew(
        _NOBODY if left is None else left, came,
        (table.kind, table.category, table.ring, table.scope, table.seniority),
        (queue.rows, queue.place, queue.local_rows, queue.own_rows), (rows, place, local, own),
        (start, many, n_by_local),
    )
    return Queue(
        rows[:count], place[:count], start, many, longest, local[:n_local], n_by_local, own[:n_own], table.version
    )
    # fmt: on
