"""Allowances by rule: rent, care and child budget, child benefit (huurtoeslag, zorgtoeslag, kindgebonden budget).

All amounts are euros a month and incomes euros a year. Entitlement follows this month's income times twelve; the
settlement of a wrong estimate a year later is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_QUARTER, MONTHS_PER_YEAR
from wijksim.mechanisms.income import rule_loops

Floats = NDArray[np.float64]
Values = Mapping[str, float]
_KINDS = ("single", "multi", "single_old", "multi_old")
_CURVE_NAMES = (
    *(f"income.rent_{part}_{kind}" for part in ("income", "curve") for kind in _KINDS),
    "income.rent_allowance_offset",
    "income.rent_allowance_own",
)
_CURVES = itemgetter(*_CURVE_NAMES)
_RENTS = itemgetter(
    "income.rent_quality_limit", "income.rent_cap_low", "income.rent_cap_high", "income.rent_limit"
)
_SHARES = itemgetter("income.rent_share_middle", "income.rent_share_high")
_CARE = itemgetter("income.care_single", "income.care_couple", "income.care_from")
_CHILDREN_NAMES = (
    *(f"income.child_age_{edge}" for edge in ("middle", "old", "oldest", "end")),
    *(f"income.child_benefit_{age}" for age in ("0", "6", "12")),
    *(f"income.child_budget_{age}" for age in ("12", "16")),
)
_CHILDREN = itemgetter(*_CHILDREN_NAMES)
_FREE = itemgetter("income.child_budget_from_alone", "income.child_budget_from_couple")


@lru_cache(maxsize=16)
def _curves(numbers: tuple[float, ...]) -> tuple[Floats, Floats, Floats]:
    """Start, curvature and slope of the rent that a tenant pays before any allowance (basishuur), by kind of household.

    The linear factor follows from the curvature, because the curve starts at the minimum own rent. Norms change once a
    year, so the result is kept.
    """
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
    amount = np.empty(rent.size)
    # fmt: off
    rule_loops.rent(
        *_curves(_CURVES(values)), values["income.rent_allowance_offset"], _RENTS(values), _SHARES(values),
        rent, yearly, persons, old, amount,
    )
    # fmt: on
    return amount


def care_allowance(values: Values, yearly: Floats, paired: NDArray[np.bool_]) -> Floats:
    """Care allowance (zorgtoeslag) of head and partner."""
    single, couple, free = _CARE(values)
    amount = np.empty(yearly.size)
    taper = values["income.care_taper"] / MONTHS_PER_YEAR
    rule_loops.care(single, couple, free, taper, yearly, paired, amount)
    return amount


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
    amount = np.empty(yearly.size)
    rule_loops.children(
        values["income.child_budget"], values["income.child_budget_alone"], _FREE(values),
        values["income.child_budget_taper"], MONTHS_PER_YEAR, yearly, children, extra, alone, amount,
    )  # fmt: skip
    return amount


def child_benefit(values: Values, age: NDArray[Any]) -> Floats:
    """Child benefit (kinderbijslag) per child, euros a month."""
    below = np.where(
        age >= values["income.child_age_middle"],
        values["income.child_benefit_6"],
        values["income.child_benefit_0"],
    )
    amount = np.where(age >= values["income.child_age_old"], values["income.child_benefit_12"], below)
    return np.asarray(amount / MONTHS_PER_QUARTER)


def by_age(values: Values) -> tuple[Floats, Floats]:
    """Child benefit and addition to the child budget of a child of each age that has any."""
    return _by_age(_CHILDREN(values))


@lru_cache(maxsize=16)
def _by_age(numbers: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Norms change once a year, so the result is kept."""
    values = dict(zip(_CHILDREN_NAMES, numbers, strict=True))
    ages = np.arange(ceil(values["income.child_age_end"]))
    return child_benefit(values, ages), child_extra(values, ages)


def assistance_norm(values: Values, sharers: NDArray[Any]) -> Floats:
    """Net social assistance norm of one adult in a home of ``sharers`` adults who share costs (LAB-28, LAB-29).

    One: 70 percent of the couple norm; two: 50 percent each; three: 43 percent each (kostendelersnorm).
    """
    share = (values["income.assistance_base"] + values["income.assistance_per_adult"] * sharers) / sharers
    result: Floats = values["income.assistance_couple"] * share
    return result
