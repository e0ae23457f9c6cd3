"""Incomes, housing costs, savings and debts on the first day, in agreement with what people do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.build.factors import BANDS, FIFTHS, Values, fixed, names, vector
from wijksim.build.persons import Members
from wijksim.core.rng import Draws
from wijksim.state.codes import Activity, Education, Role, Tenure

type Floats = NDArray[np.float64]
type Codes = NDArray[np.integer]
type Uids = NDArray[np.uint64]

_YEAR = 12
_THOUSAND = 1000


@dataclass(frozen=True)
class Incomes:
    """Net amounts in EUR a month.

    Attributes
    ----------
    wage, benefit
        Per resident.
    household
        Per household: the sum over its members.
    fifth
        Fifth of the national distribution that the household is in.
    """

    wage: Floats
    benefit: Floats
    household: Floats
    fifth: Codes


def fifth_limits(values: Values) -> Floats:
    """Upper limits of the four lowest national fifths of disposable household income, EUR a month."""
    return vector(values, "income_limit", FIFTHS[:-1]) / _YEAR


def incomes(
    members: Members, activity: Codes, education: Codes, fifth: Codes, uid: Uids,
    *, household_uid: Uids, draws: Draws, values: Values,
) -> Incomes:  # fmt: skip
    """Share out a household income drawn in its fifth over what its members do.

    Norms come first. What is left of the income is wages; without wage earners it is the part of
    benefits that varies, and pensions on top of the state pension. Households whose members cannot
    have the income of their fifth end in another one.
    """
    n = members.start.size
    norms = _norms(members, activity, values)
    base = np.bincount(members.household, norms, minlength=n)
    spread = np.exp(values["build.wage_spread"] * draws.life_normal("build.wage", uid))
    schooling = vector(values, "wage", names(Education))[education]
    earner = (activity == Activity.EMPLOYED) | (activity == Activity.BASIC_JOB)
    pensioner = activity == Activity.RETIRED
    insured = (activity == Activity.INCAPACITY) | (activity == Activity.UNEMPLOYED)
    at_home = np.where(members.role == Role.CHILD, values["build.wage_child"], 1.0)
    weight = np.where(earner, spread * schooling * at_home, 0.0)
    earners = np.bincount(members.household, earner, minlength=n) > 0
    pensioners = np.bincount(members.household, pensioner, minlength=n) > 0
    luck = draws.life("build.income", household_uid)
    pensions = np.where(pensioners, np.where(earners, values["build.pension_part"], 1.0), 0.0)
    topped = insured & ~(earners | pensioners)[members.household]
    by_wage, by_pension, by_benefit = (
        _Parts(one, members.household, n) for one in (weight, pensioner, topped)
    )

    def pay(planned: Codes) -> Incomes:
        rest = np.maximum(_targets(planned, luck, values) - base, 0.0)
        wages = by_wage.of(rest * (1 - pensions))
        wage = np.where(earner, np.maximum(wages, values["build.wage_least"]), 0.0)
        extra, more = by_pension.of(rest * pensions), by_benefit.of(rest)
        benefit = norms + extra + np.minimum(more, values["build.benefit_above_minimum"])
        total = np.bincount(members.household, wage + benefit, minlength=n)
        place_in = np.searchsorted(fifth_limits(values), total, side="right")
        return Incomes(wage, benefit, total, place_in.astype(np.int8))

    least = base + values["build.wage_least"] * np.bincount(members.household, earner, minlength=n)
    return pay(rebalance(pay(fifth), fifth, np.where(earners, least, np.inf), values))


def rebalance(first: Incomes, planned: Codes, least: Floats, values: Values) -> Codes:
    """Plan other fifths for a few households with wages, so that all fifths have their number.

    Norms put some households without wages outside the fifth that was planned; as many whose wages
    are free take their place, those nearest to the limit first.

    Parameters
    ----------
    first
        Incomes as they came out.
    planned
        Fifth planned for each household; their numbers are wanted.
    least
        Lowest income that a household can have; infinite for those without wages.
    """
    new, actual = planned.copy(), first.fifth.astype(np.int64)
    for fifth, limit in enumerate(fifth_limits(values)):
        short = int((planned <= fifth).sum() - (actual <= fifth).sum())
        if short > 0:
            free = np.flatnonzero((actual == fifth + 1) & (least < limit))
            moved = free[np.argsort(first.household[free], kind="stable")[:short]]
            new[moved] = actual[moved] = fifth
        elif short < 0:
            free = np.flatnonzero((actual == fifth) & np.isfinite(least))
            moved = free[np.argsort(-first.household[free], kind="stable")[:-short]]
            new[moved] = actual[moved] = fifth + 1
    return new


def _targets(fifth: Codes, luck: Floats, values: Values) -> Floats:
    """Even within a fifth; the highest has an exponential tail."""
    known = fixed(values)
    limits, width = known.kept("ranges of income", lambda: _ranges(known))
    tail = -np.log1p(-luck) * values["build.income_tail"] / _YEAR
    return np.asarray(limits[fifth] + np.where(fifth == len(FIFTHS) - 1, tail, luck * width[fifth]))


def _ranges(values: Values) -> tuple[Floats, Floats]:
    """Lower limit and width of each fifth, of which the highest has none."""
    limits = np.concatenate(([values["build.income_lowest"] / _YEAR], fifth_limits(values)))
    return limits, np.append(np.diff(limits), 0.0)


def _norms(members: Members, activity: Codes, values: Values) -> Floats:
    """Benefit norms and state pension of each resident; couples share."""
    two = np.bincount(members.household, members.role == Role.PARTNER, minlength=members.start.size) > 0
    paired = two[members.household] & (members.role != Role.CHILD)
    known = fixed(values)
    single, shared = known.kept("norms", lambda: _norms_by_activity(known))
    norms = np.where(paired, shared[activity], single[activity])
    at_home = (activity == Activity.STUDENT) & (members.role == Role.CHILD)
    return np.asarray(np.where(at_home, values["build.norm_student_at_home"], norms))


def _norms_by_activity(values: Values) -> tuple[Floats, Floats]:
    """Norm of one who is alone, and of each of two."""
    kinds = (
        Activity.ASSISTANCE,
        Activity.RETIRED,
        Activity.INCAPACITY,
        Activity.UNEMPLOYED,
        Activity.STUDENT,
    )
    single = np.zeros(len(Activity))
    single[list(kinds)] = [values[f"build.norm_{kind.name.lower()}"] for kind in kinds]
    shared = single.copy()
    for kind in (Activity.ASSISTANCE, Activity.RETIRED):
        shared[kind] = values[f"build.norm_{kind.name.lower()}_couple"] / 2
    return single, shared


class _Parts:
    """Splits amounts of households over their members by weight; nothing where all weights are zero."""

    def __init__(self, weight: Floats | NDArray[np.bool_], household: Codes, n: int) -> None:
        self._rows = weight.nonzero()[0]
        self._weight, self._household = weight[self._rows], household[self._rows]
        self._total = np.bincount(self._household, self._weight, minlength=n)
        self._some = self._total > 0
        self._size = weight.size

    def of(self, amount: Floats) -> Floats:
        """Part of each member in the amounts of the households."""
        per_unit = np.divide(amount, self._total, out=np.zeros(amount.size), where=self._some)
        parts = np.zeros(self._size)
        parts[self._rows] = per_unit[self._household] * self._weight
        return parts


def housing_costs(
    tenure: Codes, rent: Floats, value: Floats, band: Codes, uid: Uids, *, draws: Draws, values: Values
) -> Floats:
    """Rent of tenants; interest and repayment of owners, who owe less the older they are. EUR a month."""
    debt_share = vector(values, "mortgage", BANDS)[band]
    debt_share = debt_share * (
        1 + values["build.mortgage_spread"] * (draws.life("build.mortgage", uid) * 2 - 1)
    )
    mortgage = debt_share * value * _THOUSAND * values["build.mortgage_payment"] / _YEAR
    return np.asarray(np.where(tenure == Tenure.OWNER, mortgage, rent))


def savings(
    fifth: Codes,
    tenure: Codes,
    band: Codes,
    problem_debt: NDArray[np.bool_],
    uid: Uids,
    *,
    draws: Draws,
    values: Values,
) -> Floats:
    """Liquid savings by income, age and tenure; next to nothing in problem debt. EUR."""
    median = (
        vector(values, "savings", FIFTHS)[fifth]
        * vector(values, "savings", BANDS)[band]
        * vector(values, "savings", names(Tenure))[tenure]
        * np.where(problem_debt, values["build.savings_in_debt"], 1.0)
    )
    return np.asarray(
        median * np.exp(values["build.savings_spread"] * draws.life_normal("build.savings", uid))
    )


def debts(problem_debt: NDArray[np.bool_], uid: Uids, draws: Draws, values: Values) -> Floats:
    """Debt other than the mortgage: heavy in problem debt, light with some of the others. EUR."""
    spread = values["build.debt_spread"]
    shape = np.exp(spread * draws.life_normal("build.debt", uid) - spread**2 / 2)
    light = draws.life("build.light_debt", uid) < values["build.light_debt_share"]
    mean = np.where(
        problem_debt, values["build.debt_mean"], np.where(light, values["build.light_debt_mean"], 0.0)
    )
    return np.asarray(mean * shape)
