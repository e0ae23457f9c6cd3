"""Compiled: what members of households bring in, and what each household gets on top of it by rule."""

from __future__ import annotations

from typing import Any

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
type PersonRules = tuple[Any, ...]  # parts of ``norms.Norms``
type MemberRules = tuple[Any, ...]

# rows of the sums over members (see :func:`brought_in`)
SUMS = ("own", "gross", "tax", "payments", "outside", "child_benefit", "child_extra")
COUNTS = ("sharers", "assisted", "others")

_STUDENT, _EMPLOYED, _BASIC_JOB = int(Activity.STUDENT), int(Activity.EMPLOYED), int(Activity.BASIC_JOB)
_UNEMPLOYED, _INCAPACITY, _RETIRED = int(Activity.UNEMPLOYED), int(Activity.INCAPACITY), int(Activity.RETIRED)
_ASSISTANCE = int(Activity.ASSISTANCE)
_HEAD, _PARTNER, _CHILD, _OTHER = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD), int(Role.OTHER)
_MEANS = 1 << 2  # net, gross, tax and benefit
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


# fmt: off
@compiled
def means(
    residents: Places, activity: Codes, role: Codes, household: Rows, kind: Codes, education: Codes, since: Months,
    wage: Wages, last_wage: Wages, month: int, wia_skew: Wages, pension_skew: Wages, rules: PersonRules,
    found: Floats, partner: Bools,
) -> None:
    # fmt: on
    """Fill ``found`` with net and gross means, tax and benefits of each of ``residents``, euros a month.

    Parameters
    ----------
    wia_skew, pension_skew
        Person effects on benefits without a past wage and on pensions.
    rules
        Wage of a basic job; net against gross, for wages and for taxed benefits; pension contribution; highest wage
        that counts for unemployment benefit, its months and share; share of the past wage that an incapacity benefit
        pays, and the typical benefit; state pension of one of a couple and of a single, the share kept of it and
        of a supplement; supplementary pension by education; grant of students at home and away.
    """
    basic_wage, working, benefits, contribution, ww, wia, aow, levels, student = rules
    net, gross, tax, benefit = found[0], found[1], found[2], found[3]
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
    residents: Places, home: Places, found: Floats, partner: Bools, activity: Codes, age: Months, rules: MemberRules,
    amounts: Floats, counts: NDArray[np.int64],
) -> None:
    # fmt: on
    """Add up the members of each household, in order, into columns of ``amounts`` and ``counts``, zero at first.

    ``rules`` are the age from which costs are shared, and child benefit and addition to the child budget by age, for
    the ages that have any; the others are explained with :func:`brought_in`.
    """
    sharing_age, child_benefit, child_extra = rules
    for i in range(home.size):
        place, years, doing = home[i], age[residents[i]], activity[residents[i]]
        for kind in range(found.shape[0]):
            amounts[kind, place] += found[kind, i]
        if not partner[i] and found[0, i] > 0:
            amounts[4, place] += found[0, i]
        if years < child_benefit.size:
            amounts[5, place] += child_benefit[years]
            amounts[6, place] += child_extra[years]
        if years >= sharing_age and doing != _STUDENT:
            counts[0, place] += 1
        if doing == _ASSISTANCE:
            counts[1 if partner[i] else 2, place] += 1


# fmt: off
@compiled
def brought_in(
    size: int, number: int, residents: Places, home: Places, skews: Wages, month: int, person: PersonRules,
    member: MemberRules, activity: Codes, role: Codes, household: Rows, kind: Codes, education: Codes, since: Months,
    age: Months, wage: Wages, last_wage: Wages, amounts: Floats, counts: NDArray[np.int64],
) -> None:
    # fmt: on
    """Sum up what the members of so many households bring in before assistance and allowances, euros a month.

    Parameters
    ----------
    number, residents, home
        How many members, who they are, and the place of the household of each.
    skews
        Person effects on benefits without a past wage, then on pensions.
    person, member
        As :func:`means` and :func:`sums` take them.
    amounts
        Filled with net, gross, tax and benefits of members, net means of others than head and partner, child benefit,
        addition to the child budget: a line for each, that may have more than ``size`` places.
    counts
        Filled likewise with adults who share costs, heads and partners on assistance, other members on assistance.
    """
    residents, home = residents[:number], home[:number]
    found, partner = np.empty((_MEANS, number)), np.empty(number, np.bool_)
    means(
        residents, activity, role, household, kind, education, since, wage, last_wage, month, skews[:number],
        skews[number : 2 * number], person, found, partner,
    )  # fmt: skip
    amounts[:, :size] = 0.0
    counts[:, :size] = 0
    sums(residents, home, found, partner, activity, age, member, amounts, counts)
