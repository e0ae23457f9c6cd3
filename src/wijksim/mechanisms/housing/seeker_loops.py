"""Who enters the queue for corporation dwellings, who leaves it and what is let: compiled passes over seekers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import DERIVED, luck_of, mixed
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_NEWCOMER, _HOUSEHOLD, _RESIDENT = (
    int(SeekerKind.NEWCOMER),
    int(SeekerKind.HOUSEHOLD),
    int(SeekerKind.RESIDENT),
)
_CORPORATION, _REGULAR = int(Tenure.CORPORATION), int(SeekerCategory.REGULAR)
_MOST_PERSONS = np.iinfo(np.int8).max
_DERIVED, _BELOW_DERIVED = np.uint64(DERIVED), np.uint64(DERIVED - 1)


# fmt: off
@compiled
def arriving(
    flow: Floats, categories: Uids, key: Uids, words: tuple[Uids, Uids], month: int, movers: tuple[Rows, Rows],
    identities: tuple[Uids, Uids], category: Whole, uids: Uids,
) -> int:
    # fmt: on
    """Fill in who registers this month: category and identity of newcomers, then identities of movers.

    Return how many newcomers there are.

    Parameters
    ----------
    flow, categories, key
        Newcomers a month by category, whose fractions are settled by one draw each, and what the categories draw under.
    words
        Namespaces of newcomers and of movers.
    movers, identities
        Households and residents who register; and of all.
    """
    count, (k1, k2), now = 0, (words[0][1], words[0][2]), np.uint64(month)
    for one in range(flow.size):
        begun = mixed(words[0][0] ^ categories[one], k1, k2)
        for number in range(np.int64(flow[one] + luck_of(categories, key, one))):
            which = mixed(mixed(begun ^ np.uint64(number), k1, k2) ^ now, k1, k2)
            category[count], uids[count] = one, which & _BELOW_DERIVED | _DERIVED
            count += 1
    at = count
    for kind in range(len(movers)):
        for row in movers[kind]:
            begun = mixed(words[1][0] ^ identities[kind][row], words[1][1], words[1][2])
            uids[at] = mixed(begun ^ now, words[1][1], words[1][2]) & _BELOW_DERIVED | _DERIVED
            at += 1
    return count


# fmt: off
@compiled
def enter(
    rows: Rows, uids: Uids, keys: tuple[Uids, ...], category: Whole, files: tuple[Any, ...],
    movers: tuple[Rows, Rows], terms: tuple[float, int, int], month: int, households: tuple[Any, ...], needy: Bools,
    residents: tuple[Any, ...], seekers: tuple[Any, ...], registered: Whole,
) -> None:
    # fmt: on
    """Write newcomers into the queue, then households and then residents of the districts.

    Parameters
    ----------
    uids, keys
        Identity of each, and what draws under it which record a newcomer is, who else looks in the own district alone,
        and the place of all on the ring.
    category, registered, files
        Category and month of registration of newcomers, which is now if none is given; how many records each category
        has, where they begin, and of all records the facts below.
    movers, terms
        Households and residents; share that looks in the own district, months before which no household has registered,
        and months of life after which people do.
    households, needy, residents
        Head, month moved in, district, fifth, income, adults and persons; need; household, month of birth and
        contribution.
    seekers
        Kind, household, resident, scope, category, channel and record; persons, income, fifth, support and
        contribution; registration, place on the ring and seniority.
    """
    size, start, many, means, its_fifth, help_, gives = files
    (homes, people), (share, longest, adult_from) = movers, terms
    head, moved_in, district, home_fifth, home_income, adults, members = households
    (
        kind, household, resident, scope, ground, channel, record,
        persons, income, fifth, support, contributor, since_month, ring, seniority,
    ) = seekers  # fmt: skip
    for i in range(rows.size):
        row = rows[i]
        if i < category.size:
            one, since = category[i], registered[i] if registered.size else np.int64(month)
            number = np.int64(luck_of(uids, keys[0], i) * size[one])
            at = start[one] + number
            ground[row], channel[row], record[row] = one, one, number
            persons[row], income[row], fifth[row] = many[at], means[at], its_fifth[at]
            support[row], contributor[row] = help_[at], gives[at]
        else:
            mover = i - category.size
            if mover < homes.size:
                home = homes[mover]
                kind[row], household[row], person = _HOUSEHOLD, home, head[home]
                since = np.int64(max(moved_in[home], month - longest))
                persons[row], income[row] = min(members[home], _MOST_PERSONS), home_income[home]
            else:
                person = people[mover - homes.size]
                kind[row], resident[row] = _RESIDENT, person
                since = np.int64(min(residents[1][person] + adult_from, month))
            home = residents[0][person]
            scope[row] = district[home] if luck_of(uids, keys[1], i) < share else -1
            if kind[row] == _RESIDENT:
                persons[row], income[row] = 1, home_income[home] / max(adults[home], 1)
            fifth[row], support[row], contributor[row] = home_fifth[home], needy[home], residents[2][person]
        place = luck_of(uids, keys[2], i)
        since_month[row], ring[row], seniority[row] = since, place, since + place


# fmt: off
@compiled
def give_up(
    uid: Uids, key: Uids, tires: float, seekers: tuple[Any, ...], homes: tuple[Bools, Codes, Counts, Floats],
    home_sought: Codes, out: Rows,
) -> int:
    # fmt: on
    """List who leaves the queue, ascending; return how many.

    That is who no longer looks for a corporation dwelling, and who is tired of waiting: newcomers, and households,
    which then want to move no more. Residents who must leave home go on. Size and income of households that go on are
    brought up to date.

    Parameters
    ----------
    uid, key, tires
        Identity of every seeker, what it draws under, and the chance that a regular one tires.
    seekers
        Who lives, kind, category, household, resident, persons and income.
    homes, home_sought
        Wish to move, tenure looked for, persons and income of households; and tenure looked for of residents.
    """
    (alive, kind, category, household, resident, many, means) = seekers
    move_wish, sought, persons, income = homes
    leaves = np.zeros(kind.size, np.bool_)
    for row in range(kind.size):
        # most are newcomers, and so is a row without anybody
        if kind[row] == _HOUSEHOLD:
            home = household[row]
            leaves[row] = home < 0 or not move_wish[home] or sought[home] != _CORPORATION
            if home >= 0:
                many[row], means[row] = min(persons[home], _MOST_PERSONS), income[home]
        elif kind[row] == _RESIDENT:
            leaves[row] = resident[row] < 0 or home_sought[resident[row]] != _CORPORATION
    for row in range(kind.size):
        # the draw first: it is quicker to do for all than to guess for whom it is
        if luck_of(uid, key, row) >= tires or not alive[row] or category[row] != _REGULAR:
            continue
        if kind[row] == _HOUSEHOLD and household[row] >= 0:
            move_wish[household[row]], sought[household[row]] = False, -1
        if kind[row] != _RESIDENT:
            leaves[row] = True
    count = 0
    for row in range(leaves.size):
        if leaves[row]:
            out[count] = row
            count += 1
    return count


# fmt: off
@compiled
def write_lettings(
    rows: Rows, month: int, home_of: Rows, let_to: Rows, how: Whole, steered: Bools,
    dwellings: tuple[Rows, Rows, Rows, Counts], seekers: tuple[Any, ...], lettings: tuple[Any, ...], words: Uids,
    lists: Rows, parts: Whole, records: Whole, uids: Uids,
) -> tuple[int, int, int]:
    # fmt: on
    """Write the lettings of a month, and list who moves in.

    Return how many households and residents do, and from how many channels newcomers come.

    Parameters
    ----------
    home_of, let_to, how, steered
        Dwelling and seeker of each; lines of lists, categories, offers and refusals; and whether a rule steered.
    dwellings, seekers
        Entrance, complex, district and month vacated; kind, month registered, need for support, persons, channel,
        household, resident, record and uid.
    lettings
        Dwelling, entrance, complex and district; category, kind, offers and refusals; months waited, months vacant,
        need for support, persons and whether a rule steered.
    words
        Namespace of households that come from the queue.
    lists, parts, records, uids
        Filled in: dwellings of newcomers, channel by channel, households and residents, each with their dwellings; of
        each channel with newcomers its code and where it begins and ends there; records and identities of newcomers.
    """
    entrance_of, complex_of, district_of, vacated = dwellings
    kind, registered, support, persons, channel_of, household, resident, record, uid = seekers
    (
        dwelling, entrance, complex_, district, category, kind_let, offers, refusals,
        waited, vacant, support_let, persons_let, steered_let,
    ) = lettings  # fmt: skip
    moved, left = 0, 0
    for i in range(rows.size):
        row, home, seeker = rows[i], home_of[i], let_to[i]
        dwelling[row], entrance[row] = home, entrance_of[home]
        complex_[row], district[row] = complex_of[home], district_of[home]
        category[row], kind_let[row], offers[row], refusals[row] = how[1, i], kind[seeker], how[2, i], how[3, i]
        waited[row], vacant[row] = month - registered[seeker], max(month - vacated[home], 0)
        support_let[row], persons_let[row], steered_let[row] = support[seeker], persons[seeker], steered[i]
        if kind[seeker] == _HOUSEHOLD:
            lists[1, moved], lists[2, moved] = household[seeker], home
            moved += 1
        elif kind[seeker] == _RESIDENT:
            lists[3, left], lists[4, left] = resident[seeker], home
            left += 1
    new, channels = 0, 0
    for channel in range(parts.shape[0]):
        first = new
        for i in range(rows.size):
            if kind[let_to[i]] == _NEWCOMER and channel_of[let_to[i]] == channel:
                lists[0, new], records[new] = home_of[i], record[let_to[i]]
                uids[new] = mixed(words[0] ^ uid[let_to[i]], words[1], words[2]) & _BELOW_DERIVED | _DERIVED
                new += 1
        if new > first:
            parts[channels, 0], parts[channels, 1], parts[channels, 2] = channel, first, new
            channels += 1
    return moved, left, channels
