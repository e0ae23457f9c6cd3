"""Who is hit, where, and how much of it is recorded; more records are not more crime."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from wijksim.core.rng import Stream
from wijksim.kernel.context import Context
from wijksim.kernel.event import Event
from wijksim.mechanisms.crime import loops
from wijksim.mechanisms.crime.luck import AtHand
from wijksim.mechanisms.crime.room import Room
from wijksim.state.table import Rows

_NUMBERS = itemgetter(*(f"crime.{name}" for name in (
    "victim_home_share", "register_share", "register_burglary", "rest_share", "victim_rate", "recruit_to",
    "memory_floor",
)))  # fmt: skip
_LUCK = AtHand(*(Stream(f"crime.{one}") for one in ("where", "register", "register_burglary")))


def strike(ctx: Context, victim: Event, burglary: Event, old: Rows, laid: Room) -> None:
    """Draw victims of this month among the ``old`` enough who are at large, and what comes of it.

    Those hit remember it, registered crime of people by district is a mean over about a year, and young offenders at
    large and what happened to neighbours are counted by front door.
    """
    world, columns = ctx.world, laid.aftermath
    hit, entered = victim.draw(ctx, old), burglary.draw(ctx, world.household.rows)
    people, district = (columns[0], hit), world.district
    where_key, key, home_key = _LUCK(ctx, 0, people, people, (columns[1], entered))
    about = district.offending_log + district.enforcement_log
    loops.aftermath(
        hit, entered, old, where_key, key, home_key, ctx.month, np.exp(about, out=about), *_NUMBERS(ctx.values),
        *columns,
    )  # fmt: skip
