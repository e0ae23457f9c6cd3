"""Whom a youth knows: offending among ties, neighbours of the same age and siblings, and the lure of money."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from wijksim.kernel.context import Context
from wijksim.mechanisms.crime import peer_loops
from wijksim.state.table import Rows

type Careers = tuple[Rows, Rows, Rows, Rows]
"""Who is where when a month begins: the young outside the world of crime, at its fringe, active; and newcomers."""

CAME_FROM_OUTSIDE = 1  # value of resident.origin
_AS_IT_IS = 1.0, 1.0


def expose(ctx: Context, kept: tuple[float, float] = _AS_IT_IS) -> Careers:
    """Log of offending around each youth against the national mean, and siblings who offend; also the lure of money.

    Ties count by strength. People of the same age in the district count as so many ties more, so that a youth whose
    friends are not simulated is exposed to what is around (CRI-27: it is peers that matter, not the crime rate). The
    lure is what the outside market offers above the income per member, as a share of that offer. What is ``kept`` of
    memories of cases and of having been a victim is left of them.
    """
    world, values = ctx.world, ctx.values
    resident, household, ties = world.resident, world.household, world.ties
    rows, youths, fringe, active, new = np.empty((2 + 2 + 1, resident.size + 1), dtype=np.int32)
    exposure = np.empty(resident.size)
    a, b, c, d, e = peer_loops.exposed(
        resident.alive, resident.origin, CAME_FROM_OUTSIDE, resident.arrived, ctx.month - 1, kept,
        resident.case_memory, resident.victim_memory, resident.crime_stage, resident.detained, resident.age,
        ceil(values["crime.youngest"]), floor(values["crime.recruit_to"]),  # whole: ages are
        resident.household, household.income, household.persons, values["crime.outside_income"],
        household.income_gap, resident.district, world.n_districts, ties.a, ties.b, ties.strength,
        values["crime.local_ties"], values["crime.peer_floor"], values["crime.peer_level"], rows, youths, fringe,
        active, new, exposure, resident.sibling_offends, resident.peer_exposure,
    )  # fmt: skip
    exposure = exposure[:a]
    resident.peer_exposure[rows[:a]] = np.log(exposure, out=exposure)
    return youths[:b], fringe[:c], active[:d], new[:e]
