"""What changes slowly and is looked at once in half a year: bridging, neighbour contact, quality of contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.relax import logistic, step_fraction
from wijksim.mechanisms.contacts.encounters import focus_rates, tie_encounters
from wijksim.mechanisms.contacts.people import Focus
from wijksim.mechanisms.contacts.sum_loops import strength_across, sum_beyond, unequal
from wijksim.state.world import World

EVERY = MONTHS_PER_YEAR // 2  # months between looks


def look(ctx: Context, root: NDArray[np.float32], *, settle: bool = False) -> None:
    """Recompute the columns; ``settle`` puts the quality of contact at its target at once."""
    world = ctx.world
    resident, ties = world.resident, world.ties
    encounters = tie_encounters(ctx, root)
    other = np.empty(len(ties), dtype=np.bool_)
    unequal(ties.a, ties.b, resident.milieu, other)
    resident.bridging[:] = _bridging(world, other)
    resident.contact[:] = neighbour_contact(ctx, root, encounters)
    _quality(ctx, encounters, other, settle=settle)


def neighbour_contact(
    ctx: Context, root: NDArray[np.float32], encounters: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Encounters a month with neighbours, shape ``(n_residents,)``.

    All of the entrance, acquainted or not (``r * sqrt(a_i) * sum of sqrt(a_j)``, the own household left out),
    personal ties outside it, and the visits that neighbours who are good contacts pay each other: chance makes
    contact weekly, friends make it daily.
    """
    world = ctx.world
    resident = world.resident
    about = root.astype(np.float64)
    entrance = resident.entrance + 1
    behind = np.bincount(entrance, weights=about, minlength=world.entrance.size + 1)
    behind[0] = 0
    own = np.bincount(resident.household + 1, weights=about, minlength=world.household.size + 1)
    rate = focus_rates(ctx.values)[Focus.ENTRANCE]
    total = behind.take(entrance)
    total -= own.take(resident.household + 1)
    np.maximum(total, 0, out=total)
    total *= rate * about
    ties = world.ties
    for side in (ties.a, ties.b):
        further = np.zeros(resident.size)
        sum_beyond(side, ties.layer, int(Focus.ENTRANCE), encounters, further)
        total += further
    good = (ties.strength >= ctx.values["contacts.strong"]).nonzero()[0]
    for side in (ties.a, ties.b):
        total += ctx.values["contacts.visits"] * np.bincount(side[good], minlength=resident.size)
    return np.asarray(total)


def _quality(
    ctx: Context, encounters: NDArray[np.float32], other: NDArray[np.bool_], *, settle: bool
) -> None:
    """Quality of contact across milieus (empathy, O17): an index, evidence grade D.

    Raised by encounters with people of another milieu and about the same income, lowered by encounters with
    somebody who causes nuisance; weights whose ranges include zero.
    """
    world, values = ctx.world, ctx.values
    resident, ties, size = world.resident, world.ties, world.resident.size
    fifth = world.household.income_fifth.take(resident.household)
    across = other.nonzero()[0]
    a, b = ties.a.take(across), ties.b.take(across)
    apart = fifth.take(a)
    apart -= fifth.take(b)
    equals = (np.abs(apart, out=apart) <= int(values["contacts.equal_status"])).nonzero()[0]
    weight = encounters.take(across.take(equals)).astype(np.float64)
    pull = np.zeros(size)
    for side in (a, b):
        pull += np.bincount(side.take(equals), weights=weight, minlength=size)
    pull *= values["contacts.quality_gain"]
    near = ties.of(resident.nuisance_source)
    a, b = ties.a.take(near), ties.b.take(near)
    for here, there in ((a, b), (b, a)):
        bad = encounters.take(near) * resident.nuisance_source.take(there).astype(np.float64)
        pull -= values["contacts.quality_loss"] * np.bincount(here, weights=bad, minlength=size)
    if settle:
        pull *= values["contacts.start_quality"]
    target = logistic(pull)
    part = 1.0 if settle else 1 - (1 - step_fraction(values["contacts.quality_half_life"])) ** EVERY
    quality = resident.contact_quality
    quality += ((target - quality) * part).astype(np.float32)


def _bridging(world: World, other: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Part of the strength of each resident's ties that is with another milieu, 0 without ties."""
    ties, size = world.ties, world.resident.size
    # of each resident the strength within the own milieu, then that with another
    sums = np.zeros(2 * size)
    for side in (ties.a, ties.b):
        part = np.zeros(sums.size)
        strength_across(side, other, ties.strength, part)
        sums += part
    within, across = sums[::2], sums[1::2]
    whole = within + across
    return np.divide(across, whole, out=np.zeros(size), where=whole > 0)
