"""Hours beyond the timetable (verlengde schooldag): what is asked for, what can be taught, and what it costs.

A programme asks for hours for pupils of primary schools. The school gives them as far as it has teachers: where posts
stand open, that part of the hours falls out, as it did in Rotterdam-Zuid (EDU-13). What pupils would have learned
elsewhere anyway is paid for, and adds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import price_of
from wijksim.mechanisms.school.codes import PRIMARY

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

OWNER, TEACH = "school", "teach_longer"

EXTRA_HOURS = CostItem(
    "extra_school_hours",
    "Extra school hours",
    "Extra uren school",
    payers=(("state", 1.0),),
    grade="D",
    source=("L093",),
    kind="programme",
)


def teach(ctx: Context, *, now: bool) -> None:
    """Give this month's extra hours; without a programme nobody has any, also who has them ``now``."""
    asked = _asked(ctx)
    if not asked and not now:
        return
    table = ctx.world.resident
    price = (
        ctx.values["school.extra_hours_weeks"] / MONTHS_PER_YEAR * price_of(ctx, "school.extra_hours_price")
    )
    paid = np.zeros(table.size)
    added = np.zeros(table.size)
    for lever, details in asked:
        rows = details["residents"]
        rows = rows[(table.school[rows] >= 0) & (table.track[rows] == PRIMARY)]
        hours = details["hours"] * (1 - ctx.world.school.shortage[table.school[rows]])
        paid[rows] += hours
        ctx.effects.booked(lever, _at_home(ctx, rows, hours) * price)
        added[rows] += hours * (1 - details["anyway"])
    table.extra_hours[:] = added
    ctx.counters.add("school.extra_hour_pupil_months", float(np.count_nonzero(added)))
    _book(ctx, paid)


def _asked(ctx: Context) -> list[tuple[str, dict[str, Any]]]:
    """What levers ask of schools this month, in the order of their names."""
    if not ctx.effects.acts:
        return []
    found = [
        (lever, details) for lever, owner, act, details in ctx.effects.acts if (owner, act) == (OWNER, TEACH)
    ]
    return sorted(found, key=lambda post: post[0])


def _at_home(ctx: Context, rows: NDArray[np.integer], hours: NDArray[Any]) -> NDArray[np.float64]:
    """Sum of hours by the district where the pupil lives."""
    district = ctx.world.resident.district[rows]
    here = district >= 0
    return np.bincount(district[here], weights=hours[here], minlength=ctx.world.n_districts)


def _book(ctx: Context, paid: NDArray[np.float64]) -> None:
    """Book the hours taught, in the district where the pupil lives."""
    rows = paid.nonzero()[0]
    hours = _at_home(ctx, rows, paid[rows])
    weeks = ctx.values["school.extra_hours_weeks"] / MONTHS_PER_YEAR
    ctx.ledger.book(EXTRA_HOURS.name, hours * weeks * price_of(ctx, "school.extra_hours_price"))
