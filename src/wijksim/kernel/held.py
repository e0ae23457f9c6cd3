"""Columns that transitions read and write, found once for many months."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.state.table import Table

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

_LEAVING = attrgetter("resident.alive", "resident.household")
_PARTING = attrgetter(
    "resident.uid", "resident.district", "resident.age", "resident.arrived", "resident.origin", "resident.household",
    "household.uid",
)  # fmt: skip
_BECOMING = attrgetter("resident.alive", "resident.activity", "resident.activity_since", "resident.uid")
_OCCUPIED = attrgetter(
    "household.dwelling", "household.moved_in", "dwelling.household", "dwelling.occupancies"
)
_VACATED = attrgetter("household.dwelling", "dwelling.household", "dwelling.vacant_since")
_LINKS = attrgetter("resident.household", "resident.mother")
_CODES = attrgetter(
    *(f"resident.{name}" for name in ("births", "sex", "role", "activity", "education", "origin"))
)
_MONTHS = attrgetter("resident.birth_month", "resident.activity_since", "resident.arrived")
_PLACES = attrgetter("household.dwelling", "resident.dwelling", "resident.entrance", "resident.district")
_PARTS = attrgetter("dwelling.entrance", "dwelling.district")
_SETTLED = attrgetter(
    "household.alive", "resident.birth_month", "resident.household", "resident.role", "resident.age",
    "resident.dwelling", "resident.entrance", "resident.district", "household.persons", "household.adults",
    "household.children", "household.head", "household.type", "household.dwelling", "household.entrance",
    "household.complex", "household.district", "household.tenure", "dwelling.entrance", "dwelling.complex",
    "dwelling.district", "dwelling.owner",
)  # fmt: skip
_NOBODY = np.empty(0, np.int32)

type Columns = tuple[NDArray[Any], ...]
type Groups = tuple[Any, ...]  # of columns of one type, for passes that take them so


class Held:
    """Columns in the order in which compiled passes take them, good as long as no table shows its columns anew.

    A pass takes some twenty of them. To look these up one by one takes longer than the pass, where few people move.

    Attributes
    ----------
    ctx, shown
        What says whether they still hold.
    leaving, parting, vacated
        See :func:`wijksim.kernel.exit_loops.leavers`, ``part`` and ``vacate``.
    residents, households
        Columns that must forget a resident or a household who is gone; one without rows if there are none.
    becoming
        See :func:`wijksim.kernel.exit_loops.become`.
    born, housed, occupied
        See :func:`wijksim.kernel.entry_loops.born`, ``join`` and ``occupy``.
    settled, lists
        See :func:`wijksim.kernel.member_loops.settle`; nobody keeps what is in the lists.
    """

    __slots__ = (
        "becoming",
        "born",
        "ctx",
        "housed",
        "households",
        "leaving",
        "lists",
        "occupied",
        "parting",
        "residents",
        "settled",
        "shown",
        "vacated",
    )  # fmt: skip

    def __init__(self, ctx: Context) -> None:
        world = ctx.world
        self.ctx, self.shown = ctx, Table.shown
        self.leaving: Columns = _LEAVING(world)
        self.parting: Columns = _PARTING(world)
        self.vacated: Columns = _VACATED(world)
        self.residents: Columns = tuple(map(world.column, ctx.resident_references)) or (_NOBODY,)
        self.households: Columns = tuple(map(world.column, ctx.household_references)) or (_NOBODY,)
        self.becoming: Columns = _BECOMING(world)
        self.housed: Groups = _PLACES(world), _PARTS(world)
        self.born: Groups = _LINKS(world), _CODES(world), _MONTHS(world), *self.housed
        self.occupied: Columns = _OCCUPIED(world)
        self.settled: Columns = _SETTLED(world)
        self.lists = np.empty((2, max(world.resident.size, world.household.size)), np.int32)
