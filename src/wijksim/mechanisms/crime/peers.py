"""Whom a youth knows: offending among ties, neighbours of the same age and siblings, and the lure of money."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from wijksim.kernel.context import Context
from wijksim.mechanisms.crime import loops, peer_loops


def income_gap(ctx: Context) -> None:
    """What the outside market offers above the income per member, as a share of that offer."""
    household = ctx.world.household
    loops.income_gap(
        household.income, household.persons, ctx.values["crime.outside_income"], household.income_gap
    )


def expose(ctx: Context) -> None:
    """Log of offending around each youth against the national mean, and siblings who offend.

    Ties count by strength. People of the same age in the district count as so many ties more, so that a youth whose
    friends are not simulated is exposed to what is around (CRI-27: it is peers that matter, not the crime rate).
    """
    world, values = ctx.world, ctx.values
    resident, ties = world.resident, world.ties
    rows, exposure = np.empty(resident.size + 1, dtype=np.int32), np.empty(resident.size)
    count = peer_loops.exposed(
        resident.alive, resident.crime_stage, resident.detained, resident.age,
        ceil(values["crime.youngest"]), floor(values["crime.recruit_to"]),  # whole: ages are
        resident.household, world.household.size, resident.district, world.n_districts,
        ties.a, ties.b, ties.strength, values["crime.local_ties"], values["crime.peer_floor"],
        values["crime.peer_level"], rows, exposure, resident.sibling_offends,
    )  # fmt: skip
    rows, exposure = rows[:count], exposure[:count]
    resident.peer_exposure.fill(0)
    resident.peer_exposure[rows] = np.log(exposure, out=exposure)
