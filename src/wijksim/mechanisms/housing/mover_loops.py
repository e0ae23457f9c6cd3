"""What makes households move, who may, and who needs support: compiled passes over households and residents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import luck_of
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.state.codes import Sex, Tenure
from wijksim.state.structure import ADULT_AGE

type Rows = NDArray[np.int32]
type Floats = NDArray[np.float32]
type Floats64 = NDArray[np.float64]
type Counts = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]

_CORPORATION, _OWNER, _PRIVATE = int(Tenure.CORPORATION), int(Tenure.OWNER), int(Tenure.PRIVATE)
_FEMALE, _NOT_YET = int(Sex.FEMALE), np.float32(0)


@compiled
def drivers(
    alive: Bools,
    persons: Counts,
    dwelling: Rows,
    rooms: Codes,
    moved_in: Counts,
    head: Rows,
    age: Counts,
    satisfaction: Floats,
    bands: Codes,
    spare: int,
    most: float,
    settled_from: float,
    mean: np.float32,
    deviation: np.float32,
    misfit: Floats,
    recent: Bools,
    age_band: Codes,
    dissatisfied: Floats,
) -> None:
    """Refresh what makes households move.

    Parameters
    ----------
    bands
        Band of every age, the last one for all ages beyond.
    spare, most
        Rooms more than persons that do not count as too many, and the highest misfit.
    settled_from
        Month up to which a household has moved in that is not recent any more.
    mean, deviation
        Satisfaction in the reference.
    """
    oldest = bands.size - 1
    for i in range(alive.size):
        short = np.int64(persons[i]) - rooms[dwelling[i]]
        misfit[i] = min(float(max(max(short, -short - spare), 0)), most)
        recent[i] = moved_in[i] > settled_from
        first = head[i]
        age_band[i] = bands[max(min(int(age[first]), oldest), 0)]
        if not alive[i]:
            dissatisfied[i] = _NOT_YET
        elif deviation > 0:
            dissatisfied[i] = (mean - satisfaction[first]) / deviation


@compiled
def needy(
    home_alive: Bools,
    problem_debt: Bools,
    alive: Bools,
    household: Rows,
    age: Counts,
    psychiatric: Bools,
    addiction: Bools,
    cognitive: Bools,
    self_reliance: Floats,
    least: np.float32,
    out: Bools,
) -> None:
    """Mark in ``out`` households in problem debt or with a member who needs support.

    That is somebody with severe psychiatric problems, an addiction, or as an adult a cognitive limitation and less
    self-reliance than ``least``.
    """
    for home in range(out.size):
        out[home] = problem_debt[home] and home_alive[home]
    for i in range(alive.size):
        # most have nothing of the kind, and no more is read of them
        if not (psychiatric[i] | addiction[i] | cognitive[i]):
            continue
        limited = cognitive[i] and self_reliance[i] < least and age[i] >= ADULT_AGE
        if alive[i] and household[i] >= 0 and (psychiatric[i] or addiction[i] or limited):
            out[household[i]] = home_alive[household[i]]


@compiled
def may_move(alive: Bools, move_wish: Bools, tenure: Codes, lists: Rows) -> tuple[int, int, int]:
    """List households that do not look for another dwelling yet, a line per tenure; return how many each line holds."""
    a, b, c = 0, 0, 0
    for i in range(alive.size):
        # each is written in every list, and counts in its own: that asks for no guess at the tenure
        lists[_CORPORATION, a], lists[_OWNER, b], lists[_PRIVATE, c] = i, i, i
        stays = alive[i] & (not move_wish[i])
        a += stays & (tenure[i] == _CORPORATION)
        b += stays & (tenure[i] == _OWNER)
        c += stays & (tenure[i] == _PRIVATE)
    return a, b, c


# fmt: off
@compiled
def look_over(
    homes: tuple[Bools, Bools, Counts, Rows, Counts, Rows, Bools, Codes], rooms: Codes,
    people: tuple[Bools, Rows, Counts, Bools, Bools, Bools, Floats, Floats, Codes, Codes],
    terms: tuple[Codes, int, float, np.float32], settled_from: float, moments: tuple[float, float],
    moved_by: tuple[Floats, Bools, Codes, Floats], needs: Bools, lists: Rows, leaving: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Refresh :func:`drivers`, mark who is :func:`needy`, and list who :func:`may_move`.

    Residents are listed as ``leaving`` who begin to want a home; who wants none any more stops looking. Return how many
    each list holds.

    Parameters
    ----------
    homes
        Alive, in problem debt, persons, dwelling, month moved in, head, wish to move and tenure.
    people
        Alive, household, age, psychiatric, addicted, cognitively limited, self-reliance, satisfaction, home wanted and
        tenure looked for.
    terms, settled_from, moments
        Bands of age, spare rooms, highest misfit and least self-reliance; month, and mean and deviation of
        satisfaction.
    moved_by
        Filled in: misfit, whether recent, band of age and dissatisfaction.
    """
    (alive, in_debt, persons, dwelling, moved_in, head, move_wish, tenure) = homes
    living, household, age, psychiatric, addiction, cognitive, self_reliance, satisfaction, wants, sought = people
    bands, spare, most, least = terms
    drivers(
        alive, persons, dwelling, rooms, moved_in, head, age, satisfaction, bands, spare, most, settled_from,
        np.float32(moments[0]), np.float32(moments[1]), *moved_by,
    )  # fmt: skip
    needy(
        alive, in_debt, living, household, age, psychiatric, addiction, cognitive, self_reliance, least, needs
    )
    a, b, c = may_move(alive, move_wish, tenure, lists)
    count = 0
    for i in range(living.size):
        if wants[i] > 0:
            if sought[i] < 0 and living[i]:
                leaving[count] = i
                count += 1
        elif wants[i] == 0 and sought[i] >= 0:
            sought[i] = -1
    return a, b, c, count


