"""In which category a vacancy is offered, who responds, and to whom it may be let: one compiled pass over vacancies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.state.codes import SeekerCategory

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Singles = NDArray[np.float32]
type Law = tuple[tuple[float, float], tuple[float, float, float, float], tuple[float, float]]

_REGULAR, _REHOUSED = int(SeekerCategory.REGULAR), int(SeekerCategory.REHOUSED)


@inlined
def largest(chances: Floats, gumbels: Floats, priority: bool) -> int:
    """Category with the largest log of a chance less a Gumbel of its own; with ``priority`` not the regular one."""
    best, most = _REGULAR, -np.inf
    for one in range(chances.size):
        if chances[one] - gumbels[one] > most and not (priority and one == _REGULAR):
            best, most = one, chances[one] - gumbels[one]
    return best


@inlined
def lawful(
    many: np.int64,
    income: np.float32,
    rooms: np.int64,
    rent: np.float32,
    excepted: bool,
    free: bool,
    law: Law,
) -> bool:
    """Tell whether a dwelling may be let to a household: size, appropriate letting (H323), income limit (H325).

    Parameters
    ----------
    excepted, free
        Whether the dwelling is excepted from appropriate letting and from the income limit.
    law
        Rent up to which a dwelling is appropriate for the benefit of a small and of a large household; income up to
        which a single and a larger household have that benefit, and up to which they may be let to; persons of a large
        household, and rooms more than persons that are allowed.
    """
    caps, limits, sizes = law
    fits = many <= rooms + 1 and many >= rooms - sizes[1]
    dear = not excepted and rent > np.float32(caps[0] if many < sizes[0] else caps[1])
    benefit = income <= (limits[0] if many <= 1 else limits[1])
    rich = income > (limits[2] if many <= 1 else limits[3])
    return bool(fits and not (benefit and dear) and (free or not rich))


# fmt: off
@compiled
def respond(
    vacant: Rows, dwellings: tuple[Rows, Codes, Singles], luck: Floats, columns: tuple[int, int, int, int],
    chances: Floats, gumbels: Floats, queue: tuple[Rows, Floats, NDArray[np.int64]], local: Rows,
    seekers: tuple[Codes, Rows, Codes, Singles], shares: tuple[float, float, float], law: Law, width: int,
    category: Whole, found: Rows, allowed: Bools,
) -> None:
    # fmt: on
    """Choose a first and a second category of each vacancy, and list who responds in each; -1 stands for nobody.

    Parameters
    ----------
    dwellings, seekers
        District, rooms and rent of all dwellings; category, district looked at, persons and income of all seekers.
    luck, columns
        Draws of each vacancy, and which of them are for the place on the ring, the exceptions from appropriate letting
        and from the income limit, and precedence of who must leave for demolition.
    chances, gumbels
        Log of the chance of each category, and of each vacancy a Gumbel per category for both choices.
    queue
        Seekers who look everywhere, their places, and by category where it begins and how many it has.
    local
        Who only looks in the own district, the longest registered first.
    shares
        Vacancies let appropriately, those free of the income limit, and those where who must leave the district for
        demolition comes first.
    width
        How many see a vacancy round the ring; the places beyond are for who only looks in that district.
    category, found, allowed
        Filled in: categories of all vacancies, first and then second; who responds, and to whom it may be let.
    """
    (rows, place, counted), (ground, scope, persons, income) = queue, seekers
    for i in range(2 * vacant.size):
        vacancy = i % vacant.size
        row, second = vacant[vacancy], i >= vacant.size
        district, one = dwellings[0][row], _REGULAR
        if not second:
            one = largest(chances, gumbels[vacancy], False)
            for who in local:
                if ground[who] == _REHOUSED and scope[who] == district and luck[vacancy, columns[3]] < shares[2]:
                    one = _REHOUSED
        elif category[vacancy] == _REGULAR:
            # direct mediation finds a priority household
            one = largest(chances, gumbels[vacancy, chances.size :], True)
        category[i], found[i], allowed[i] = one, -1, False
        if second and one == category[vacancy]:  # every priority queue is empty
            continue
        many = counted[1, one]
        index = np.searchsorted(place, one + luck[vacancy, columns[0]]) - counted[0, one]
        for j in range(min(width, many)):
            found[i, j] = rows[counted[0, one] + (index + j - many if index + j >= many else index + j)]
        j = width
        for who in local:
            if one in (_REGULAR, _REHOUSED) and j < found.shape[1] and ground[who] == one and scope[who] == district:
                found[i, j] = who
                j += 1
        excepted, free = luck[vacancy, columns[1]] >= shares[0], luck[vacancy, columns[2]] < shares[1]
        for j in range(found.shape[1]):
            who, rooms, rent = found[i, j], np.int64(dwellings[1][row]), dwellings[2][row]
            if who >= 0:
                allowed[i, j] = lawful(np.int64(persons[who]), income[who], rooms, rent, excepted, free, law)
