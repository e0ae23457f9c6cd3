"""Who is hit, where, and how much of it is recorded; more records are not more crime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.mechanisms.crime.streets import rest_share
from wijksim.state.table import Rows


def strike(ctx: Context, victim: Event, burglary: Event) -> None:
    """Draw victims of this month, remember them, and bring registered crime up to date."""
    resident, household = ctx.world.resident, ctx.world.household
    old = resident.alive & ~resident.detained & (resident.age >= ctx.values["crime.victim_from"])
    hit = victim.draw(ctx, old.nonzero()[0].astype(np.int32))
    entered = burglary.draw(ctx, household.rows)
    resident.victim.fill(False)
    resident.victim[hit] = True
    household.burgled.fill(False)
    household.burgled[entered] = True
    shaken = hit
    if entered.size:
        home = household.burgled.take(resident.household, mode="clip") & old & ~resident.victim
        shaken = np.concatenate([hit, home.nonzero()[0].astype(np.int32)])
    resident.victim_memory[shaken] += 1
    resident.victim_last[shaken] = ctx.month
    _register(ctx, hit, entered, int(np.count_nonzero(old)))


def _register(ctx: Context, hit: Rows, entered: Rows, at_risk: int) -> None:
    """Move registered crime per resident of each district, a mean over about a year."""
    world, values = ctx.world, ctx.values
    district, n = world.district, world.n_districts
    people = np.maximum(world.by_district("resident"), 1)
    where = _places(ctx, hit)
    recorded = (
        ctx.draws.uniform("crime.register", world.resident.uid[hit], ctx.month)
        < values["crime.register_share"]
    )
    count = np.bincount(where[recorded] + 1, minlength=n + 1)[1:].astype(np.float64)
    told = (
        ctx.draws.uniform("crime.register_burglary", world.household.uid[entered], ctx.month)
        < values["crime.register_burglary"]
    )
    count += np.bincount(world.household.district[entered[told]] + 1, minlength=n + 1)[1:]
    # people from the rest of the city are robbed here as residents are robbed there
    here = np.exp(district.offending_log + district.enforcement_log)
    part = at_risk / max(float(people.sum()), 1.0)
    away = (1 - values["crime.victim_home_share"]) * rest_share(values, n)
    visitors = (
        values["crime.victim_rate"] / MONTHS_PER_YEAR * away * part * here * values["crime.register_share"]
    )
    now = (count / people + visitors) * MONTHS_PER_YEAR
    registered = district.registered_crime
    registered += ((now - registered) / MONTHS_PER_YEAR).astype(np.float32)


def _places(ctx: Context, hit: Rows) -> NDArray[np.int64]:
    """District in which each of ``hit`` was hit: the own one, another one, or -1 for the rest of the city."""
    world, values = ctx.world, ctx.values
    resident, district, n = world.resident, world.district, world.n_districts
    home = resident.district[hit].astype(np.int64)
    level = np.exp(district.offending_log + district.enforcement_log).astype(np.float64)[home]
    share = values["crime.victim_home_share"]
    at_home = share * level / (share * level + 1 - share)
    luck = ctx.draws.uniform("crime.where", resident.uid[hit], ctx.month)
    rest = rest_share(values, n)
    beyond = np.clip((luck - at_home) / np.maximum(1 - at_home, np.finfo(np.float64).tiny), 0, 1)
    if n == 1:
        return np.where(luck < at_home, home, -1)
    # what lies beyond the share of the rest is dealt out evenly over the other districts
    step = np.minimum(((beyond - rest) / max(1 - rest, np.finfo(np.float64).tiny) * (n - 1)), n - 1 - 1)
    other = (home + 1 + np.maximum(np.floor(step), 0).astype(np.int64)) % n
    return np.where(luck < at_home, home, np.where(beyond < rest, -1, other))
