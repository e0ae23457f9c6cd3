"""Who is hit, where, and how much of it is recorded; more records are not more crime."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from wijksim.core.rng import Stream
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.mechanisms.crime import loops
from wijksim.state.table import Rows

_NUMBERS = itemgetter(*(f"crime.{name}" for name in (
    "victim_home_share", "register_share", "register_burglary", "rest_share", "victim_rate", "recruit_to",
    "memory_floor",
)))  # fmt: skip
_WHERE, _REGISTER, _BURGLARY = (Stream(f"crime.{one}") for one in ("where", "register", "register_burglary"))


def strike(ctx: Context, victim: Event, burglary: Event, people: NDArray[np.float64], old: Rows) -> None:
    """Draw victims of this month among the ``old`` enough who are at large, and what comes of it.

    Those hit remember it, registered crime of ``people`` by district is a mean over about a year, and young offenders
    at large and what happened to neighbours are counted by front door.
    """
    world, draws, month = ctx.world, ctx.draws, ctx.month
    resident, household, entrance, district = world.resident, world.household, world.entrance, world.district
    hit = victim.draw(ctx, old)
    entered = burglary.draw(ctx, household.rows)
    uid, home_uid = resident.uid, household.uid
    loops.aftermath(
        hit, entered, old, uid, draws.key(_WHERE, uid, hit, month, 0), draws.key(_REGISTER, uid, hit, month, 0),
        home_uid, draws.key(_BURGLARY, home_uid, entered, month, 0), month,
        np.exp(district.offending_log + district.enforcement_log), people, resident.district, resident.household,
        household.district, resident.crime_stage, resident.detained, resident.age, resident.entrance,
        entrance.dwellings, resident.victim, household.burgled, resident.victim_memory, resident.victim_last,
        district.registered_crime, entrance.petty_disorder, entrance.victimised, *_NUMBERS(ctx.values),
    )  # fmt: skip
