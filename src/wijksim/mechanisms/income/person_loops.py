"""Compiled: what members of households bring in, and what each household gets on top of it by rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.state.codes import Activity, HouseholdType, Role

type Rows = NDArray[np.int32]
type Places = NDArray[np.intp]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Wages = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Line = tuple[Floats, Floats]

_STUDENT, _EMPLOYED, _BASIC_JOB = int(Activity.STUDENT), int(Activity.EMPLOYED), int(Activity.BASIC_JOB)
_UNEMPLOYED, _INCAPACITY, _RETIRED = int(Activity.UNEMPLOYED), int(Activity.INCAPACITY), int(Activity.RETIRED)
_ASSISTANCE = int(Activity.ASSISTANCE)
_HEAD, _PARTNER, _CHILD, _OTHER = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD), int(Role.OTHER)
_COUPLE, _FAMILY = int(HouseholdType.COUPLE), int(HouseholdType.FAMILY)


@inlined
def _read(x: float, line: Line) -> float:
    """Read a broken line at ``x``, in the steps of ``np.interp``."""
    at, value = line
    last = at.size - 1
    if x < at[0]:
        return float(value[0])
    if x >= at[last]:
        return float(value[last])
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if x >= at[middle]:
            low = middle
        else:
            high = middle
    if x == at[low]:
        return float(value[low])
    slope = (value[low + 1] - value[low]) / (at[low + 1] - at[low])
    return float(slope * (x - at[low]) + value[low])


@compiled
def members(households: Rows, household: Rows, place: Places, residents: Places, home: Places) -> int:
    """Fill ``residents`` with the members of ``households`` and ``home`` with the place of each; return how many.

    ``place`` holds -1 per household, with a spare last place for those who are in none.
    """
    for i in range(households.size):
        place[households[i]] = i
    count = np.uint32(0)
    for row in range(np.uint32(household.size)):
        residents[count] = (
            row  # overwritten by the next unless it counts: no branch that could be guessed wrong
        )
        home[count] = place[household[row]]
        count += np.uint32(home[count] >= 0)
    return int(count)


# fmt: off
@compiled
def means(
    residents: Places, activity: Codes, role: Codes, household: Rows, kind: Codes, education: Codes, since: Months,
    wage: Wages, last_wage: Wages, month: int, basic_wage: float, wia_skew: Wages, pension_skew: Wages,
    working: Line, benefits: Line, contribution: float,
    ww: tuple[float, float, float], wia: tuple[float, float], aow: tuple[float, float, float, float], levels: Floats,
    student: tuple[float, float], net: Floats, gross: Floats, tax: Floats, benefit: Floats, partner: Bools,
) -> None:
    # fmt: on
    """Fill the means of each of ``residents``, euros a month.

    Parameters
    ----------
    wia_skew, pension_skew
        Person effects on benefits without a past wage and on pensions.
    working, benefits
        Net against gross, for wages and for taxed benefits.
    ww
        Highest wage that counts for unemployment benefit, its months, and the share of the wage it pays.
    wia
        Share of the past wage that an incapacity benefit pays, and the typical benefit.
    aow
        State pension of one of a couple and of a single, the share of it that is kept and that of a supplement.
    levels
        Supplementary pension by education.
    student
        Grant of students at home and away.
    """
    limit, ww_months, ww_share = ww
    for i in range(residents.size):
        row = residents[i]
        doing = activity[row]
        partner[i] = role[row] in (_HEAD, _PARTNER)
        net[i] = gross[i] = tax[i] = benefit[i] = 0.0
        if doing in (_EMPLOYED, _BASIC_JOB):
            pay = float(wage[row])
            if doing == _BASIC_JOB and pay <= 0:
                pay = basic_wage
            gross[i] = pay
            net[i] = _read(pay, working)
            # the pension contribution is the employee's own money, set aside: no tax
            tax[i] = pay * (1 - contribution) - net[i]
        elif doing in (_UNEMPLOYED, _INCAPACITY):
            last = min(float(last_wage[row]), limit)
            if doing == _UNEMPLOYED:
                amount = ww_share * last if month - since[row] < ww_months else 0.0
            elif last > 0:
                amount = wia[0] * last
            else:
                amount = float(np.float32(wia[1]) * wia_skew[i])
            gross[i] = amount
            net[i] = benefit[i] = _read(amount, benefits)
            tax[i] = amount - net[i]
        elif doing == _RETIRED:
            lives = kind[household[row]]
            paired = lives in (_COUPLE, _FAMILY) and role[row] != _OTHER
            state = aow[0] if paired else aow[1]
            supplement = levels[education[row]] * np.float64(pension_skew[i])
            gross[i], net[i] = state + supplement, state * aow[2] + supplement * aow[3]
        elif doing == _STUDENT:
            net[i] = benefit[i] = student[0] if role[row] == _CHILD else student[1]


# fmt: off
@compiled
def sums(
    home: Places, net: Floats, gross: Floats, tax: Floats, benefit: Floats, partner: Bools, activity: Codes,
    age: Months, sharing_age: float, child_benefit: Floats, child_extra: Floats,
    amounts: Floats, counts: NDArray[np.int64],
) -> None:
    # fmt: on
    """Add up the members of each household, in order, into columns of ``amounts`` and ``counts``, zero at first.

    Parameters
    ----------
    child_benefit, child_extra
        Child benefit and addition to the child budget by age, for the ages that have any.
    amounts
        Shape ``(7, n)``: net, gross, tax and benefits of members, net means of others than head and partner, child
        benefit, addition to the child budget.
    counts
        Shape ``(3, n)``: adults who share costs, heads and partners on assistance, other members on assistance.
    """
    for i in range(home.size):
        place = home[i]
        amounts[0, place] += net[i]
        amounts[1, place] += gross[i]
        amounts[2, place] += tax[i]
        amounts[3, place] += benefit[i]
        if not partner[i] and net[i] > 0:
            amounts[4, place] += net[i]
        if age[i] < child_benefit.size:
            amounts[5, place] += child_benefit[age[i]]
            amounts[6, place] += child_extra[age[i]]
        if age[i] >= sharing_age and activity[i] != _STUDENT:
            counts[0, place] += 1
        if activity[i] == _ASSISTANCE:
            counts[1 if partner[i] else 2, place] += 1