@compiled
def behind_entrances(chosen: Bools, entrance: Rows, dwellings: Counts, share: NDArray[np.float64]) -> None:
    """Fill ``share`` with the part of the dwellings behind each entrance whose household is chosen."""
    for place in range(share.size):
        share[place] = 0.0
    for home in range(chosen.size):
        if chosen[home] and entrance[home] >= 0:
            share[entrance[home]] += 1.0
    for place in range(share.size):
        share[place] /= max(dwellings[place], 1)


# fmt: off
@inlined
def begin_search(
    movers: Rows, uid: Uids, keys: tuple[Uids, ...], households: tuple[Floats64, Counts, Codes], needs: Bools,
    month: int, price: float, terms: tuple[float, tuple[float, float, float], tuple[float, float, float]],
    search: tuple[Bools, Codes, Counts], lists: Rows,
) -> tuple[int, int, int]:
    # fmt: on
    """Let who decides to move leave the city, or choose a tenure to look for.

    Return how many leave, how many of those need support, and how many others look for a corporation dwelling.

    Parameters
    ----------
    uid, keys
        Identity of every household, and what it draws under: for leaving the city, for buying, and for renting of a
        corporation.
    households, needs
        Income, persons and tenure; and need for support.
    price
        Of an entry dwelling.
    terms
        Who leaves the city; income up to which a single and a larger household may rent of a corporation, and loan as
        a multiple of income; owners who buy again, others who buy if they can, and who else rents of a corporation.
    search, lists
        Filled in: wish to move, tenure looked for and month in which the search began; and who leaves the city, and who
        looks for a corporation dwelling.
    """
    (income, persons, tenure), (move_wish, sought, search_since) = households, search
    chance_away, limits, shares = terms
    away, in_need, social = 0, 0, 0
    for row in movers:
        if luck_of(uid, keys[0], row) < chance_away:
            lists[0, away] = row
            away += 1
            in_need += needs[row]
            continue
        move_wish[row], search_since[row] = True, month
        # a draw of its own for renting: who does not buy must not be a special part of the first
        luck = luck_of(uid, keys[1], row)
        buys = luck < shares[0]
        if tenure[row] != _OWNER:
            buys = income[row] * MONTHS_PER_YEAR * limits[2] >= price and luck < shares[1]
        if buys:
            sought[row] = _OWNER
        elif income[row] <= limits[1 if persons[row] > 1 else 0] and luck_of(uid, keys[2], row) < shares[2]:
            sought[row], lists[1, social] = _CORPORATION, row
            social += 1
        else:
            sought[row] = _PRIVATE
    return away, in_need, social


# fmt: off
@inlined
def begin_home(
    rows: Rows, uid: Uids, keys: tuple[Uids, ...], wants_home: Codes, parted: int,
    shares: tuple[float, float, float, float], home_sought: Codes, lists: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Let who leaves home or has parted leave the city or look; return how many leave and how many look socially.

    Parameters
    ----------
    uid, keys
        Identity of every resident, and what it draws under: for leaving the city, and for renting of a corporation.
    parted
        Code of a home wanted by the partner who leaves.
    shares
        Who leaves the city of those who part and of others, and who rents of a corporation.
    lists
        Filled in: who leaves the city, and who looks for a corporation dwelling.
    """
    away, social = 0, 0
    for row in rows:
        kind = 0 if wants_home[row] == parted else 1
        if luck_of(uid, keys[0], row) < shares[kind]:
            lists[0, away] = row
            away += 1
        elif luck_of(uid, keys[1], row) < shares[2 + kind]:
            home_sought[row], lists[1, social] = _CORPORATION, row
            social += 1
        else:
            home_sought[row] = _PRIVATE
    return away, social


# fmt: off
@compiled
def begin(
    movers: Rows, uid: Uids, keys: tuple[Uids, ...], households: tuple[Floats64, Counts, Codes], needs: Bools,
    month: int, price: float, terms: tuple[float, tuple[float, float, float], tuple[float, float, float]],
    search: tuple[Bools, Codes, Counts], leavers: Rows, people: tuple[Uids, Codes, Codes],
    home_keys: tuple[Uids, ...], parted: int, shares: tuple[float, float, float, float], lists: Rows,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """Do :func:`begin_search` for households and :func:`begin_home` for residents; return what both do.

    Parameters
    ----------
    people
        Uid, home wanted and tenure looked for.
    lists
        Filled in: households that leave the city, and that look for a corporation dwelling; and residents who do.
    """
    away, in_need, social = begin_search(
        movers, uid, keys, households, needs, month, price, terms, search, lists[:2]
    )
    gone, looking = begin_home(
        leavers, people[0], home_keys, people[1], parted, shares, people[2], lists[2:]
    )
    return away, in_need, social, gone, looking


@compiled
def parted_mothers(rows: Rows, wants_home: Codes, parted: int, sex: Codes, found: Rows) -> int:
    """List the women among ``rows`` who want a home as they have ``parted``; return how many."""
    count = 0
    for row in rows:
        if wants_home[row] == parted and sex[row] == _FEMALE:
            found[count] = row
            count += 1
    return count
