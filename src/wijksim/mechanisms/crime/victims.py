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
    loops.struck(
        hit, entered, old, ctx.month, resident.household, resident.victim, household.burgled, resident.victim_memory,
        resident.victim_last,
    )  # fmt: skip
    _register(ctx, hit, entered, people, at_risk=old.size)


def _register(ctx: Context, hit: Rows, entered: Rows, people: NDArray[np.float64], *, at_risk: int) -> None:
    """Move registered crime per resident of each district, a mean over about a year."""
    world, values, draws = ctx.world, ctx.values, ctx.draws
    district, household = world.district, world.household
    here = np.exp(district.offending_log + district.enforcement_log)
    where = _places(ctx, hit, people, here)
    people = np.maximum(people, 1)
    luck = draws.uniform("crime.register", world.resident.uid.take(hit), ctx.month)
    luck_home = draws.uniform("crime.register_burglary", household.uid.take(entered), ctx.month)
    # people from the rest of the city are robbed here as residents are robbed there
    part = at_risk / max(float(people.sum()), 1.0)
    away = (1 - values["crime.victim_home_share"]) * rest_share(values, people.size)
    loops.registered(
        where, luck, values["crime.register_share"], household.district, entered, luck_home,
        values["crime.register_burglary"], people, values["crime.victim_rate"] / MONTHS_PER_YEAR * away * part, here,
        MONTHS_PER_YEAR, district.registered_crime,
    )  # fmt: skip


def _places(
    ctx: Context, hit: Rows, people: NDArray[np.float64], here: NDArray[np.float32]
) -> NDArray[np.int64]:
    """District in which each of ``hit`` was hit: the own one, another one, or -1 for the rest of the city.

    ``here`` is offender activity per resident, against the nation, where ``people`` live.
    """
    values, resident, level = ctx.values, ctx.world.resident, here.astype(np.float64)
    luck = ctx.draws.uniform("crime.where", resident.uid.take(hit), ctx.month)
    found, share = np.empty(hit.size, dtype=np.int64), values["crime.victim_home_share"]
    rest = rest_share(values, level.size)
    loops.places(resident.district, hit, luck, level, level * people, share, rest, found)
    return found
