"""What moves and limits do to ties, and what each resident's ties add up to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.people import Focus
from wijksim.state.table import Rows
from wijksim.state.world import World


def follow_moves(ctx: Context) -> None:
    """Weaken or cut the ties of those who moved since the last look.

    Within the district ties are halved; to another district they are lost (the two may of course meet again).
    A tie between people who now share a household becomes a membership. Whoever moved is found by comparing
    the dwelling with the one remembered, so that moves of last month's housing and of this month's pairing both
    count, each once.
    """
    world = ctx.world
    resident, ties = world.resident, world.ties
    moved = resident.alive & (resident.dwelling != resident.known_dwelling)
    if not moved.any():
        return
    touched = ties.of(moved)
    resident.known_dwelling[:] = resident.dwelling
    if touched.size == 0:
        return
    a, b = ties.a[touched], ties.b[touched]
    together = resident.household[a] == resident.household[b]
    apart = resident.district[a] != resident.district[b]
    ties.strength[touched] *= np.float32(ctx.values["contacts.tie_after_move"])
    local = ties.layer[touched] <= Focus.DISTRICT
    ties.layer[touched[local]] = shared_focus(world, a[local], b[local])
    faded = ties.strength[touched] < ctx.values["contacts.tie_floor"]
    lose(world, touched[together | apart | faded])


def shared_focus(world: World, first: Rows, second: Rows) -> NDArray[np.int8]:
    """Narrowest place that two residents of one district share."""
    household = world.household
    one, other = world.resident.household[first], world.resident.household[second]
    focus = np.full(first.shape, Focus.DISTRICT, dtype=np.int8)
    focus[household.complex[one] == household.complex[other]] = Focus.COMPLEX
    focus[household.entrance[one] == household.entrance[other]] = Focus.ENTRANCE
    return focus


def lose(world: World, positions: NDArray[np.intp]) -> None:
    """Drop ties and keep the count per resident up to date."""
    if positions.size:
        ties = world.ties
        np.subtract.at(world.resident.ties, np.concatenate([ties.a[positions], ties.b[positions]]), 1)
        ties.drop(positions)


def hold_to_cap(ctx: Context) -> None:
    """Drop the weakest ties of whoever has more than the cap."""
    world, cap = ctx.world, int(ctx.values["contacts.tie_cap"])
    if not (world.resident.ties > cap).any():
        return
    ties = world.ties
    position = ties.of(world.resident.ties > cap)
    left = world.resident.ties.astype(np.int64)
    near = np.concatenate([ties.a[position], ties.b[position]])
    # ties to those who left are gone without notice, so the people concerned are counted afresh
    full = np.unique(near[left[near] > cap])
    left[full] = np.bincount(near, minlength=left.size)[full]
    order = position[np.argsort(ties.strength[position], kind="stable")]
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
    ties, size = world.ties, world.resident.size
    world.resident.ties[:] = np.bincount(ties.a, minlength=size) + np.bincount(ties.b, minlength=size)


def strong_count(ctx: Context) -> NDArray[np.int64]:
    """Strong ties per row, shape ``(n_residents,)``."""
    ties, size = ctx.world.ties, ctx.world.resident.size
    strong = np.flatnonzero(ties.strength >= ctx.values["contacts.strong"])
    found = np.bincount(ties.a[strong], minlength=size) + np.bincount(ties.b[strong], minlength=size)
    return np.asarray(found)


def others_at_home(world: World) -> NDArray[np.int16]:
    """Other adults in the household, shape ``(n_residents,)``; negative for minors living alone with nobody."""
    adults: NDArray[np.int16] = world.household.adults[world.resident.household]
    return adults - np.int16(1)


def good_contacts(ctx: Context, grown: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Good contacts: strong ties, other adults at home, kin and friends elsewhere; shape ``(n_residents,)``.

    The number elsewhere is a person effect, and larger for the higher educated (H815).
    """
    world, values = ctx.world, ctx.values
    slope = values["contacts.outside_education"]
    middle = values["contacts.outside_education_mean"]
    levels = np.arange(world.resident.education.max(initial=0) + 1, dtype=np.float32)
    elsewhere = (values["contacts.outside_mean"] * (1 + slope * (levels - middle))).astype(np.float32)
    good: NDArray[np.float32] = world.resident.outside * elsewhere[world.resident.education]
    good += others_at_home(world)
    good += strong_count(ctx)
    good[~grown] = 0
    return good
