"""Columns that follow from others: recomputed for the households touched, owned by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import HouseholdType, Role
from wijksim.state.pool import Pool
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows
from wijksim.state.world import World

if TYPE_CHECKING:
    from wijksim.kernel.context import Context


def ages(world: World, month: int) -> None:
    """Recompute the age of everybody and, with it, how many adults and children each household has."""
    resident, household = world.resident, world.household
    np.floor_divide(
        month - resident.birth_month, np.int16(MONTHS_PER_YEAR), out=resident.age, casting="unsafe"
    )
    resident.age[~resident.alive] = 0
    home = resident.household + 1
    grown = resident.alive & (resident.age >= ADULT_AGE)
    household.adults[:] = np.bincount(home, weights=grown, minlength=household.size + 1)[1:]
    household.children[:] = household.persons - household.adults


def members(world: World, households: Rows) -> Rows:
    """Living residents of ``households``, ascending by row."""
    mask = np.zeros(world.household.size + 1, dtype=bool)
    mask[households] = True
    rows = world.resident.rows
    found: Rows = rows[mask[world.resident.household[rows]]]
    return found


def link_residents(world: World, rows: Rows) -> None:
    """Derive dwelling, entrance and district of residents from their household."""
    resident, dwelling = world.resident, world.dwelling
    home = world.household.dwelling[resident.household[rows]]
    housed = home >= 0
    resident.dwelling[rows] = home
    resident.entrance[rows] = np.where(housed, dwelling.entrance[home], -1)
    resident.district[rows] = np.where(housed, dwelling.district[home], -1)


def refresh_households(world: World, households: Rows) -> None:
    """Derive everything of ``households`` (alive, not empty) and their members."""
    if households.size == 0:
        return
    table, resident, dwelling = world.household, world.resident, world.dwelling
    rows = members(world, households)
    home = resident.household[rows]
    grown = resident.age[rows] >= ADULT_AGE
    n = table.size
    table.persons[households] = np.bincount(home, minlength=n)[households]
    table.adults[households] = np.bincount(home, weights=grown, minlength=n)[households]
    table.children[households] = table.persons[households] - table.adults[households]
    heads = rows[resident.role[rows] == Role.HEAD]
    table.head[resident.household[heads]] = heads
    place = table.dwelling[households]
    housed = place >= 0
    for attribute, source in (
        ("entrance", "entrance"),
        ("complex", "complex"),
        ("district", "district"),
        ("tenure", "owner"),
    ):
        table[attribute][households] = np.where(housed, dwelling[source][place], -1)
    partner = np.bincount(home, weights=resident.role[rows] == Role.PARTNER, minlength=n)[households] > 0
    offspring = np.bincount(home, weights=resident.role[rows] == Role.CHILD, minlength=n)[households] > 0
    table.type[households] = np.where(
        partner,
        np.where(offspring, HouseholdType.FAMILY, HouseholdType.COUPLE),
        np.where(offspring, HouseholdType.SINGLE_PARENT, HouseholdType.SINGLE),
    )
    link_residents(world, rows)


def appoint_heads(world: World, households: Rows) -> Rows:
    """Make sure that every household with an adult has one head; return minors left without any adult.

    The partner takes over from a head who died or left, otherwise the eldest adult does.
    """
    resident = world.resident
    rows = members(world, households)
    if rows.size == 0:
        return rows
    home = resident.household[rows]
    is_head = resident.role[rows] == Role.HEAD
    headless = np.ones(world.household.size, dtype=bool)
    headless[home[is_head]] = False
    search = headless[home]
    candidates = rows[search]
    if candidates.size == 0:
        return rows[:0]
    adult = resident.age[candidates] >= ADULT_AGE
    rank = np.where(resident.role[candidates] == Role.PARTNER, 0, 1)
    order = np.lexsort((resident.birth_month[candidates], rank, ~adult, resident.household[candidates]))
    ordered = candidates[order]
    first = np.ones(ordered.size, dtype=bool)
    first[1:] = resident.household[ordered][1:] != resident.household[ordered][:-1]
    chosen = ordered[first]
    grown = resident.age[chosen] >= ADULT_AGE
    resident.role[chosen[grown]] = Role.HEAD
    orphaned_homes = np.zeros(world.household.size, dtype=bool)
    orphaned_homes[resident.household[chosen[~grown]]] = True
    orphans: Rows = candidates[orphaned_homes[resident.household[candidates]]]
    return orphans


def copy_persons(ctx: Context, rows: Rows, pool: Pool, positions: NDArray[np.int64]) -> None:
    """Write the columns of pool persons into new resident rows."""
    table = ctx.world.resident
    for attribute, values in pool.resident.items():
        if attribute == "age_months":
            table.birth_month[rows] = ctx.month - values[positions]
        elif attribute == "months_in_activity":
            table.activity_since[rows] = ctx.month - values[positions]
        elif attribute in table:
            table[attribute][rows] = values[positions]
    table.age[rows] = (ctx.month - table.birth_month[rows]) // MONTHS_PER_YEAR
    table.arrived[rows] = ctx.month
    table.origin[rows] = 1


def copy_households(ctx: Context, rows: Rows, pool: Pool, records: NDArray[np.int64]) -> None:
    """Write the columns of pool records into new household rows."""
    table = ctx.world.household
    for attribute, values in pool.household.items():
        if attribute in table:
            table[attribute][rows] = values[records]


def refresh_world(world: World, month: int) -> None:
    """Derive everything from scratch: after the world is built, and in tests."""
    link_residents(world, world.resident.rows)
    ages(world, month)
    refresh_households(world, world.household.rows)
