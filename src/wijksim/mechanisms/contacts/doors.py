"""Who might be met: a door in a shared place, and one of the adults behind it.

Candidates are found through dwellings, which stay where they are, and not through lists of people. If somebody
moves or dies, only those who would have knocked at that door meet somebody else this month; all other pairs keep
their luck.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wijksim.state.world import World

STORE = "contacts.doors"

PLACES = ("entrance", "complex", "district")

Doors = dict[str, Any]


def doors(world: World) -> Doors:
    """Dwellings in order of district, complex and entrance, and where the places of each begin and how many they have.

    ``doors`` holds both by dwelling and width (entrance, complex, district), shape ``(n_dwellings, 3, 2)``.
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
    found = np.zeros((table.size, len(PLACES), 2), dtype=np.int32)
    for width, name in enumerate(PLACES):
        place, size = table[name][order], world.tables[name].size
        start = np.zeros(size, dtype=np.int32)
        # positions are visited backwards, so that the first of each place is what stays
        start[place[::-1]] = np.arange(order.size - 1, -1, -1)
        found[order, width, 0] = start[place]
        found[order, width, 1] = np.bincount(place, minlength=size)[place]
    book: Doors = {"version": version, "order": order, "doors": found}
    book.update({name: table[name].copy() for name in ("alive", *PLACES)})
    world.stores[STORE] = book
    return book
