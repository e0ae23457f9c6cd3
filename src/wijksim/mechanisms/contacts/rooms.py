"""Shared rooms and courtyards: open as long as somebody keeps them open, and not used by everybody who might.

A room is closed in the month in which no lever asks for it any more; ties that came about there fade like others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

REQUEST = "shared_room"


def keep_open(ctx: Context) -> None:
    """Open the rooms that levers ask for this month, ``complexes``, to those ``residents`` who use them.

    Without ``residents`` all who live there do.
    """
    asked = [details for _, owner, act, details in ctx.effects.acts if (owner, act) == ("contacts", REQUEST)]
    rooms, resident = ctx.world.complex.shared_room, ctx.world.resident
    if np.logical_or.reduce(rooms):
        rooms[:] = False
        resident.room_user[:] = False
    for details in asked:
        rooms[details["complexes"]] = True
        users = details.get("residents")
        if users is None:
            home = ctx.world.household.complex[resident.household]
            users = resident.alive & (home >= 0)
            users &= rooms[home]
        resident.room_user[users] = True
