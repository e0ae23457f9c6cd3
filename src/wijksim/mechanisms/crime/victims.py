"""Who is hit, where, and how much of it is recorded; more records are not more crime."""

from __future__ import annotations

from math import floor
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Draws
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.mechanisms.crime import loops
from wijksim.mechanisms.crime.streets import rest_share
from wijksim.state.table import Rows

_SHARES = itemgetter("crime.victim_home_share", "crime.register_share", "crime.register_burglary")
_NOBODY = np.empty(0)


def strike(ctx: Context, victim: Event, burglary: Event, people: NDArray[np.float64], old: Rows) -> None:
    """Draw victims of this month among the ``old`` enough who are at large, and what comes of it.

    Those hit remember it, registered crime of ``people`` by district is a mean over about a year, and young offenders
    at large and what happened to neighbours are counted by front door.
    """
    world, values, draws = ctx.world, ctx.values, ctx.draws
    resident, household, entrance, district = world.resident, world.household, world.entrance, world.district
    hit = victim.draw(ctx, old)
    entered = burglary.draw(ctx, household.rows)
    uid = resident.uid.take(hit)
    rest = rest_share(values, people.size)
    rate = values["crime.victim_rate"] / MONTHS_PER_YEAR * ((1 - values["crime.victim_home_share"]) * rest)
    loops.aftermath(
        hit, entered, old, _luck(draws, "crime.where", uid, ctx.month), _luck(draws, "crime.register", uid, ctx.month),
        _luck(draws, "crime.register_burglary", household.uid.take(entered), ctx.month), ctx.month, _SHARES(values),
        rest, rate, MONTHS_PER_YEAR, floor(values["crime.recruit_to"]), values["crime.memory_floor"],
        np.exp(district.offending_log + district.enforcement_log), people, resident.district, resident.household,
        household.district, resident.crime_stage, resident.detained, resident.age, resident.entrance,
        entrance.dwellings, resident.victim, household.burgled, resident.victim_memory, resident.victim_last,
        district.registered_crime, entrance.petty_disorder, entrance.victimised,
    )  # fmt: skip


def _luck(draws: Draws, stream: str, uid: NDArray[np.uint64], month: int) -> NDArray[np.float64]:
    """Draw uniforms, if there is anybody to draw for."""
    return draws.uniform(stream, uid, month) if uid.size else _NOBODY
