"""Columns that follow from others: recomputed for the households touched, owned by nobody."""

from __future__ import annotations

import numpy as np

from wijksim.kernel import member_loops
from wijksim.state.table import Rows
from wijksim.state.world import World


def ages(world: World, month: int) -> None:
    """Recompute the age of everybody and, with it, how many adults and children each household has."""
    resident, household = world.resident, world.household
    # fmt: off
    member_loops.grow_older(
        resident.alive, resident.birth_month, month, resident.household, household.persons, resident.age,
        household.adults, household.children,
    )
    # fmt: on


def members(world: World, households: Rows) -> Rows:
    """Living residents of ``households``, ascending by row."""
    mask = np.zeros(world.household.size + 1, dtype=bool)
    mask[households] = True
    found = np.empty(world.resident.size, dtype=np.int32)
    return found[: member_loops.members(mask, world.resident.household, found)]


def link_residents(world: World, rows: Rows) -> None:
    """Derive dwelling, entrance and district of residents from their household."""
    resident, dwelling = world.resident, world.dwelling
    member_loops.link(
        rows, resident.household, world.household.dwelling, resident.dwelling, resident.entrance, resident.district,
        dwelling.entrance, dwelling.district,
    )  # fmt: skip


def refresh_households(world: World, households: Rows, rows: Rows | None = None) -> None:
    """Derive everything of ``households`` (alive, not empty) and their members.

    Parameters
    ----------
    rows
        Their members, ascending, if the caller has them already.
    """
    if households.size == 0:
        return
    table, resident, dwelling = world.household, world.resident, world.dwelling
    if rows is None:
        rows = members(world, households)
    member_loops.refresh(
        households, rows, resident.household, resident.role, resident.age, resident.dwelling, resident.entrance,
        resident.district, table.persons, table.adults, table.children, table.head, table.type, table.dwelling,
        table.entrance, table.complex, table.district, table.tenure,
        dwelling.entrance, dwelling.complex, dwelling.district, dwelling.owner,
    )  # fmt: skip


def refresh_world(world: World, month: int) -> None:
    """Derive everything from scratch: after the world is built, and in tests."""
    link_residents(world, world.resident.rows)
    ages(world, month)
    refresh_households(world, world.household.rows)
