"""From arrears to eviction: notice, court order, and then execution or settlement (PAT-12: one in four)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.debt.codes import Eviction
from wijksim.state.codes import Fate

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.event import Event
    from wijksim.state.table import Rows


def evict(ctx: Context, rows: Sequence[Rows], events: dict[str, Event]) -> NDArray[np.float64]:
    """Do one month of the eviction chain; return the households put out of their homes, per district.

    Parameters
    ----------
    rows
        Who has a court order, who has a notice and whom the landlord may give one.
    events
        ``notice``, ``order``, ``execution`` and ``settlement``.
    """
    table, stage = ctx.world.household, ctx.world.household.eviction_stage
    ordered, noticed, free = rows
    executed = events["execution"].draw(ctx, ordered)
    # lane 0 of another stream: who is put out this month can no longer settle
    settled = events["settlement"].draw(ctx, ordered)
    if executed.size:
        table.evicted[executed] = True
        settled = settled[~table.evicted[settled]]
    if settled.size:
        stage[settled] = Eviction.NONE
        ctx.log.record("settlements", household=table.uid[settled], district=table.district[settled].copy())
        # the debt stays, but the landlord now counts it as paid in instalments
        table.rent_debt[settled] = 0
        table.arrears[settled] = 0
    if noticed.size:
        late = table.arrears[noticed] >= ctx.values["debt.notice_arrears"]
        stage[noticed[~late]] = Eviction.NONE
        stage[events["order"].draw(ctx, noticed[late])] = Eviction.ORDER
    new = events["notice"].draw(ctx, free)
    if new.size:
        stage[new] = Eviction.NOTICE
    return _put_out(ctx, executed) if executed.size else np.zeros(ctx.world.n_districts)


def _put_out(ctx: Context, rows: Rows) -> NDArray[np.float64]:
    """Put households out of their homes; return how many, per district."""
    table = ctx.world.household
    district = table.district[rows].copy()
    ctx.log.record(
        "evictions",
        row=rows,
        household=table.uid[rows],
        district=district,
        persons=table.persons[rows].copy(),
        children=table.children[rows].copy(),
        owner=table.tenure[rows].copy(),
    )
    ctx.requests.depart(rows, Fate.SHELTER)
    return np.bincount(district[district >= 0], minlength=ctx.world.n_districts).astype(np.float64)
