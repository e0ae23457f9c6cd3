"""Synthetic population of a district from the published figures of a place.

Published margins are met by iterative proportional fitting (households) and by exact choice (people);
traits, durations and debts follow from national models conditional on what the margins fix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from wijksim.build.activity import aged, working
from wijksim.build.base import Base, Homes, build_base, build_homes
from wijksim.build.choose import bernoulli_balanced, district_uid
from wijksim.build.district import Households, Residents, SyntheticDistrict
from wijksim.build.durations import months_since_event, spells
from wijksim.build.factors import BAND_EDGES, BANDS, Factors, Values, fixed, names, predictor, vector
from wijksim.build.money import debts, housing_costs, savings
from wijksim.build.reference import calibrate
from wijksim.build.traits import (
    SKILLS,
    Calibration,
    draw_conditions,
    draw_skill,
    milieus,
    need_index,
    person_effects,
)
from wijksim.core.rng import Draws
from wijksim.places.schema import AGE_CLASSES, BENEFIT_AGES, PARTICIPATION_AGES, Place
from wijksim.state.codes import Activity, DwellingKind, Education, HouseholdType, Role, Tenure

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Counts = NDArray[np.int64]

_YEAR = 12
# Fewest dwellings of a district: even a single household can be made.
SMALLEST = 1
_SPELLS = {
    Activity.STUDENT: "student",
    Activity.EMPLOYED: "job",
    Activity.BASIC_JOB: "job",
    Activity.UNEMPLOYED: "unemployment",
    Activity.ASSISTANCE: "assistance",
    Activity.INCAPACITY: "incapacity",
    Activity.OTHER: "other",
}
_SPELL_NAMES = tuple(dict.fromkeys(_SPELLS.values()))
# by activity; -1 where months follow from age
_SPELL_OF = np.array([_SPELL_NAMES.index(_SPELLS[one]) if one in _SPELLS else -1 for one in Activity])


class Deviation(NamedTuple):
    """How far a figure of the synthetic district is from that of the place.

    ``deviation`` is realised minus target for shares, and relative to the target for amounts
    (household size, dwelling value).
    """

    figure: str
    target: float
    realised: float
    deviation: float


@dataclass(frozen=True)
class Inhabitants:
    """Who lives in a district, whatever their dwellings are.

    Attributes
    ----------
    base
        What figures fix of them.
    problem_debt, savings, debt
        Of each household.
    residents
        Its members.
    """

    base: Base
    problem_debt: Bools
    savings: Floats
    debt: Floats
    residents: Residents


def synthesise(
    place: Place,
    *,
    dwellings: int,
    draws: Draws,
    values: Mapping[str, float],
    uid_start: int = 0,
    district: int = 0,
) -> SyntheticDistrict:
    """Make a district.

    Parameters
    ----------
    place
        Figures to meet.
    dwellings
        Number of dwellings, at least 1; households are dwellings less vacancies.
    draws
        Luck; only draws for life are used, so the same arguments give the same bytes.
    values
        Parameter values by full name (``build.*``).
    uid_start
        First identity; entities take consecutive ones (with gaps) up to ``next_uid``.
    district
        Number of the district in the world.

    Raises
    ------
    ValueError
        If there is no dwelling.
    InconsistentMarginsError
        If the figures of the place contradict each other.
    """
    if dwellings < SMALLEST:
        raise ValueError(f"a district needs at least {SMALLEST} dwelling, got {dwellings}")
    values = fixed(values)
    people = inhabitants(
        place, dwellings=dwellings, draws=draws, values=values, uid_start=uid_start, district=district
    )
    homes = build_homes(place, people.base, draws=draws, values=values, district=district)
    return SyntheticDistrict(
        place=place.name,
        district=district,
        next_uid=people.base.next_uid,
        complexes=homes.stock.complexes,
        entrances=homes.stock.entrances,
        dwellings=homes.stock.dwellings,
        households=_households(people, homes, draws, values),
        residents=people.residents,
    )


def inhabitants(
    place: Place, *, dwellings: int, draws: Draws, values: Values, uid_start: int, district: int
) -> Inhabitants:
    """Make the people of a district alone; arguments as for :func:`synthesise`, which makes the same people."""
    base = build_base(
        place, dwellings=dwellings, draws=draws, values=values, uid_start=uid_start, district=district
    )
    calibration = calibrate(values)
    problem_debt = _problem_debt(base, draws, values, calibration, district=district)
    plan, uid = base.plan, base.household_uid
    return Inhabitants(
        base,
        problem_debt,
        savings(base.money.fifth, plan.tenure, base.head_band, problem_debt, uid, draws=draws, values=values),
        debts(problem_debt, uid, draws, values),
        _residents(base, problem_debt, draws, values, calibration, district=district),
    )


def _problem_debt(
    base: Base, draws: Draws, values: Values, calibration: Calibration, *, district: int
) -> Bools:
    eta = predictor(values, "problem_debt", base.household_factors())
    chance = expit(calibration.intercepts["problem_debt"] + eta)
    start = float(draws.life("build.problem_debt_total", district_uid(district)))
    return bernoulli_balanced(chance, draws.life("build.problem_debt", base.household_uid), start)


def _households(people: Inhabitants, homes: Homes, draws: Draws, values: Values) -> Households:
    base, problem_debt, stock = people.base, people.problem_debt, homes.stock.dwellings
    plan, uid = base.plan, base.household_uid
    band, head_age = base.head_band, base.members.age[base.members.start]
    months_in_debt, rows = np.zeros(uid.size, np.int16), np.flatnonzero(problem_debt)
    adult_months = (head_age[rows] - BAND_EDGES[0] * _YEAR).astype(np.float64)
    months_in_debt[rows] = spells(values, ("debt",)).elapsed(
        np.zeros_like(rows), draws.life("build.debt_spell", uid[rows]), adult_months
    )
    return Households(
        uid=uid,
        dwelling=homes.dwelling.astype(np.int32),
        type=plan.type.astype(np.int8),
        size=np.bincount(base.members.household, minlength=uid.size).astype(np.int8),
        start=base.members.start.astype(np.int32),
        income=base.money.household,
        income_fifth=base.money.fifth.astype(np.int8),
        housing_cost=housing_costs(
            plan.tenure,
            stock.rent[homes.dwelling],
            stock.value[homes.dwelling],
            band,
            uid,
            draws=draws,
            values=values,
        ),
        months_in_dwelling=months_in_dwelling(plan.tenure, head_age, uid, draws, values),
        savings=people.savings,
        debt=people.debt,
        problem_debt=problem_debt,
        months_in_debt=months_in_debt,
    )


def move_rates(values: Values, tenure: Tenure) -> Floats:
    """Moves per month by age band of the head, normalised on the national ages of heads."""
    relative = vector(values, "move_band", BANDS)
    mean = float(relative @ vector(values, "head_share", BANDS))
    return np.asarray(values[f"build.move_rate_{tenure.name.lower()}"] / _YEAR * relative / mean)


def months_in_dwelling(
    tenure: Counts, head_age: Counts, uid: NDArray[np.uint64], draws: Draws, values: Values
) -> NDArray[np.int16]:
    """Months since the last move, from move rates by age and tenure, back to leaving home."""
    effort = -np.log1p(-draws.life("build.tenancy", uid))
    adult, leave = float(BAND_EDGES[0] * _YEAR), values["build.home_leaving_age"] * _YEAR
    age = head_age.astype(np.float64)
    youngest = np.where(age > leave, leave, adult)
    begins = np.array((0, *BAND_EDGES[1:]), np.float64) * _YEAR
    months = np.zeros(uid.size)
    for one in Tenure:
        rows = tenure == one
        months[rows] = months_since_event(
            age[rows], youngest[rows], (begins, move_rates(values, one)), effort[rows]
        )
    return months.astype(np.int16)


def _schooling(base: Base, correlation: float, mean: float) -> Floats:
    """Level of education that tells of ability: one's own, or for those still in education part of the parents'.

    The level a child has reached says how old it is, not how able.
    """
    members, level = base.members, base.education.astype(np.float64)
    at_school = base.occupations.activity <= Activity.STUDENT
    heads = np.flatnonzero(members.role == Role.HEAD)
    home = np.full(int(members.household.max()) + 1, mean)
    home[members.household[heads]] = level[heads]
    parents = np.where(members.role == Role.CHILD, home[members.household], mean)
    return np.where(at_school, mean + correlation * (parents - mean), level)


def _residents(
    base: Base, problem_debt: Bools, draws: Draws, values: Values, calibration: Calibration, *, district: int
) -> Residents:
    members, uid = base.members, base.resident_uid
    factors = base.person_factors()
    conditions = draw_conditions(
        factors, base.adult, uid, district, draws=draws, values=values, intercepts=calibration.intercepts
    )
    need = need_index(conditions, problem_debt[members.household], base.occupations.activity)
    effects = person_effects(
        _schooling(base, values["demography.ability_correlation"], calibration.education_mean),
        conditions["cognitive"],
        need,
        uid,
        draws=draws,
        values=values,
        calibration=calibration,
    )
    skills = {
        name: draw_skill(
            name,
            factors,
            uid,
            (members.household, base.household_uid),
            draws=draws,
            values=values,
            intercept=calibration.intercepts[name],
        ).astype(np.float32)
        for name in SKILLS
    }
    total_need = np.bincount(members.household, need, minlength=base.n_households)
    circle = milieus(base.money.household, total_need, base.household_uid, draws, values)
    return Residents(
        uid=uid,
        household=members.household.astype(np.int32),
        birth_month=(-members.age).astype(np.int16),
        sex=members.sex,
        education=base.education,
        role=members.role,
        activity=base.occupations.activity,
        months_in_activity=_months_in_activity(base, draws, values),
        wage=base.money.wage,
        benefit=base.money.benefit,
        unemployment_benefit=base.occupations.unemployment_benefit,
        contributor=_contributors(base, factors, draws, values, calibration, district=district),
        milieu=circle[members.household],
        psychiatric=conditions["psychiatric"],
        addiction=conditions["addiction"],
        cognitive=conditions["cognitive"],
        frailty=effects["frailty"].astype(np.float32),
        ability=effects["ability"].astype(np.float32),
        nuisance_intensity=effects["nuisance_intensity"].astype(np.float32),
        uptake=effects["uptake"].astype(np.float32),
        language=skills["language"],
        digital=skills["digital"],
        reading=skills["reading"],
    )


def _contributors(
    base: Base,
    factors: Factors,
    draws: Draws,
    values: Values,
    calibration: Calibration,
    *,
    district: int,
) -> Bools:
    chance = expit(calibration.intercepts["contributor"] + predictor(values, "contributor", factors))
    start = float(draws.life("build.contributor_total", district_uid(district)))
    luck = draws.life("build.contributor", base.resident_uid)
    return bernoulli_balanced(np.where(base.adult, chance, 0.0), luck, start)


def _months_in_activity(base: Base, draws: Draws, values: Values) -> NDArray[np.int16]:
    """Spells from stationary densities; school and pension from age."""
    age, activity = base.members.age.astype(np.float64), base.occupations.activity
    since_school = age - values["build.school_age"] * _YEAR
    months = np.where(activity == Activity.PUPIL, since_school, age)
    months = np.where(activity == Activity.RETIRED, age - values["build.pension_age"] * _YEAR, months)
    kind = _SPELL_OF[activity]
    rows = np.flatnonzero(kind >= 0)
    luck = draws.life("build.spell", base.resident_uid[rows])
    longest = np.maximum(age[rows] - BAND_EDGES[0] * _YEAR, 0.0)
    months[rows] = spells(values, _SPELL_NAMES).elapsed(kind[rows], luck, longest)
    return months.astype(np.int16)


def deviation_report(
    district: SyntheticDistrict, place: Place, values: Mapping[str, float]
) -> list[Deviation]:
    """Compare a district with the figures it was made from, largest deviation first."""
    homes, households, people = district.dwellings, district.households, district.residents
    age = -people.birth_month.astype(np.int64)
    benefit_base, work_base = aged(age, BENEFIT_AGES), aged(age, PARTICIPATION_AGES)
    assisted = people.activity == Activity.ASSISTANCE
    on_benefit = assisted | (people.activity == Activity.INCAPACITY) | people.unemployment_benefit
    age_class = np.searchsorted(np.array(AGE_CLASSES[1:]) * _YEAR, age, side="right")
    rows = [
        *_shares("tenure", names(Tenure), place.tenure.shares(), homes.owner),
        _share("flat_share", place.dwellings.flat_share.value, homes.kind == DwellingKind.FLAT),
        *_shares("household", names(HouseholdType), place.households.shares(), households.type),
        *_shares("age", tuple(vars(place.ages)), place.ages.shares(), age_class),
        *_shares("education", names(Education), place.education.shares(), people.education[work_base]),
        *_shares("income", tuple(vars(place.incomes)), place.incomes.shares(), households.income_fifth),
        _share("any_benefit", place.work.any_benefit.value, on_benefit[benefit_base]),
        _share("assistance", place.work.assistance.value, assisted[benefit_base]),
        _difference(
            "net_participation",
            place.work.net_participation.value,
            working(people.activity, work_base, values) / max(int(work_base.sum()), 1),
        ),
        _relative("household_size", place.household_size.value, len(people) / len(households)),
        _relative("dwelling_value", place.dwellings.value.value, float(homes.value.mean())),
    ]
    return sorted(rows, key=lambda row: -abs(row.deviation))


def _difference(figure: str, target: float, realised: float) -> Deviation:
    return Deviation(figure, target, realised, realised - target)


def _relative(figure: str, target: float, realised: float) -> Deviation:
    return Deviation(figure, target, realised, realised / target - 1)


def _share(figure: str, target: float, flags: Bools) -> Deviation:
    return _difference(figure, target, float(flags.mean()) if flags.size else 0.0)


def _shares(
    group: str, keys: tuple[str, ...], targets: Floats, codes: NDArray[np.integer]
) -> list[Deviation]:
    realised = (np.bincount(codes, minlength=len(keys)) / max(codes.size, 1)).tolist()
    return [
        _difference(f"{group}.{key}", float(target), share)
        for key, target, share in zip(keys, targets, realised, strict=True)
    ]
