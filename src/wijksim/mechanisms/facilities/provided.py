"""Premises that somebody provides: a building that has lost its use is opened to the neighbourhood.

A lever names a kind and the number of premises that should have been provided by now in each district. They open at
once and from then on are premises like all others: they may close where their support falls short, and stay when the
lever goes. What else is there has to share its support with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from wijksim.core.rng import derive_uid
from wijksim.mechanisms.facilities.columns import Kind

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

REQUEST = "provide"
PROVIDED = "facilities.provided"

type Known = dict[tuple[str, int, int], int]


def provide(ctx: Context) -> None:
    """Open premises that levers provide, and let them grow with what is asked."""
    posts = [
        (lever, details)
        for lever, owner, act, details in ctx.effects.acts
        if (owner, act) == ("facilities", REQUEST)
    ]
    if not posts:
        return
    known = cast(Known, ctx.world.stores.setdefault(PROVIDED, {}))
    table = ctx.world.facility
    for lever, details in sorted(posts, key=lambda post: post[0]):
        kind, wanted = Kind[str(details["kind"]).upper()], np.asarray(details["units"], dtype=np.float64)
        for district in np.flatnonzero(wanted > 0).tolist():
            key = lever, int(kind), district
            if key not in known:
                known[key] = _found(ctx, kind, district, number=len(known))
            row = known[key]
            table.units[row] = max(float(table.units[row]), float(wanted[district]))


def _found(ctx: Context, kind: Kind, district: int, *, number: int) -> int:
    """Row of new premises, open from this month on."""
    table = ctx.world.facility
    uid = derive_uid("facilities.provided", ctx.world.district.uid[district], int(kind), number)
    row = int(table.add(np.array([uid]))[0])
    table.district[row], table.kind[row] = district, kind
    table.open[row], table.since[row] = True, ctx.month
    return row
