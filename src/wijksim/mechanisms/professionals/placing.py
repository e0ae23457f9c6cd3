"""Which worker takes which case, and which vacancy a recruit fills: by the rule of placement in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.placement import Placement
from wijksim.mechanisms.professionals import case_loops, craft
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.kernel.pipeline import Pipeline

HIRES = "professionals.hires"


def rule(ctx: Context) -> Placement | None:
    """The rule in force; None for the usual one, which needs no weighing."""
    chosen = ctx.strategies.get("placement")
    return None if chosen is None or chosen.default else cast(Placement, chosen)


def assign(ctx: Context, opened: Rows) -> None:
    """Give each case of ``opened`` that has no worker the colleague there of its role with the fewest cases per fte.

    A rule of placement may put other cases first and prefer other colleagues.
    """
    resident, table = ctx.world.resident, ctx.world.professional
    placement = rule(ctx)
    given = (
        opened, resident.worker, resident.case_role, resident.district, ctx.world.n_districts, table.alive,
        table.vacant, table.sick, table.fte, table.role, table.district,
    )  # fmt: skip
    if placement is None:
        case_loops.assign(*given, resident.uid, ctx.month, resident.worker_since)
        return
    rows, wanted, free, place, load = case_loops.asking(*given)
    if rows.size == 0 or free.size == 0:
        return
    chosen = np.empty(rows.size, np.int64)
    first, preferred = _asked(ctx, placement, rows, free)
    keys = (resident.uid[rows], wanted) if first is None else (resident.uid[rows], -first, wanted)
    order = np.lexsort(keys)
    if preferred is None:
        case_loops.choose(wanted[order], place, table.fte[free], load, chosen)
    else:
        case_loops.prefer(wanted[order], place, table.fte[free], load, preferred[order], chosen)
    found = chosen >= 0
    placed = rows[order][found]
    resident.worker[placed] = free[chosen[found]]
    resident.worker_since[placed] = ctx.month


def _asked(
    ctx: Context, placement: Placement, rows: Rows, free: Rows
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """What a rule says of cases and colleagues: order of cases, and preferences ``(cases, colleagues)``."""
    table = ctx.world.resident
    cases = {
        "need": table.need[rows].astype(np.float64),
        "crises": table.crisis_memory[rows].astype(np.float64),
        "district": table.district[rows],
    }
    colleagues: dict[str, Any] = {"fit": _fits(ctx, rows, free), "craft": np.ones(free.size)}
    factor = craft.of_workers(ctx, craft.CRAFT, free)
    if factor is not None:
        colleagues["craft"] = factor
    return placement.order(ctx, cases), placement.prefers(ctx, cases, colleagues)


def _fits(ctx: Context, rows: Rows, free: Rows) -> NDArray[np.float64]:
    """Fit of each case with each colleague, shape ``(cases, colleagues)``."""
    resident, table = ctx.world.resident, ctx.world.professional
    client, worker = np.repeat(rows, free.size), np.tile(free, rows.size)
    fit = np.empty(client.size)
    case_loops.fit(
        client, worker, resident.dutch, resident.psychiatric, resident.addiction, table.language_skill,
        craft.mental_skill(ctx), ctx.values["professionals.match_floor"], fit,
    )  # fmt: skip
    return craft.fitted(ctx, fit, worker).reshape(rows.size, free.size)


def redirect(ctx: Context, due: Rows) -> Rows:
    """Posts that this month's recruits fill, as many as ``due``: those for which they came, unless others go first.

    A recruit goes to the vacancy of the same role and employer in the district that the rule ranks highest. The post
    that is passed over takes the place of the other in the queue: nobody is recruited sooner, only elsewhere.
    """
    placement = rule(ctx)
    ranked = None if placement is None else placement.recruits(ctx)
    if ranked is None or due.size == 0:
        return due
    table = ctx.world.professional
    queue: Pipeline = ctx.world.stores[HIRES]
    waiting, uid = queue.fields["row"], queue.fields["uid"]
    rank = ranked[table.district]
    filled = due.copy()
    # whoever would go to the easiest district is the first to be asked to go elsewhere
    for index in np.lexsort((table.uid[due], rank[due])):
        post = due[index]
        same = (table.role[waiting] == table.role[post]) & (
            table.organisation[waiting] == table.organisation[post]
        )
        known = table.alive[waiting] & (table.uid[waiting] == uid)
        better = (same & known & (rank[waiting] > rank[post])).nonzero()[0]
        if better.size:
            entry = better[np.lexsort((uid[better], -rank[waiting[better]]))[0]]
            filled[index] = waiting[entry]
            waiting[entry], uid[entry] = post, table.uid[post]
    return filled
