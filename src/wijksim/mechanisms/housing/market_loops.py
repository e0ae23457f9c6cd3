"""Who looks where on the owner and private market, and who takes what: compiled passes over movers and vacancies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import luck_of, mixed
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.housing.rest_loops import OFFERED, TOLERANCE
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Singles = NDArray[np.float32]
type Floats = NDArray[np.float64]

_CORPORATION, _OWNER, _RENTED = int(Tenure.CORPORATION), int(Tenure.OWNER), int(Tenure.PRIVATE)
_THOUSAND, _MONTHS, _NOTHING = np.float32(1000), np.float32(MONTHS_PER_YEAR), np.float32(0)


@compiled
def reputations(
    estate: Rows, dwellings: Counts, disorder: Singles, moments: tuple[float, float], most: float, fraction: float,
    stigma: Singles,
) -> None:  # fmt: skip
    """Move the reputation of each estate a fraction towards the disorder at its entrances, weighed by dwellings.

    Parameters
    ----------
    estate, dwellings, disorder
        Of each entrance.
    moments
        Mean and deviation of disorder in the reference; an estate without dwellings is as the mean.
    most
        Furthest from the mean that a reputation goes.
    """
    mean, deviation = moments
    weight, total = np.zeros(stigma.size), np.zeros(stigma.size)
    for i in range(estate.size):
        weight[estate[i]] += dwellings[i]
        total[estate[i]] += disorder[i] * np.float32(dwellings[i])
    for one in range(stigma.size):
        target = 0.0
        if deviation > 0:
            level = total[one] / weight[one] if weight[one] > 0 else mean
            target = min(max((level - mean) / deviation, -most), most)
        stigma[one] += np.float32((target - stigma[one]) * fraction)


@inlined
def reprice(level: Floats, trend: float, price: Floats, district: Rows, value: Singles) -> None:
    """Let the values of dwellings follow the level of prices in their district, times the trend, as did ``price``."""
    change, moved = np.empty(level.size, np.float32), False
    for place in range(level.size):
        now = level[place] * trend
        ratio = now / price[place]
        change[place], price[place] = ratio, now
        moved = moved or ratio != 1
    if moved:
        for row in range(value.size):
            value[row] *= change[district[row]]


# fmt: off
@compiled
def move(
    level: Floats, trend: float, price: Floats, district: Rows, value: Singles, estate: Rows, dwellings: Counts,
    disorder: Singles, moments: tuple[float, float], most: float, fraction: float, stigma: Singles,
) -> None:
    # fmt: on
    """Do :func:`reprice` of dwellings and :func:`reputations` of estates."""
    reprice(level, trend, price, district, value)
    reputations(estate, dwellings, disorder, moments, most, fraction, stigma)


@compiled
def looking(
    households: tuple[Bools, Codes, Rows, Uids],
    people: tuple[Codes, Rows, Uids],
    places: Rows,
    codes: Codes,
    uid: Uids,
) -> int:
    """List who looks outside the corporation stock, in the order of their uids, which differ; return how many.

    Parameters
    ----------
    households, people
        Wish to move, tenure looked for, district and uid; tenure looked for, household and uid.
    places, codes, uid
        Filled in: row, household and district of each; tenure looked for and whether it is a whole household; and uid.
    """
    (move_wish, sought, place, home_uid), (home_sought, lives_in, own_uid) = households, people
    rows, uids = np.empty(uid.size, np.int32), np.empty(uid.size, np.uint64)
    count = 0
    for i in range(move_wish.size):
        if move_wish[i] and sought[i] > _CORPORATION:
            rows[count], uids[count] = i, home_uid[i]
            count += 1
    homes = count
    for i in range(home_sought.size):
        if home_sought[i] > _CORPORATION:
            rows[count], uids[count] = i, own_uid[i]
            count += 1
    order = np.argsort(uids[:count])
    for i in range(count):
        row, whole = rows[order[i]], order[i] < homes
        home = row if whole else lives_in[row]
        places[0, i], places[1, i], places[2, i] = row, home, place[home]
        codes[0, i], codes[1, i] = sought[row] if whole else home_sought[row], whole
        uid[i] = uids[order[i]]
    return count


@compiled
def look(
    tenure: Codes,
    district: Rows,
    luck: Floats,
    vacant: Rows,
    owner: Codes,
    place_of: Rows,
    rest: Floats,
    stays: Floats,
    preference: float,
    place: Rows,
) -> None:
    """Fill ``place`` with the district in which each mover looks: -1 for the rest, the number of districts for none.

    Parameters
    ----------
    tenure, district, luck
        Of each mover.
    owner, place_of
        Owner and district of all dwellings.
    rest
        Accounts of the rest.
    stays
        Part of those from elsewhere who are not put off a district.
    preference
        How much more the own district counts.
    """
    supply = np.zeros((rest.shape[0], stays.size + 1))
    for one in range(rest.shape[0]):
        supply[one, 0] = max(rest[one, OFFERED], 0.0)
    for i in range(vacant.size):
        supply[owner[vacant[i]], place_of[vacant[i]] + 1] += 1.0
    running = np.empty(stays.size + 1)
    for i in range(luck.size):
        total = 0.0
        for k in range(running.size):
            weight = supply[tenure[i], k]
            if k > 0:
                # who lives there knows better than to be put off
                weight *= preference if k - 1 == district[i] else stays[k - 1]
            total += weight
            running[k] = total
        place[i] = -1
        for k in range(running.size):
            if luck[i] * total >= running[k]:
                place[i] += 1


@compiled
def within_means(
    movers: tuple[Rows, Rows, Codes, Codes, Uids],
    households: tuple[Any, ...],
    dwellings: tuple[Any, ...],
    vacant: Rows,
    shares: tuple[float, float, float, float],
    pair: Uids,
    pairs: Rows,
    words: Uids,
) -> int:
    """List pairs of movers and vacancies that suit, mover by mover; return how many.

    A dwelling suits that is of the tenure and in the district looked at, large enough and can be paid.

    Parameters
    ----------
    movers
        District looked at, household in which each lives now, whether all of it moves, tenure looked for and uid.
    households
        Income, adults, persons, mortgage, dwelling and tenure.
    dwellings
        Uid, owner, district, rooms, rent and value.
    shares
        How much more the own district counts, loan as a multiple of income, rent as a share of income, and yearly
        payment as a share of a mortgage.
    pair, pairs, words
        Namespace of pairs; positions of mover and vacancy, and words of both.
    """
    place, home, whole, sought, uid = movers
    income, adults, persons, mortgage, lives_in, tenure = households
    dwelling_uid, owner, district, rooms, rent, value = dwellings
    count = 0
    for i in range(place.size):
        if place[i] < 0:
            continue
        one, many = home[i], np.int64(1)
        means, own = income[one] / max(adults[one], 1), _NOTHING
        if whole[i]:
            many, means = np.int64(persons[one]), income[one]
            if tenure[one] == _OWNER:
                owed = mortgage[one] * _MONTHS / np.float32(shares[3])
                own = max(value[lives_in[one]] * _THOUSAND - owed, _NOTHING)
        budget, limit = means * MONTHS_PER_YEAR * shares[1] + own, means * shares[2]
        for k in range(vacant.size):
            row = vacant[k]
            if district[row] != place[i] or owner[row] != sought[i] or rooms[row] + 1 < many:
                continue
            if rent[row] <= limit if sought[i] == _RENTED else value[row] * _THOUSAND <= budget:
                pairs[0, count], pairs[1, count] = i, k
                low, high = min(uid[i], dwelling_uid[row]), max(uid[i], dwelling_uid[row])
                words[count] = mixed(low, pair[0], pair[1]) ^ high
                count += 1
    return count


# fmt: off
@compiled
def view(
    many: int, places: Rows, codes: Codes, uid: Uids, key: Uids, vacant: Rows, households: tuple[Any, ...],
    dwellings: tuple[Any, ...], rest: Floats, stays: Floats, shares: tuple[float, float, float, float],
    pair: Uids, elsewhere: Rows, pairs: Rows, words: Uids,
) -> tuple[int, int, int]:
    # fmt: on
    """Let movers look in one place each; return how many leave for the rest to own and to rent, and how many pairs.

    Parameters
    ----------
    many, places, codes, uid, key
        Who looks, as :func:`looking` has it, and what they draw under.
    rest, stays
        As for :func:`look`.
    pair
        Namespace of pairs.
    elsewhere, pairs, words
        Filled in: positions of movers who find a dwelling in the rest, to own and to rent; pairs of movers and
        vacancies that suit, and their words.
    """
    tenure, place, luck = codes[0], np.empty(many, np.int32), np.empty(many)
    for i in range(many):
        luck[i] = luck_of(uid, key, i)
    look(tenure, places[2], luck, vacant, dwellings[1], dwellings[2], rest, stays, shares[0], place)
    own_room = max(int(np.floor(rest[_OWNER, OFFERED] + TOLERANCE)), 0)
    rent_room = max(int(np.floor(rest[_RENTED, OFFERED] + TOLERANCE)), 0)
    buy, rent = 0, 0
    for i in range(place.size):
        if place[i] < 0 and tenure[i] == _OWNER and buy < own_room:
            elsewhere[0, buy] = i
            buy += 1
        elif place[i] < 0 and tenure[i] == _RENTED and rent < rent_room:
            elsewhere[1, rent] = i
            rent += 1
    count = within_means(
        (place, places[1], codes[1], tenure, uid), households, dwellings, vacant, shares, pair, pairs, words
    )
    return buy, rent, count


# fmt: off
@compiled
def deal(
    pairs: Rows, words: Uids, key: Uids, places: Rows, codes: Codes, vacant: Rows, lists: Rows
) -> tuple[int, int, int]:
    # fmt: on
    """Give each mover the dwelling liked best of those left, in turn.

    Return how many households and residents find one, and how many dwellings are left.

    Parameters
    ----------
    pairs, words, key
        Positions of mover and vacancy, mover by mover, and what draws under which key how well it is liked; of equally
        liked ones the first.
    places, codes
        Who looks, as :func:`looking` has it.
    lists
        Filled in: households and their dwellings, residents and theirs; and the dwellings that are left.
    """
    free, liking = np.ones(vacant.size, np.bool_), np.empty(words.size)
    for i in range(words.size):
        liking[i] = luck_of(words, key, i)
    moved, gone, remain, i = 0, 0, 0, 0
    while i < liking.size:
        mover, best = pairs[0, i], -1
        while i < liking.size and pairs[0, i] == mover:
            if free[pairs[1, i]] and (best < 0 or liking[i] > liking[best]):
                best = i
            i += 1
        if best < 0:
            continue
        free[pairs[1, best]] = False
        if codes[1, mover]:
            lists[0, moved], lists[1, moved] = places[0, mover], vacant[pairs[1, best]]
            moved += 1
        else:
            lists[2, gone], lists[3, gone] = places[0, mover], vacant[pairs[1, best]]
            gone += 1
    for k in range(vacant.size):
        if free[k]:
            lists[4, remain] = vacant[k]
            remain += 1
    return moved, gone, remain
