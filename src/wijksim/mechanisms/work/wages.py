"""Gross wages: lognormal around a level by education, ability and age, never below the minimum wage.

Amounts are in euros of one price year; there is no growth of wages in general. No penalty for past unemployment
beyond what sorting brings is put in: the evidence tables have no Dutch figure for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_YEAR, WEEKS_PER_MONTH
from wijksim.state.codes import Activity, Education
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

LEVELS: tuple[str, ...] = tuple(level.name.lower() for level in Education)


def offered(ctx: Context, rows: Rows, *, lane: int = 0) -> NDArray[np.float64]:
    """Gross wage a month in a job that each of ``rows`` finds this month (``lane`` 1: brings along)."""
    table, value, draws = ctx.world.resident, ctx.values, ctx.draws
    uid = table.uid[rows]
    level = np.array([value[f"work.hourly_{name}"] for name in LEVELS])[table.education[rows]]
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


def raise_with_age(ctx: Context, employed: Rows) -> None:
    """Yearly step on the age profile for those whose job has its anniversary this month."""
    table, value = ctx.world.resident, ctx.values
    months = table.job_months[employed]
    # whole years: a product is compared, as a remainder costs ten times as much as a division by one number
    due = employed[(months // MONTHS_PER_YEAR * MONTHS_PER_YEAR == months) & (months > 0)]
    due = due[table.age[due] < int(value["work.wage_peak_age"])]
    table.wage[due] *= np.exp(value["work.wage_growth"])


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
