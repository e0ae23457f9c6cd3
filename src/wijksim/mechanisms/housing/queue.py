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
_LISTS = len(("rows", "local_rows"))
_COUNTED = len(("start", "count", "local"))
_NOBODY: Rows = np.empty(0, dtype=np.int32)


@dataclass
class Queue:
    """Seekers without a district of preference, sorted by category and place on the ring, and those with one.

    Attributes
    ----------
    rows, place
        Seekers who look everywhere, and their category plus place on the ring, ascending.
    counted
        By category: where it stands in ``rows``, how many it has there, and how many in ``local_rows``; shape
        ``(3, n_categories)``.
    longest
        Most seekers of one category in ``rows``.
    local_rows
        Seekers who only look in their own district, the longest registered first.
    version
        Version of the seeker table that this queue mirrors, once those below are taken out and in.
    left, again
        Who left since, and those among them who stand in another category now. They wait for the next merge: one a
        month is enough.
    """

    rows: Rows
    place: Floats
    counted: NDArray[np.int64]
    longest: int
    local_rows: Rows
    version: int
    left: Rows
    again: Rows


def last_queue(ctx: Context) -> Queue:
    """Queue as kept, or sorted from the table if rows were added or released by somebody else."""
    queue: Queue | None = desk_of(ctx).queue
    if queue is not None and queue.version == ctx.world.seeker.version:
        return queue
    none = np.zeros((_COUNTED, _CATEGORIES), np.int64)
    nobody = Queue(_NOBODY, np.empty(0), none, 0, _NOBODY, -1, _NOBODY, _NOBODY)
    return merged(ctx, nobody, _NOBODY, ctx.world.seeker.rows)


def open_queue(ctx: Context) -> Queue:
    """Queue of this moment, without who left and with who came again."""
    queue = last_queue(ctx)
    if queue.left.size:
        queue = merged(ctx, queue, _NOBODY, _NOBODY)
    desk_of(ctx).queue = queue
    return queue


def merged(ctx: Context, queue: Queue, left: Rows, came: Rows) -> Queue:
    """Queue without who left, with who came; who changes category is in both."""
    table = ctx.world.seeker
    most = queue.rows.size + queue.local_rows.size + queue.again.size + came.size
    lists, place = np.empty((_LISTS, most), np.int32), np.empty(most)
    counted = np.empty((_COUNTED, _CATEGORIES), np.int64)
    count, longest, n_local = offer_loops.renew(
        left, came, (queue.left, queue.again), (table.category, table.ring, table.scope, table.seniority),
        (queue.rows, queue.place, queue.local_rows), lists, place, counted,
    )  # fmt: skip
    return Queue(
        lists[0, :count], place[:count], counted, longest, lists[1, :n_local], table.version, _NOBODY, _NOBODY
    )
