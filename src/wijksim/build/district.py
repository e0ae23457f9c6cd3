"""What a synthetic district consists of: plain arrays, one row per entrance, dwelling, household, resident."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

type Ints = NDArray[np.int32]
type Smalls = NDArray[np.int8]
type Shorts = NDArray[np.int16]
type Singles = NDArray[np.float32]
type Euros = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]


@dataclass(frozen=True)
class _Rows:
    def __len__(self) -> int:
        """Count the rows."""
        return int(getattr(self, fields(self)[0].name).size)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Return the columns by name, in order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Complexes(_Rows):
    """Groups of entrances with (mostly) one owner.

    Attributes
    ----------
    uid
        Identity.
    owner
        Owner of most of its dwellings, :class:`Tenure`.
    kind
        :class:`DwellingKind`.
    dwellings
        Number of dwellings.
    """

    uid: Uids
    owner: Smalls
    kind: Smalls
    dwellings: Ints


@dataclass(frozen=True)
class Entrances(_Rows):
    """What neighbours share: a stairwell, one floor of a gallery, a row.

    Attributes
    ----------
    uid
        Identity.
    complex
        Row in :class:`Complexes`.
    kind
        :class:`EntranceKind`.
    dwellings
        Number of dwellings.
    """

    uid: Uids
    complex: Ints
    kind: Smalls
    dwellings: Ints


@dataclass(frozen=True)
class Dwellings(_Rows):
    """Dwellings, occupied or vacant.

    Attributes
    ----------
    uid
        Identity.
    entrance, complex
        Rows in :class:`Entrances` and :class:`Complexes`; rising.
    owner
        :class:`Tenure`.
    kind
        :class:`DwellingKind`.
    rooms
        Rooms.
    rent
        Basic rent, EUR a month; 0 for owner-occupiers.
    value
        Assessed value (WOZ), thousand euros.
    quality
        Standardised on the national stock.
    energy_label
        0 (A and better) to 6 (G).
    household
        Row in :class:`Households`, -1 if vacant.
    """

    uid: Uids
    entrance: Ints
    complex: Ints
    owner: Smalls
    kind: Smalls
    rooms: Smalls
    rent: Euros
    value: Euros
    quality: Singles
    energy_label: Smalls
    household: Ints


@dataclass(frozen=True)
class Households(_Rows):
    """Private households.

    Attributes
    ----------
    uid
        Identity.
    dwelling
        Row in :class:`Dwellings`.
    type
        :class:`HouseholdType`.
    size
        Members.
    start
        Row of the first member in :class:`Residents`; members stand together, the head first.
    income
        Disposable income, EUR a month: net wages, benefits and pensions, without allowances.
    income_fifth
        Fifth of the national distribution, 0 (lowest) to 4.
    housing_cost
        Rent, or interest and repayment of the mortgage, EUR a month.
    months_in_dwelling
        Months since the household moved in.
    savings, debt
        EUR; debt without the mortgage.
    problem_debt
        Registered problem debt (problematische schulden).
    months_in_debt
        Months in problem debt, 0 without.
    """

    uid: Uids
    dwelling: Ints
    type: Smalls
    size: Smalls
    start: Ints
    income: Euros
    income_fifth: Smalls
    housing_cost: Euros
    months_in_dwelling: Shorts
    savings: Euros
    debt: Euros
    problem_debt: Bools
    months_in_debt: Shorts


@dataclass(frozen=True)
class Residents(_Rows):
    """People.

    Attributes
    ----------
    uid
        Identity.
    household
        Row in :class:`Households`; rising.
    birth_month
        Month of birth relative to month 0, below 0.
    sex, education, role, activity
        :class:`Sex`, :class:`Education`, :class:`Role`, :class:`Activity`.
    months_in_activity
        Months since the activity began.
    wage
        Net wage, EUR a month; 0 without a job.
    benefit
        Net benefit or state and supplementary pension, EUR a month.
    unemployment_benefit
        Unemployed with a benefit (WW).
    psychiatric, addiction, cognitive
        Severe psychiatric problems (EPA), addiction, cognitive limitation (LVB).
    frailty
        Person effect on health hazards, standard normal.
    ability
        Person effect on learning, standardised.
    nuisance_intensity
        Person effect on nuisance if active, mean 1, heavy-tailed.
    uptake
        Propensity to take up offers, uniform on [0, 1]; correlates negatively with need.
    contributor
        Willing and able to help neighbours (drager).
    language, digital, reading
        Proficiency in Dutch, digital and reading skill, 0 to 1; below one half is low.
    milieu
        Life circle: an abstract label for homophily, random with respect to need and income.
    """

    uid: Uids
    household: Ints
    birth_month: Shorts
    sex: Smalls
    education: Smalls
    role: Smalls
    activity: Smalls
    months_in_activity: Shorts
    wage: Euros
    benefit: Euros
    unemployment_benefit: Bools
    psychiatric: Bools
    addiction: Bools
    cognitive: Bools
    frailty: Singles
    ability: Singles
    nuisance_intensity: Singles
    uptake: Singles
    contributor: Bools
    language: Singles
    digital: Singles
    reading: Singles
    milieu: Smalls


@dataclass(frozen=True)
class SyntheticDistrict:
    """A district on the first day.

    Attributes
    ----------
    place
        Name of the place it was made from.
    district
        Number of the district in the world.
    next_uid
        First identity that is still free.
    """

    place: str
    district: int
    next_uid: int
    complexes: Complexes
    entrances: Entrances
    dwellings: Dwellings
    households: Households
    residents: Residents
