"""Columns that follow from others: recomputed for the households touched, owned by nobody."""

from __future__ import annotations

import numpy as np

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import HouseholdType, Role
from wijksim.state.structure import ADULT_AGE
from wijksim.state.table import Rows
from wijksim.state.world import World

# by whether there is a partner and whether there are children of the head
_TYPES = np.array(
    [
        [HouseholdType.SINGLE, HouseholdType.SINGLE_PARENT],
        [HouseholdType.COUPLE, HouseholdType.FAMILY],
    ],
    dtype=np.int8,
)


def ages(world: World, month: int) -> None:
    """Recompute the age of everybody and, with it, how many adults and children each household has."""
    resident, household = world.resident, world.household
    np.floor_divide(
        month - resident.birth_month, np.int16(MONTHS_PER_YEAR), out=resident.age, casting="unsafe"
    )
    np.multiply(resident.age, resident.alive, out=resident.age)
    home = resident.household[np.flatnonzero(resident.age >= ADULT_AGE)] + 1  # the dead have age 0
    household.adults[:] = np.bincount(home, minlength=household.size + 1)[1:]
    np.subtract(household.persons, household.adults, out=household.children)


def distinct(rows: Rows, size: int) -> Rows:
    """Each of ``rows`` of a table of ``size`` once, ascending; quicker than sorting."""
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    found: Rows = mask.nonzero()[0].astype(np.int32)
    return found


def members(world: World, households: Rows) -> Rows:
    """Living residents of ``households``, ascending by row."""
    mask = np.zeros(world.household.size + 1, dtype=bool)
    mask[households] = True
    # dead rows hold -1 for their household, which is the spare last place of the mask
    found: Rows = mask.take(world.resident.household).nonzero()[0].astype(np.int32)
    return found


def link_residents(world: World, rows: Rows) -> None:
    """Derive dwelling, entrance and district of residents from their household."""
    resident, dwelling = world.resident, world.dwelling
    home = world.household.dwelling[resident.household[rows]]
    housed = home >= 0
    resident.dwelling[rows] = home
    resident.entrance[rows] = np.where(housed, dwelling.entrance[home], -1)
    resident.district[rows] = np.where(housed, dwelling.district[home], -1)


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
    place = np.empty(table.size, dtype=np.intp)
    n = households.size
    place[households] = np.arange(n)
    home = place[resident.household[rows]]
    role = resident.role[rows]
    persons = np.bincount(home, minlength=n)
    adults = np.bincount(home[resident.age[rows] >= ADULT_AGE], minlength=n)
    table.persons[households] = persons
    table.adults[households] = adults
    table.children[households] = persons - adults
    is_head = role == Role.HEAD
    table.head[households[home[is_head]]] = rows[is_head]
    dwellings = table.dwelling[households]
    housed = dwellings >= 0
    for attribute, source in (
        ("entrance", "entrance"),
        ("complex", "complex"),
        ("district", "district"),
        ("tenure", "owner"),
    ):
        table[attribute][households] = np.where(housed, dwelling[source][dwellings], -1)
    partner = np.bincount(home[role == Role.PARTNER], minlength=n) > 0
    offspring = np.bincount(home[role == Role.CHILD], minlength=n) > 0
    table.type[households] = _TYPES[partner.astype(np.intp), offspring.astype(np.intp)]
    resident.dwelling[rows] = dwellings[home]
    resident.entrance[rows] = table.entrance[households][home]
    resident.district[rows] = table.district[households][home]


def appoint_heads(world: World, rows: Rows) -> Rows:
    """Make sure that every household with an adult has one head; return minors left without any adult.

    The partner takes over from a head who died or left, otherwise the eldest adult does.

    Parameters
    ----------
    rows
        All members of the households to look at, ascending.
    """
    resident = world.resident
    home = resident.household[rows]
    is_head = resident.role[rows] == Role.HEAD
    headless = np.ones(world.household.size, dtype=bool)
    headless[home[is_head]] = False
    candidates = rows[headless[home]]
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


def refresh_world(world: World, month: int) -> None:
    """Derive everything from scratch: after the world is built, and in tests."""
    link_residents(world, world.resident.rows)
    ages(world, month)
    refresh_households(world, world.household.rows)
