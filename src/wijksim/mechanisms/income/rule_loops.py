"""Compiled: allowances and assistance of households by rule, one household after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, HouseholdType, Tenure

type Rows = NDArray[np.int32]
type Places = NDArray[np.intp]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Amounts = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Rules = tuple[Any, ...]  # parts of ``norms.Norms``

_STUDENT, _PUPIL = int(Activity.STUDENT), int(Activity.PUPIL)
_INCAPACITY, _RETIRED = int(Activity.INCAPACITY), int(Activity.RETIRED)
_COUPLE, _FAMILY, _ALONE = (
    int(HouseholdType.COUPLE),
    int(HouseholdType.FAMILY),
    int(HouseholdType.SINGLE_PARENT),
)
_OWNER = int(Tenure.OWNER)
_PARTS = len(
    ("income", "housing", "assistance", "recipients", "allowances", "benefits", "tax")
)  # of a budget
ITEMS = ("assistance", "assistance_handling", "allowances", "benefits", "income_tax")  # that are booked
_ITEMS = len(ITEMS)
_PAIR = 2  # from three persons on the higher cap holds


# fmt: off
@compiled
def rent(
    rules: Rules, paid: Floats, yearly: Floats, rows: Rows, persons: NDArray[Any], old: Bools, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the rent allowance.

    Parameters
    ----------
    rules
        What the tenant pays before any allowance, as a quadratic of income by kind of household, less an offset; limit
        of quality, lower and higher cap, highest rent; parts of the rent between the limits that are paid.
    paid, yearly
        Rent a month without service costs and income a year of all members.
    rows, persons
        Households, and members of each of the table.
    """
    (start, curve, slope), offset, (quality, low_cap, high_cap, most), shares = rules
    for i in range(out.size):
        number = persons[rows[i]]
        several = number > 1
        kind = int(several) + 2 * int(old[i])
        income = max(yearly[i], start[kind])
        own = (curve[kind] * income + slope[kind]) * income - offset
        cap = high_cap if number > _PAIR else low_cap
        middle = min(paid[i], cap) - max(own, quality)
        high = 0.0 if several and not old[i] else paid[i] - max(own, cap)
        amount = max(min(paid[i], quality) - own, 0.0)
        amount += shares[0] * max(middle, 0.0)
        amount += shares[1] * max(high, 0.0)
        out[i] = amount if paid[i] <= most else 0.0


@compiled
def care(rules: Rules, yearly: Floats, paired: Bools, out: Floats) -> None:
    """Fill ``out`` with the care allowance: less by a taper for every euro a year above what is free."""
    single, couple, free, taper = rules
    for i in range(out.size):
        most = couple if paired[i] else single
        out[i] = max(most - taper * max(yearly[i] - free, 0.0), 0.0)


