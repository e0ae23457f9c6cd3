"""Gross wages: lognormal around a level by education, ability and age, never below the minimum wage.

Amounts are in euros of one price year; there is no growth of wages in general. No penalty for past unemployment
beyond what sorting brings is put in: the evidence tables have no Dutch figure for it.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import WEEKS_PER_MONTH
from wijksim.core.variates import to_normal
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import indexed
from wijksim.mechanisms.work.small_loops import newcomers, pay, wage_scores
from wijksim.state.codes import Education
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

PAID = CostItem(
    "wages", "Wages of regular jobs", "Lonen", (("employers", 1.0),), (("residents", 1.0),), grade="B", kind="wages"
)  # fmt: skip

_HOURLY = itemgetter(*(f"work.hourly_{level.name.lower()}" for level in Education))
# as the passes take them
_SCORES = itemgetter(*(f"work.{name}" for name in (
    "wage_peak_age", "wage_reference_age", "wage_ability", "wage_growth", "wage_spread", "job_spread",
)))  # fmt: skip
_PAY = itemgetter(*(f"work.{name}" for name in (
    "minimum_wage", "full_time_share", "full_time_hours", "part_time_hours", "part_time_spread",
)))  # fmt: skip
_GROSS = itemgetter("work.gross_threshold", "work.gross_slope")
_LISTS = len(("unknown", "assisted", "jobless"))


def offered(ctx: Context, rows: Rows, *, lane: int = 0) -> NDArray[np.float64]:
    """Gross wage a month in a job that each of ``rows`` finds this month (``lane`` 1: brings along)."""
    table, value, draws = ctx.world.resident, ctx.values, ctx.draws
    uid, wage = table.uid.take(rows), np.empty(rows.size)
    luck = np.concatenate((draws.life("work.wage", uid), draws.uniform("work.job", uid, ctx.month, lane)))
    to_normal(luck)
    wage_scores(rows, table.age, table.ability, luck, wage, *_SCORES(value))
    np.exp(wage, out=wage)
    pay(rows, table.education, draws.life("work.hours", uid), wage, _HOURLY(value), *_PAY(value))
    return wage


def basic_job_wage(ctx: Context) -> float:
    """Gross wage a month of a basic job: the minimum wage for its hours."""
    return ctx.values["work.minimum_wage"] * ctx.values["work.basic_job_hours"] * WEEKS_PER_MONTH


def settle(ctx: Context, rows: Rows) -> tuple[Rows, Rows]:
    """Clocks and wages of ``rows`` as they follow from activity and its beginning (new worlds, newcomers).

    A wage that a synthetic person brings along is net, as household incomes are; it is made gross. Who brings
    none gets the wage that the job market offers.

    Returns
    -------
    assisted, jobless
        Places in ``rows`` of those on assistance, and rows of the unemployed.
    """
    table, lists = ctx.world.resident, np.empty((_LISTS, rows.size + 1), np.int32)
    count, on, without = newcomers(
        rows, table.activity, table.activity_since, ctx.month, table.assistance_clock, table.assistance_out,
        table.job_months, table.wage, lists, *_GROSS(ctx.values),
    )  # fmt: skip
    if count:
        unknown = lists[0, :count]
        table.wage[unknown] = offered(ctx, unknown, lane=1)
    return lists[1, :on], lists[2, :without]


def euro(ctx: Context) -> float:
    """Euro of wages in euros of the accounts."""
    return indexed(ctx, 1.0, ctx.parameters["work.minimum_wage"].price_year)
