"""Where households stand with their debts: compiled passes that refresh it and list who is at risk of what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.debt.codes import Eviction, Track
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_NONE, _NOTICE, _ORDER = int(Eviction.NONE), int(Eviction.NOTICE), int(Eviction.ORDER)
_OWNER = int(Tenure.OWNER)
_UNTRACKED, _APPLIED, _ARRANGED = int(Track.NONE), int(Track.APPLIED), int(Track.ARRANGED)


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
    # two loops: the first has no branch and no list, and is vectorised
    for i in range(alive.size):
        helped_since[i] = month if debt_help[i] & (not problem_debt[i]) else helped_since[i]
        early_help[i] = helped_since[i] > month - help_months
        new_tenant[i] = alive[i] & (moved_in[i] > month - tenant_months)
        relapse_risk[i] = debt_left[i] > month - relapse_months
        # newcomers: their first assessed income is what they are used to
        before = income[i] if usual[i] == 0 else usual[i]
        usual[i] = before + (income[i] - before) * memory
        income_drop[i] = income[i] < kept_share * usual[i]
        tight[i] = income[i] - housing[i] < need[i]
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        at_risk[count] = i  # overwritten by the next unless it counts
        count += np.uint32(alive[i] & (not problem_debt[i]))
    return int(count)


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


# fmt: off
@compiled
def tracks(
    problem_debt: Bools, track: Codes, since: Months, month: int, arranged_for: float, answered_after: float,
    under_way: Rows, done: Rows, answered: Rows, waiting: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Fill the lists with households in problem debt by their track, and return how many each holds.

    ``under_way`` are in an arrangement that goes on and ``done`` in one that ends now, ``answered`` get an answer to
    their application now and ``waiting`` have not applied.
    """
    rows, count = np.empty(problem_debt.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(problem_debt.size)):
        rows[count] = i  # overwritten by the next unless it counts: no branch that could be guessed wrong
        count += np.uint32(problem_debt[i])
    a, b, c, d = 0, 0, 0, 0
    for k in range(count):
        i = rows[k]
        if track[i] == _UNTRACKED:
            waiting[d] = i
            d += 1
        elif track[i] == _APPLIED:
            answered[c] = i
            c += month - since[i] >= answered_after
        elif month - since[i] >= arranged_for:
            done[b] = i
            b += 1
        else:
            under_way[a] = i
            a += 1
    return a, b, c, d


@compiled
def outside(problem_debt: Bools, track: Codes, rows: Rows) -> int:
    """Fill ``rows`` with households in problem debt without an arrangement, return how many."""
    count = np.uint32(0)
    for i in range(np.uint32(problem_debt.size)):
        rows[count] = i
        count += np.uint32(problem_debt[i] & (track[i] != _ARRANGED))
    return int(count)


@compiled
def charged(problem_debt: Bools, track: Codes, rate: float, debt: Floats, amounts: Floats) -> int:
    """Add costs at a rate to problem debt outside an arrangement; fill ``amounts`` with them, return how many."""
    count = 0
    for i in range(problem_debt.size):
        if problem_debt[i] and track[i] != _ARRANGED:
            amounts[count] = debt[i] * rate
            debt[i] += amounts[count]
            count += 1
    return count


@compiled
def written_off(rows: Rows, left: Floats, debt: Floats, rent_debt: Floats, amounts: Floats) -> None:
    """Fill ``amounts`` with what each of ``rows`` owes above what is ``left`` of it, and take it off."""
    for i in range(rows.size):
        row = rows[i]
        amounts[i] = max(debt[row] - left[i], 0.0)
        debt[row] -= amounts[i]
        rent_debt[row] = min(rent_debt[row], debt[row])


@compiled
def counted(rows: Rows, district: Rows, amounts: Floats, sums: Floats) -> None:
    """Count ``rows`` per district, or add up their ``amounts`` if there are any."""
    for i in range(rows.size):
        if district[rows[i]] >= 0:
            sums[district[rows[i]]] += amounts[i] if amounts.size else 1.0
