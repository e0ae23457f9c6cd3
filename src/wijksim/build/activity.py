"""What residents do and have learned: education and main activity, in published numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.build.choose import classed, gumbel_for_life, largest
from wijksim.build.factors import BAND_EDGES, Factors, Values, names, predictor, vector
from wijksim.build.ipf import apportion
from wijksim.build.persons import Members
from wijksim.core.rng import Draws
from wijksim.places.schema import BENEFIT_AGES, PARTICIPATION_AGES, Place
from wijksim.state.codes import Activity, Education, Role

type Floats = NDArray[np.float64]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]

_YEAR = 12


@dataclass(frozen=True)
class Occupations:
    """Main activity, and who of the unemployed has a benefit."""

    activity: Codes
    unemployment_benefit: Bools


def aged(age: NDArray[np.int64], bounds: tuple[float, float]) -> Bools:
    """Tell who is at least as old as the first bound and younger than the second, years."""
    return np.asarray((age >= bounds[0] * _YEAR) & (age < bounds[1] * _YEAR))


def educate(
    place: Place, members: Members, factors: Factors, uid: Uids, draws: Draws, *, values: Values
) -> Codes:
    """Highest level attained; levels of residents of 15-74 are those of the place."""
    level = np.full(uid.size, Education.MIDDLE, np.int8)
    base = aged(members.age, PARTICIPATION_AGES)
    counts = apportion(place.education.shares(), int(base.sum()))
    left = base.copy()
    for one in (Education.HIGHER, Education.NONE, Education.LOWER):
        process = f"education_{one.name.lower()}"
        chosen = _chosen(process, int(counts[one]), left, factors, uid, draws=draws, values=values)
        level[chosen] = one
        left &= ~chosen
    level[members.age < PARTICIPATION_AGES[0] * _YEAR] = Education.NONE
    old = members.age >= PARTICIPATION_AGES[1] * _YEAR
    shares = place.education.shares() * vector(values, "education_old", names(Education))
    level[old] = classed(shares, draws.life("build.education_old", uid[old])).astype(np.int8)
    return level


def occupy(
    place: Place, members: Members, factors: Factors, uid: Uids, draws: Draws, *, values: Values
) -> Occupations:
    """Main activity of everybody; benefits and participation are those of the place.

    Benefits count residents of 15-64, participation those of 15-74 (with side jobs of pupils and
    students, and with part-time work beside a benefit).
    """
    age = members.age
    activity = _by_age(members, uid, draws, values)
    students = _students(age, factors, uid, draws, values)
    activity[students] = Activity.STUDENT
    base = int(aged(age, BENEFIT_AGES).sum())
    left = aged(age, (BAND_EDGES[0], BENEFIT_AGES[1])) & ~students
    on_assistance = round(place.work.assistance.value * base)
    on_other = round(place.work.any_benefit.value * base) - on_assistance
    with_benefit = round(on_other * values["build.unemployment_among_benefits"])
    unemployed = round(with_benefit / values["build.unemployed_with_benefit"])
    chosen = _assisted(members, factors, left, on_assistance, uid, draws=draws, values=values)
    activity[chosen] = Activity.ASSISTANCE
    left &= ~chosen
    for one, count in ((Activity.INCAPACITY, on_other - with_benefit), (Activity.UNEMPLOYED, unemployed)):
        chosen = _chosen(one.name.lower(), count, left, factors, uid, draws=draws, values=values)
        activity[chosen] = one
        left &= ~chosen
    count = _without_work(place, members, activity, int(left.sum()), values)
    chosen = _chosen("other", count, left, factors, uid, draws=draws, values=values)
    activity[chosen] = Activity.OTHER
    activity[left & ~chosen] = Activity.EMPLOYED
    insured, jobless = np.zeros(uid.size, np.bool_), np.flatnonzero(activity == Activity.UNEMPLOYED)
    insured[largest(jobless, gumbel_for_life(draws, "build.insured", uid[jobless]), with_benefit)] = True
    return Occupations(activity, insured)


def _by_age(members: Members, uid: Uids, draws: Draws, values: Values) -> Codes:
    """Activities that follow from age alone; the rest is filled in later."""
    age = members.age / _YEAR
    school, adult, pension = values["build.school_age"], BAND_EDGES[0], values["build.pension_age"]
    activity = np.full(uid.size, Activity.OTHER, np.int8)
    activity[age < adult] = Activity.PUPIL
    activity[age < school] = Activity.CHILD
    late = (age >= BENEFIT_AGES[1]) & (age < pension)
    kinds = (Activity.EMPLOYED, Activity.INCAPACITY, Activity.ASSISTANCE, Activity.OTHER)
    shares = vector(values, "late", (kind.name.lower() for kind in kinds))
    activity[late] = np.array(kinds, np.int8)[classed(shares, draws.life("build.late_work", uid[late]))]
    old = np.flatnonzero(age >= pension)
    working = np.where(
        age[old] < PARTICIPATION_AGES[1], values["build.work_past_pension"], values["build.work_old"]
    )
    luck = draws.life("build.late_work", uid[old])
    activity[old] = np.where(luck < working, Activity.EMPLOYED, Activity.RETIRED)
    return activity


def _students(age: NDArray[np.int64], factors: Factors, uid: Uids, draws: Draws, values: Values) -> Bools:
    """As many students as follow from the ages, those first who live as students do."""
    share = np.zeros(uid.size)
    step = values["build.student_step"] * _YEAR
    for number, key in enumerate(("first", "second", "third", "fourth")):
        begin = BAND_EDGES[0] * _YEAR + number * step
        share[(age >= begin) & (age < begin + step)] = values[f"build.student_share_{key}"]
    rows, chosen = np.flatnonzero(share), np.zeros(uid.size, np.bool_)
    weight = predictor(values, "student", factors, rows) + np.log(share[rows])
    score = weight + gumbel_for_life(draws, "build.student", uid[rows])
    chosen[largest(rows, score, round(float(share.sum())))] = True
    return chosen


def _chosen(
    process: str,
    count: int,
    eligible: Bools,
    factors: Factors,
    uid: Uids,
    *,
    draws: Draws,
    values: Values,
) -> Bools:
    """Choose exactly so many of the eligible by the weights of a process, see :func:`take`."""
    rows, chosen = np.flatnonzero(eligible), np.zeros(uid.size, np.bool_)
    noise = gumbel_for_life(draws, f"build.{process}", uid[rows])
    chosen[largest(rows, predictor(values, process, factors, rows) + noise, count)] = True
    return chosen


def _assisted(
    members: Members,
    factors: Factors,
    eligible: Bools,
    count: int,
    uid: Uids,
    *,
    draws: Draws,
    values: Values,
) -> Bools:
    """Assistance is given to a couple or to a single adult, so partners receive it together."""
    weight = predictor(values, "assistance", factors) + gumbel_for_life(draws, "build.assistance", uid)
    head = members.start[members.household]
    unit = np.where(members.role == Role.CHILD, np.arange(uid.size), head)
    rows = np.flatnonzero(eligible)
    rank = np.where(members.role == Role.PARTNER, weight[head], weight)[rows]
    order = rows[np.lexsort((unit[rows], -rank))]
    size = np.bincount(unit[order], minlength=uid.size)[unit[order]]
    chosen = np.zeros(uid.size, np.bool_)
    chosen[order[:count]] = True
    # A couple cut in two by the limit gives way to the next who stands alone.
    if 0 < count < order.size and unit[order[count - 1]] == unit[order[count]]:
        alone = np.flatnonzero(size[count:] == 1)
        if alone.size:
            chosen[order[count - 1]] = False
            chosen[order[count + alone[0]]] = True
    return chosen


def _without_work(place: Place, members: Members, activity: Codes, left: int, values: Values) -> int:
    """How many of those left have neither work nor benefit, given the participation of the place."""
    base = aged(members.age, PARTICIPATION_AGES)
    wanted = place.work.net_participation.value * base.sum() - working(activity, base, values)
    least = values["build.other_least"] * left
    return round(min(max(left - wanted, least), left))


def working(activity: Codes, among: Bools, values: Values) -> float:
    """Number in paid work by the definition of net participation: side jobs count."""
    weight = np.zeros(len(Activity))
    weight[[Activity.EMPLOYED, Activity.BASIC_JOB]] = 1.0
    weight[[Activity.PUPIL, Activity.STUDENT]] = values["build.side_jobs"]
    weight[Activity.INCAPACITY] = values["build.work_beside_incapacity"]
    weight[Activity.ASSISTANCE] = values["build.work_beside_assistance"]
    return float(weight[activity[among]].sum())
