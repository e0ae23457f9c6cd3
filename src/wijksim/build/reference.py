"""The national reference: the mixture of archetypes on which propensities are calibrated.

An intercept is solved once on the mixture, so that national prevalences come out with the weights as
they are, and composition alone makes the difference between places.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from wijksim.build.base import Base, build_base
from wijksim.build.factors import Factors, Fixed, Values, fixed, predictor
from wijksim.build.traits import CONDITIONS, SKILLS, Calibration, draw_conditions, need_index, solve_intercept
from wijksim.core.rng import Draws
from wijksim.places.load import load_place, places_saying
from wijksim.places.schema import Place

type Floats = NDArray[np.float64]

_BUILD = "build."
_SEED = 0


def reference_places() -> tuple[Place, ...]:
    """Return the archetypes of the reference mixture, those with a weight."""
    places = (load_place(name) for name in places_saying("reference_weight"))
    return tuple(place for place in places if place.reference_weight is not None)


def calibrate(values: Values) -> Calibration:
    """Solve the intercepts for the parameters as they are; remembered per process.

    Raises
    ------
    ValueError
        If a prevalence does not lie between 0 and 1.
    """
    # in the order in which parameters are declared: a sort would only make sure that another order finds it too
    return fixed(values).kept(
        _BUILD, lambda: _calibrate(tuple([item for item in values.items() if item[0].startswith(_BUILD)]))
    )


def reference_bases(values: Values) -> tuple[tuple[Base, float], ...]:
    """Archetypes as small synthetic districts, without traits, and their weights per district.

    The weight of an archetype is a share of residents; districts differ in size, so a resident's
    weight is this number divided by the residents of the district.
    """
    bases: list[tuple[Base, float]] = []
    uid = 0
    for number, place in enumerate(reference_places()):
        base = build_base(
            place, dwellings=int(values["build.reference_dwellings"]), draws=Draws(_SEED), values=values,
            uid_start=uid, district=number,
        )  # fmt: skip
        bases.append((base, place.reference_weight.value if place.reference_weight else 0.0))
        uid = base.next_uid
    return tuple(bases)


@lru_cache(maxsize=8)
def _calibrate(items: tuple[tuple[str, float], ...]) -> Calibration:
    values = Fixed(items)
    bases = reference_bases(values)
    weight = np.concatenate([np.full(base.n_residents, share / base.n_residents) for base, share in bases])
    household_weight = np.concatenate(
        [np.full(base.n_households, share / base.n_households) for base, share in bases]
    )
    factors = _joined([base.person_factors() for base, _ in bases])
    adult = np.concatenate([base.adult for base, _ in bases])
    intercepts: dict[str, float] = {}
    debt_eta = predictor(values, "problem_debt", _joined([base.household_factors() for base, _ in bases]))
    intercepts["problem_debt"] = solve_intercept(
        debt_eta, household_weight, values["build.problem_debt_share"]
    )
    _conditions(intercepts, factors, adult, weight, values)
    conditions = draw_conditions(
        factors, adult, np.concatenate([base.resident_uid for base, _ in bases]), 0,
        draws=Draws(_SEED), values=values, intercepts=intercepts,
    )  # fmt: skip
    adults = weight * adult
    intercepts["contributor"] = solve_intercept(
        predictor(values, "contributor", factors), adults, values["build.contributor_share"]
    )
    for skill in SKILLS:
        intercepts[skill] = solve_intercept(
            predictor(values, skill, factors), adults, values[f"build.{skill}_low_share"],
            spread=values["build.skill_spread"],
        )  # fmt: skip
    in_debt = expit(intercepts["problem_debt"] + debt_eta) > np.concatenate(
        [Draws(_SEED).life("build.problem_debt", base.household_uid) for base, _ in bases]
    )
    offsets = np.cumsum([0, *(base.n_households for base, _ in bases[:-1])])
    household = np.concatenate(
        [base.members.household + first for (base, _), first in zip(bases, offsets, strict=True)]
    )
    need = need_index(conditions, in_debt[household], factors["activity"])
    mean, sd = _moments(need, adults)
    level, level_sd = _moments(factors["education"].astype(np.float64), adults)
    return Calibration(intercepts, mean, sd, level, level_sd)


def _conditions(
    intercepts: dict[str, float],
    factors: Factors,
    adult: NDArray[np.bool_],
    weight: Floats,
    values: Values,
) -> None:
    """Solve the conditions in order, each with and without the ones before it.

    Prevalences are shares of all residents; psychiatric problems and addiction occur in adults.
    """
    rows, share = np.arange(weight.size), weight / weight.sum()
    known: dict[str, NDArray[np.integer]] = {}
    for name in CONDITIONS:
        given = factors.at(rows)
        for condition, codes in known.items():
            given[condition] = codes
        eta = predictor(values, name, given)
        among = share if name == "cognitive" else share * adult[rows]
        intercepts[name] = solve_intercept(eta, among, values[f"build.{name}_share"] / float(among.sum()))
        chance = expit(intercepts[name] + eta) * (among > 0)
        # Everybody splits in one without and one with the condition, in proportion to the chance.
        rows = np.concatenate((rows, rows))
        known = {key: np.concatenate((codes, codes)) for key, codes in known.items()}
        known[name] = np.repeat(np.arange(2), chance.size)
        share = np.concatenate((share * (1 - chance), share * chance))


def _joined(parts: list[Factors]) -> Factors:
    codes = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Factors(codes, size=sum(part.size for part in parts))


def _moments(x: Floats, weight: Floats) -> tuple[float, float]:
    mean = float(np.average(x, weights=weight))
    return mean, float(np.sqrt(np.average((x - mean) ** 2, weights=weight)))
