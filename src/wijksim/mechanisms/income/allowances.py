"""Allowances by rule: rent, care and child budget, child benefit (huurtoeslag, zorgtoeslag, kindgebonden budget).

All amounts are euros a month and incomes euros a year. Entitlement follows this month's income times twelve; the
settlement of a wrong estimate a year later is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_QUARTER, MONTHS_PER_YEAR

Floats = NDArray[np.float64]
Values = Mapping[str, float]
_KINDS = ("single", "multi", "single_old", "multi_old")
_CURVE_NAMES = (
    *(f"income.rent_{part}_{kind}" for part in ("income", "curve") for kind in _KINDS),
    "income.rent_allowance_offset",
    "income.rent_allowance_own",
)


def own_rent(values: Values, yearly: Floats, *, several: NDArray[np.bool_], old: NDArray[np.bool_]) -> Floats:
    """Rent that the tenant pays before any allowance (basishuur), by the quadratic of the law.

    The linear factor follows from the curvature, because the curve starts at the minimum own rent.

    Parameters
    ----------
    yearly
        Household income.
    several
        Two persons or more.
    old
        Pension age.
    """
    kind = several + 2 * old
    start, curve, slope = _curves(itemgetter(*_CURVE_NAMES)(values))
    income = np.maximum(yearly, start.take(kind))
    result: Floats = (curve.take(kind) * income + slope.take(kind)) * income
    result -= values["income.rent_allowance_offset"]
    return result


@lru_cache(maxsize=16)
def _curves(numbers: tuple[float, ...]) -> tuple[Floats, Floats, Floats]:
    """Start, curvature and slope by kind of household; norms change once a year, so the result is kept."""
    n = len(_KINDS)
    start, curve = np.array(numbers[:n]), np.array(numbers[n : 2 * n])
    offset, least = numbers[2 * n :]
    return start, curve, (least + offset) / start - curve * start


def rent_allowance(
    values: Values,
    rent: Floats,
    yearly: Floats,
    persons: NDArray[Any],
    old: NDArray[np.bool_],
) -> Floats:
    """Rent allowance (huurtoeslag) of tenants who claim it and pass the savings test.

    Parameters
    ----------
    rent
        Rent without service costs.
    yearly
        Income of all members.
    persons
        Members.
    old
        Pension age.
    """
    quality = values["income.rent_quality_limit"]
    cap = np.where(persons > 2, values["income.rent_cap_high"], values["income.rent_cap_low"])
    several = persons > 1
    own = own_rent(values, yearly, several=several, old=old)
    full = np.minimum(rent, quality) - own
    middle = np.minimum(rent, cap) - np.maximum(own, quality)
    high = np.where(several & ~old, 0.0, rent - np.maximum(own, cap))
    amount = np.maximum(full, 0)
    amount += values["income.rent_share_middle"] * np.maximum(middle, 0)
    amount += values["income.rent_share_high"] * np.maximum(high, 0)
    return np.where(rent <= values["income.rent_limit"], amount, 0.0)


def care_allowance(values: Values, yearly: Floats, paired: NDArray[np.bool_]) -> Floats:
    """Care allowance (zorgtoeslag) of head and partner."""
    most = np.where(paired, values["income.care_couple"], values["income.care_single"])
    over = np.maximum(yearly - values["income.care_from"], 0)
    return np.maximum(most - values["income.care_taper"] / MONTHS_PER_YEAR * over, 0)


def child_extra(values: Values, age: NDArray[Any]) -> Floats:
    """Addition to the child budget for older children, euros a year per child."""
    older = np.where(age >= values["income.child_age_old"], values["income.child_budget_12"], 0.0)
    return np.where(age >= values["income.child_age_oldest"], values["income.child_budget_16"], older)


def child_budget(
    values: Values, yearly: Floats, children: NDArray[Any], extra: Floats, alone: NDArray[np.bool_]
) -> Floats:
    """Child budget (kindgebonden budget).

    Parameters
    ----------
    children
        Children under 18.
    extra
        Sum of :func:`child_extra` over them.
    alone
        Single parent.
    """
    most = (
        values["income.child_budget"] * children
        + extra
        + np.where(alone, values["income.child_budget_alone"], 0.0)
    )
    free = np.where(
        alone, values["income.child_budget_from_alone"], values["income.child_budget_from_couple"]
    )
    over = np.maximum(yearly - free, 0)
    due = np.where(children > 0, most - values["income.child_budget_taper"] * over, 0.0)
    return np.maximum(due, 0) / MONTHS_PER_YEAR


def child_benefit(values: Values, age: NDArray[Any]) -> Floats:
    """Child benefit (kinderbijslag) per child, euros a month."""
    below = np.where(
        age >= values["income.child_age_middle"],
        values["income.child_benefit_6"],
        values["income.child_benefit_0"],
    )
    amount = np.where(age >= values["income.child_age_old"], values["income.child_benefit_12"], below)
    return np.asarray(amount / MONTHS_PER_QUARTER)


def assistance_norm(values: Values, sharers: NDArray[Any]) -> Floats:
    """Net social assistance norm of one adult in a home of ``sharers`` adults who share costs (LAB-28, LAB-29).

    One: 70 percent of the couple norm; two: 50 percent each; three: 43 percent each (kostendelersnorm).
    """
    share = (values["income.assistance_base"] + values["income.assistance_per_adult"] * sharers) / sharers
    result: Floats = values["income.assistance_couple"] * share
    return result
