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
from wijksim.mechanisms.contacts.pair_loops import behind_doors
from wijksim.mechanisms.contacts.people import WORKS
from wijksim.state.table import Rows
from wijksim.state.world import World

STORE = "contacts.doors"

PLACES = ("entrance", "complex", "district")

Doors = dict[str, Any]


def doors(world: World) -> Doors:
    """Dwellings in order of district, complex and entrance, and where the places of each begin and how many they have.

    ``first`` and ``count`` are by width (entrance, complex, district) and dwelling, shape ``(3, n_dwellings)``.
    Kept in the stores and made again when dwellings are built or demolished: the places are kept too, to tell.
    """
    known: Doors | None = world.stores.get(STORE)
    table, version = world.dwelling, world.dwelling.version
    if known is not None:
        if known["version"] == version:
            return known
        if all(np.array_equal(known[name], table[name]) for name in ("alive", *PLACES)):
            known["version"] = version
            return known
    rows = table.rows
    order = rows[np.lexsort((table.entrance[rows], table.complex[rows], table.district[rows]))]
    first = np.zeros((len(PLACES), table.size), dtype=np.int32)
    count = np.zeros((len(PLACES), table.size), dtype=np.int32)
    for width, name in enumerate(PLACES):
        place, size = table[name][order], world.tables[name].size
        start = np.zeros(size, dtype=np.int32)
        # positions are visited backwards, so that the first of each place is what stays
        start[place[::-1]] = np.arange(order.size - 1, -1, -1)
        first[width, order] = start[place]
        count[width, order] = np.bincount(place, minlength=size)[place]
    found: Doors = {"version": version, "order": order, "first": first, "count": count}
    found.update({name: table[name].copy() for name in ("alive", *PLACES)})
    world.stores[STORE] = found
    return found


def someone(
    ctx: Context, rows: Rows, focus: NDArray[np.int64], luck: NDArray[np.float64], grown: NDArray[np.bool_]
) -> Rows:
    """Find for each of ``rows`` somebody who shares the focus; -1 where nobody is found.

    Parameters
    ----------
    rows
        Residents who meet somebody.
    focus
        A :class:`Focus` code for each; -1 for those who meet nobody at a door.
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
    found = np.empty(rows.size, dtype=np.int32)
    behind_doors(
        rows,
        focus,
        luck,
        resident.household,
        household.dwelling,
        world.dwelling.household,
        book["order"],
        book["first"],
        book["count"],
        household.head,
        household.adults,
        household.children,
        resident.activity,
        WORKS,
        resident.role,
        grown,
        found,
    )
    return found
