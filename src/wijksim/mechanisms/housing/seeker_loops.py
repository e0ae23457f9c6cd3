"""Who enters the queue for corporation dwellings, who leaves it and what is let: compiled passes over seekers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory, Tenure

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Counts = NDArray[np.int16]
type Bools = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]

_NEWCOMER, _HOUSEHOLD, _RESIDENT = (
    int(SeekerKind.NEWCOMER),
    int(SeekerKind.HOUSEHOLD),
    int(SeekerKind.RESIDENT),
)
_CORPORATION, _REGULAR = int(Tenure.CORPORATION), int(SeekerCategory.REGULAR)
_MOST_PERSONS = np.iinfo(np.int8).max


# fmt: off
@compiled
def enter(
    rows: Rows, luck: tuple[Floats, Floats, Floats], category: Whole, files: tuple[Any, ...],
    movers: tuple[Rows, Rows], terms: tuple[float, int, int], month: int, households: tuple[Any, ...], needy: Bools,
    residents: tuple[Any, ...], references: tuple[Any, ...], facts: tuple[Any, ...],
    dates: tuple[Counts, Floats, Floats], registered: Whole,
) -> None:
    # fmt: on
    """Write newcomers into the queue, then households and then residents of the districts.

    Parameters
    ----------
    luck
        Which record each newcomer is, who else looks in the own district alone, and the place of all on the ring.
    category, registered, files
        Category and month of registration of newcomers, which is now if none is given; how many records each category
        has, where they begin, and of all records the facts below.
    movers, terms
        Households and residents; share that looks in the own district, months before which no household has registered,
        and months of life after which people do.
    households, needy, residents
        Head, month moved in, district, fifth, income, adults and persons; need; household, month of birth and
        contribution.
    references, facts, dates
        Of seekers: kind, household, resident, scope, category, channel and record; persons, income, fifth, support and
        contribution; registration, place on the ring and seniority.
    """
    size, start, many, means, its_fifth, help_, gives = files
    (homes, people), (share, longest, adult_from) = movers, terms
    head, moved_in, district, home_fifth, home_income, adults, members = households
    kind, household, resident, scope, ground, channel, record = references
    persons, income, fifth, support, contributor = facts
    for i in range(rows.size):
        row = rows[i]
        if i < category.size:
            one, since = category[i], registered[i] if registered.size else np.int64(month)
            number = np.int64(luck[0][i] * size[one])
            at = start[one] + number
            ground[row], channel[row], record[row] = one, one, number
            persons[row], income[row], fifth[row] = many[at], means[at], its_fifth[at]
            support[row], contributor[row] = help_[at], gives[at]
        else:
            mover = i - category.size
            if mover < homes.size:
                kind[row], household[row], person = _HOUSEHOLD, homes[mover], head[homes[mover]]
                since = np.int64(max(moved_in[homes[mover]], month - longest))
                persons[row], income[row] = (
                    min(members[homes[mover]], _MOST_PERSONS),
                    home_income[homes[mover]],
                )
            else:
                person = people[mover - homes.size]
                kind[row], resident[row] = _RESIDENT, person
                since = np.int64(min(residents[1][person] + adult_from, month))
            home = residents[0][person]
            scope[row] = district[home] if luck[1][mover] < share else -1
            if kind[row] == _RESIDENT:
                persons[row], income[row] = 1, home_income[home] / max(adults[home], 1)
            fifth[row], support[row], contributor[row] = home_fifth[home], needy[home], residents[2][person]
        dates[0][row], dates[1][row], dates[2][row] = since, luck[2][i], since + luck[2][i]


# fmt: off
@compiled
def give_up(
    tired: Rows, seekers: tuple[Bools, Codes, Codes], references: tuple[Rows, Rows], wishes: tuple[Bools, Codes, Codes],
    now: tuple[Counts, Floats], facts: tuple[Codes, NDArray[np.float32]], out: Rows,
) -> int:
    # fmt: on
    """List who leaves the queue, ascending; return how many.

    That is who no longer looks for a corporation dwelling, and who is tired of waiting: newcomers, and households,
    which then want to move no more. Residents who must leave home go on. Size and income of households that go on are
    brought up to date.

    Parameters
    ----------
    tired, seekers
        Rows that tire, of which only regular seekers count; who lives, kind and category of all.
    references
        Household and resident of seekers.
    wishes
        Wish to move and tenure looked for of households, and tenure looked for of residents.
    now, facts
        Persons and income of households, and of seekers.
    """
    (alive, kind, category), (household, resident) = seekers, references
    move_wish, sought, home_sought = wishes
    leaves = np.zeros(kind.size, np.bool_)
    for row in range(kind.size):
        # most are newcomers, and so is a row without anybody
        if kind[row] == _HOUSEHOLD:
            home = household[row]
            leaves[row] = home < 0 or not move_wish[home] or sought[home] != _CORPORATION
            if home >= 0:
                facts[0][row], facts[1][row] = min(now[0][home], _MOST_PERSONS), now[1][home]
        elif kind[row] == _RESIDENT:
            leaves[row] = resident[row] < 0 or home_sought[resident[row]] != _CORPORATION
    for row in tired:
        if not alive[row] or category[row] != _REGULAR:
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
    dwellings: tuple[Rows, Rows, Rows, Counts], seekers: tuple[Codes, Counts, Bools, Codes],
    who: tuple[Codes, Rows, Rows], places: tuple[Rows, Rows, Rows, Rows], codes: tuple[Codes, Codes, Codes, Codes],
    facts: tuple[Counts, Counts, Bools, Codes, Bools], lists: Rows, parts: Whole,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Write the lettings of a month, and list who moves in.

    Return how many newcomers, households and residents do, and from how many channels the newcomers come.

    Parameters
    ----------
    home_of, let_to, how, steered
        Dwelling and seeker of each; lines of lists, categories, offers and refusals; and whether a rule steered.
    dwellings, seekers, who
        Entrance, complex, district and month vacated; kind, month registered, need for support and persons; and
        channel, household and resident.
    places, codes, facts
        Of lettings: dwelling, entrance, complex and district; category, kind, offers and refusals; months waited,
        months vacant, need for support, persons and whether a rule steered.
    lists, parts
        Filled in: newcomers, channel by channel, households and residents, each with their dwellings; and of each
        channel with newcomers its code and where it begins and ends there.
    """
    moved, left = 0, 0
    for i in range(rows.size):
        row, home, seeker = rows[i], home_of[i], let_to[i]
        places[0][row], places[1][row] = home, dwellings[0][home]
        places[2][row], places[3][row] = dwellings[1][home], dwellings[2][home]
        codes[0][row], codes[1][row] = how[1, i], seekers[0][seeker]
        codes[2][row], codes[3][row] = how[2, i], how[3, i]
        facts[0][row] = month - seekers[1][seeker]
        facts[1][row] = max(month - dwellings[3][home], 0)
        facts[2][row], facts[3][row], facts[4][row] = seekers[2][seeker], seekers[3][seeker], steered[i]
        if seekers[0][seeker] == _HOUSEHOLD:
            lists[2, moved], lists[3, moved] = who[1][seeker], home
            moved += 1
        elif seekers[0][seeker] == _RESIDENT:
            lists[4, left], lists[5, left] = who[2][seeker], home
            left += 1
    new, channels = 0, 0
    for channel in range(parts.shape[0]):
        first = new
        for i in range(rows.size):
            seeker = let_to[i]
            if seekers[0][seeker] == _NEWCOMER and who[0][seeker] == channel:
                lists[0, new], lists[1, new] = seeker, home_of[i]
                new += 1
        if new > first:
            parts[channels, 0], parts[channels, 1], parts[channels, 2] = channel, first, new
            channels += 1
    return new, moved, left, channels
