"""Traits of residents, conditional on age, tenure and activity by one national reference model.

The weights say who is more often affected, the published national prevalence fixes the level. No place
has a prevalence of its own: what a district shows follows from who lives there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from wijksim.build.choose import bernoulli_balanced, district_uid
from wijksim.build.choose_loops import ranked
from wijksim.build.factors import Factors, Values, predictor
from wijksim.core.rng import Draws
from wijksim.state.codes import Activity

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]

_CLOSE = float(np.sqrt(np.finfo(np.float64).eps))

CONDITIONS = ("psychiatric", "addiction", "cognitive")
SKILLS = ("language", "digital", "reading")


@dataclass(frozen=True)
class Calibration:
    """Intercepts with which the national reference mixture has the national prevalences.

    Attributes
    ----------
    intercepts
        Per process.
    need_mean, need_sd
        Of the need index of adults.
    education_mean, education_sd
        Of the education level of adults.
    """

    intercepts: Mapping[str, float]
    need_mean: float
    need_sd: float
    education_mean: float
    education_sd: float


def solve_intercept(eta: Floats, weight: Floats, wanted: float, *, spread: float = 0.0) -> float:
    """Intercept with which the weighted mean chance is as wanted, by bisection.

    Parameters
    ----------
    eta
        Linear predictors.
    weight
        Weights, not necessarily of sum 1.
    wanted
        Mean chance, between 0 and 1.
    spread
        0 for a logistic chance; else the standard deviation of a normal latent score whose share
        below zero is wanted (the intercept then lifts the score).
    """
    if not 0 < wanted < 1:
        raise ValueError(f"a prevalence must lie between 0 and 1, got {wanted}")
    # a predictor is made of few factors: chances are worked out once per value it takes
    eta, of = np.unique(eta, return_inverse=True)
    share = np.bincount(of, weights=weight)
    share /= share.sum()

    def mean_at(intercept: float) -> float:
        chance = ndtr(-(intercept + eta) / spread) if spread else expit(intercept + eta)
        return float(share @ chance)

    rising = not spread
    low, high = -1.0, 1.0
    # Widen until the bracket holds the root; chances run from 0 to 1, so it must.
    while (mean_at(low) < wanted) != rising:
        low *= 2
    while (mean_at(high) > wanted) != rising:
        high *= 2
    while high - low > _CLOSE * max(1.0, abs(low)):
        middle = (low + high) / 2
        if (mean_at(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def draw_conditions(
    factors: Factors, who: Bools, uid: Uids, district: int, *,
    draws: Draws, values: Values, intercepts: Mapping[str, float],
) -> dict[str, Bools]:  # fmt: skip
    """Severe psychiatric problems, addiction and cognitive limitation.

    Later conditions depend on earlier ones: ``factors`` is extended as they are drawn.

    Parameters
    ----------
    who
        Adults: only cognitive limitation, which is lifelong, is drawn for children too.
    """
    found: dict[str, Bools] = {}
    for lane, name in enumerate(CONDITIONS):
        chance = expit(intercepts[name] + predictor(values, name, factors))
        if name != "cognitive":
            chance = np.where(who, chance, 0.0)
        start = float(draws.life("build.conditions", district_uid(district), lane=lane))
        found[name] = bernoulli_balanced(chance, draws.life(f"build.{name}", uid), start)
        factors[name] = found[name].astype(np.int8)
    return found


def need_index(conditions: Mapping[str, Bools], problem_debt: Bools, activity: NDArray[np.integer]) -> Floats:
    """Number of conditions that call for help, per resident."""
    need = np.zeros(activity.size)
    for flags in (*conditions.values(), problem_debt, activity == Activity.ASSISTANCE):
        need += flags
    return need


def draw_skill(
    name: str,
    factors: Factors,
    uid: Uids,
    home: tuple[NDArray[np.int64], Uids],
    *,
    draws: Draws,
    values: Values,
    intercept: float,
) -> Floats:
    """Skill from 0 to 1, low below one half; members of a household resemble each other.

    ``home`` holds the household of each, and identities of households.
    """
    common, (household, household_uid) = values["build.skill_in_household"], home
    shared = draws.life_normal(f"build.{name}", household_uid)[household]
    own = draws.life_normal(f"build.{name}", uid, lane=1)
    noise = np.sqrt(common) * shared + np.sqrt(1 - common) * own
    return np.asarray(
        expit(intercept + predictor(values, name, factors) + values["build.skill_spread"] * noise)
    )


def person_effects(
    education: NDArray[np.number[Any]], cognitive: Bools, need: Floats, uid: Uids, *,
    draws: Draws, values: Values, calibration: Calibration,
) -> dict[str, Floats]:  # fmt: skip
    """Effects drawn once and never changed: frailty, ability, nuisance intensity and uptake."""
    spread = values["build.nuisance_spread"]
    with_school = values["build.ability_education_correlation"]
    level = (education - calibration.education_mean) / calibration.education_sd
    ability = with_school * level + np.sqrt(1 - with_school**2) * draws.life_normal("build.ability", uid)
    with_need = values["build.uptake_need_correlation"]
    needs = (need - calibration.need_mean) / calibration.need_sd
    return {
        "frailty": draws.life_normal("build.frailty", uid),
        "ability": ability + np.where(cognitive, values["build.ability_cognitive"], 0.0),
        "nuisance_intensity": np.exp(spread * draws.life_normal("build.nuisance", uid) - spread**2 / 2),
        "uptake": ndtr(
            with_need * needs + np.sqrt(1 - with_need**2) * draws.life_normal("build.uptake", uid)
        ),
    }


def milieus(income: Floats, need: Floats, uid: Uids, draws: Draws, values: Values) -> NDArray[np.int8]:
    """Life circle per household, in equal numbers at every level of income and need.

    Balanced rather than merely random, so that no small world associates a circle with poverty or
    trouble by chance.

    Parameters
    ----------
    income, need
        Income and total need of each household.
    uid
        Identity of each household.
    """
    n_circles = int(values["build.milieus"])
    luck = draws.life("build.milieu", uid)
    # By need, then by income, then by luck: sorts that leave equals in their order, the last key first.
    order = np.empty(uid.size, np.int64)
    ranked(luck, order)
    order = order[income[order].argsort(kind="stable")]
    order = order[need[order].astype(np.int16).argsort(kind="stable")]
    inside = draws.life("build.milieu", uid[order], lane=1)
    # Rank of the second draw within each block of neighbours in need and income.
    whole = uid.size - uid.size % n_circles
    blocks = inside[:whole].reshape(-1, n_circles).argsort(axis=1, kind="stable")
    blocks += np.arange(0, whole, n_circles)[:, np.newaxis]
    rest = whole + inside[whole:].argsort(kind="stable")
    result = np.empty(uid.size, np.int8)
    result[order[np.concatenate((blocks.ravel(), rest))]] = np.arange(uid.size) % n_circles
    return result
