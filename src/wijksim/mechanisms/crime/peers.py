"""Whom a youth knows: offending among ties, neighbours of the same age and siblings, and the lure of money."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from wijksim.kernel.context import Context
from wijksim.mechanisms.crime import peer_loops
from wijksim.mechanisms.crime.room import ROOM, Room
from wijksim.state.table import Rows

type Careers = tuple[Rows, Rows, Rows, Rows]
"""Who is where when a month begins: the young outside the world of crime, at its fringe, active; and newcomers."""

CAME_FROM_OUTSIDE = 1  # value of resident.origin
_AS_IT_IS = 1.0, 1.0
_WHO = itemgetter(*(f"crime.{name}" for name in (
    "youngest", "recruit_to", "outside_income", "local_ties", "peer_floor", "peer_level",
)))  # fmt: skip


def expose(ctx: Context, kept: tuple[float, float] = _AS_IT_IS, laid: Room | None = None) -> Careers:
    """Log of offending around each youth against the national mean, and siblings who offend; also the lure of money.

    Ties count by strength. People of the same age in the district count as so many ties more, so that a youth whose
    friends are not simulated is exposed to what is around (CRI-27: it is peers that matter, not the crime rate). The
    lure is what the outside market offers above the income per member, as a share of that offer. What is ``kept`` of
    memories of cases and of having been a victim is left of them. How columns are ``laid`` out is looked up unless
    given.
    """
    world = ctx.world
    ties, laid = world.ties, ROOM(world) if laid is None else laid
    around, recruits, fringe, active, new = laid.careers
    a, b, c, d, e = peer_loops.exposed(
        ctx.month - 1, CAME_FROM_OUTSIDE, kept, laid.people.size, ties.a, ties.b, ties.strength, *_WHO(ctx.values),
        *laid.peers,
    )  # fmt: skip
    exposure = laid.exposure[:a]
    world.resident.peer_exposure[around[:a]] = np.log(exposure, out=exposure)
    return recruits[:b], fringe[:c], active[:d], new[:e]
