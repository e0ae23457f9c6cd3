"""Probes of the index behind its start, of care, of estates, and of what programmes move."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import WEAK_UPPER_BOUND
from wijksim.analysis.validation.probes import Look, Pair, probe
from wijksim.kernel.context import Context
from wijksim.mechanisms.liveability import DIMENSIONS, Liveability
from wijksim.mechanisms.professionals.posts import effective_hours
from wijksim.state.codes import Activity
from wijksim.state.roles import FRONTLINE, CaseStage
from wijksim.state.world import World

_LIVEABILITY = Liveability()
_POINTS: WeakKeyDictionary[World, tuple[int, NDArray[np.float64]]] = WeakKeyDictionary()


def _points(ctx: Context) -> NDArray[np.float64]:
    """Points that conditions give each dimension, counted from none at all, shape ``(n_districts, 5)``.

    The index itself begins at the published score of a place and only hears changes; this is its scale laid on the
    conditions as they are, so that a level says something of the model. Only differences between areas have meaning.
    """
    known = _POINTS.get(ctx.world)
    if known is None or known[0] != ctx.month:
        conditions = _LIVEABILITY.conditions(ctx, _LIVEABILITY.work_room(ctx))
        known = (ctx.month, _LIVEABILITY.change(ctx, conditions))
        _POINTS[ctx.world] = known
    return known[1]


def _dimension(row: int) -> Look:
    def look(ctx: Context) -> Pair:
        return _points(ctx)[:, row], np.ones(ctx.world.n_districts)

    return look


for _row, _name in enumerate(DIMENSIONS):
    probe(f"conditions_{_name}", "district", needs=("household.nuisance_often",))(_dimension(_row))


@probe("weak_dwellings", "entrance", needs=("entrance.index", "district.afw"))
def _weak_dwellings(ctx: Context) -> Pair:
    """Dwellings on estates with a weak score or lower, and all: the district's score, and what differs by estate.

    Published shares are of dwellings; we take their scores to be of small squares, about an estate: within an area some
    score far below its mean, but neighbours score alike.
    """
    world = ctx.world
    entrance = world.entrance
    doors = np.where(entrance.alive, entrance.dwellings, 0).astype(np.float64)
    estate, size = entrance.complex, world.complex.size
    whole = np.bincount(estate, weights=doors, minlength=size)
    own = np.bincount(estate, weights=doors * entrance.index, minlength=size)
    own = np.divide(own, whole, out=np.zeros(size), where=whole > 0)[estate]
    total = world.by_district("entrance", doors)
    mean = np.divide(
        world.by_district("entrance", doors * own), total, out=np.zeros_like(total), where=total > 0
    )
    score = (world.district.afw - mean)[entrance.district] + own
    return np.where(score <= WEAK_UPPER_BOUND, doors, 0.0), doors


@probe("teams_with_queue", "district", needs=("district.queue",))
def _queue(ctx: Context) -> Pair:
    # a team with people waiting for an intake has nothing left for tasks that can wait
    return ctx.world.district.queue >= 1, np.ones(ctx.world.n_districts)


@probe("outreach_share", "district", needs=("district.outreach_hours",))
def _outreach(ctx: Context) -> Pair:
    """Hours of outreach, of all hours of neighbourhood teams."""
    world = ctx.world
    table = world.professional
    team = table.alive & ~table.vacant & np.isin(table.role, [int(role) for role in FRONTLINE])
    fte = np.where(team, table.fte, 0.0)
    return world.district.outreach_hours, world.by_district("professional", fte) * effective_hours(ctx.values)


@probe("staff_cost", "district", needs=("district.staff_cost",))
def _staff_cost(ctx: Context) -> Pair:
    """Euros of this month for professionals in post, per resident."""
    return ctx.world.district.staff_cost, ctx.world.by_district("resident")


_HELPED: WeakKeyDictionary[World, NDArray[np.uint64]] = WeakKeyDictionary()


@probe("cases_begun", "district", needs=("resident.case",), rate=True)
def _begun(ctx: Context) -> Pair:
    """Residents who came to professional help this month, and all; nobody in the first month that is watched."""
    world = ctx.world
    resident = world.resident
    inside = (resident.alive & (resident.case >= CaseStage.QUEUE)).nonzero()[0]
    uid = resident.uid[inside]
    fresh = inside[~np.isin(uid, _HELPED.get(world, uid))]
    _HELPED[world] = uid.copy()
    where = resident.district[fresh] + 1
    return np.bincount(where, minlength=world.n_districts + 1)[1:], world.by_district("resident")


@probe("basic_job_entries", "district", rate=True)
def _entries(ctx: Context) -> Pair:
    """Residents who entered a basic job this month."""
    log, n = ctx.log, ctx.world.n_districts
    rows = log.column("activities", "row")[log.column("activities", "after") == Activity.BASIC_JOB].astype(
        np.intp
    )
    where = ctx.world.resident.district[rows] + 1
    return np.bincount(where, minlength=n + 1)[1:], ctx.world.by_district("resident")


@probe("police_presence", "district", needs=("district.police_hours",))
def _police(ctx: Context) -> Pair:
    """Hours of all police on the street a month, neighbourhood officers and patrols, and residents."""
    residents = ctx.world.by_district("resident")
    return ctx.world.district.police_hours + ctx.values["crime.patrol_hours"] * residents, residents


_TO_REST: WeakKeyDictionary[World, float] = WeakKeyDictionary()


@probe("offender_days", "district", needs=("district.offending_log", "district.enforcement_log"))
def _offender_days(ctx: Context) -> Pair:
    """Activity of offenders in the streets of a district, after what police and displacement did to it."""
    world = ctx.world
    district = world.district
    active = np.exp(district.offending_log + district.enforcement_log)
    return active * world.by_district("resident"), np.ones(world.n_districts)


@probe("days_to_rest", "district", needs=("district.offending_log",))
def _to_rest(ctx: Context) -> Pair:
    """Activity that police displaced to the rest of the city this month, shared out over all districts."""
    n, now = ctx.world.n_districts, ctx.counters.sums.get("crime.displaced_to_rest", 0.0)
    moved = now - _TO_REST.get(ctx.world, now)
    _TO_REST[ctx.world] = now
    return np.full(n, moved / n), np.ones(n)
