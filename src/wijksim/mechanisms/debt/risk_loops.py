"""Who is at risk of problem debt: compiled passes over what households need, own and go through."""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.state.codes import Activity

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_STUDENT = int(Activity.STUDENT)
_FIRST_MONTH, _LAST_MONTH = np.iinfo(np.int16).min, np.iinfo(np.int16).max


@compiled
def needs(
    adults: NDArray[Any], children: NDArray[Any], head: Rows, energy: NDArray[np.float32], activity: Codes,
    budget: tuple[float, float, float, float], need: Floats,
) -> None:  # fmt: skip
    """Fill ``need`` with the basic budget by size of household; nobody at all (a dead row) needs nothing.

    ``budget`` holds the basic amount, what another adult and a child add to it, and the share that students need; what
    ``energy`` costs above it comes on top.
    """
    basic, per_adult, per_child, student_share = budget
    # three loops: the first and the last have no look-up, and are vectorised
    for i in range(need.size):
        grown, young = np.float64(adults[i]), np.float64(children[i])
        wanted = basic * ((1.0 + per_adult * max(grown - 1.0, 0.0)) + per_child * young)
        need[i] = wanted if (adults[i] != 0) | (children[i] != 0) else 0.0
    for i in range(need.size):
        if activity[head[i]] == _STUDENT:  # whoever it is of a household without a head: that needs nothing
            need[i] *= student_share
    for i in range(need.size):
        need[i] = max(need[i] + np.float64(energy[i]), 0.0)


# fmt: off
@compiled
def saved(
    rows: Rows, adults: NDArray[Any], children: NDArray[Any], head: Rows, energy: NDArray[np.float32], activity: Codes,
    budget: tuple[float, float, float, float], income: Floats, housing_cost: Floats, problem_debt: Bools, tight: Bools,
    terms: tuple[float, float, float], luck: Floats, savings: Floats,
) -> None:
    # fmt: on
    """Write savings around the level at which saving and spending them balance; nobody in trouble has any.

    ``terms`` are the part of what is left that is spent, the buffer in months of income, and the part of savings that
    is spent; ``luck`` is the negative of an exponential draw.
    """
    need = np.empty(rows.size)
    needs(adults[rows], children[rows], head[rows], energy[rows], activity, budget, need)
    spend, buffer, drawdown = terms
    for i in range(rows.size):
        home = rows[i]
        has = max(income[home], 0.0)
        surplus = max(has - housing_cost[home] - need[i], 0.0)
        level = buffer * has + (1 - spend) * surplus / drawdown
        if problem_debt[home] or tight[home]:
            level = 0.0
        savings[home] = -level * luck[i]


@inlined
def _whole(month: float) -> np.int16:
    """The last whole month up to this one, as columns of months hold it."""
    return np.int16(min(max(floor(month), _FIRST_MONTH), _LAST_MONTH))


# fmt: off
@compiled
def circumstances(
    month: int, budget: tuple[float, float, float, float], months: tuple[float, float, float], memory: float,
    kept_share: float, adults: NDArray[Any], children: NDArray[Any], head: Rows, energy: NDArray[np.float32],
    activity: Codes, alive: Bools, problem_debt: Bools, debt_help: Bools, moved_in: Months, debt_left: Months,
    income: Floats, housing: Floats, helped_since: Months, early_help: Bools, new_tenant: Bools, relapse_risk: Bools,
    usual: Floats, income_drop: Bools, tight: Bools, need: Floats, at_risk: Rows,
) -> int:
    # fmt: on
    """Refresh what raises the chance of problem debt; fill in what households ``need``, and who has no problem debt.

    These are listed in ``at_risk``, which has a place more than there are households; how many is returned.

    Parameters
    ----------
    adults, children, head, energy, activity, budget
        As :func:`needs` takes them, which is done first.
    months
        How long early help protects, a tenant is new and a relapse is near.
    memory
        Share of the distance to the present income that habits go in a month.
    kept_share
        Share of the usual income below which income has dropped.
    """
    needs(adults, children, head, energy, activity, budget, need)
    help_months, tenant_months, relapse_months = months
    now, helped = np.int16(month), _whole(month - help_months)
    tenant, relapse = _whole(month - tenant_months), _whole(month - relapse_months)
    # a loop for each, as one that fills several columns is not vectorised
    for i in range(alive.size):
        helped_since[i] = now if debt_help[i] & (not problem_debt[i]) else helped_since[i]
    for i in range(alive.size):
        early_help[i] = helped_since[i] > helped
    for i in range(alive.size):
        new_tenant[i] = alive[i] & (moved_in[i] > tenant)
    for i in range(alive.size):
        relapse_risk[i] = debt_left[i] > relapse
    for i in range(alive.size):
        # newcomers: their first assessed income is what they are used to
        before = income[i] if usual[i] == 0 else usual[i]
        usual[i] = before + (income[i] - before) * memory
    for i in range(alive.size):
        income_drop[i] = income[i] < kept_share * usual[i]
    for i in range(alive.size):
        tight[i] = income[i] - housing[i] < need[i]
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        at_risk[count] = i  # overwritten by the next unless it counts
        count += np.uint32(alive[i] & (not problem_debt[i]))
    return int(count)
