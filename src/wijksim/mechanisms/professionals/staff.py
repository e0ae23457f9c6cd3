"""Absence and turnover: strain makes people ill and leave, and a vacancy stays open for months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.mechanisms.professionals import craft, posts, staff_loops
from wijksim.mechanisms.professionals.room import room_of

if TYPE_CHECKING:
    from wijksim.kernel.context import Context
    from wijksim.mechanisms.professionals.room import Room

_NOBODY = np.empty(0, np.int32)
_STRAIN = Influence("professional.strain", "professionals.departure_hr_strain", loop="firefighting")

FALL_ILL = Event(
    "professionals.fall_ill",
    table="professional",
    base="professionals.sick_rate",
    influences=(Influence("professional.strain", "professionals.sick_hr_strain", loop="firefighting"),),
    doc="A professional goes on long sick leave (PRO-12)",
)
RETURN = Event(
    "professionals.return",
    table="professional",
    base="professionals.sick_return_rate",
    doc="A professional comes back from sick leave",
)
DEPART = Event(
    "professionals.depart",
    table="professional",
    base="professionals.departure_rate",
    influences=(_STRAIN,),
    doc="A professional leaves the post; residents lose their worker (PRO-15)",
)


def turn_over(ctx: Context) -> Room:
    """One month of hiring, illness, departure and budget changes; return how columns lie after it."""
    table, room = ctx.world.professional, room_of(ctx.world)
    first, sick, well, as_funded, awaited = posts.at_work(ctx, room)
    if awaited or not as_funded:
        closed = _NOBODY if as_funded else posts.reconcile(ctx)
        if closed.size:
            posts.forget_worker(ctx, closed)
            posts.close_posts(ctx, closed)
        posts.hire(ctx)
        room = room_of(ctx.world)
        first, sick, well, *_ = posts.at_work(ctx, room)
    # the luck of a person is drawn once, on the first of the posts that make up the week
    back = RETURN.draw(ctx, sick)
    ill = FALL_ILL.draw(ctx, well)
    gone = DEPART.draw(ctx, first)
    if back.size or ill.size:
        staff_loops.turn(back, ill, table.rows, table.person, table.sick)
    if gone.size == 0:
        return room
    resident = ctx.world.resident
    left, uid = staff_loops.leave(
        gone, table.rows, table.person, table.uid, ctx.month, table.sick, table.vacant, table.since, resident.worker,
        resident.worker_since, resident.worker_changed,
    )  # fmt: skip
    ctx.world.stores[posts.HIRES].push(craft.vacancy_ends(ctx, left), row=left, uid=uid)
    ctx.log.record("departures", row=gone, uid=table.uid[gone], role=table.role[gone])
    return room
