"""What each resident brings in: wages, benefits, pensions and student means, gross and net."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income.tax import net_line
from wijksim.state.codes import Activity, Education, HouseholdType, Role

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
    table = ctx.world.resident
    activity = table.activity.take(residents)
    role = table.role.take(residents)
    net, gross, tax, benefit = np.zeros((1 << 2, activity.size))
    _wages(ctx, residents, activity, (net, gross, tax))
    _benefits(ctx, residents, activity, (net, gross, tax, benefit))
    _pensions(ctx, residents, activity, (net, gross))
    _students(ctx, activity, role, (net, benefit))
    partner = (role == Role.HEAD) | (role == Role.PARTNER)
    return Persons(home, net, gross, tax, benefit, partner, activity, table.age.take(residents))


def basic_job_wage(ctx: Context) -> float:
    """Gross monthly wage of a basic job: the minimum wage for its hours (LAB-34)."""
    share = ctx.values["income.basic_job_hours"] / ctx.values["income.full_time_hours"]
    return ctx.values["income.minimum_wage"] * share


def _wages(
    ctx: Context, residents: NDArray[np.intp], activity: NDArray[np.int8], out: tuple[Floats, ...]
) -> None:
    net, gross, tax = out
    basic = activity == Activity.BASIC_JOB
    at = (basic | (activity == Activity.EMPLOYED)).nonzero()[0]
    wage = ctx.world.resident.wage.take(residents.take(at)).astype(np.float64)
    if basic.any():
        wage[basic.take(at) & (wage <= 0)] = basic_job_wage(ctx)
    gross[at] = wage
    net[at] = left = np.interp(wage, *net_line(ctx.values, working=True))
    # the pension contribution is the employee's own money, set aside: no tax
    tax[at] = wage * (1 - ctx.values["income.pension_contribution"]) - left


def _benefits(
    ctx: Context, residents: NDArray[np.intp], activity: NDArray[np.int8], out: tuple[Floats, ...]
) -> None:
    net, gross, tax, benefit = out
    jobless = activity == Activity.UNEMPLOYED
    at = (jobless | (activity == Activity.INCAPACITY)).nonzero()[0]
    if at.size == 0:
        return
    v = ctx.values
    table = ctx.world.resident
    rows = residents.take(at)
    last = np.minimum(table.last_wage.take(rows).astype(np.float64), v["income.ww_wage_limit"])
    spell = ctx.month - table.activity_since.take(rows)
    insured = np.where(spell < v["income.ww_months"], v["income.ww_share"] * last, 0.0)
    spread = v["income.wia_spread"]
    typical = v["income.wia_typical"] * np.exp(spread * table.ability.take(rows) - spread**2 / 2)
    disabled = np.where(last > 0, v["income.wia_share"] * last, typical)
    amount = np.where(jobless.take(at), insured, disabled)
    left = np.interp(amount, *net_line(v, working=False))
    gross[at] = amount
    net[at] = left
    tax[at] = amount - left
    benefit[at] = left


def _pensions(
    ctx: Context, residents: NDArray[np.intp], activity: NDArray[np.int8], out: tuple[Floats, ...]
) -> None:
    net, gross = out
    at = (activity == Activity.RETIRED).nonzero()[0]
    if at.size == 0:
        return
    v = ctx.values
    table = ctx.world.resident
    rows = residents.take(at)
    kind = ctx.world.household.type.take(table.household.take(rows))
    paired = ((kind == HouseholdType.COUPLE) | (kind == HouseholdType.FAMILY)) & (
        table.role.take(rows) != Role.OTHER
    )
    state = np.where(paired, v["income.aow_couple"], v["income.aow_single"])
    level = np.array(_PENSIONS(v))
    spread = v["income.pension_spread"]
    skew = np.exp(spread * table.ability.take(rows) - spread**2 / 2)
    supplement = level.take(table.education.take(rows)) * skew
    gross[at] = state + supplement
    net[at] = state * (1 - v["income.care_contribution"]) + supplement * v["income.pension_net"]


def _students(
    ctx: Context, activity: NDArray[np.int8], role: NDArray[np.int8], out: tuple[Floats, ...]
) -> None:
    net, benefit = out
    at = (activity == Activity.STUDENT).nonzero()[0]
    if at.size == 0:
        return
    home = role.take(at) == Role.CHILD
    net[at] = benefit[at] = np.where(
        home, ctx.values["income.student_home"], ctx.values["income.student_away"]
    )
