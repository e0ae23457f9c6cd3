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
from wijksim.kernel.ledger import CostItem
from wijksim.kernel.prices import indexed
from wijksim.state.codes import Activity, Education
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
    uid = table.uid[rows]
    level = np.array(_HOURLY(value)).take(table.education[rows])
    seniority = np.minimum(table.age[rows], value["work.wage_peak_age"]) - value["work.wage_reference_age"]
    score = (
        value["work.wage_ability"] * table.ability[rows]
        + value["work.wage_growth"] * seniority
        + value["work.wage_spread"] * draws.life_normal("work.wage", uid)
        + value["work.job_spread"] * draws.normal("work.job", uid, ctx.month, lane)
    )
    hourly = np.maximum(level * np.exp(score), value["work.minimum_wage"])
    luck, share = draws.life("work.hours", uid), value["work.full_time_share"]
    # the same luck says who works full time and, among the others, how small the job is
    place = (luck - share) / max(1 - share, np.finfo(np.float64).tiny)
    spread = value["work.part_time_spread"] * (1 - 2 * place)
    hours = np.where(
        luck < share, value["work.full_time_hours"], value["work.part_time_hours"] * (1 + spread)
    )
    return np.asarray(hourly * hours * WEEKS_PER_MONTH)


def basic_job_wage(ctx: Context) -> float:
    """Gross wage a month of a basic job: the minimum wage for its hours."""
    return ctx.values["work.minimum_wage"] * ctx.values["work.basic_job_hours"] * WEEKS_PER_MONTH


def settle(ctx: Context, rows: Rows) -> None:
    """Wages of ``rows`` who come with a job (new worlds, newcomers).

    A wage that a synthetic person brings along is net, as household incomes are; it is made gross. Who brings
    none gets the wage that the job market offers.
    """
    table, value = ctx.world.resident, ctx.values
    works = table.activity[rows] == Activity.EMPLOYED.value
    employed = rows[works]
    table.wage[rows[~works]] = 0
    wage = table.wage[employed]
    known = wage > 0
    net = wage[known].astype(np.float64)
    above = np.maximum(net - value["work.gross_threshold"], 0)
    table.wage[employed[known]] = net + (value["work.gross_slope"] - 1) * above
    unknown = employed[~known]
    if unknown.size:
        table.wage[unknown] = offered(ctx, unknown, lane=1)


def book(ctx: Context) -> None:
    """Book this month's gross wages of regular jobs, which employers pay to residents; basic jobs are booked apart."""
    table = ctx.world.resident
    regular = table.wage * (table.activity == Activity.EMPLOYED.value)
    year = ctx.parameters["work.minimum_wage"].price_year
    ctx.ledger.book(PAID.name, ctx.world.by_district("resident", regular) * indexed(ctx, 1.0, year))
