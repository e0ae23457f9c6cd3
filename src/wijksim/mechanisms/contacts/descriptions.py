"""What changes slowly and is looked at once in half a year: bridging, neighbour contact, quality of contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.relax import logistic, step_fraction
from wijksim.mechanisms.contacts.encounters import focus_rates, tie_encounters
from wijksim.mechanisms.contacts.focus import Focus, Staged
from wijksim.mechanisms.contacts.sum_loops import beyond_doors, neighbours, pulls, strength_across, unequal
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
    values, ties = ctx.values, world.ties
    total = np.empty(resident.size)
    behind, own = np.zeros(world.entrance.size + 1), np.zeros(world.household.size + 1)
    rate = float(focus_rates(values)[Focus.ENTRANCE])
    neighbours(resident.entrance, resident.household, root, rate, behind, own, total)
    beyond_doors(
        ties.a,
        ties.b,
        ties.layer,
        int(Focus.ENTRANCE),
        encounters,
        ties.strength,
        values["contacts.strong"],
        values["contacts.visits"],
        total,
    )
    return total


def _quality(
    ctx: Context, encounters: NDArray[np.float32], other: NDArray[np.bool_], *, settle: bool
) -> None:
    """Quality of contact across milieus (empathy, O17): an index, evidence grade D.

    Raised by encounters with people of another milieu on equal footing (about the same income, or introduced to each
    other as equals), lowered by encounters with somebody who causes nuisance; weights whose ranges include zero.
    """
    world, values = ctx.world, ctx.values
    resident, ties = world.resident, world.ties
    pull = np.empty(resident.size)
    pulls(
        ties.a,
        ties.b,
        other,
        encounters,
        ties.layer,
        int(Staged.INTRODUCED),
        resident.household,
        world.household.income_fifth,
        int(values["contacts.equal_status"]),
        values["contacts.quality_gain"],
        resident.nuisance_source,
        values["contacts.quality_loss"],
        pull,
    )
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
