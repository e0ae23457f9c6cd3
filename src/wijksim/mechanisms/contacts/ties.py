"""What moves and limits do to ties, and what each resident's ties add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.pair_loops import moved_along, take_off
from wijksim.mechanisms.contacts.people import HURT, Focus, remembered
from wijksim.mechanisms.contacts.sum_loops import count_all, standing
from wijksim.state.codes import Education
from wijksim.state.world import World


def follow_moves(ctx: Context, moved: NDArray[np.bool_]) -> None:
    """Weaken or cut the ties of those who have ``moved`` since the last look.

    Within the district ties are halved; to another district they are lost (the two may of course meet again).
    A tie between people who now share a household becomes a membership. Whoever moved is found by comparing
    the dwelling with the one remembered, so that moves of last month's housing and of this month's pairing both
    count, each once.
    """
    world, values = ctx.world, ctx.values
    resident, household, ties = world.resident, world.household, world.ties
    ended = np.empty(len(ties), dtype=np.intp)
    count = moved_along(
        moved, resident.dwelling, resident.known_dwelling, ties.a, ties.b, resident.household, resident.district,
        household.entrance, household.complex, np.float32(values["contacts.tie_after_move"]),
        np.float32(values["contacts.tie_floor"]), ties.strength, ties.layer, resident.ties, ended,
    )  # fmt: skip
    if count:
        ties.drop(ended[:count])


def strain(ctx: Context) -> None:
    """Weaken the ties behind the front door of residents about whom neighbours made a report last month."""
    world = ctx.world
    resident, ties = world.resident, world.ties
    near = ties.of(resident[HURT] > 0)
    first, second = ties.a[near], ties.b[near]
    door = resident.entrance[first]
    near = near[(door >= 0) & (door == resident.entrance[second])]
    hurt = np.maximum(resident[HURT][ties.a[near]], resident[HURT][ties.b[near]])
    ties.strength[near] *= 1 - hurt


def shared_focus(world: World, first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int8]:
    """Narrowest place that two residents of one district share."""
    household = world.household
    one, other = world.resident.household.take(first), world.resident.household.take(second)
    focus = np.full(first.shape, Focus.DISTRICT, dtype=np.int8)
    focus[household.complex.take(one) == household.complex.take(other)] = Focus.COMPLEX
    focus[household.entrance.take(one) == household.entrance.take(other)] = Focus.ENTRANCE
    return focus


def lose(world: World, positions: NDArray[np.intp]) -> None:
    """Drop ties and keep the count per resident up to date."""
    if positions.size:
        ties = world.ties
        take_off(ties.a, ties.b, positions, world.resident.ties)
        ties.drop(positions)


def hold_to_cap(ctx: Context) -> None:
    """Drop the weakest ties of whoever has more than the cap."""
    world, cap = ctx.world, int(ctx.values["contacts.tie_cap"])
    if world.resident.size == 0 or np.maximum.reduce(world.resident.ties) <= cap:
        return
    ties, crowded = world.ties, world.resident.ties > cap
    position = ties.of(crowded)
    left = world.resident.ties.astype(np.int64)
    near = np.concatenate([ties.a[position], ties.b[position]])
    # ties to those who left are gone without notice, so the people concerned are counted afresh
    full = np.unique(near[left[near] > cap])
    left[full] = np.bincount(near, minlength=left.size)[full]
    # of equals the one made with the lower row: ties lie in no order of their own
    order = position[np.lexsort((ties.codes()[position], ties.strength[position]))]
    going = []
    # few people, and each tie dropped may relieve two of them: one by one is what makes this exact
    for tie, a, b in zip(order.tolist(), ties.a[order].tolist(), ties.b[order].tolist(), strict=True):
        if left[a] > cap or left[b] > cap:
            going.append(tie)
            left[a] -= 1
            left[b] -= 1
    lose(world, np.sort(np.array(going, dtype=np.intp)))


def recount(world: World) -> None:
    """Count the ties per resident afresh: ties to those who left are gone without notice."""
    count_all(world.ties.a, world.ties.b, world.resident.ties)


@remembered("outside_education", "outside_education_mean", "outside_mean")
def elsewhere(values: Mapping[str, float]) -> NDArray[np.float32]:
    """Kin and friends elsewhere by education, shape ``(n_levels,)``: more of the higher educated (H815)."""
    slope, middle = values["contacts.outside_education"], values["contacts.outside_education_mean"]
    levels = np.arange(len(Education), dtype=np.float32)
    return (values["contacts.outside_mean"] * (1 + slope * (levels - middle))).astype(np.float32)


def take_stock(ctx: Context, grown: NDArray[np.bool_]) -> None:
    """Count ties afresh; good contacts, acquaintance with the neighbourhood, and closeness behind each entrance.

    Good contacts are strong ties, other adults at home, and kin and friends elsewhere, whose number is a person effect.
    """
    world, values = ctx.world, ctx.values
    resident, ties = world.resident, world.ties
    standing(
        ties.a, ties.b, ties.strength, values["contacts.strong"], grown, resident.education, elsewhere(values),
        resident.outside, resident.household, world.household.adults, np.float32(values["contacts.good_enough"]),
        int(values["contacts.knows_from"]), resident.entrance, resident.ties, resident.good_ties,
        resident.protection, resident.knows_neighbours, world.entrance.closeness,
    )  # fmt: skip
