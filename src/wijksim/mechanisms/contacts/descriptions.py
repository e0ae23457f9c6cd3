"""What changes slowly and is looked at once in half a year: bridging, neighbour contact, quality of contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.contacts.encounters import focus_rates, tie_encounters
from wijksim.mechanisms.contacts.people import Focus
from wijksim.state.world import World

EVERY = MONTHS_PER_YEAR // 2  # months between looks


def look(ctx: Context, root: NDArray[np.float32], *, settle: bool = False) -> None:
    """Recompute the columns; ``settle`` puts the quality of contact at its target at once."""
    world = ctx.world
    resident, ties = world.resident, world.ties
    encounters = tie_encounters(ctx, root)
    other = resident.milieu.take(ties.a) != resident.milieu.take(ties.b)
    resident.bridging[:] = _bridging(world, other)
    resident.contact[:] = neighbour_contact(ctx, root, encounters)
    _quality(ctx, encounters, other, settle=settle)


def neighbour_contact(
    ctx: Context, root: NDArray[np.float32], encounters: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Encounters a month with neighbours, shape ``(n_residents,)``.

    All of the entrance, acquainted or not (``r * sqrt(a_i) * sum of sqrt(a_j)``, the own household left out), and
    personal ties outside it.
    """
    world = ctx.world
    resident = world.resident
    about = root.astype(np.float64)
    entrance = resident.entrance + 1
    behind = np.bincount(entrance, weights=about, minlength=world.entrance.size + 1)
    behind[0] = 0
    own = np.bincount(resident.household + 1, weights=about, minlength=world.household.size + 1)
    rate = focus_rates(ctx.values)[Focus.ENTRANCE]
    total = rate * about * np.maximum(behind[entrance] - own[resident.household + 1], 0)
    further = np.flatnonzero(world.ties.layer != Focus.ENTRANCE)
    weight = encounters[further].astype(np.float64)
    for side in (world.ties.a, world.ties.b):
        total += np.bincount(side[further], weights=weight, minlength=resident.size)
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
    across = np.flatnonzero(other)
    a, b = ties.a.take(across), ties.b.take(across)
    apart = np.abs(fifth.take(a) - fifth.take(b))
    equal = np.where(apart <= int(values["contacts.equal_status"]), encounters.take(across), 0.0)
    pull = np.zeros(size)
    pull += np.bincount(a, weights=equal, minlength=size)
    pull += np.bincount(b, weights=equal, minlength=size)
    pull *= values["contacts.quality_gain"]
    near = ties.of(resident.nuisance_source)
    for here, there in ((ties.a[near], ties.b[near]), (ties.b[near], ties.a[near])):
        bad = encounters[near] * resident.nuisance_source[there].astype(np.float64)
        pull -= values["contacts.quality_loss"] * np.bincount(here, weights=bad, minlength=size)
    target = 1 / (1 + np.exp(-pull))
    part = 1.0 if settle else 1 - (1 - step_fraction(values["contacts.quality_half_life"])) ** EVERY
    quality = resident.contact_quality
    quality += ((target - quality) * part).astype(np.float32)


def _bridging(world: World, other: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Part of the strength of each resident's ties that is with another milieu, 0 without ties."""
    ties, size = world.ties, world.resident.size
    weight = ties.strength.astype(np.float64)
    whole = np.bincount(ties.a, weights=weight, minlength=size) + np.bincount(
        ties.b, weights=weight, minlength=size
    )
    weight *= other
    part = np.bincount(ties.a, weights=weight, minlength=size) + np.bincount(
        ties.b, weights=weight, minlength=size
    )
    return np.divide(part, whole, out=np.zeros(size), where=whole > 0)
