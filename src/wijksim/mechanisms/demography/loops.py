"""Compiled passes of demography: who may bear, die, leave, retire, pair or part, and the traits of newborns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.state.codes import Activity, HouseholdType, Role, Sex

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Floats = NDArray[np.float64]

LEAVING_HOME, PARTING_COUPLE = 1, 2  # codes of resident.wants_home
_SINGLE, _SINGLE_PARENT = int(HouseholdType.SINGLE), int(HouseholdType.SINGLE_PARENT)
_COUPLE, _FAMILY = int(HouseholdType.COUPLE), int(HouseholdType.FAMILY)
_PARTNER, _CHILD = int(Role.PARTNER), int(Role.CHILD)
_FEMALE = int(Sex.FEMALE)
_EMPLOYED, _RETIRED = int(Activity.EMPLOYED), int(Activity.RETIRED)
# lists of ``look_over``: by age and sex, past the pension age, heads without a partner, and households of couples
GROUPS = ("young", "old", "women", "waiting", "idle", "reaching", "working", "alone", "together")


@compiled
def clear_wishes(role: Codes, household: Rows, kind: Codes, wants: Codes, rows: Rows) -> int:
    """Drop wishes whose ground is gone: the child became head, the partner left or died.

    Fill ``rows``, which has a place more than there are residents, with who had a wish; return how many.
    """
    count = np.uint32(0)
    for i in range(np.uint32(wants.size)):
        rows[count] = (
            i  # here and below overwritten by the next unless it counts: no branch to be guessed wrong
        )
        count += np.uint32(wants[i] != 0)
    for i in rows[:count]:
        child = role[i] == _CHILD
        if wants[i] == LEAVING_HOME and not child:
            wants[i] = 0
        elif wants[i] == PARTING_COUPLE:
            lives = kind[household[i]]
            if child or lives not in (_COUPLE, _FAMILY):
                wants[i] = 0
    return int(count)


@compiled
def couples(alive: Bools, kind: Codes, wishing: Rows, wants: Codes, household: Rows, together: Bools) -> None:
    """Fill ``together`` with the households of two partners of whom none, of those ``wishing``, is on the way out."""
    for home in range(alive.size):
        together[home] = alive[home] & ((kind[home] == _COUPLE) | (kind[home] == _FAMILY))
    for i in wishing:
        if wants[i] == PARTING_COUPLE:
            together[household[i]] = False


@compiled
def partners(together: Bools, alive: Bools, household: Rows, role: Codes, partnered: Bools) -> None:
    """Fill ``partnered`` with who lives with a partner in a household that stays ``together``."""
    # two loops: the first has no look-up, and is vectorised
    for i in range(alive.size):
        partnered[i] = (role[i] <= _PARTNER) & alive[i]
    for i in range(np.uint32(alive.size)):
        partnered[i] &= together[np.uint32(max(household[i], 0))]


# fmt: off
@compiled
def ages(
    alive: Bools, age: Months, sex: Codes, bore: Months, role: Codes, wants: Codes, elder: int,
    fertile: tuple[int, int], latest: int, grown: int, young: Rows, old: Rows, women: Rows, waiting: Rows,
) -> tuple[int, int, int, int]:
    # fmt: on
    """Fill the lists and return how many each holds.

    ``young`` and ``old`` are below and from the age ``elder`` on; ``women`` are of an age between the ``fertile`` ones
    and bore no later than the month ``latest``; ``waiting`` are ``grown`` children at home who want no other yet.
    """
    # as wide as the columns, so that the first loop is vectorised: it marks who belongs to which lists, a bit for each
    first, last, threshold = np.int16(fertile[0]), np.int16(fertile[1]), np.int16(elder)
    adult, before = np.int16(grown), np.int16(latest)
    marks = np.empty(alive.size, np.uint8)
    for i in range(alive.size):
        aged = age[i] >= threshold  # the dead have age 0
        bears = (age[i] >= first) & (age[i] < last) & (sex[i] == _FEMALE) & (bore[i] <= before)
        waits = (role[i] == _CHILD) & (age[i] >= adult) & (wants[i] == 0)
        mark = np.uint8(alive[i] & (not aged)) | (np.uint8(aged) << np.uint8(1))
        marks[i] = mark | (np.uint8(bears) << np.uint8(2)) | (np.uint8(waits) << np.uint8(3))
    # most are young and nothing else: whoever is on another list is looked at once more
    others, a, n, one = np.empty(alive.size + 1, np.int32), np.uint32(0), np.uint32(0), np.uint32(1)
    for i in range(np.uint32(alive.size)):
        young[a] = others[n] = i  # overwritten by the next unless it counts
        bits = np.uint32(marks[i])
        a += bits & one
        n += np.uint32(bits > one)
    b, c, d = np.uint32(0), np.uint32(0), np.uint32(0)
    for i in others[:n]:
        old[b] = women[c] = waiting[d] = i
        bits = np.uint32(marks[np.uint32(i)])
        b += (bits >> one) & one
        c += (bits >> np.uint32(2)) & one
        d += bits >> np.uint32(3)
    return int(a), int(b), int(c), int(d)


# fmt: off
@compiled
def pensions(
    rows: Rows, activity: Codes, birth_month: Months, month: int, pension: float, idle: Rows, reaching: Rows,
    working: Rows,
) -> tuple[int, int, int]:
    # fmt: on
    """Fill the lists with those of ``rows`` who are past the pension age and not retired; return how many each holds.

    ``idle`` do not work, ``reaching`` work and reach the age this month, ``working`` work on.
    """
    a, b, c = 0, 0, 0
    for row in rows:
        months = month - birth_month[row]
        if activity[row] == _RETIRED or months < pension:
            continue
        if activity[row] != _EMPLOYED:
            idle[a] = row
            a += 1
        elif months < pension + 1:
            reaching[b] = row
            b += 1
        else:
            working[c] = row
            c += 1
    return a, b, c


@compiled
def retiring(idle: Rows, reaching: Rows, luck: Floats, share: float, late: Rows, out: Rows) -> int:
    """Fill ``out`` with who is ``idle``, who is ``reaching`` the age but for a share, and ``late``; return how many."""
    count = 0
    for row in idle:
        out[count] = row
        count += 1
    for i in range(reaching.size):
        if luck[i] >= share:
            out[count] = reaching[i]
            count += 1
    for row in late:
        out[count] = row
        count += 1
    return count


# fmt: off
@compiled
def part(
    households: Rows, household: Rows, role: Codes, head: Rows, kind: Codes, sex: Codes, luck: Floats,
    mother_stays: float, even: float, month: int, partnered: Bools, wants: Codes, since: Months,
) -> None:
    # fmt: on
    """Let one partner of each of ``households`` begin to look for a home: of parents rather the father, else by lot.

    Of several with the role of partner the first is meant; where there is none, nobody leaves.
    """
    # a place per household, and a spare last one at which the dead look
    position = np.full(head.size + 1, -1, np.int32)
    for place in range(households.size):
        position[households[place]] = place
    partner = np.full(households.size, -1, np.int32)
    rows, count = np.empty(role.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(role.size)):
        rows[count] = i
        count += np.uint32((position[household[i]] >= 0) & (role[i] == _PARTNER))
    for k in range(count):
        place = position[household[rows[k]]]
        if partner[place] < 0:
            partner[place] = rows[k]
    for i in range(households.size):
        home, other = households[i], partner[i]
        if other < 0:
            continue
        one = head[home]
        stays = even
        if sex[one] != sex[other] and kind[home] == _FAMILY:
            stays = mother_stays if sex[one] == _FEMALE else 1 - mother_stays
        leaver = other if luck[i] < stays else one
        partnered[one] = partnered[other] = False
        wants[leaver] = PARTING_COUPLE
        since[leaver] = month


# fmt: off
@compiled
def unite(
    lovers: Rows, by_age: NDArray[np.intp], sex: Codes, birth_month: Months, gap: float, household: Rows,
    dwelling: Rows, rooms: Codes, left: Bools, stay: Rows, move: Rows,
) -> int:
    # fmt: on
    """Match women and men among ``lovers`` by rank; fill the lists with their households, return how many.

    Parameters
    ----------
    by_age
        Places in ``lovers`` of those who meet, the eldest first.
    gap
        Months that two who match may differ at most.
    left
        Set to false at the places of those matched.
    stay, move
        Household with the larger home, hers if they are alike, and the other.
    """
    women, men = np.empty(by_age.size, np.intp), np.empty(by_age.size, np.intp)
    a = b = count = 0
    for place in by_age:
        if sex[lovers[place]] == _FEMALE:
            women[a] = place
            a += 1
        else:
            men[b] = place
            b += 1
    for k in range(min(a, b)):
        woman, man = lovers[women[k]], lovers[men[k]]
        if abs(np.int64(birth_month[woman]) - np.int64(birth_month[man])) <= gap:
            ours, theirs = household[woman], household[man]
            hers = rooms[dwelling[ours]] >= rooms[dwelling[theirs]]
            stay[count] = ours if hers else theirs
            move[count] = theirs if hers else ours
            left[women[k]] = left[men[k]] = False
            count += 1
    return count


@compiled
def singles(alive: Bools, kind: Codes, head: Rows, age: Months, first: int, last: int, rows: Rows) -> int:
    """Fill ``rows`` with heads without a partner of an age between the bounds, by household; return how many."""
    number, count = np.uint32(0), np.uint32(0)
    for home in range(np.uint32(alive.size)):
        rows[number] = head[home]  # overwritten by the next unless it counts
        number += np.uint32(alive[home] & ((kind[home] == _SINGLE) | (kind[home] == _SINGLE_PARENT)))
    for k in range(number):
        rows[count] = one = rows[k]
        count += np.uint32((age[np.uint32(one)] >= first) & (age[np.uint32(one)] < last))
    return int(count)


# fmt: off
@compiled
def look_over(
    month: int, latest: int, bounds: tuple[int, int, int, int, int, int], pension: float, alive: Bools, age: Months,
    birth_month: Months, sex: Codes, role: Codes, activity: Codes, bore: Months, wants: Codes, household: Rows,
    partnered: Bools, lives: Bools, kind: Codes, head: Rows, lists: NDArray[np.int32],
) -> tuple[int, ...]:
    # fmt: on
    """Drop wishes without a ground, write who is ``partnered``, and list everybody to whom something may happen.

    Parameters
    ----------
    latest, bounds
        The month and ages as ``ages`` takes them, and between which ages people pair.
    lives, kind, head
        Of households: alive, type and head.
    lists
        Filled by group (see ``GROUPS``), with a place more than there are rows; how many each holds is returned.
    """
    elder, first, last, grown, youngest, oldest = bounds
    together = np.empty(lives.size, np.bool_)
    wishing = lists[0]  # filled anew below
    number = clear_wishes(role, household, kind, wants, wishing)
    couples(lives, kind, wishing[:number], wants, household, together)
    if together.size:
        # the dead have no household (-1) and are masked
        partners(together, alive, household, role, partnered)
    young, old, women, waiting = lists[0], lists[1], lists[2], lists[3]
    a, b, c, d = ages(
        alive, age, sex, bore, role, wants, elder, (first, last), latest, grown, young, old, women, waiting
    )
    idle, reaching, working = pensions(
        old[:b], activity, birth_month, month, pension, lists[4], lists[5], lists[6]
    )
    alone = singles(lives, kind, head, age, youngest, oldest, lists[7])
    count = np.uint32(0)
    for home in range(np.uint32(together.size)):
        lists[8, count] = home
        count += np.uint32(together[home])
    return a, b, c, d, idle, reaching, working, alone, int(count)


# fmt: off
@compiled
def matches(
    rows: Rows, sex: Codes, birth_month: Months, month: int, same: Bools, older: float, spread: Floats, months: float,
    order: NDArray[np.int64], starts: NDArray[np.int64], ages: NDArray[np.int64], out: NDArray[np.int64],
) -> None:
    # fmt: on
    """Fill ``out`` with the record of a pool of about the right age and sex for each of ``rows``.

    Parameters
    ----------
    same
        Looks for a partner of the own sex.
    older, spread
        Years that men are older than women, and further years of each of ``rows``; with so many ``months``.
    order, starts, ages
        Records by sex and age, where each sex starts, and the age in months of each.
    """
    for i in range(rows.size):
        own = sex[rows[i]]
        wanted_sex = own if same[i] else 1 - own
        gap = 0.0 if same[i] else (older if own == _FEMALE else -older)
        wanted = np.float64(month - birth_month[rows[i]]) + (gap + spread[i]) * months
        low, high = starts[wanted_sex], starts[wanted_sex + 1]
        if low == high:  # a pool without this sex: take from the whole of it
            low, high = 0, order.size
        first, last = low, high
        while first < last:
            middle = (first + last) // 2
            if ages[middle] < wanted:
                first = middle + 1
            else:
                last = middle
        out[i] = order[min(first, high - 1)]
