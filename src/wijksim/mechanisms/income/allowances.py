"""Allowances by rule: rent, care and child budget, child benefit (huurtoeslag, zorgtoeslag, kindgebonden budget).

All amounts are euros a month and incomes euros a year. Entitlement follows this month's income times twelve; the
settlement of a wrong estimate a year later is left out. What is here are the rules as ``rule_loops`` applies them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.units import MONTHS_PER_QUARTER, MONTHS_PER_YEAR

Floats = NDArray[np.float64]
Values = Mapping[str, float]
_KINDS = ("single", "multi", "single_old", "multi_old")
_RENT_NAMES = (
    *(f"income.rent_{part}_{kind}" for part in ("income", "curve") for kind in _KINDS),
    "income.rent_allowance_offset",
    "income.rent_allowance_own",
)
_RENT_LIMITS = (
    "income.rent_quality_limit", "income.rent_cap_low", "income.rent_cap_high", "income.rent_limit",
)  # fmt: skip
_RENT_SHARES = ("income.rent_share_middle", "income.rent_share_high")
_CARE_NAMES = ("income.care_single", "income.care_couple", "income.care_from", "income.care_taper")
_CHILD_NAMES = (
    *(f"income.child_age_{edge}" for edge in ("middle", "old", "oldest", "end")),
    *(f"income.child_benefit_{age}" for age in ("0", "6", "12")),
    *(f"income.child_budget_{age}" for age in ("12", "16")),
)
_BUDGET_NAMES = ("income.child_budget", "income.child_budget_alone")
_FREE_NAMES = ("income.child_budget_from_alone", "income.child_budget_from_couple")
_TAPER = "income.child_budget_taper"
NAMES = (
    *_RENT_NAMES, *_RENT_LIMITS, *_RENT_SHARES, *_CARE_NAMES, *_CHILD_NAMES, *_BUDGET_NAMES, *_FREE_NAMES, _TAPER,
)  # fmt: skip
"""Parameters of all rules."""


def rent_rules(values: Values) -> tuple[Any, ...]:
    """Rent allowance (huurtoeslag): the tenant's part, its offset, limits of rent and shares paid between them.

    The rent that a tenant pays before any allowance (basishuur) is a quadratic of income by kind of household, given by
    its start, curvature and slope: the linear factor follows from the curvature, because the curve starts at the
    minimum own rent.
    """
    numbers, n = [values[name] for name in _RENT_NAMES], len(_KINDS)
    start, curve = np.array(numbers[:n]), np.array(numbers[n : 2 * n])
    offset, least = numbers[2 * n :]
    own = start, curve, (least + offset) / start - curve * start
    return own, offset, _pick(values, _RENT_LIMITS), _pick(values, _RENT_SHARES)


def care_rules(values: Values) -> tuple[float, ...]:
    """Care allowance (zorgtoeslag) of one and of a couple, income without effect, and the taper."""
    single, couple, free, taper = _pick(values, _CARE_NAMES)
    return single, couple, free, taper / MONTHS_PER_YEAR


def child_rules(values: Values) -> tuple[Any, ...]:
    """Child budget (kindgebonden budget) a year: per child, of a single parent, income without effect, and taper."""
    return *_pick(values, _BUDGET_NAMES), _pick(values, _FREE_NAMES), values[_TAPER]


def child_extra(values: Values, age: NDArray[Any]) -> Floats:
    """Addition to the child budget for older children, euros a year per child."""
    older = np.where(age >= values["income.child_age_old"], values["income.child_budget_12"], 0.0)
    return np.where(age >= values["income.child_age_oldest"], values["income.child_budget_16"], older)


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
    ages = np.arange(ceil(values["income.child_age_end"]))
    return child_benefit(values, ages), child_extra(values, ages)


def assistance_norm(values: Values, sharers: NDArray[Any]) -> Floats:
    """Net social assistance norm of one adult in a home of ``sharers`` adults who share costs (LAB-28, LAB-29).

    One: 70 percent of the couple norm; two: 50 percent each; three: 43 percent each (kostendelersnorm).
    """
    share = (values["income.assistance_base"] + values["income.assistance_per_adult"] * sharers) / sharers
    result: Floats = values["income.assistance_couple"] * share
    return result


def _pick(values: Values, names: tuple[str, ...]) -> tuple[float, ...]:
    """Some of the values, in order."""
    return tuple(values[name] for name in names)
