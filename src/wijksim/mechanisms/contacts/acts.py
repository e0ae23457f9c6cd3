"""What levers ask of contacts, and the columns that hold what was asked of places and people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.mechanisms.contacts.rooms import REQUEST as SHARED_ROOM
from wijksim.state.column import Column
from wijksim.state.table import Rows

OWNER = "contacts"
INTRODUCE = "introduce"
COACH = "coach_circles"
GREET = "greet"
LAY_OUT = "lay_out"
SHARE_HELP = "share_help"

MIXING = "contacts.mixing"
"""Weight that levers scale per resident: how readily one of another milieu is taken to, up to as readily as any."""

CHANNELS = (
    "contacts.capacity", "contacts.encounters", MIXING, "contacts.new_ties",
    *(f"{OWNER}.{act}" for act in (SHARED_ROOM, INTRODUCE, COACH, GREET, LAY_OUT, SHARE_HELP)),
)  # fmt: skip

COLUMNS = (
    Column("resident.circle", np.int32, "number", "Neighbourhood circle or peer group (buurtcirkel), -1 for none",
           default=-1),
    Column("resident.greetings", np.float32, "per month", "Further greetings by neighbours that levers bring (groet)",
           low=0),
    Column("entrance.space", np.float32, "share",
           "Quality that levers add to public space outside for different users (inrichting)", low=0, high=1),
)  # fmt: skip


def asked(ctx: Context, act: str) -> list[tuple[str, dict[str, Any]]]:
    """Requests of this month for an act of contacts: lever and details, in the order of levers' names."""
    if not ctx.effects.acts:
        return []
    found = [
        (lever, details) for lever, owner, what, details in ctx.effects.acts if (owner, what) == (OWNER, act)
    ]
    return sorted(found, key=lambda one: one[0])


def present(ctx: Context, residents: Rows, grown: NDArray[np.bool_]) -> Rows:
    """Those of ``residents`` who are adults with a home in a district now."""
    return residents[grown[residents] & (ctx.world.resident.district[residents] >= 0)]


def lay_out(ctx: Context) -> None:
    """Public space at each entrance as good for different users as is asked for this month, else as it was built.

    Details: ``entrances`` and ``quality`` in [0, 1]. Where several ask, the best counts.
    """
    space = ctx.world.entrance.space
    wanted = asked(ctx, LAY_OUT)
    if not wanted and not np.logical_or.reduce(space):
        return
    space[:] = 0
    for _, details in wanted:
        rows = details["entrances"]
        space[rows] = np.maximum(space[rows], np.float32(details["quality"]))
