"""Who is hit, where, and how much of it is recorded; more records are not more crime."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.mechanisms.crime import loops
from wijksim.mechanisms.crime.streets import rest_share
from wijksim.state.table import Rows


def strike(ctx: Context, victim: Event, burglary: Event, people: NDArray[np.float64]) -> None:
    """Draw victims of this month, remember them, and bring registered crime of ``people`` by district up to date."""
    resident, household = ctx.world.resident, ctx.world.household
    old = np.empty(resident.size + 1, dtype=np.int32)
    first = ceil(ctx.values["crime.victim_from"])  # whole: ages are
    old = old[: loops.at_large(resident.alive, resident.detained, resident.age, first, old)]
    hit = victim.draw(ctx, old)
    entered = burglary.draw(ctx, household.rows)
    resident.victim.fill(False)
    resident.victim[hit] = True
    household.burgled.fill(False)
    household.burgled[entered] = True
    shaken = hit
    if entered.size:
        home = np.empty(old.size + 1, dtype=np.int32)
        count = loops.at_home(old, resident.household, household.burgled, resident.victim, home)
        shaken = np.concatenate([hit, home[:count]])
    resident.victim_memory[shaken] += 1
    resident.victim_last[shaken] = ctx.month
    _register(ctx, hit, entered, people, at_risk=old.size)


def _register(ctx: Context, hit: Rows, entered: Rows, people: NDArray[np.float64], *, at_risk: int) -> None:
    """Move registered crime per resident of each district, a mean over about a year."""
    world, values = ctx.world, ctx.values
    district, n = world.district, world.n_districts
    where = _places(ctx, hit, people)
    people = np.maximum(people, 1)
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


def _places(ctx: Context, hit: Rows, people: NDArray[np.float64]) -> NDArray[np.int64]:
    """District in which each of ``hit`` was hit: the own one, another one, or -1 for the rest of the city."""
    world, values = ctx.world, ctx.values
    resident, district, n = world.resident, world.district, world.n_districts
    level = np.exp(district.offending_log + district.enforcement_log).astype(np.float64)
    luck = ctx.draws.uniform("crime.where", resident.uid[hit], ctx.month)
    found = np.empty(hit.size, dtype=np.int64)
    share = values["crime.victim_home_share"]
    loops.places(resident.district, hit, luck, level, level * people, share, rest_share(values, n), found)
    return found
