"""Compiled passes over those who are born, move in or move: what they are, and where they live from now on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.state.codes import Activity, Education, Role

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Months = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]

_HEAD, _PARTNER, _CHILD = int(Role.HEAD), int(Role.PARTNER), int(Role.CHILD)
_AT_HOME, _UNSCHOOLED = int(Activity.CHILD), int(Education.NONE)
BORN_HERE = 2  # code of resident.origin


@compiled
def all_of(flags: Bools, rows: Rows) -> bool:
    """Tell whether all ``rows`` have the flag."""
    count = 0
    for i in range(rows.size):
        count += flags[rows[i]]
    return count == rows.size


@compiled
def vacant(dwellings: Rows, household: Rows) -> bool:
    """Tell whether nobody lives in any of ``dwellings``."""
    taken = 0
    for i in range(dwellings.size):
        taken += household[dwellings[i]] >= 0
    return taken == 0


@compiled
def differ(rows: Rows, size: int) -> bool:
    """Tell whether no row of a table of ``size`` stands twice in ``rows``; quicker than sorting."""
    named = np.zeros(size, np.bool_)
    for i in range(rows.size):
        if named[rows[i]]:
            return False
        named[rows[i]] = True
    return True


@inlined
def _housed(row: int, home: int, places: tuple[Rows, Rows, Rows, Rows], parts: tuple[Rows, Rows]) -> None:
    """Give a resident the dwelling of a household, and what that dwelling has; see :func:`born`."""
    place = places[0][home]
    places[1][row] = place
    places[2][row] = parts[0][place] if place >= 0 else -1
    places[3][row] = parts[1][place] if place >= 0 else -1


# fmt: off
@compiled
def born(
    rows: Rows, mothers: Rows, sexes: Codes, month: int, homes: Rows, districts: Rows, links: tuple[Rows, Rows],
    codes: tuple[Codes, ...], months: tuple[Months, Months, Months], places: tuple[Rows, Rows, Rows, Rows],
    parts: tuple[Rows, Rows],
) -> None:
    # fmt: on
    """Write newborns ``rows`` of ``mothers``; fill ``homes`` and ``districts`` with where they live.

    Parameters
    ----------
    links
        Household and mother of residents.
    codes, months
        Births, sex, role, activity, education and origin; months of birth, of activity and of arrival.
    places, parts
        Dwelling of households; dwelling, entrance and district of residents. Entrance and district of dwellings.
    """
    births, sex, role, activity, education, origin = codes
    for i in range(rows.size):
        row, mother, home = rows[i], mothers[i], links[0][mothers[i]]
        births[mother] += 1
        links[0][row], links[1][row] = home, mother
        sex[row], role[row], activity[row] = sexes[i], _CHILD, _AT_HOME
        education[row], origin[row] = _UNSCHOOLED, BORN_HERE
        months[0][row] = months[1][row] = months[2][row] = month
        _housed(row, home, places, parts)
        homes[i], districts[i] = home, places[3][row]


# fmt: off
@compiled
def join(
    rows: Rows, households: Rows, household: Rows, role: Codes, districts: Rows,
    places: tuple[Rows, Rows, Rows, Rows], parts: tuple[Rows, Rows],
) -> None:
    # fmt: on
    """Let ``rows`` live in ``households`` as partners, with all that :func:`born` takes; fill ``districts``."""
    for i in range(rows.size):
        row = rows[i]
        household[row], role[row] = households[i], _PARTNER
        _housed(row, households[i], places, parts)
        districts[i] = places[3][row]


# fmt: off
@compiled
def occupy(
    households: Rows, dwellings: Rows, month: int, dwelling: Rows, moved_in: Months, household: Rows,
    occupancies: Months,
) -> None:
    # fmt: on
    """Let ``households`` live in ``dwellings`` from this month on."""
    for i in range(households.size):
        home, place = households[i], dwellings[i]
        dwelling[home], moved_in[home] = place, month
        household[place] = home
        occupancies[place] += 1


# fmt: off
@compiled
def arrive(
    households: Rows, dwellings: Rows, month: int, persons: Rows, owner: NDArray[np.int64], household: Rows,
    district: Rows, districts: Rows, dwelling: Rows, moved_in: Months, lives_in: Rows, occupancies: Months,
) -> None:
    # fmt: on
    """Let new households live in ``dwellings``, as :func:`occupy` does, and ``persons`` in those they belong to.

    ``owner`` says to which each belongs; fill ``districts`` with the one in which they come to live.
    """
    occupy(households, dwellings, month, dwelling, moved_in, lives_in, occupancies)
    for i in range(persons.size):
        household[persons[i]] = households[owner[i]]
        districts[i] = district[dwellings[owner[i]]]


# fmt: off
@compiled
def found(
    households: Rows, dwellings: Rows, month: int, residents: Rows, household: Rows, role: Codes, uid: Uids,
    district: Rows, of_dwelling: Rows, old: Rows, names: Uids, source: Rows, target: Rows, dwelling: Rows,
    moved_in: Months, lives_in: Rows, occupancies: Months,
) -> None:
    # fmt: on
    """Let ``residents`` head ``households`` of their own, which :func:`occupy` dwellings.

    Fill the lists with where they come from and go to.
    """
    occupy(households, dwellings, month, dwelling, moved_in, lives_in, occupancies)
    for i in range(residents.size):
        row = residents[i]
        old[i], names[i], source[i] = household[row], uid[row], district[row]
        target[i] = of_dwelling[dwellings[i]]
        household[row], role[row] = households[i], _HEAD


# fmt: off
@compiled
def relocate(
    households: Rows, dwellings: Rows, month: int, rows: Rows, uid: Uids, came_from: Rows, household: Rows,
    district: Rows, names: Uids, source: Rows, target: Rows, dwelling: Rows, moved_in: Months, lives_in: Rows,
    occupancies: Months,
) -> None:
    # fmt: on
    """Let households :func:`occupy` other dwellings; fill the lists with where their members ``rows`` move."""
    occupy(households, dwellings, month, dwelling, moved_in, lives_in, occupancies)
    for i in range(rows.size):
        row = rows[i]
        names[i], source[i] = uid[row], came_from[row]
        target[i] = district[dwelling[household[row]]]
