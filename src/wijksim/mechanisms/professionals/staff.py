"""Absence and turnover: strain makes people ill and leave, and a vacancy stays open for months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijksim.kernel.event import Event
from wijksim.kernel.influence import Influence
from wijksim.kernel.relax import step_fraction
from wijksim.mechanisms.professionals import craft, posts, staff_loops
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

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


def turn_over(ctx: Context) -> None:
    """One month of hiring, illness, departure and budget changes."""
    closed = posts.reconcile(ctx)
    if closed.size:
        posts.forget_worker(ctx, closed)
        posts.close_posts(ctx, closed)
    posts.hire(ctx)
    table = ctx.world.professional
    rows = table.rows
    if rows.size == 0:
        return
    # the luck of a person is drawn once, on the first of the posts that make up the week
    first, sick, well = staff_loops.at_work(rows, table.person, table.alive, table.vacant, table.sick)
    back = RETURN.draw(ctx, sick)
    ill = FALL_ILL.draw(ctx, well)
    gone = DEPART.draw(ctx, first)
    if back.size:
        table.sick[_all_posts(ctx, back)] = False
    if ill.size:
        table.sick[_all_posts(ctx, ill)] = True
    if gone.size == 0:
        return
    left = _all_posts(ctx, gone)
    table.sick[left] = False
    table.vacant[left] = True
    table.since[left] = ctx.month
    posts.forget_worker(ctx, left)
    ctx.world.stores[posts.HIRES].push(craft.vacancy_ends(ctx, left), row=left, uid=table.uid[left])
    ctx.log.record("departures", row=gone, uid=table.uid[gone], role=table.role[gone])


def feel_strain(ctx: Context) -> None:
    """Strain moves to the share of hours that crises take in the district."""
    table = ctx.world.professional
    rows = table.rows
    if rows.size == 0:
        return
    fraction = np.float32(step_fraction(ctx.values["professionals.strain_half_life"]))
    staff_loops.strained(rows, table.district, ctx.world.district.crisis_share, fraction, table.strain)


def _all_posts(ctx: Context, first: Rows) -> Rows:
    table = ctx.world.professional
    return staff_loops.of_persons(first, table.rows, table.person, table.size)
