"""Who lives in each household: roles, sexes and ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijksim.build.factors import BAND_EDGES, BANDS, Values, fixed, vector
from wijksim.build.households import HouseholdPlan, age_counts
from wijksim.core.rng import Draws
from wijksim.places.schema import AGE_CLASSES
from wijksim.state.codes import HouseholdType, Role, Sex

type Floats = NDArray[np.float64]
type Counts = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_YEAR = 12


@dataclass(frozen=True)
class Members:
    """Persons in order of household, the head first; arrays of shape (n_residents,).

    ``age`` is in whole months, ``start`` the first member of each household.
    """

    household: Counts
    start: Counts
    role: NDArray[np.int8]
    sex: NDArray[np.int8]
    age: Counts


def n_members(plan: HouseholdPlan) -> Counts:
    """Members per household."""
    return 1 + plan.partners + plan.children


def populate(plan: HouseholdPlan, uid: Uids, draws: Draws, values: Values) -> Members:
    """Fill planned households with people.

    Parameters
    ----------
    uid
        Identities of the residents, shape (n_members(plan).sum(),).
    """
    size = n_members(plan)
    household = np.repeat(np.arange(size.size), size)
    start = np.cumsum(size) - size
    place_in = np.arange(household.size) - start[household]
    role = np.full(household.size, Role.CHILD, np.int8)
    role[place_in == 0] = Role.HEAD
    role[(place_in == 1) & plan.partners[household]] = Role.PARTNER
    sex = _sexes(plan, household, start, role, uid, draws=draws, values=values)
    age = np.zeros(household.size)
    head, partner = np.flatnonzero(role == Role.HEAD), np.flatnonzero(role == Role.PARTNER)
    age[head] = _head_ages(plan.band, draws.life("build.age", uid[head]), values)
    age[partner] = _partner_ages(
        age[start[household[partner]]], sex[start[household[partner]]], uid[partner], draws, values
    )
    adult_counts, child_counts = age_counts(plan)
    grown = role != Role.CHILD
    age[grown] = into_classes(
        age[grown], adult_counts, draws.life("build.age_class", uid[grown]) * values["build.class_shift"]
    )
    child = np.flatnonzero(~grown)
    order = place_in[child] - 1 - plan.partners[household[child]]
    age[child] = _child_ages(
        age, (household, start, sex, role), child, order, child_counts, uid=uid, draws=draws, values=values
    )
    return Members(household, start, role, sex, np.floor(age).astype(np.int64))


def _sexes(
    plan: HouseholdPlan, household: Counts, start: Counts, role: NDArray[np.int8], uid: Uids,
    *, draws: Draws, values: Values,
) -> NDArray[np.int8]:  # fmt: skip
    """Heads by type and age, partners mostly of the other sex, children as born."""
    female = np.full(household.size, values["build.female_child"])
    head = role == Role.HEAD
    by_band = vector(values, "female_single", BANDS)[plan.band]
    parent, couple = values["build.female_single_parent"], values["build.female_couple_head"]
    of_others = np.where(plan.type == HouseholdType.SINGLE_PARENT, parent, couple)
    female[head] = np.where(plan.type == HouseholdType.SINGLE, by_band, of_others)
    luck = draws.life("build.sex", uid)
    sex = np.where(luck < female, Sex.FEMALE, Sex.MALE).astype(np.int8)
    partner = np.flatnonzero(role == Role.PARTNER)
    same = luck[partner] < values["build.same_sex_couples"]
    heads = sex[start[household[partner]]]
    sex[partner] = np.where(same, heads, 1 - heads)
    return sex


def _head_ages(band: Counts, luck: Floats, values: Values) -> Floats:
    """Months, uniform within a band; the open band thins out with age."""
    low = np.array(BAND_EDGES, np.float64) * _YEAR
    width = np.append(np.diff(low), 0.0)
    span, mean = values["build.oldest_span"] * _YEAR, values["build.oldest_mean"] * _YEAR
    open_ = -mean * np.log1p(luck * np.expm1(-span / mean))
    # Few leave home at 18: in the first band numbers rise evenly with age.
    within = np.where(band == 0, np.sqrt(luck), luck)
    return np.asarray(low[band] + np.where(width[band] > 0, within * width[band], open_))


def _partner_ages(
    head_age: Floats, head_sex: NDArray[np.int8], uid: Uids, draws: Draws, values: Values
) -> Floats:
    """Men are a little older than their partners."""
    gap = np.where(head_sex == Sex.FEMALE, 1.0, -1.0) * values["build.partner_gap"]
    gap = gap + values["build.partner_gap_sd"] * draws.life_normal("build.partner_age", uid)
    return np.maximum(head_age + gap * _YEAR, float(BAND_EDGES[0] * _YEAR))


def into_classes(age: Floats, counts: Counts, shift: Floats) -> Floats:
    """Move the fewest adults over a class limit, by the least, so that every class has its count.

    Parameters
    ----------
    age
        Months, all of an adult.
    counts
        Wanted number in 15-24, 25-44, 45-64 and 65+, with the sum of ``age.size``.
    shift
        How far beyond the limit those land who are moved, years.
    """
    limits = np.array(AGE_CLASSES[2:], np.float64) * _YEAR
    now = np.searchsorted(limits, age, side="right")
    wanted = np.empty(age.size, np.int64)
    wanted[np.argsort(age, kind="stable")] = np.repeat(np.arange(counts.size), counts)
    moved = age.copy()
    up, down = wanted > now, wanted < now
    moved[up] = limits[wanted[up] - 1] + shift[up] * _YEAR
    moved[down] = limits[wanted[down]] - 1 - shift[down] * _YEAR
    return moved


def _child_ages(
    age: Floats, people: tuple[Counts, Counts, NDArray[np.int8], NDArray[np.int8]], child: Counts, order: Counts,
    counts: Counts, *, uid: Uids, draws: Draws, values: Values,
) -> Floats:  # fmt: skip
    """Ages that fit the mother's, mapped in order of rank on the published ages of children at home."""
    household, start, sex, role = people
    head = start[household[child]]
    second = np.minimum(head + 1, age.size - 1)
    two = (role[second] == Role.PARTNER) & (household[second] == household[child])
    younger = np.where(two, np.minimum(age[head], age[second]), age[head])
    mother = np.where(two & (sex[head] == Sex.MALE) & (sex[second] == Sex.FEMALE), age[second], age[head])
    first = values["build.first_birth_age"] + values["build.first_birth_sd"] * draws.life_normal(
        "build.first_birth", uid[head]
    )
    first = np.clip(first, values["build.first_birth_youngest"], values["build.first_birth_oldest"])
    spacing = values["build.birth_spacing"] * (order + draws.life("build.birth_spacing", uid[child]))
    latent = mother - (first + spacing) * _YEAR
    mapped = np.empty(child.size)
    mapped[np.argsort(latent, kind="stable")] = _ages_at_home(counts, values)
    least, most = (values[f"build.parent_gap_{end}"] * _YEAR for end in ("least", "most"))
    return np.clip(mapped, younger - most, younger - least)


