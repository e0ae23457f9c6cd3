"""The rules of the year as compiled passes take them: they follow from parameters and are kept until one changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from wijksim.kernel.kept import Kept
from wijksim.mechanisms.income import allowances
from wijksim.mechanisms.income.tax import NAMES as TAX_NAMES
from wijksim.mechanisms.income.tax import net_line
from wijksim.state.codes import Education

type Values = Mapping[str, float]
type Rules = tuple[Any, ...]

_PENSIONS = tuple(f"income.pension_{step.name.lower()}" for step in Education)
_OTHERS = (
    "ww_wage_limit", "ww_months", "ww_share", "wia_share", "wia_typical", "aow_couple", "aow_single",
    "care_contribution", "pension_net", "student_home", "student_away", "basic_job_hours", "full_time_hours",
    "minimum_wage", "assistance_sharing_age", "assistance_couple", "assistance_base", "assistance_per_adult",
    "assistance_capital", "rent_capital", "health_premium",
)  # fmt: skip
_NAMES = tuple(
    dict.fromkeys((*TAX_NAMES, *allowances.NAMES, *_PENSIONS, *(f"income.{name}" for name in _OTHERS)))
)
_NUMBERS = itemgetter(*_NAMES)
_PLACE = itemgetter(
    "income.equivalence_adult", "income.equivalence_child", "income.fifth_1", "income.fifth_2", "income.fifth_3",
    "income.fifth_4", "income.low_income",
)  # fmt: skip


class Norms(NamedTuple):
    """Rules for what persons bring in, for sums over members, and for the budgets of households.

    They are in the order in which compiled functions of ``person_loops`` and ``rule_loops`` take them apart.
    """

    person: tuple[Any, ...]
    member: tuple[Any, ...]
    assistance: tuple[Any, ...]
    allowance: tuple[Any, ...]
    whole: tuple[float, float, float]


def norms(values: Values) -> Norms:
    """Rules by the parameters in force."""
    return _norms(_NUMBERS(values))


def budgets(values: dict[str, float]) -> tuple[Rules, Rules]:
    """Rules for what members bring in, and for budgets of households, as compiled functions take them."""
    found = norms(values)
    return (found.person, found.member), (
        found.assistance,
        found.allowance,
        found.whole,
        national(values),
    )


@Kept
def national(values: dict[str, float]) -> tuple[Any, ...]:
    """What places a household in the nation, as ``rule_loops.ranks`` takes it."""
    adult, child, first, second, third, fourth, low = _PLACE(values)
    return (adult, child), (first, second, third, fourth), low


@lru_cache(maxsize=16)
def _norms(numbers: tuple[float, ...]) -> Norms:
    """Norms change once a year, so the result is kept."""
    v = {name.removeprefix("income."): value for name, value in zip(_NAMES, numbers, strict=True)}
    values = dict(zip(_NAMES, numbers, strict=True))
    person = (
        _basic_job_wage(v), net_line(values, working=True), net_line(values, working=False), v["pension_contribution"],
        (v["ww_wage_limit"], v["ww_months"], v["ww_share"]), (v["wia_share"], v["wia_typical"]),
        (v["aow_couple"], v["aow_single"], 1 - v["care_contribution"], v["pension_net"]),
        np.array([values[name] for name in _PENSIONS]), (v["student_home"], v["student_away"]),
    )  # fmt: skip
    assisted = (v["assistance_couple"], v["assistance_base"], v["assistance_per_adult"])
    premium = v["health_premium"]
    return Norms(
        person,
        (v["assistance_sharing_age"], *allowances.by_age(values)),
        (assisted, v["assistance_capital"]),
        (allowances.rent_rules(values), allowances.care_rules(values), allowances.child_rules(values)),
        (v["rent_capital"], premium, max(premium - v["care_single"], 0.0)),
    )


def _basic_job_wage(v: Values) -> float:
    """Gross monthly wage of a basic job: the minimum wage for its hours (LAB-34)."""
    share = v["basic_job_hours"] / v["full_time_hours"]
    return v["minimum_wage"] * share
