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


def distinct(rows: Rows, size: int) -> Rows:
    """Each of ``rows`` of a table of ``size`` once, ascending; quicker than sorting."""
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    found = np.empty(rows.size, dtype=np.int32)
    return found[: member_loops.listed(mask, found)]


def members(world: World, households: Rows) -> Rows:
    """Living residents of ``households``, ascending by row."""
    mask = np.zeros(world.household.size + 1, dtype=bool)
    mask[households] = True
    found = np.empty(world.resident.size, dtype=np.int32)
    count = member_loops.members(mask, world.resident.household, found)
    return found[:count].copy()


def link_residents(world: World, rows: Rows) -> None:
    """Derive dwelling, entrance and district of residents from their household."""
    resident, dwelling = world.resident, world.dwelling
    member_loops.house(rows, resident.household, world.household.dwelling, resident.dwelling)
    for attribute in ("entrance", "district"):
        member_loops.locate(rows, resident.dwelling, resident[attribute], dwelling[attribute])


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
    member_loops.count_members(
        households,
        rows,
        resident.household,
        resident.role,
        resident.age,
        table.persons,
        table.adults,
        table.children,
        table.head,
        table.type,
    )
    for attribute in ("entrance", "complex", "district"):
        member_loops.locate(households, table.dwelling, table[attribute], dwelling[attribute])
    member_loops.locate(households, table.dwelling, table.tenure, dwelling.owner)
    link_residents(world, rows)


def appoint_heads(world: World, rows: Rows) -> Rows:
    """Make sure that every household with an adult has one head; return minors left without any adult.

    The partner takes over from a head who died or left, otherwise the eldest adult does.

    Parameters
    ----------
    rows
        All members of the households to look at, ascending.
    """
    resident = world.resident
    first = np.full(world.household.size, -1, dtype=np.int32)
    orphans = np.empty(rows.size, dtype=np.int32)
    count = member_loops.appoint(
        rows, resident.household, resident.role, resident.age, resident.birth_month, first, orphans
    )
    return orphans[:count]


def refresh_world(world: World, month: int) -> None:
    """Derive everything from scratch: after the world is built, and in tests."""
    link_residents(world, world.resident.rows)
    ages(world, month)
    refresh_households(world, world.household.rows)
