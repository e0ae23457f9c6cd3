"""Households that must leave because their dwelling is pulled down (herhuisvesting bij sloop).

From the reference date (peildatum) tenants stand in the queue with priority and lose it by no refusal; who owns is
bought out and looks on the market. Part of the tenants want to stay in the district, where they come first. Whoever is
still there at the end is housed by the corporation elsewhere in the city, as vacancies allow. There is no right to
return: who wants back stands in the queue like others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import derive_uid
from wijksim.mechanisms.housing import rehouse_loops, seekers
from wijksim.mechanisms.housing.desk import desk_of, ledger_of
from wijksim.mechanisms.housing.queue import merged, open_queue
from wijksim.state.codes import Fate, SeekerCategory, Tenure
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_NONE = np.empty(0, dtype=np.int32)


def call(ctx: Context, homes: Rows) -> tuple[Rows, Rows]:
    """Set those who have to leave looking.

    Returns
    -------
    Rows, Rows
        Tenants who are in no queue yet, and seekers who wait without this ground.
    """
    household, table = ctx.world.household, ctx.world.seeker
    lists = np.empty((2, homes.size + table.size), np.int32)
    fresh, upgraded = rehouse_loops.call(
        homes, ctx.month, household.tenure, (household.move_wish, household.search_since, household.sought),
        (table.kind, table.household, table.category), (lists[0], lists[1]),
    )  # fmt: skip
    return lists[0, :fresh], lists[1, :upgraded]


def upgrade(ctx: Context, rows: Rows) -> None:
    """Give seekers already registered priority in the queue."""
    if rows.size == 0:
        return
    table, queue = ctx.world.seeker, open_queue(ctx)
    table.category[rows] = SeekerCategory.REHOUSED
    _scope(ctx, rows, table.household[rows])
    desk_of(ctx).queue = merged(ctx, queue, rows, rows)


def register(ctx: Context, homes: Rows, needy: NDArray[np.bool_]) -> Rows:
    """Enter tenants in the queue with priority; the years in their dwelling count as registration."""
    if homes.size == 0:
        return _NONE
    table = ctx.world.seeker
    uids = derive_uid("seeker rehoused", ctx.world.household.uid[homes], ctx.month)
    rows = seekers.enter(ctx, uids, np.empty(0, np.int64), (homes, _NONE), needy=needy)
    table.category[rows] = SeekerCategory.REHOUSED
    _scope(ctx, rows, homes)
    return rows


def _scope(ctx: Context, rows: Rows, homes: Rows) -> None:
    """Where each looks: in the own district alone, or everywhere."""
    household = ctx.world.household
    near = ctx.draws.life("housing.rehoused_near", household.uid[homes]) < ctx.values["housing.rehoused_near"]
    ctx.world.seeker.scope[rows] = np.where(near, household.district[homes], -1)


def clear(ctx: Context, homes: Rows, needy: NDArray[np.bool_]) -> None:
    """House whoever is left, ``homes``, in vacancies of the rest of the city, as far as these go."""
    ledger = ledger_of(ctx)
    homes = homes[: ledger.room(Tenure.CORPORATION)]
    if homes.size == 0:
        return
    household = ctx.world.household
    category = np.full(homes.size, SeekerCategory.REHOUSED, np.int8)
    ledger.house(Tenure.CORPORATION, category, household.income_fifth[homes], needy[homes])
    ledger.from_districts[Tenure.CORPORATION] += homes.size
    household.move_wish[homes] = False
    household.sought[homes] = -1
    ctx.requests.depart(homes, Fate.REST_OF_CITY)
