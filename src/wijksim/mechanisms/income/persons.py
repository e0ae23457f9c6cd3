"""What each resident brings in: wages, benefits, pensions and student means, gross and net."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income.person_loops import means
from wijksim.mechanisms.income.tax import net_line
from wijksim.state.codes import Education

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]
_PENSIONS = itemgetter(*(f"income.pension_{step.name.lower()}" for step in Education))


@dataclass(frozen=True)
class Persons:
    """Own means of residents, arrays of equal length.

    Attributes
    ----------
    home
        Position of the household in the assessment, int.
    net, gross
        Own income in euros a month before assistance and allowances.
    tax
        Tax and contributions withheld from wages and benefits.
    benefit
        Net unemployment, incapacity and student payments, which the state pays.
    partner
        True for head and partner, whose means are tested together.
    activity, age
        As in the resident table.
    """

    home: NDArray[np.intp]
    net: Floats
    gross: Floats
    tax: Floats
    benefit: Floats
    partner: NDArray[np.bool_]
    activity: NDArray[np.int8]
    age: NDArray[np.int16]


def own_means(ctx: Context, residents: NDArray[np.intp], home: NDArray[np.intp]) -> Persons:
    """Compute the own means of ``residents``.

    Sources: tax schedule and norms of 2024 (NORM-TAX-2024, NORM-AOW-2024, NORM-WIA-2019, NORM-STUDENT-2023).
    """
    table, v = ctx.world.resident, ctx.values
    net, gross, tax, benefit = np.empty((1 << 2, residents.size))
    partner = np.empty(residents.size, np.bool_)
    ability = table.ability.take(residents)
    wia_spread, pension_spread = v["income.wia_spread"], v["income.pension_spread"]
    # fmt: off
    means(
        residents, table.activity, table.role, table.household, ctx.world.household.type, table.education,
        table.activity_since, table.wage, table.last_wage, ctx.month, basic_job_wage(ctx),
        np.exp(wia_spread * ability - wia_spread**2 / 2), np.exp(pension_spread * ability - pension_spread**2 / 2),
        net_line(v, working=True), net_line(v, working=False), v["income.pension_contribution"],
        (v["income.ww_wage_limit"], v["income.ww_months"], v["income.ww_share"]),
        (v["income.wia_share"], v["income.wia_typical"]),
        (v["income.aow_couple"], v["income.aow_single"], 1 - v["income.care_contribution"], v["income.pension_net"]),
        np.array(_PENSIONS(v)), (v["income.student_home"], v["income.student_away"]),
        net, gross, tax, benefit, partner,
    )
    # fmt: on
    return Persons(
        home, net, gross, tax, benefit, partner, table.activity.take(residents), table.age.take(residents)
    )


def basic_job_wage(ctx: Context) -> float:
    """Gross monthly wage of a basic job: the minimum wage for its hours (LAB-34)."""
    share = ctx.values["income.basic_job_hours"] / ctx.values["income.full_time_hours"]
    return ctx.values["income.minimum_wage"] * share
