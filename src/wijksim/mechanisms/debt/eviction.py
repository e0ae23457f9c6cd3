"""From arrears to eviction: notice, court order, and then execution or settlement (PAT-12: one in four)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.debt.codes import Eviction
from wijksim.state.codes import Fate

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.event import Event
    from wijksim.state.table import Rows


class Procedure(NamedTuple):
    """Events of the chain."""

    notice: Event
    order: Event
    execution: Event
    settlement: Event


def evict(
    ctx: Context, lines: Sequence[Rows], counts: Sequence[int], steps: Procedure, out: NDArray[np.float64]
) -> None:
    """Do one month of the eviction chain; add the households put out of their homes to ``out``, per district.

    Parameters
    ----------
    lines, counts
        Who has a court order, who has a notice and is still in arrears, and whom the landlord may give one: so many at
        the begin of each line.
    """
    table, stage = ctx.world.household, ctx.world.household.eviction_stage
    (ordered, noticed, free), (orders, notices, others) = lines, counts
    ordered = ordered[:orders]
    executed = steps.execution.draw(ctx, ordered)
    # lane 0 of another stream: who is put out this month can no longer settle
    settled = steps.settlement.draw(ctx, ordered)
    if executed.size:
        table.evicted[executed] = True
        settled = settled[~table.evicted[settled]]
    if settled.size:
        stage[settled] = Eviction.NONE
        ctx.log.record("settlements", household=table.uid[settled], district=table.district[settled].copy())
        # the debt stays, but the landlord now counts it as paid in instalments
        table.rent_debt[settled] = 0
        table.arrears[settled] = 0
    late = steps.order.draw(ctx, noticed[:notices])
    if late.size:
        stage[late] = Eviction.ORDER
    new = steps.notice.draw(ctx, free[:others])
    if new.size:
        stage[new] = Eviction.NOTICE
    if executed.size:
        _put_out(ctx, executed, out)


def _put_out(ctx: Context, rows: Rows, out: NDArray[np.float64]) -> None:
    """Put households out of their homes; add how many to ``out``, per district."""
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
    out += np.bincount(district[district >= 0], minlength=out.size)