# fmt: off
@compiled
def children(
    rules: Rules, yearly: Floats, rows: Rows, number: NDArray[Any], extra: Floats, alone: Bools, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the child budget a month, by the children of ``rows`` and their addition to it."""
    per_child, alone_extra, free, taper = rules
    for i in range(out.size):
        young = number[rows[i]]
        most = per_child * young + extra[i] + (alone_extra if alone[i] else 0.0)
        over = max(yearly[i] - (free[0] if alone[i] else free[1]), 0.0)
        due = most - taper * over if young > 0 else 0.0
        out[i] = max(due, 0.0) / MONTHS_PER_YEAR


# fmt: off
@compiled
def standing(
    rows: Rows, kind: Codes, head: Rows, activity: Codes, tenure: Codes, dwelling: Rows, rents: Amounts,
    paired: Bools, alone: Bools, old: Bools, owner: Bools, unit: Places, paid: Floats,
) -> None:
    # fmt: on
    """Tell of each household whether there is a couple, single parent, pension and mortgage; and partners and rent."""
    for i in range(rows.size):
        home = rows[i]
        lives = kind[home]
        paired[i] = lives in (_COUPLE, _FAMILY)
        alone[i] = lives == _ALONE
        old[i] = activity[head[home]] == _RETIRED
        owner[i] = tenure[home] == _OWNER
        unit[i] = 1 + paired[i]
        paid[i] = np.float64(rents[dwelling[home]]) if dwelling[home] >= 0 else 0.0


# fmt: off
@compiled
def assistance(
    rows: Rows, unit: Places, amounts: Floats, counts: NDArray[np.int64], rules: Rules, takeup: Bools, savings: Floats,
    head: Rows, activity: Codes, paid: Floats, recipients: Floats, supplement: Floats, yearly: Floats,
) -> None:
    # fmt: on
    """Fill assistance paid, number of benefits in payment, supplement paid and income a year.

    ``rules`` are the norm of a couple with the share of it for nobody and for each who shares costs, and the savings
    per person that stand in the way; sums over members are as ``person_loops.brought_in`` fills them.
    """
    (couple, base, per_adult), capital = rules
    own, gross, outside = amounts[0], amounts[1], amounts[4]
    for i in range(rows.size):
        home = rows[i]
        sharers = max(counts[0, i], unit[i])
        norm = couple * ((base + per_adult * sharers) / sharers)
        gap = max(norm * unit[i] - (own[i] - outside[i]), 0.0)
        assisted = counts[1, i] > 0
        paid[i] = (gap if assisted else 0.0) + counts[2, i] * norm
        recipients[i] = (1.0 if assisted else 0.0) + counts[2, i]
        doing = activity[head[home]]
        claims = takeup[home] and savings[home] <= capital * unit[i] and doing not in (_STUDENT, _PUPIL)
        # the supplement to incapacity benefit (Toeslagenwet) comes with the benefit and has no savings test
        claims = claims or doing == _INCAPACITY
        supplement[i] = gap if claims and not assisted else 0.0
        yearly[i] = MONTHS_PER_YEAR * (gross[i] + paid[i] + supplement[i])


# fmt: off
@compiled
def put_together(
    rows: Rows, helped: Floats, takeup: Bools, savings: Floats, rules: tuple[float, float, float], unit: Places,
    adults: NDArray[np.int16], owner: Bools, amounts: Floats, supplement: Floats, mortgage: Amounts, rents: Floats,
    found: Floats,
) -> None:
    # fmt: on
    """Complete ``found``, which holds the assistance: income, housing cost, allowances, benefits and tax.

    Allowances (``helped``: rent, care, children) are for those who claim; for rent, for tenants without much savings.
    ``rules`` are the savings that stand in the way, the premium, and what other grown-up members pay for their
    insurance: mostly they have little and get the full care allowance.
    """
    capital, premium, uncovered = rules
    own, tax, payments, benefit = amounts[0], amounts[2], amounts[3], amounts[5]
    for i in range(rows.size):
        home = rows[i]
        due = helped[0, i] if takeup[home] and savings[home] <= capital * unit[i] and not owner[i] else 0.0
        care_due = helped[1, i] if takeup[home] else 0.0
        child_due = helped[2, i] if takeup[home] else 0.0
        others = max(adults[home] - unit[i], 0)
        insurance = premium * unit[i] + uncovered * others
        found[0, i] = own[i] + found[2, i] + supplement[i] + care_due + child_due + benefit[i] - insurance
        found[1, i] = np.float64(mortgage[home]) if owner[i] else rents[i] - due
        found[4, i] = due + care_due + child_due
        found[5, i] = benefit[i] + supplement[i] + payments[i]
        found[6, i] = tax[i]


# fmt: off
@inlined
def _budgets(
    rows: Rows, kind: Codes, head: Rows, tenure: Codes, dwelling: Rows, takeup: Bools, savings: Floats,
    persons: NDArray[Any], adults: NDArray[np.int16], number: NDArray[Any], mortgage: Amounts,
    activity: Codes, rents: Amounts, assisted: Rules, allowed: Rules, whole: tuple[float, float, float],
    amounts: Floats, counts: NDArray[np.int64], found: Floats,
) -> None:
    # fmt: on
    """Fill ``found``, shape ``(7, n)``, with the budgets of households as :func:`assessed` finds them.

    Its rows are income, housing cost, assistance paid, benefits in payment, allowances, benefits and tax.
    """
    n = rows.size
    flags, unit, helped = np.empty((1 << 2, n), np.bool_), np.empty(n, np.intp), np.empty((1 << 2, n))
    paid, yearly, supplement = np.empty(n), np.empty(n), helped[3]
    paired, alone, old, owner = flags[0], flags[1], flags[2], flags[3]
    standing(rows, kind, head, activity, tenure, dwelling, rents, paired, alone, old, owner, unit, paid)
    assistance(
        rows, unit, amounts, counts, assisted, takeup, savings, head, activity, found[2], found[3], supplement, yearly,
    )  # fmt: skip
    rent(allowed[0], paid, yearly, rows, persons, old, helped[0])
    care(allowed[1], yearly, paired, helped[1])
    children(allowed[2], yearly, rows, number, amounts[6], alone, helped[2])
    put_together(
        rows, helped, takeup, savings, whole, unit, adults, owner, amounts, supplement, mortgage, paid, found
    )


# fmt: off
@compiled
def ranks(
    rows: Rows, income: Floats, adults: NDArray[np.int16], children: NDArray[np.int16], rules: Rules, head: Rows,
    activity: Codes, fifth: Codes, poor: Bools,
) -> None:
    # fmt: on
    """Write the income fifth of households and who is poor, by standardised income; students are not counted poor.

    ``rules`` are the weights of another adult and of a child, the limits between fifths, and a low income.
    """
    weights, limits, low = rules
    for i in range(rows.size):
        home = rows[i]
        scale = 1 + weights[0] * max(adults[home] - 1, 0) + weights[1] * children[home]
        standard = income[i] / scale
        place = 0
        for limit in limits:
            place += standard >= limit
        fifth[home] = place
        poor[home] = standard < low and activity[head[home]] != _STUDENT


# fmt: off
@compiled
def assessed(
    rows: Rows, assisted: Rules, allowed: Rules, whole: tuple[float, float, float], nation: Rules, kind: Codes,
    head: Rows, tenure: Codes, dwelling: Rows, takeup: Bools, savings: Floats, persons: NDArray[Any],
    adults: NDArray[np.int16], children: NDArray[np.int16], mortgage: Amounts, activity: Codes, rents: Amounts,
    amounts: Floats, counts: NDArray[np.int64], fifth: Codes, poor: Bools, income: Floats, housing: Floats,
    assistance_paid: Floats, recipients: Amounts, allowances: Floats, benefits: Floats, tax: Floats,
) -> None:
    # fmt: on
    """Write the budgets of households, from sums over their members, and their place in the nation.

    ``activity`` is of residents and ``rents`` are of dwellings, all others of households; the rules are those of
    ``norms.Norms``, and ``nation`` as :func:`ranks` takes it. All from ``fifth`` on is written: income without rent
    allowance, net of the premium; rent less allowance, or mortgage; assistance paid to all members, and how many
    benefits in payment that is (a couple is one); rent, care and child allowances; unemployment, incapacity and student
    payments, supplement and child benefit; tax and contributions withheld.
    """
    found = np.empty((_PARTS, rows.size))
    _budgets(
        rows, kind, head, tenure, dwelling, takeup, savings, persons, adults, children, mortgage, activity, rents,
        assisted, allowed, whole, amounts, counts, found,
    )  # fmt: skip
    ranks(rows, found[0], adults, children, nation, head, activity, fifth, poor)
    for i in range(rows.size):
        home = rows[i]
        income[home], housing[home] = found[0, i], found[1, i]
        assistance_paid[home], recipients[home] = found[2, i], np.float32(found[3, i])
        allowances[home], benefits[home], tax[home] = found[4, i], found[5, i], found[6, i]


@compiled
def totals(
    entrance: Rows,
    district: Rows,
    assistance: Floats,
    recipients: Amounts,
    allowances: Floats,
    benefits: Floats,
    tax: Floats,
    handling: float,
    euro: float,
    result: Floats,
) -> None:
    """Add the amounts up per district in ``result``, which holds zeros, shape ``(5, districts)``.

    The second are benefits in payment at the cost of their ``handling``; all are brought to another ``euro``. They are
    added up per entrance first: sums that all end in one of a few places have to wait for each other.
    """
    behind = np.zeros((district.size, _ITEMS))
    for i in range(entrance.size):
        place = entrance[i]
        if place < 0:
            continue
        if recipients[i] != 0:
            behind[place, 0] += assistance[i]
            behind[place, 1] += recipients[i]
        behind[place, 2] += allowances[i]
        behind[place, 3] += benefits[i]
        behind[place, 4] += tax[i]
    for place in range(district.size):
        if district[place] >= 0:
            for item in range(behind.shape[1]):
                result[item, district[place]] += behind[place, item]
    for d in range(result.shape[1]):
        result[1, d] *= handling
        for item in range(result.shape[0]):
            result[item, d] *= euro


# fmt: off
@compiled
def assessed_and_added(
    rows: Rows, handling: float, euro: float, result: Floats, assisted: Rules, allowed: Rules,
    whole: tuple[float, float, float], nation: Rules, kind: Codes, head: Rows, tenure: Codes, dwelling: Rows,
    takeup: Bools, savings: Floats, persons: NDArray[Any], adults: NDArray[np.int16], children: NDArray[np.int16],
    mortgage: Amounts, activity: Codes, rents: Amounts, amounts: Floats, counts: NDArray[np.int64], fifth: Codes,
    poor: Bools, income: Floats, housing: Floats, assistance_paid: Floats, recipients: Amounts, allowances: Floats,
    benefits: Floats, tax: Floats, entrance: Rows, district: Rows,
) -> None:
    # fmt: on
    """Do :func:`assessed`, and fill ``result`` with :func:`totals` of all households."""
    if rows.size:
        assessed(
            rows, assisted, allowed, whole, nation, kind, head, tenure, dwelling, takeup, savings, persons, adults,
            children, mortgage, activity, rents, amounts, counts, fifth, poor, income, housing, assistance_paid,
            recipients, allowances, benefits, tax,
        )  # fmt: skip
    totals(entrance, district, assistance_paid, recipients, allowances, benefits, tax, handling, euro, result)


# fmt: off
@compiled
def first_income(
    rows: Rows, own: Floats, premium: float, dwelling: Rows, rent: Amounts, tenure: Codes, mortgage: Amounts,
    adults: NDArray[np.int16], children: NDArray[np.int16], rules: Rules, head: Rows, activity: Codes, fifth: Codes,
    poor: Bools, income: Floats, housing: Floats,
) -> None:
    # fmt: on
    """Write a first income of new households: what they bring, or their ``own`` means (if any is needed), less premium.

    Housing costs are without allowance until the first assessment.
    """
    found = np.empty(rows.size)
    for i in range(rows.size):
        home = rows[i]
        brought = own[i] if own.size and income[home] == 0 else income[home]
        found[i] = brought - premium * adults[home]
    ranks(rows, found, adults, children, rules, head, activity, fifth, poor)
    for i in range(rows.size):
        home = rows[i]
        income[home] = found[i]
        owner = tenure[home] == _OWNER
        housing[home] = np.float64(mortgage[home]) if owner else np.float64(rent[dwelling[home]])
