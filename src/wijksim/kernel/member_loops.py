"""Compiled passes over the members of households: who they are, who heads them, what follows for the household."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import HouseholdType, Role
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Bools = NDArray[np.bool_]

_YEAR = np.int32(MONTHS_PER_YEAR)
_HEAD, _PARTNER, _CHILD = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD)
_SINGLE, _SINGLE_PARENT = int(HouseholdType.SINGLE), int(HouseholdType.SINGLE_PARENT)
_COUPLE, _FAMILY = int(HouseholdType.COUPLE), int(HouseholdType.FAMILY)


@compiled
def grow_older(
    alive: Bools,
    birth_month: Counts,
    month: int,
    household: Rows,
    persons: Counts,
    age: Counts,
    adults: Counts,
    children: Counts,
) -> None:
    """Age in years of everybody, 0 for the dead, and adults and children of every household."""
    # two loops: the first has no branch and no look-up, and is vectorised
    now = np.int32(month)
    for row in range(age.size):
        lived = np.int32(now - birth_month[row])
        age[row] = (lived // _YEAR) * np.int32(alive[row])
    adults[:] = 0
    if adults.size:
        for row in range(age.size):
            home = household[row]
            # nothing is added for who is a minor, dead or in no household: no branch that could be guessed wrong
            adults[np.uint32(max(home, 0))] += (age[row] >= ADULT_AGE) & (home >= 0)
    for home in range(adults.size):
        children[home] = persons[home] - adults[home]


@compiled
def members(chosen: Bools, household: Rows, out: Rows) -> int:
    """Fill ``out`` with the residents whose household is chosen, return how many.

    The dead have household -1. ``chosen`` has a spare last place, as there may be no household at all.
    """
    count = 0
    for row in range(np.uint32(household.size)):
        home = household[row]
        if chosen[np.uint32(max(home, 0))] and home >= 0:  # few are: the branch is hardly ever guessed wrong
            out[count] = row
            count += 1
    return count


@compiled
def appoint(
    rows: Rows, household: Rows, role: Codes, age: Counts, birth_month: Counts, first: Rows, out: Rows
) -> int:
    """Give households without a head one; fill ``out`` with minors left without an adult, return how many.

    ``first`` holds -1 per household. Adults go before minors, the partner before others, the elder before the
    younger, the lower row before the higher.
    """
    headed = rows.size  # stands for the head that a household has already
    lacking = False
    for i in range(rows.size):
        if role[rows[i]] == _HEAD:
            first[household[rows[i]]] = headed
    for i in range(rows.size):
        row = rows[i]
        home = household[row]
        best = first[home]
        if best == headed:
            continue
        lacking = True
        if best < 0:
            first[home] = i
            continue
        other = rows[best]
        adult, other_adult = age[row] >= ADULT_AGE, age[other] >= ADULT_AGE
        partner, other_partner = role[row] == _PARTNER, role[other] == _PARTNER
        if adult != other_adult:
            before = adult
        elif partner != other_partner:
            before = partner
        else:
            before = birth_month[row] < birth_month[other]
        if before:
            first[home] = i
    count = 0
    if lacking:
        for i in range(rows.size):
            best = first[household[rows[i]]]
            if best == headed:
                continue
            if age[rows[best]] < ADULT_AGE:
                out[count] = rows[i]
                count += 1
            elif best == i:
                role[rows[i]] = _HEAD
    return count


# fmt: off
@compiled
def gather(
    touched: Rows, alive: Bools, household: Rows, role: Codes, age: Counts, birth_month: Counts,
    kept: Rows, rows: Rows, orphans: Rows, empty: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Appoint heads in the households ``touched`` that live, and fill lists, ascending; return how many each holds.

    Parameters
    ----------
    alive
        Of households.
    kept, rows
        Households in which somebody stays, and who lives there.
    orphans, empty
        Minors left without an adult, and households in which nobody stays.
    """
    chosen = np.zeros(alive.size + 1, np.bool_)
    for i in range(touched.size):
        chosen[touched[i]] = alive[touched[i]]
    found = members(chosen, household, rows)
    first = np.full(alive.size, -1, np.int32)
    lost = appoint(rows[:found], household, role, age, birth_month, first, orphans)
    if lost:
        # all members of a household without an adult are lost to it
        for i in range(lost):
            first[household[orphans[i]]] = -1
        stay = 0
        for i in range(found):
            rows[stay] = rows[i]
            stay += first[household[rows[i]]] >= 0
        found = stay
    a = b = 0
    for home in range(alive.size):
        if chosen[home]:
            if first[home] >= 0:
                kept[a] = home
                a += 1
            else:
                empty[b] = home
                b += 1
    return a, found, lost, b


