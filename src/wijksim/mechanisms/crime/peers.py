"""Whom a youth knows: offending among ties, neighbours of the same age and siblings, and the lure of money."""

from __future__ import annotations

import numpy as np

from wijksim.kernel.context import Context
from wijksim.mechanisms.crime import peer_loops


def income_gap(ctx: Context) -> None:
    """What the outside market offers above the income per member, as a share of that offer."""
    household = ctx.world.household
    offer = ctx.values["crime.outside_income"]
    per_member = household.income / np.maximum(household.persons, 1)
    np.clip(1 - per_member / offer, 0, 1, out=per_member)
    household.income_gap[:] = per_member


def expose(ctx: Context) -> None:
    """Log of offending around each youth against the national mean, and siblings who offend.

    Ties count by strength. People of the same age in the district count as so many ties more, so that a youth whose
    friends are not simulated is exposed to what is around (CRI-27: it is peers that matter, not the crime rate).
    """
    world, values = ctx.world, ctx.values
    resident = world.resident
    offends = resident.alive & (resident.crime_stage > 0) & ~resident.detained
    young = resident.alive & (resident.age >= values["crime.youngest"])
    young &= resident.age <= values["crime.recruit_to"]
    rows = (young | offends).nonzero()[0]
    n = world.n_districts
    here = resident.district[rows] + 1
    youths = np.bincount(here[young[rows]], minlength=n + 1)[1:]
    local = np.bincount(here[(young & offends)[rows]], minlength=n + 1)[1:] / np.maximum(youths, 1)
    seen = np.zeros(resident.size)
    weight = np.zeros(resident.size)
    ties = world.ties
    peer_loops.around(ties.a, ties.b, ties.strength, young, offends, seen, weight)
    prior = values["crime.local_ties"]
    around = np.append(local, 0.0)[resident.district[rows]]
    exposure = (seen[rows] + prior * around) / (weight[rows] + prior)
    level, floor = values["crime.peer_level"], values["crime.peer_floor"]
    resident.peer_exposure.fill(0)
    resident.peer_exposure[rows] = np.log((exposure + floor * level) / ((1 + floor) * level))
    _siblings(ctx, offends & young, young)


def _siblings(
    ctx: Context,
    offends: np.ndarray[tuple[int], np.dtype[np.bool_]],
    young: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> None:
    """Mark the young who share a home with another young offender."""
    resident, household = ctx.world.resident, ctx.world.household
    resident.sibling_offends.fill(False)
    rows = offends.nonzero()[0]
    if rows.size == 0:
        return
    count = np.bincount(resident.household[rows], minlength=household.size)
    near = young.nonzero()[0]
    near = near[count[resident.household[near]] > offends[near]]
    resident.sibling_offends[near] = True
