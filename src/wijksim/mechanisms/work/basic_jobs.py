"""Basic jobs: funded places, matched with long-term recipients who want to work.

Deadweight is not a parameter. Whoever holds a basic job meets, month by month, the very draw that would have
decided about the way from assistance to regular work; the first time it would have come out well is remembered.
So the share of participants who would have found work anyway follows from their own hazards, and what a place
adds is the difference between paired runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.event import Event
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.matching import fill
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.work import flows, wages
from wijksim.state.codes import Activity
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

CAPACITY = "places.basic_job"
OFFER = "offer_basic_job"
CO_FINANCE = "pay_benefit_as_wage"

WAGE = CostItem(
    "basic_job_wage",
    "Basic jobs: wages",
    "Basisbanen: loon",
    payers=(("municipality", 1.0),),
    receivers=(("residents", 1.0),),
    grade="B",
    kind="work",
)
CHARGES = CostItem(
    "basic_job_charges",
    "Basic jobs: employer charges",
    "Basisbanen: werkgeverslasten",
    payers=(("municipality", 1.0),),
    receivers=(("state", 1.0),),
    grade="C",
    kind="work",
)
SUPPORT = CostItem(
    "basic_job_support",
    "Basic jobs: supervision and coaching",
    "Basisbanen: begeleiding",
    payers=(("municipality", 1.0),),
    grade="C",
    kind="work",
)
BENEFIT_AS_WAGE = CostItem(
    "benefit_as_wage",
    "Basic jobs: benefit paid as part of the wage",
    "Basisbanen: uitkering als deel van het loon",
    payers=(("state", 1.0),),
    receivers=(("municipality", 1.0),),
    grade="B",
    source=("L098",),
    kind="work",
)
_PRICES = (
    (WAGE, "work.basic_job_wage_cost"),
    (CHARGES, "work.basic_job_charges_cost"),
    (SUPPORT, "work.basic_job_support_cost"),
)

DROP_OUT = Event(
    "work.basic_job_drop_out", table="resident", base="work.basic_job_drop_out_rate",
    doc="Falling out of a basic job (uitval basisbaan)",
)  # fmt: skip
MOVE_ON = Event(
    "work.basic_job_to_work", table="resident", base="work.basic_job_to_work_rate",
    doc="Moving on from a basic job to a regular job",
)  # fmt: skip


def step(ctx: Context, holders: Rows, leaving: Rows) -> None:
    """One month of all basic jobs.

    Parameters
    ----------
    holders
        Residents in a basic job.
    leaving
        Recipients who leave assistance this month anyway, to whom no place is given.
    """
    if holders.size == 0 and not (ctx.effects.acts and _offers(ctx)):
        return
    places = np.floor(ctx.effects.funded(CAPACITY, ctx.world.n_districts) + np.finfo(np.float32).eps)
    staying = _turnover(ctx, holders) if holders.size else holders
    staying = _keep(ctx, staying, places) if staying.size else staying
    offered = _offered(ctx, leaving)
    placed = _place(ctx, offered, places - _held(ctx, staying)) if offered.size else offered
    table = ctx.world.resident
    working = np.concatenate([staying, placed])
    if working.size:
        ctx.counters.add("basic_job.person_months", working.size)
        months = np.bincount(table.basic_district[working], minlength=ctx.world.n_districts).astype(
            np.float64
        )
        for item, price in _PRICES:
            ctx.ledger.book(item.name, months * price_of(ctx, price) / MONTHS_PER_YEAR)
        _co_finance(ctx, months)


def _co_finance(ctx: Context, months: NDArray[np.float64]) -> None:
    """Book what the state adds to each job that is held, where a lever asks for it and the law allows it."""
    for _, owner, act, details in ctx.effects.acts:
        if (owner, act) != ("work", CO_FINANCE):
            continue
        if details["allowed"]:
            amount = months * details["inside"] * details["price"] / MONTHS_PER_YEAR
            ctx.ledger.book(BENEFIT_AS_WAGE.name, amount)
        else:
            ctx.counters.add("basic_job.co_finance_refused", float(months.sum()))


def _marked(ctx: Context, *rows: Rows) -> NDArray[np.bool_]:
    """Mask of some residents, by row of the table."""
    mask = np.zeros(ctx.world.resident.size, np.bool_)
    for part in rows:
        mask[part] = True
    return mask


def _turnover(ctx: Context, holders: Rows) -> Rows:
    """Drop-out and moves to regular work; return those who stay."""
    table = ctx.world.resident
    lost = DROP_OUT.draw(ctx, holders)
    found = MOVE_ON.draw(ctx, holders[~_marked(ctx, lost)[holders]])
    ctx.requests.become(lost, Activity.ASSISTANCE)
    ctx.requests.become(found, Activity.EMPLOYED)
    table.wage[lost] = 0
    table.wage[found] = wages.offered(ctx, found)
    ctx.counters.add("basic_job.dropped_out", lost.size)
    ctx.counters.add("basic_job.moved_on", found.size)
    _count_deadweight(ctx, holders)
    gone = np.concatenate([lost, found])
    table.basic_district[gone] = -1
    return holders[~_marked(ctx, gone)[holders]]


def _count_deadweight(ctx: Context, holders: Rows) -> None:
    """Remember who would have found regular work this month, had there been no basic job."""
    table = ctx.world.resident
    open_rows = holders[~table.would_have_left[holders]]
    if open_rows.size == 0:
        return
    alone = np.zeros(open_rows.size, dtype=bool)
    chance = flows.TO_WORK.probability(ctx, open_rows, offset=flows.to_work_offset(ctx, open_rows, alone))
    luck = ctx.draws.uniform(flows.TO_WORK.name, table.uid[open_rows], ctx.month)
    found = open_rows[luck < chance]
    table.would_have_left[found] = True
    ctx.counters.add("basic_job.would_have_found_work", found.size)


def _held(ctx: Context, holders: Rows) -> NDArray[np.float64]:
    district = ctx.world.resident.basic_district[holders]
    return np.bincount(district, minlength=ctx.world.n_districts).astype(np.float64)


def _keep(ctx: Context, holders: Rows, places: NDArray[np.float64]) -> Rows:
    """Where fewer places are funded than are held, those who came last go back to assistance first."""
    if np.all(_held(ctx, holders) <= places):
        return holders
    table = ctx.world.resident
    keeps = fill(
        places,
        group=table.basic_district[holders],
        score=ctx.month - table.activity_since[holders],
        uid=table.uid[holders],
    )
    ended = holders[~keeps]
    ctx.requests.become(ended, Activity.ASSISTANCE)
    table.basic_district[ended] = -1
    table.wage[ended] = 0
    ctx.counters.add("basic_job.ended_with_funding", ended.size)
    return holders[keeps]


def _offers(ctx: Context) -> list[Rows]:
    """Residents to whom levers offer a basic job this month, one list per offer."""
    return [
        details["residents"] for _, owner, act, details in ctx.effects.acts if (owner, act) == ("work", OFFER)
    ]


def _offered(ctx: Context, leaving: Rows) -> Rows:
    """Recipients to whom a lever has offered a place and who want to work."""
    table = ctx.world.resident
    acts = _offers(ctx)
    if not acts:
        return np.empty(0, dtype=np.int32)
    rows = _marked(ctx, *acts).nonzero()[0].astype(np.int32)
    able = (
        (table.activity[rows] == Activity.ASSISTANCE.value)
        & table.wants_work[rows]
        & (table.district[rows] >= 0)
    )
    able &= ~_marked(ctx, leaving)[rows]
    chosen: Rows = rows[able]
    return chosen


def _place(ctx: Context, offered: Rows, free: NDArray[np.float64]) -> Rows:
    """Fill the free places of each district, the most willing first."""
    table = ctx.world.resident
    district = table.district[offered]
    granted = fill(np.maximum(free, 0), group=district, score=table.uptake[offered], uid=table.uid[offered])
    placed = offered[granted]
    ctx.requests.become(placed, Activity.BASIC_JOB)
    table.basic_district[placed] = district[granted]
    table.would_have_left[placed] = False
    table.wage[placed] = wages.basic_job_wage(ctx)
    ctx.counters.add("basic_job.placed", placed.size)
    ctx.counters.add("basic_job.waiting_months", offered.size - placed.size)
    return placed
