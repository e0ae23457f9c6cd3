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
_BEHIND = ("head", "last of the others", "first of the others")  # adults who may open the door, by number

Doors = dict[str, Any]


def doors(world: World) -> Doors:
    """Dwellings in order of district, complex and entrance, and where the places of each begin and how many they have.

    ``first`` and ``count`` are by width (entrance, complex, district) and dwelling, shape ``(3, n_dwellings)``.
    Kept in the stores and made again when dwellings are built or demolished.
    """
    known: Doors | None = world.stores.get(STORE)
    version = world.dwelling.version
    if known is not None and known["version"] == version:
        return known
    table = world.dwelling
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
    world.stores[STORE] = found
    return found


def digit(luck: NDArray[np.float64], count: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Read an option out of ``count`` off a uniform draw, and the uniform that is left."""
    scaled = luck * count
    which = scaled.astype(np.int64)
    # a draw that was stretched before may reach 1 by rounding
    last = count - 1
    np.minimum(which, np.maximum(last, 0, out=last), out=which)
    scaled -= which
    return which, scaled


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
    dwelling = household.dwelling.take(own)
    spot = np.minimum(focus, Focus.DISTRICT)
    spot *= world.dwelling.size
    spot += dwelling
    count = book["count"].take(spot, mode="clip")
    which, rest = digit(luck, count)
    which += book["first"].take(spot, mode="clip")
    home = world.dwelling.household.take(book["order"].take(which, mode="clip"))
    home[dwelling < 0] = -1
    person = _adult(world, home, rest, grown)
    fits = person >= 0
    fits &= home != own
    fits &= (focus != Focus.SCHOOL) | (household.children.take(home) > 0)
    fits &= (focus != Focus.WORK) | WORKS.take(resident.activity.take(person))
    return np.where(fits, person, np.int32(-1))


def _adult(world: World, home: Rows, luck: NDArray[np.float64], grown: NDArray[np.bool_]) -> Rows:
    """One of the adults of each household: the head, or the first or last of the others; -1 for none.

    Of four adults or more, those in between are not found: they are few.
    """
    resident = world.resident
    others = grown & (resident.role != Role.HEAD)
    rows = others.nonzero()[0].astype(np.int32)
    at = resident.household.take(rows)
    person = np.full((len(_BEHIND), world.household.size), -1, dtype=np.int32)
    person[0] = world.household.head
    person[1, at] = rows
    person[2, at[::-1]] = rows[::-1]
    adults = world.household.adults.take(home)
    which = np.minimum(digit(luck, adults)[0], person.shape[0] - 1)
    which *= world.household.size
    which += home
    missing = home < 0
    missing |= adults <= 0
    found: Rows = person.take(which, mode="clip")
    found[missing] = -1
    return found
