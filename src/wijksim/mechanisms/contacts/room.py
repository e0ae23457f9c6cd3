"""Columns as a month of contacts takes them, and room for what it lists."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.columns import KeptColumns
from wijksim.state.table import Rows
from wijksim.state.world import World

HURT = "relations_hurt"
_NOTHING = np.empty(0, np.float32)
_LISTS = len(("adults", "free", "lonely"))
MARKED = len(
    (
        "alive",
        "age",
        "dwelling",
        "known_dwelling",
        "relations_hurt",
        "lonely",
        "shared_room",
        "space",
        "greetings",
    )
)
"""Columns with which those who are present are marked; what follows is of how much they are about."""

type Given = tuple[NDArray[Any], ...]


class Room(NamedTuple):
    """What compiled passes take last, and what they fill.

    Attributes
    ----------
    present, grown, moved, lists, root
        For ``people_loops.begun``, which fills the others.
    meeting, made
        For ``meet_loops.met``, and the ties that it makes: lower and higher rows, layer and strength.
    support
        For ``support_loops.spread``.
    """

    present: Given
    grown: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    lists: tuple[Rows, Rows, Rows]
    root: NDArray[np.float32]
    meeting: Given
    made: Given
    support: Given


def _room(world: World) -> Room:
    resident, household, size = world.resident, world.household, world.resident.size
    rows, free, lonely = np.empty((_LISTS, size + 1), np.int32)
    grown, moved = np.empty((2, size), np.bool_)
    root = np.empty(size, np.float32)
    low, high = np.empty((2, size + 1), np.int64)
    made = low, high, np.empty(size + 1, np.int8), np.empty(size + 1, np.float32)
    harm = getattr(resident, HURT, _NOTHING)  # a world without professionals has no such column
    return Room(
        (
            resident.alive, resident.age, resident.dwelling, resident.known_dwelling, harm, resident.lonely,
            world.complex.shared_room, world.entrance.space, resident.greetings, resident.activity,
            resident.sociability, resident.dutch, world.district.meeting_access, resident.district, resident.room_user,
            resident.entrance, grown, moved, rows, free, lonely, root,
        ),
        grown, moved, (rows, free, lonely), root,
        (
            resident.household, resident.district, resident.activity, resident.role, resident.uid, household.dwelling,
            household.entrance, household.complex, household.head, household.adults, household.children,
            world.dwelling.household, resident.milieu, resident.age, household.moved_in, *made,
        ),
        made, (resident.need, resident.stress, resident.contributor, resident.support, resident.given),
    )  # fmt: skip


ROOM = KeptColumns(_room, "resident", "household", "dwelling", "entrance", "complex", "district")
