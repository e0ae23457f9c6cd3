"""From arrears to eviction: notice, court order, and then execution or settlement (PAT-12: one in four)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.mechanisms.debt.codes import Eviction
from wijksim.mechanisms.debt.stage_loops import procedures
from wijksim.state.codes import Fate

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.event import Event
    from wijksim.state.table import Rows


def evict(ctx: Context, events: dict[str, Event]) -> Rows:
    """Do one month of the eviction chain; return the households put out of their homes.

    Parameters
    ----------
    events
        ``notice``, ``order``, ``execution`` and ``settlement``.
    """
    table = ctx.world.household
    stage, limit = table.eviction_stage, ctx.values["debt.notice_arrears"]
    orders, notices, others = np.empty((len(Eviction), table.size), np.int32)
    # fmt: off
    counts = procedures(
        table.alive, table.tenure, table.moved_in, ctx.month, float(limit),
        stage, table.rent_debt, table.arrears, table.evicted, orders, notices, others,
    )
    # fmt: on
    ordered, noticed, free = orders[: counts[0]], notices[: counts[1]], others[: counts[2]]
    executed = events["execution"].draw(ctx, ordered)
    table.evicted[executed] = True
    # lane 0 of another stream: who is put out this month can no longer settle
    settled = events["settlement"].draw(ctx, ordered)
    settled = settled[~table.evicted[settled]]
    if settled.size:
        stage[settled] = Eviction.NONE
        ctx.log.record("settlements", household=table.uid[settled], district=table.district[settled].copy())
        # the debt stays, but the landlord now counts it as paid in instalments
        table.rent_debt[settled] = 0
        table.arrears[settled] = 0
    if noticed.size:
        late = table.arrears[noticed] >= limit
        stage[noticed[~late]] = Eviction.NONE
        stage[events["order"].draw(ctx, noticed[late])] = Eviction.ORDER
    stage[events["notice"].draw(ctx, free)] = Eviction.NOTICE
    if executed.size:
        ctx.log.record(
            "evictions",
            row=executed,
            household=table.uid[executed],
            district=table.district[executed].copy(),
            persons=table.persons[executed].copy(),
            children=table.children[executed].copy(),
            owner=table.tenure[executed].copy(),
        )
        ctx.requests.depart(executed, Fate.SHELTER)
    return executed