def _ages_at_home(counts: Counts, values: Values) -> Floats:
    """Months of children at home, rising: even up to 15, thinning from 18, few after 25."""
    young, youths, grown = (int(count) for count in counts)
    fifteen, leaves, limit = (float(year * _YEAR) for year in (AGE_CLASSES[1], BAND_EDGES[0], AGE_CLASSES[2]))
    low = _middles(young) * fifteen
    known = fixed(values)
    grid, mass = known.kept("youths at home", lambda: _youths_at_home(fifteen, leaves, limit, known))
    middle = np.interp(_middles(youths) * mass[-1], mass, grid)
    span, mean = values["build.grown_span"] * _YEAR, values["build.grown_mean"] * _YEAR
    high = limit - mean * np.log1p(_middles(grown) * np.expm1(-span / mean))
    return np.concatenate((low, np.minimum(middle, limit - 1), high))


def _youths_at_home(fifteen: float, leaves: float, limit: float, values: Values) -> tuple[Floats, Floats]:
    """Months from 15 to 25, and how many children at home are younger.

    The density is 1 until 18, then falls evenly to its value at 25; it is inverted on its own quadratic integral.
    """
    stay = values["build.at_home_at_25"]
    grid = np.arange(fifteen, limit + 1)
    density = np.where(grid < leaves, 1.0, 1.0 - (1.0 - stay) * (grid - leaves) / (limit - leaves))
    return grid, np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))


def _middles(n: int) -> Floats:
    return (np.arange(n) + 1 / 2) / max(n, 1)
