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
type Traits = NDArray[np.float32]
type Floats = NDArray[np.float64]

LEAVING_HOME, PARTING_COUPLE = 1, 2  # codes of resident.wants_home
_SINGLE, _SINGLE_PARENT = int(HouseholdType.SINGLE), int(HouseholdType.SINGLE_PARENT)
_COUPLE, _FAMILY = int(HouseholdType.COUPLE), int(HouseholdType.FAMILY)
_PARTNER, _CHILD = int(Role.PARTNER), int(Role.CHILD)
_FEMALE = int(Sex.FEMALE)
_EMPLOYED, _RETIRED = int(Activity.EMPLOYED), int(Activity.RETIRED)


@compiled
def clear_wishes(role: Codes, household: Rows, kind: Codes, wants: Codes) -> None:
    """Drop wishes whose ground is gone: the child became head, the partner left or died."""
    rows, count = np.empty(wants.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(wants.size)):
        rows[count] = (
            i  # here and below overwritten by the next unless it counts: no branch to be guessed wrong
        )
        count += np.uint32(wants[i] != 0)
    for k in range(count):
        i = rows[k]
        child = role[i] == _CHILD
        if wants[i] == LEAVING_HOME and not child:
            wants[i] = 0
        elif wants[i] == PARTING_COUPLE:
            lives = kind[household[i]]
            if child or lives not in (_COUPLE, _FAMILY):
                wants[i] = 0


@compiled
def couples(alive: Bools, kind: Codes, wants: Codes, household: Rows, together: Bools) -> None:
    """Fill ``together`` with the households of two partners of whom none is on the way out."""
    for home in range(alive.size):
        together[home] = alive[home] & ((kind[home] == _COUPLE) | (kind[home] == _FAMILY))
    for i in range(wants.size):
        if wants[i] == PARTING_COUPLE:
            together[household[i]] = False


@compiled
def partners(together: Bools, alive: Bools, household: Rows, role: Codes, partnered: Bools) -> None:
    """Fill ``partnered`` with who lives with a partner in a household that stays ``together``."""
    for i in range(alive.size):
        partnered[i] = together[household[i]] & (role[i] <= _PARTNER) & alive[i]


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
    first, last = fertile
    a, b, c, d = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        young[a] = old[b] = women[c] = waiting[d] = i
        aged = age[i] >= elder  # the dead have age 0
        a += np.uint32(alive[i] & (not aged))
        b += np.uint32(aged)
        c += np.uint32((age[i] >= first) & (age[i] < last) & (sex[i] == _FEMALE) & (bore[i] <= latest))
        d += np.uint32((role[i] == _CHILD) & (age[i] >= grown) & (wants[i] == 0))
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
def partners_in(households: Rows, role: Codes, household: Rows, position: Rows, found: Rows) -> None:
    """Fill ``found`` with the first partner in each of ``households``, -1 if none.

    ``position`` holds -1 per household, with a spare last place for those who are in none.
    """
    for place in range(households.size):
        position[households[place]] = place
        found[place] = -1
    rows, count = np.empty(role.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(role.size)):
        rows[count] = i
        count += np.uint32((position[household[i]] >= 0) & (role[i] == _PARTNER))
    for k in range(count):
        place = position[household[rows[k]]]
        if found[place] < 0:
            found[place] = rows[k]


# fmt: off
@compiled
def part(
    households: Rows, partner: Rows, head: Rows, kind: Codes, sex: Codes, luck: Floats, mother_stays: float,
    even: float, month: int, partnered: Bools, wants: Codes, since: Months,
) -> None:
    # fmt: on
    """Let one partner of each household begin to look for a home: of parents rather the father, else by lot."""
    for i in range(households.size):
        home, other = households[i], partner[i]
        one = head[home]
        stays = even
        if sex[one] != sex[other] and kind[home] == _FAMILY:
            stays = mother_stays if sex[one] == _FEMALE else 1 - mother_stays
        leaver = other if luck[i] < stays else one
        partnered[one] = partnered[other] = False
        wants[leaver] = PARTING_COUPLE
        since[leaver] = month


@compiled
def singles(alive: Bools, kind: Codes, head: Rows, age: Months, first: int, last: int, rows: Rows) -> int:
    """Fill ``rows`` with heads without a partner of an age between the bounds, by household; return how many."""
    count = 0
    for home in range(alive.size):
        rows[count] = one = head[home]
        alone = alive[home] & ((kind[home] == _SINGLE) | (kind[home] == _SINGLE_PARENT))
        count += alone and first <= age[one] < last
    return count


@compiled
def hazards(rows: Rows, age: Months, sex: Codes, table: Floats, level: float, out: Floats) -> None:
    """Fill ``out`` with what ``table`` has by sex and age, times a level."""
    last = table.shape[1] - 1
    for i in range(rows.size):
        out[i] = table[sex[rows[i]], min(age[rows[i]], last)] * level


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
