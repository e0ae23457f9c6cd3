"""Columns as a month of facilities takes them, and room for what it finds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.columns import KeptColumns
from wijksim.mechanisms.facilities.columns import KEYS, Kind
from wijksim.mechanisms.facilities.loops import FOUND
from wijksim.state.table import Rows
from wijksim.state.world import World

type Floats = NDArray[np.float64]
type Given = tuple[Any, ...]


class Room(NamedTuple):
    """What compiled passes take last, and the arrays that they fill: nobody keeps what is in these after a month.

    Attributes
    ----------
    grown, sources, shared, weighed, described
        For these passes, and for ``demanded``.
    busy, idle, taken, vacant
        Lines of residents, and of premises.
    shops, divided, traded, demand, support
        Shops per resident, what of demand is left for each who shares it, now and with one more, and support of shops
        and services; sources of support per resident; and support of each of the premises.
    stock, offered, unknown
        Premises open and on offer by district and kind, and who knows no organisation.
    """

    grown: Given
    sources: Given
    shared: Given
    weighed: Given
    described: Given
    busy: Rows
    idle: Rows
    taken: Rows
    vacant: Rows
    shops: Floats
    divided: Floats
    traded: Floats
    demand: Floats
    support: Floats
    stock: Floats
    offered: Floats
    unknown: Floats


def room(world: World) -> Room:
    """Lay out what goes with the residents, households and premises there are."""
    table, home, there, district = world.resident, world.household, world.facility, world.district
    now_and_more, kinds = (2, district.size, len(KEYS)), (district.size, len(KEYS))
    crowd, divided, total = np.empty(now_and_more), np.empty(now_and_more), np.empty(now_and_more)
    demand, support = np.empty((FOUND, district.size)), np.empty(there.size)
    stock, offered, unknown = np.empty(kinds), np.empty(kinds), np.empty(district.size)
    volunteers, premises = np.empty((2, table.size + 1), np.int32), np.empty((2, there.size), np.int32)
    sources = (
        table.district, table.age, table.activity, table.felt_safety, table.volunteer_hours, home.district, home.income,
        home.housing_cost, district.purchasing_power, district.volunteering,
    )  # fmt: skip
    return Room(
        (table.alive, table.age, table.volunteer_hours, volunteers),
        sources,
        (*sources, there.district, there.kind, there.units, there.open, crowd, divided, demand),
        (there.district, there.kind, there.open, district.local_turnover, total, support, premises),
        (demand, there.kind, there.open, stock, there.district, there.units, offered, unknown, district.amenities,
         district.meeting_access, district.initiatives, district.premises_vacant),
        volunteers[0], volunteers[1], premises[0], premises[1],
        crowd[0, :, int(Kind.SHOP)], divided, total[0, :, : int(Kind.SERVICE) + 1],
        demand, support, stock, offered, unknown,
    )  # fmt: skip


room_of = KeptColumns(room, "resident", "household", "facility", "district")
