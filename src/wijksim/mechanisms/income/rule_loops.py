"""Compiled: allowances and assistance of households by rule, one household after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Activity, HouseholdType, Tenure

type Places = NDArray[np.intp]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

_STUDENT, _PUPIL = int(Activity.STUDENT), int(Activity.PUPIL)
_INCAPACITY, _RETIRED = int(Activity.INCAPACITY), int(Activity.RETIRED)
_COUPLE, _FAMILY, _ALONE = (
    int(HouseholdType.COUPLE),
    int(HouseholdType.FAMILY),
    int(HouseholdType.SINGLE_PARENT),
)
_OWNER = int(Tenure.OWNER)
_PAIR = 2  # from three persons on the higher cap holds


# fmt: off
@compiled
def rent(
    start: Floats, curve: Floats, slope: Floats, offset: float, limits: tuple[float, float, float, float],
    shares: tuple[float, float], paid: Floats, yearly: Floats, persons: NDArray[Any], old: Bools, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the rent allowance.

    Parameters
    ----------
    start, curve, slope, offset
        Rent that the tenant pays before any allowance, as a quadratic of income, by kind of household.
    limits
        Limit of quality, lower and higher cap, highest rent.
    shares
        Parts of the rent between the limits that are paid.
    paid, yearly
        Rent a month and income a year.
    """
    quality, low_cap, high_cap, most = limits
    for i in range(out.size):
        several = persons[i] > 1
        kind = int(several) + 2 * int(old[i])
        income = max(yearly[i], start[kind])
        own = (curve[kind] * income + slope[kind]) * income - offset
        cap = high_cap if persons[i] > _PAIR else low_cap
        middle = min(paid[i], cap) - max(own, quality)
        high = 0.0 if several and not old[i] else paid[i] - max(own, cap)
        amount = max(min(paid[i], quality) - own, 0.0)
        amount += shares[0] * max(middle, 0.0)
        amount += shares[1] * max(high, 0.0)
        out[i] = amount if paid[i] <= most else 0.0


@compiled
def care(single: float, couple: float, free: float, taper: float, yearly: Floats, paired: Bools, out: Floats) -> None:
    """Fill ``out`` with the care allowance: less by ``taper`` for every euro a year above what is free."""
    for i in range(out.size):
        most = couple if paired[i] else single
        out[i] = max(most - taper * max(yearly[i] - free, 0.0), 0.0)


# fmt: off
@compiled
def children(
    per_child: float, alone_extra: float, free: tuple[float, float], taper: float, months: float,
    yearly: Floats, number: NDArray[Any], extra: Floats, alone: Bools, out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the child budget a month; ``free`` is the income without effect, of one parent and of two."""
    for i in range(out.size):
        most = per_child * number[i] + extra[i] + (alone_extra if alone[i] else 0.0)
        over = max(yearly[i] - (free[0] if alone[i] else free[1]), 0.0)
        due = most - taper * over if number[i] > 0 else 0.0
        out[i] = max(due, 0.0) / months


# fmt: off
@compiled
def standing(
    rows: Places, kind: NDArray[np.int8], head: NDArray[np.int32], activity: NDArray[np.int8], tenure: NDArray[np.int8],
    paired: Bools, alone: Bools, old: Bools, owner: Bools, unit: Places,
) -> None:
    # fmt: on
    """Tell of each household whether there is a couple, a single parent, a pension and a mortgage; head and partner."""
    for i in range(rows.size):
        lives = kind[rows[i]]
        paired[i] = lives in (_COUPLE, _FAMILY)
        alone[i] = lives == _ALONE
        old[i] = activity[head[rows[i]]] == _RETIRED
        owner[i] = tenure[rows[i]] == _OWNER
        unit[i] = 1 + paired[i]


# fmt: off
@compiled
def assistance(
    rows: Places, unit: Places, own: Floats, gross: Floats, outside: Floats, counts: NDArray[np.int64],
    norms: tuple[float, float, float], capital: float, takeup: Bools, savings: Floats, head: NDArray[np.int32],
    activity: NDArray[np.int8], paid: Floats, supplement: Floats, recipients: Floats, yearly: Floats,
) -> None:
    # fmt: on
    """Fill assistance paid, supplement paid, number of benefits in payment and income a year.

    Parameters
    ----------
    own, gross, outside
        Net and gross means of all members, and net means of others than head and partner.
    counts
        Adults who share costs, heads and partners on assistance, other members on assistance, shape ``(3, n)``.
    norms
        Norm of a couple, and the share of it for nobody and for each who shares costs.
    capital
        Savings per person that stand in the way.
    """
    couple, base, per_adult = norms
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
    rows: Places, rent_help: Floats, care_help: Floats, budget: Floats, takeup: Bools, savings: Floats, capital: float,
    unit: Places, adults: NDArray[np.int16], owner: Bools, premium: float, uncovered: float,
    own: Floats, benefit: Floats, paid: Floats, supplement: Floats, payments: Floats,
    mortgage: NDArray[np.float32], rents: Floats,
    income: Floats, housing: Floats, allowances: Floats, benefits: Floats,
) -> None:
    # fmt: on
    """Fill income, housing cost, allowances and benefits of each household from its parts.

    Rent allowance is for tenants without much savings; all three are for those who claim. ``uncovered`` is what other
    grown-up members pay for their insurance: mostly they have little and get the full care allowance.
    """
    for i in range(rows.size):
        home = rows[i]
        due = rent_help[i] if takeup[home] and savings[home] <= capital * unit[i] and not owner[i] else 0.0
        care_due = care_help[i] if takeup[home] else 0.0
        child_due = budget[i] if takeup[home] else 0.0
        others = max(adults[home] - unit[i], 0)
        insurance = premium * unit[i] + uncovered * others
        income[i] = own[i] + paid[i] + supplement[i] + care_due + child_due + benefit[i] - insurance
        housing[i] = np.float64(mortgage[home]) if owner[i] else rents[i] - due
        allowances[i] = due + care_due + child_due
        benefits[i] = benefit[i] + supplement[i] + payments[i]


# fmt: off
@compiled
def ranks(
    rows: Places, income: Floats, adults: NDArray[np.int16], children: NDArray[np.int16], weights: tuple[float, float],
    limits: tuple[float, float, float, float], low: float, head: NDArray[np.int32], activity: NDArray[np.int8],
    fifth: NDArray[np.int8], poor: Bools,
) -> None:
    # fmt: on
    """Write the income fifth of households and who is poor, by standardised income; students are not counted poor."""
    for i in range(rows.size):
        home = rows[i]
        scale = 1 + weights[0] * max(adults[home] - 1, 0) + weights[1] * children[home]
        standard = income[i] / scale
        place = 0
        for limit in limits:
            place += standard >= limit
        fifth[home] = place
        poor[home] = standard < low and activity[head[home]] != _STUDENT
