"""What changes slowly and is looked at once in half a year: bridging, neighbour contact, quality of contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.context import Context
from wijksim.kernel.relax import logistic, step_fraction
from wijksim.mechanisms.contacts.encounters import focus_rates
from wijksim.mechanisms.contacts.focus import Focus, Staged
from wijksim.mechanisms.contacts.sum_loops import described

EVERY = MONTHS_PER_YEAR // 2  # months between looks


def look(ctx: Context, root: NDArray[np.float32], *, settle: bool = False) -> None:
    """Recompute the columns; ``settle`` puts the quality of contact at its target at once.

    Encounters a month with neighbours are those with all of the entrance, acquainted or not (``r * sqrt(a_i) * sum of
    sqrt(a_j)``, the own household left out), personal ties outside it, and the visits that neighbours who are good
    contacts pay each other: chance makes contact weekly, friends make it daily. Quality of contact across milieus
    (empathy, O17) is an index, evidence grade D: raised by encounters with people of another milieu on equal footing
    (about the same income, or introduced to each other as equals), lowered by encounters with somebody who causes
    nuisance; weights whose ranges include zero.
    """
    world, values = ctx.world, ctx.values
    resident, household, ties, rates = world.resident, world.household, world.ties, focus_rates(ctx.values)
    pull = np.empty(resident.size)
    described(
        ties.a, ties.b, ties.layer, ties.strength, root, rates, resident.milieu, int(Focus.ENTRANCE),
        np.float32(values["contacts.strong"]), resident.household, household.income_fifth,
        int(values["contacts.equal_status"]), int(Staged.INTRODUCED), resident.nuisance_source,
        values["contacts.visits"], values["contacts.quality_gain"], values["contacts.quality_loss"],
        resident.entrance, household.size, world.entrance.size, resident.bridging, resident.contact, pull,
    )  # fmt: skip
    if settle:
        pull *= values["contacts.start_quality"]
    target = logistic(pull)
    part = 1.0 if settle else 1 - (1 - step_fraction(values["contacts.quality_half_life"])) ** EVERY
    quality = resident.contact_quality
    quality += ((target - quality) * part).astype(np.float32)