@compiled
def count_members(
    households: Rows,
    rows: Rows,
    household: Rows,
    role: Codes,
    age: Counts,
    persons: Counts,
    adults: Counts,
    children: Counts,
    head: Rows,
    kind: Codes,
) -> None:
    """Persons, adults, children, head and type of ``households`` from all their members ``rows``."""
    partner = np.zeros(kind.size, dtype=np.bool_)
    child = np.zeros(kind.size, dtype=np.bool_)
    for i in range(households.size):
        persons[households[i]] = 0
        adults[households[i]] = 0
    for i in range(rows.size):
        row = rows[i]
        home = household[row]
        persons[home] += 1
        if age[row] >= ADULT_AGE:
            adults[home] += 1
        if role[row] == _HEAD:
            head[home] = row
        elif role[row] == _PARTNER:
            partner[home] = True
        elif role[row] == _CHILD:
            child[home] = True
    for i in range(households.size):
        home = households[i]
        children[home] = persons[home] - adults[home]
        if partner[home]:
            kind[home] = _FAMILY if child[home] else _COUPLE
        else:
            kind[home] = _SINGLE_PARENT if child[home] else _SINGLE


@inlined
def _locate(rows: Rows, dwelling: Rows, out: NDArray[Any], source: NDArray[Any]) -> None:
    """Give ``rows`` what their dwelling has, -1 without a dwelling."""
    for i in range(rows.size):
        home = dwelling[rows[i]]
        out[rows[i]] = source[home] if home >= 0 else -1


# fmt: off
@compiled
def link(
    rows: Rows, household: Rows, home: Rows, dwelling: Rows, entrance: Rows, district: Rows,
    entrances: Rows, districts: Rows,
) -> None:
    # fmt: on
    """Give residents ``rows`` the dwelling of their household (``home``), and what that dwelling has."""
    for i in range(rows.size):
        dwelling[rows[i]] = home[household[rows[i]]]
    _locate(rows, dwelling, entrance, entrances)
    _locate(rows, dwelling, district, districts)


# fmt: off
@compiled
def refresh(
    households: Rows, rows: Rows, household: Rows, role: Codes, age: Counts, home: Rows, entrance: Rows,
    district: Rows, persons: Counts, adults: Counts, children: Counts, head: Rows, kind: Codes, dwelling: Rows,
    entrance_of: Rows, complex_of: Rows, district_of: Rows, tenure_of: Codes,
    entrances: Rows, complexes: Rows, districts: Rows, owners: Codes,
) -> None:
    # fmt: on
    """Derive everything of ``households`` and of their members ``rows``.

    Columns of residents come first (``household`` to ``district``; ``home`` is their dwelling), then those of
    households (``persons`` to ``tenure_of``), then those of dwellings.
    """
    count_members(households, rows, household, role, age, persons, adults, children, head, kind)
    _locate(households, dwelling, entrance_of, entrances)
    _locate(households, dwelling, complex_of, complexes)
    _locate(households, dwelling, district_of, districts)
    _locate(households, dwelling, tenure_of, owners)
    link(rows, household, dwelling, home, entrance, district, entrances, districts)


# fmt: off
@compiled
def settle(
    touched: Rows, lists: Rows, alive: Bools, birth_month: Counts, household: Rows, role: Codes, age: Counts,
    home: Rows, entrance: Rows, district: Rows, persons: Counts, adults: Counts, children: Counts, head: Rows,
    kind: Codes, dwelling: Rows, entrance_of: Rows, complex_of: Rows, district_of: Rows, tenure_of: Codes,
    entrances: Rows, complexes: Rows, districts: Rows, owners: Codes,
) -> tuple[int, int]:
    # fmt: on
    """See that every household ``touched`` has one head, if there is an adult in it, and derive the rest of it.

    The partner takes over from a head who died or left, otherwise the eldest adult does. Households may be named
    several times, and dead ones are passed over. The columns are those of :func:`refresh`, before which come whether
    households live and when residents were born. Fill the two lines of ``lists``, ascending, with minors left without
    any adult and with households in which nobody stays once these are gone; return how many each holds.
    """
    kept, rows = np.empty(alive.size, np.int32), np.empty(household.size, np.int32)
    stay, found, lost, left = gather(
        touched, alive, household, role, age, birth_month, kept, rows, lists[0], lists[1]
    )
    if stay:
        refresh(
            kept[:stay], rows[:found], household, role, age, home, entrance, district, persons, adults, children, head,
            kind, dwelling, entrance_of, complex_of, district_of, tenure_of, entrances, complexes, districts, owners,
        )  # fmt: skip
    return lost, left
