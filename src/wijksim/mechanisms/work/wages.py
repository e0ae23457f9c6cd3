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


def offered(ctx: Context, rows: Rows, *, lane: int = 0) -> NDArray[np.float64]:
    """Gross wage a month in a job that each of ``rows`` finds this month (``lane`` 1: brings along)."""
    table, value, draws = ctx.world.resident, ctx.values, ctx.draws
    uid = table.uid.take(rows)
    growth, wage = np.empty((2, rows.size))
    luck = np.empty(2 * rows.size)
    luck[: rows.size] = draws.life("work.wage", uid)
    luck[rows.size :] = draws.uniform("work.job", uid, ctx.month, lane)
    to_normal(luck)
    wage_scores(
        rows, table.age, table.ability, value["work.wage_peak_age"], value["work.wage_reference_age"],
        (value["work.wage_ability"], value["work.wage_growth"], value["work.wage_spread"], value["work.job_spread"]),
        luck, growth,
    )  # fmt: skip
    np.exp(growth, out=growth)
    hours = value["work.full_time_hours"], value["work.part_time_hours"], value["work.part_time_spread"]
    pay(
        rows, table.education, _HOURLY(value), growth, draws.life("work.hours", uid),
        value["work.minimum_wage"], value["work.full_time_share"], hours, WEEKS_PER_MONTH, wage,
    )  # fmt: skip
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
    table, value = ctx.world.resident, ctx.values
    unknown = np.empty(rows.size, dtype=np.int32)
    assisted, jobless = np.empty((2, rows.size + 1), dtype=np.int32)
    count, on, without = newcomers(
        rows, table.activity, table.activity_since, ctx.month, value["work.gross_threshold"],
        value["work.gross_slope"], table.assistance_clock, table.assistance_out, table.job_months, table.wage, unknown,
        assisted, jobless,
    )  # fmt: skip
    if count:
        table.wage[unknown[:count]] = offered(ctx, unknown[:count], lane=1)
    return assisted[:on], jobless[:without]


def euro(ctx: Context) -> float:
    """Euro of wages in euros of the accounts."""
    return indexed(ctx, 1.0, ctx.parameters["work.minimum_wage"].price_year)
