"""Where households stand with their debts: compiled passes that refresh it and list who is at risk of what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.debt.codes import Eviction
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_NONE, _NOTICE, _ORDER = int(Eviction.NONE), int(Eviction.NOTICE), int(Eviction.ORDER)
_OWNER = int(Tenure.OWNER)


@compiled
def circumstances(
    alive: Bools,
    problem_debt: Bools,
    debt_help: Bools,
    moved_in: Months,
    debt_left: Months,
    income: Floats,
    housing: Floats,
    need: Floats,
    month: int,
    months: Floats,
    memory: float,
    kept_share: float,
    helped_since: Months,
    early_help: Bools,
    new_tenant: Bools,
    relapse_risk: Bools,
    usual: Floats,
    income_drop: Bools,
    tight: Bools,
    at_risk: Rows,
) -> int:
    """Refresh what raises the chance of problem debt; fill ``at_risk`` with who has none, return how many.

    Parameters
    ----------
    months
        How long early help protects, a tenant is new and a relapse is near.
    memory
        Share of the distance to the present income that habits go in a month.
    kept_share
        Share of the usual income below which income has dropped.
    """
    help_months, tenant_months, relapse_months = months[0], months[1], months[2]
    count = 0
    for i in range(alive.size):
        if debt_help[i] and not problem_debt[i]:
            helped_since[i] = month
        early_help[i] = helped_since[i] > month - help_months
        new_tenant[i] = alive[i] and moved_in[i] > month - tenant_months
        relapse_risk[i] = debt_left[i] > month - relapse_months
        if usual[i] == 0:
            # newcomers: their first assessed income is what they are used to
            usual[i] = income[i]
        usual[i] += (income[i] - usual[i]) * memory
        income_drop[i] = income[i] < kept_share * usual[i]
        tight[i] = income[i] - housing[i] < need[i]
        at_risk[count] = i  # overwritten by the next unless it counts
        count += alive[i] and not problem_debt[i]
    return count


@compiled
def arrears_split(
    alive: Bools, arrears: Codes, least: float, early_signal: Bools, behind: Rows, paying: Rows
) -> tuple[int, int]:
    """Fill ``behind`` with who is so many months in arrears and ``paying`` with the others; return how many."""
    few, many = 0, 0
    for i in range(alive.size):
        early_signal[i] = False
        if arrears[i] >= least:
            behind[few] = i
            few += 1
        elif alive[i]:
            paying[many] = i
            many += 1
    return few, many


@compiled
def procedures(
    alive: Bools,
    tenure: Codes,
    moved_in: Months,
    month: int,
    least: float,
    stage: Codes,
    rent_debt: Floats,
    arrears: Codes,
    evicted: Bools,
    ordered: Rows,
    noticed: Rows,
    free: Rows,
) -> tuple[int, int, int]:
    """Fill the lists with who has a court order, who has a notice and whom the landlord may give one; return how many.

    Whoever moved since the last step leaves the procedure behind; the debt goes along.
    """
    orders, notices, others = 0, 0, 0
    for i in range(alive.size):
        evicted[i] = False
        if moved_in[i] >= month - 1 and rent_debt[i] > 0:
            stage[i] = _NONE
            rent_debt[i] = 0
            arrears[i] = 0
        if stage[i] == _ORDER:
            ordered[orders] = i
            orders += 1
        elif stage[i] == _NOTICE:
            noticed[notices] = i
            notices += 1
        elif arrears[i] >= least and alive[i] and tenure[i] != _OWNER:
            free[others] = i
            others += 1
    return orders, notices, others
