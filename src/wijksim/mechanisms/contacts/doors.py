"""Who might be met: a door in a shared place, and one of the adults behind it.

Candidates are found through dwellings, which stay where they are, and not through lists of people. If somebody
moves or dies, only those who would have knocked at that door meet somebody else this month; all other pairs keep
their luck.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.people import WORKS, Focus
from wijksim.state.codes import Role
from wijksim.state.table import Rows
from wijksim.state.world import World

STORE = "contacts.doors"

PLACES = ("entrance", "complex", "district")

Doors = dict[str, Any]


def doors(world: World) -> Doors:
    """Dwellings in order of district, complex and entrance, and where each of those begins and ends.

    Kept in the stores and made again when dwellings are built or demolished.
    """
    known: Doors | None = world.stores.get(STORE)
    version = world.dwelling.version
    if known is not None and known["version"] == version:
        return known
    table = world.dwelling
    rows = table.rows
    order = rows[np.lexsort((table.entrance[rows], table.complex[rows], table.district[rows]))]
    # one list of places: entrances, then complexes, then districts
    offset = np.cumsum([0] + [world.tables[name].size for name in PLACES])
    first, count = np.zeros(offset[-1], dtype=np.int64), np.zeros(offset[-1], dtype=np.int64)
    for number, name in enumerate(PLACES):
        place = table[name][order] + offset[number]
        count += np.bincount(place, minlength=offset[-1])
        # positions are visited backwards, so that the first of each place is what stays
        first[place[::-1]] = np.arange(order.size - 1, -1, -1)
    found: Doors = {"version": version, "order": order, "offset": offset, "first": first, "count": count}
    world.stores[STORE] = found
    return found


def digit(luck: NDArray[np.float64], count: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Read an option out of ``count`` off a uniform draw, and the uniform that is left."""
    scaled = luck * count
    # a draw that was stretched before may reach 1 by rounding
    which = np.minimum(scaled.astype(np.int64), np.maximum(count - 1, 0))
    return which, scaled - which


def someone(
    ctx: Context, rows: Rows, focus: NDArray[np.int64], luck: NDArray[np.float64], grown: NDArray[np.bool_]
) -> Rows:
    """Find for each of ``rows`` somebody who shares the focus; -1 where nobody is found.

    Parameters
    ----------
    rows
        Residents who meet somebody.
    focus
        A :class:`Focus` code for each.
    luck
        Uniform draw for each: decides on the door and, with what is left, on the adult behind it.
    grown
        Mask of adults, shape ``(n_residents,)``.

    Notes
    -----
    At the school gate (at work) a door without parents (workers) is a miss, so that fewer of them also make
    fewer ties.
    """
    world = ctx.world
    book = doors(world)
    household, resident = world.household, world.resident
    own = resident.household.take(rows)
    width = np.minimum(focus, Focus.DISTRICT)
    place = np.choose(width, [household[name].take(own) for name in PLACES])
    key = place + book["offset"].take(width)
    count = book["count"].take(key)
    which, rest = digit(luck, count)
    door = book["order"].take(book["first"].take(key) + which, mode="clip")
    home = world.dwelling.household.take(door)
    home[(place < 0) | (count == 0)] = -1
    person = _adult(world, home, rest, grown)
    fits = (person >= 0) & (home != own)
    fits &= (focus != Focus.SCHOOL) | (household.children.take(home) > 0)
    fits &= (focus != Focus.WORK) | WORKS.take(resident.activity.take(person))
    return np.where(fits, person, -1).astype(np.int32)


def _adult(world: World, home: Rows, luck: NDArray[np.float64], grown: NDArray[np.bool_]) -> Rows:
    """One of the adults of each household: the head, or the first or last of the others; -1 for none.

    Of four adults or more, those in between are not found: they are few.
    """
    resident = world.resident
    rows = np.flatnonzero(grown & (resident.role != Role.HEAD)).astype(np.int32)
    at = resident.household.take(rows)
    last = np.full(world.household.size, -1, dtype=np.int32)
    first = last.copy()
    last[at] = rows
    first[at[::-1]] = rows[::-1]
    adults = world.household.adults.take(home)
    which = np.minimum(digit(luck, adults)[0], 2)
    person = np.choose(which, (world.household.head.take(home), last.take(home), first.take(home)))
    return np.where((home >= 0) & (adults > 0), person, -1).astype(np.int32)
