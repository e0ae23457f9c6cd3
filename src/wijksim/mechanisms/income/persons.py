"""What each resident brings in: wages, benefits, pensions and student means, gross and net."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wijksim.mechanisms.income.tax import net_line
from wijksim.state.codes import Activity, Education, HouseholdType, Role
from wijksim.state.table import Rows

if TYPE_CHECKING:
    from wijksim.kernel.context import Context

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Persons:
    """Own means of residents, arrays of equal length.

    Attributes
    ----------
    home
        Position of the household in the assessment (0 for residents without one), int.
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


def own_means(ctx: Context, residents: Rows, home: NDArray[np.intp]) -> Persons:
    """Compute the own means of ``residents``.

    Sources: tax schedule and norms of 2024 (NORM-TAX-2024, NORM-AOW-2024, NORM-WIA-2019, NORM-STUDENT-2023).
    """
    table = ctx.world.resident
    activity = table.activity[residents]
    role = table.role[residents]
    net, gross, tax, benefit = (np.zeros(activity.size) for _ in range(1 << 2))
    _wages(ctx, residents, activity, (net, gross, tax))
    _benefits(ctx, residents, activity, (net, gross, tax, benefit))
    _pensions(ctx, residents, activity, (net, gross))
    _students(ctx, activity, role, (net, benefit))
    partner = (role == Role.HEAD) | (role == Role.PARTNER)
    return Persons(home, net, gross, tax, benefit, partner, activity, table.age[residents])


def basic_job_wage(ctx: Context) -> float:
    """Gross monthly wage of a basic job: the minimum wage for its hours (LAB-34)."""
    share = ctx.values["income.basic_job_hours"] / ctx.values["income.full_time_hours"]
    return ctx.values["income.minimum_wage"] * share


def _wages(ctx: Context, residents: Rows, activity: NDArray[np.int8], out: tuple[Floats, ...]) -> None:
    net, gross, tax = out
    basic = activity == Activity.BASIC_JOB
    at = np.flatnonzero(basic | (activity == Activity.EMPLOYED))
    wage = ctx.world.resident.wage[residents[at]].astype(np.float64)
    wage = np.where(basic[at] & (wage <= 0), basic_job_wage(ctx), wage)
    gross[at] = wage
    net[at] = np.interp(wage, *net_line(ctx.values, working=True))
    # the pension contribution is the employee's own money, set aside: no tax
    tax[at] = wage * (1 - ctx.values["income.pension_contribution"]) - net[at]


def _benefits(ctx: Context, residents: Rows, activity: NDArray[np.int8], out: tuple[Floats, ...]) -> None:
    net, gross, tax, benefit = out
    at = np.flatnonzero((activity == Activity.UNEMPLOYED) | (activity == Activity.INCAPACITY))
    if at.size == 0:
        return
    v = ctx.values
    table = ctx.world.resident
    last = np.minimum(table.last_wage[residents[at]].astype(np.float64), v["income.ww_wage_limit"])
    spell = ctx.month - table.activity_since[residents[at]]
    insured = np.where(spell < v["income.ww_months"], v["income.ww_share"] * last, 0.0)
    spread = v["income.wia_spread"]
    typical = v["income.wia_typical"] * np.exp(spread * table.ability[residents[at]] - spread**2 / 2)
    disabled = np.where(last > 0, v["income.wia_share"] * last, typical)
    amount = np.where(activity[at] == Activity.UNEMPLOYED, insured, disabled)
    gross[at] = amount
    net[at] = np.interp(amount, *net_line(v, working=False))
    tax[at] = amount - net[at]
    benefit[at] = net[at]


def _pensions(ctx: Context, residents: Rows, activity: NDArray[np.int8], out: tuple[Floats, ...]) -> None:
    net, gross = out
    at = np.flatnonzero(activity == Activity.RETIRED)
    if at.size == 0:
        return
    v = ctx.values
    table = ctx.world.resident
    kind = ctx.world.household.type[table.household[residents[at]]]
    role = table.role[residents[at]]
    paired = ((kind == HouseholdType.COUPLE) | (kind == HouseholdType.FAMILY)) & (role != Role.OTHER)
    state = np.where(paired, v["income.aow_couple"], v["income.aow_single"])
    level = np.array([v[f"income.pension_{step.name.lower()}"] for step in Education])
    spread = v["income.pension_spread"]
    skew = np.exp(spread * table.ability[residents[at]] - spread**2 / 2)
    supplement = level[table.education[residents[at]]] * skew
    gross[at] = state + supplement
    net[at] = state * (1 - v["income.care_contribution"]) + supplement * v["income.pension_net"]


def _students(
    ctx: Context, activity: NDArray[np.int8], role: NDArray[np.int8], out: tuple[Floats, ...]
) -> None:
    net, benefit = out
    at = np.flatnonzero(activity == Activity.STUDENT)
    home = role[at] == Role.CHILD
    net[at] = np.where(home, ctx.values["income.student_home"], ctx.values["income.student_away"])
    benefit[at] = net[at]
