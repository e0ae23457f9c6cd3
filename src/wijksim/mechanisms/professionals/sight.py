"""Who sees what: people around residents pass on what they see, and residents come to a counter (vindplaatsen).

A lever names the residents whom somebody has in sight, from how much need on it shows, and how often that is passed
on. Then the road is that of any signal: contact, acceptance, and the queue, where help follows as far as there are
hours. What leads to nothing is not wasted where signals are shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.professionals import access
from wijksim.mechanisms.professionals.columns import NO_CASE
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

type Floats = NDArray[np.float64]

COUNTER = "professionals.counter"


@dataclass
class Sighted:
    """What came of this month's signals of levers.

    Attributes
    ----------
    found
        Residents who accept help.
    early
        Rows and part of the usual intake that they need.
    missed
        Residents who were signalled and are not found.
    """

    found: list[Rows] = field(default_factory=list)
    early: list[tuple[Rows, float]] = field(default_factory=list)
    missed: list[Rows] = field(default_factory=list)


def look(ctx: Context, trust: Any, contact: float) -> Sighted:
    """Everything that levers have seen this month.

    Parameters
    ----------
    trust
        Function that gives the trust of rows over its national level.
    contact
        Chance that somebody is met who is visited after a report.
    """
    result = Sighted()
    _look_out(ctx, result, trust)
    _hear_late(ctx, result, trust, contact)
    _walk_in(ctx, result)
    return result


def _look_out(ctx: Context, result: Sighted, trust: Any) -> None:
    """People who see residents anyway raise it; one draw decides whether, and whether help is accepted."""
    table, lanes = ctx.world.resident, dict[str, int]()
    for details in access.asked(ctx, access.LOOK_OUT):
        channel = details["channel"]
        lane = lanes[channel] = lanes.get(channel, -1) + 1
        rows, chance = _without_help(ctx, details["residents"], details["chance"], details["from_need"])
        if rows.size == 0:
            continue
        ratio = np.maximum(trust(ctx, rows), 1) if details["warm"] else trust(ctx, rows)
        accepts = np.minimum(details["contact"] * ctx.values["professionals.acceptance"] * ratio, 1)
        u = ctx.draws.uniform(f"professionals.sight_{channel}", table.uid[rows], ctx.month, lane)
        helped = u < chance * accepts
        result.found.append(rows[helped])
        result.early.append((rows[helped], details["intake"]))
        result.missed.append(rows[~helped & (u < chance)])
        ctx.counters.add(f"professionals.sighted_{channel}", float(np.count_nonzero(u < chance)))


def _hear_late(ctx: Context, result: Sighted, trust: Any, contact: float) -> None:
    """Neighbours report when things are out of hand: somebody goes by, and neighbours are no longer what they were."""
    table, entrance = ctx.world.resident, ctx.world.entrance
    for lane, details in enumerate(access.asked(ctx, access.HEAR_LATE)):
        callers = details["residents"]
        callers = callers[table.alive[callers] & (table.entrance[callers] >= 0)]
        near = np.bincount(table.entrance[callers], minlength=entrance.size)
        mask = table.alive & (table.need >= details["from_need"]) & (table.entrance >= 0)
        rows: Rows = (mask & (table.age >= ADULT_AGE)).nonzero()[0].astype(np.int32)
        if rows.size == 0:
            continue
        others = near[table.entrance[rows]] - _at_home(ctx, callers, rows)
        u = ctx.draws.uniform("professionals.sight_hotline", table.uid[rows], ctx.month, lane)
        told = rows[u < 1 - (1 - details["chance"]) ** others]
        table.relations_hurt[told] = np.maximum(table.relations_hurt[told], details["loss"])
        ctx.counters.add("professionals.sighted_hotline", told.size)
        told = told[table.case[told] == NO_CASE]
        accepts = contact * ctx.values["professionals.acceptance"] * trust(ctx, told)
        u = ctx.draws.uniform("professionals.hotline_accept", table.uid[told], ctx.month, lane)
        result.found.append(told[u < accepts])
        result.missed.append(told[u >= accepts])


def _walk_in(ctx: Context, result: Sighted) -> None:
    """Residents come by: with much need they are taken on, with little they are served at the counter if it can be."""
    table = ctx.world.resident
    least = access.least_need(ctx)
    served: list[tuple[Rows, float]] = []
    for lane, details in enumerate(access.asked(ctx, access.WALK_IN)):
        rows, chance = _without_help(ctx, details["residents"], details["chance"], details["from_need"])
        if rows.size == 0:
            continue
        u = ctx.draws.uniform("professionals.walk_in", table.uid[rows], ctx.month, lane)
        came, u, chance = rows[u < chance], u[u < chance], chance[u < chance]
        limit = least if isinstance(least, float) else least[came]
        large = table.need[came] >= limit
        result.found.append(came[large])
        # of one draw the lowest part is what is solved
        served.append((came[~large & (u < chance * details["solved"])], details["hours"]))
        ctx.counters.add("professionals.walked_in", came.size)
    if served:
        ctx.world.stores[COUNTER] = served


def serve(ctx: Context, spare: Floats) -> Floats:
    """Serve small problems at the counter out of the hours that are left, first come, first served by lot of birth.

    Parameters
    ----------
    spare
        Hours left by district, shape ``(n_districts,)``.

    Returns
    -------
    NDArray
        Hours spent by district.
    """
    spent = np.zeros_like(spare)
    served: list[tuple[Rows, float]] = ctx.world.stores.pop(COUNTER, [])
    table = ctx.world.resident
    for rows, hours in served:
        rows = rows[(table.case[rows] == NO_CASE) & (table.district[rows] >= 0)]
        rows = rows[np.lexsort((table.uid[rows], table.district[rows]))]
        place = table.district[rows]
        first = np.searchsorted(place, place)  # of those of the same district
        turn = np.arange(rows.size) - first
        helped = (turn + 1) * hours <= (spare - spent)[place]
        table.help_hours[rows[helped]] += np.float32(hours)
        spent += hours * np.bincount(place[helped], minlength=spent.size)
        ctx.counters.add("professionals.counter_solved", float(np.count_nonzero(helped)))
    return spent


def _without_help(
    ctx: Context, residents: Rows, chance: float | Floats, from_need: float
) -> tuple[Rows, Floats]:
    """Adults of ``residents`` without a case whose need shows, and the chance of each."""
    table = ctx.world.resident
    mask = table.alive[residents] & (table.case[residents] == NO_CASE) & (table.need[residents] >= from_need)
    mask &= table.age[residents] >= ADULT_AGE
    return residents[mask], np.broadcast_to(chance, residents.shape)[mask].astype(np.float64)


def _at_home(ctx: Context, callers: Rows, rows: Rows) -> NDArray[np.int64]:
    """How many of ``callers`` live with each of ``rows``: they are no neighbours."""
    home = ctx.world.resident.household
    count = np.bincount(home[callers], minlength=ctx.world.household.size)
    result: NDArray[np.int64] = count[home[rows]]
    return result
