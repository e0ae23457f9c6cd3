"""Informal support: hours that flow over ties, from those who can to those who need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijksim.kernel.context import Context
from wijksim.kernel.kept import Kept
from wijksim.mechanisms.contacts.acts import SHARE_HELP, asked, present
from wijksim.mechanisms.contacts.room import ROOM, Room
from wijksim.mechanisms.contacts.support_loops import spread

_NO_LIFT = np.empty(0)


def _terms(values: dict[str, float]) -> tuple[np.float32, np.float32, float, float]:
    """Need from which one asks, and the hours that go with it; hours that one can give, and of a contributor."""
    return (
        np.float32(values["contacts.support_need_floor"]),
        np.float32(values["contacts.support_need_hours"]),
        values["contacts.support_hours"],
        values["contacts.support_contributor"],
    )


_KNOWN = Kept(_terms)


class Flow(NamedTuple):
    """Hours a month per resident, all of shape ``(n_residents,)``."""

    received: NDArray[np.float64]
    given: NDArray[np.float64]
    capacity: NDArray[np.float64]


def flow(ctx: Context, grown: NDArray[np.bool_], laid: Room | None = None) -> Flow:
    """Match need with capacity over the ties, and write down who receives and gives how much.

    An adult can give ``6 * (1 - stress)`` hours, a contributor (drager) twice that.

    Whoever needs support asks for ``need * hours`` and spreads that over the ties by strength; with little
    strength in all (less than one full tie) only that part is asked. Whoever is asked for more than the own
    capacity gives everybody the same part. So what is given is what is received, nobody gives more than the
    capacity and nobody gets more than the need. How columns are ``laid`` out is looked up unless given.
    """
    ties, columns = ctx.world.ties, (ROOM(ctx.world) if laid is None else laid).support
    lever = ctx.effects.offsets("contacts.capacity", "resident") if ctx.effects.scales else None
    hours, received, given = np.empty((2 + 1, grown.size))
    spread(
        hours, received, given, ties.a, ties.b, ties.strength, grown, _NO_LIFT if lever is None else np.exp(lever),
        *_KNOWN(ctx.values), *columns,
    )  # fmt: skip
    return Flow(received, given, hours)


def in_need(ctx: Context, grown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Adults whose need is large enough to ask somebody, shape ``(n_residents,)``."""
    asks: NDArray[np.bool_] = ctx.world.resident.need >= np.float32(ctx.values["contacts.support_need_floor"])
    asks &= grown
    return asks


def share_in_complexes(ctx: Context, flow: Flow, grown: NDArray[np.bool_]) -> None:
    """Let those who can give help neighbours of the same complex whom they do not know (burenhulp in een complex).

    Details of a request: ``residents`` who take part, ``spillover``, the part of what a giver has left that is there
    for all of the complex, and ``threshold``, the share of adults without a need of their own below which nobody
    begins. Hours left and hours lacking of those who take part are put together by complex, so that again what is
    given is what is received.
    """
    wanted = asked(ctx, SHARE_HELP)
    if not wanted:
        return
    world = ctx.world
    size = world.complex.size
    home = world.household.complex[world.resident.household]
    asks = in_need(ctx, grown)
    housed = grown & (home >= 0)
    all_, strong = (np.bincount(home[who], minlength=size) for who in (housed, housed & ~asks))
    for _, details in wanted:
        rows = present(ctx, details["residents"], grown)
        rows = rows[home[rows] >= 0]
        able = strong[home[rows]] >= details["threshold"] * all_[home[rows]]
        rows = rows[able]
        givers, takers = rows[~asks[rows]], rows[asks[rows]]
        left = np.maximum(flow.capacity[givers] - flow.given[givers], 0) * details["spillover"]
        full = world.resident.need[takers].astype(np.float64) * ctx.values["contacts.support_need_hours"]
        lack = np.maximum(full - flow.received[takers], 0)
        offered = np.bincount(home[givers], weights=left, minlength=size)
        lacking = np.bincount(home[takers], weights=lack, minlength=size)
        passed = np.minimum(offered, lacking)
        part = np.divide(passed, offered, out=np.zeros(size), where=offered > 0)
        flow.given[givers] += left * part[home[givers]]
        part = np.divide(passed, lacking, out=np.zeros(size), where=lacking > 0)
        flow.received[takers] += lack * part[home[takers]]
    world.resident.support[:] = flow.received
    world.resident.given[:] = flow.given
