"""Compiled passes of crime: who is where in a career, who can become a suspect or a victim, and where that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import luck_of
from wijksim.core.units import MONTHS_PER_YEAR
from wijksim.mechanisms.crime.columns import CrimeStage

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Memories = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Uids = NDArray[np.uint64]

_NONE, _FRINGE, _ACTIVE = int(CrimeStage.NONE), int(CrimeStage.FRINGE), int(CrimeStage.ACTIVE)
AT_RISK = ("outside", "fringe", "active", "known", "held")  # lists of those whom the law may reach, or holds
_KNOWN, _HELD = AT_RISK.index("known"), AT_RISK.index("held")


# fmt: off
@compiled
def exposed_to_law(
    youngest: float, floor: float, alive: Bools, age: Months, stage: Codes, detained: Bools, memory: Memories,
    lists: Rows, cases: Floats,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """Fill the ``lists`` of :data:`AT_RISK` with who can become a suspect, and who is held; return how many each holds.

    Those at large and old enough are parted by stage; ``known`` are those of them with a memory of cases above the
    floor, whatever their stage, and ``cases`` their memories.
    """
    outside, fringe, active, known, held = lists[0], lists[1], lists[2], lists[_KNOWN], lists[_HELD]
    least, number, count, from_age = np.float32(floor), np.uint32(0), np.uint32(0), int(np.ceil(youngest))
    plain, marked = np.empty(alive.size, np.bool_), np.empty(alive.size, np.bool_)
    for i in range(plain.size):
        free = alive[i] & (not detained[i]) & (age[i] >= from_age)
        plain[i] = free & (stage[i] == _NONE)
        marked[i] = (free & ((stage[i] != _NONE) | (memory[i] > least))) | detained[i]
    special = np.empty(alive.size + 1, np.uint32)
    for i in range(np.uint32(plain.size)):
        outside[number] = special[count] = i  # overwritten by the next unless it counts: no branch to be guessed wrong
        number += np.uint32(plain[i])
        count += np.uint32(marked[i])
    b, c, d, e = 0, 0, 0, 0
    for i in special[:count]:
        if detained[i]:
            held[e] = i
            e += 1
            continue
        if stage[i] == _FRINGE:
            fringe[b] = i
            b += 1
        elif stage[i] == _ACTIVE:
            active[c] = i
            c += 1
        if memory[i] > least:
            known[d], cases[d] = i, memory[i]
            d += 1
    return int(number), b, c, d, e


# fmt: off
@compiled
def booked(
    let_go: Rows, outside: Rows, fringe: Rows, active: Rows, known: Rows, detained: Bools, suspect: Bools,
    first: Bools, record: Bools, memory: Memories, hit: Rows,
) -> int:
    # fmt: on
    """Let go who is released, and write down who is a suspect this month; fill ``hit`` with them, return how many.

    Somebody may stand in two of the lists, and is a suspect once.
    """
    suspect[:] = False
    first[:] = False
    for row in let_go:
        detained[row] = False
    count = 0
    for found in (outside, fringe, active, known):
        for row in found:
            if not suspect[row]:
                first[row] = not record[row]
                suspect[row] = record[row] = True
                memory[row] += np.float32(1)
                hit[count] = row
                count += 1
    return count


# fmt: off
@compiled
def places(
    home: Rows, hit: Rows, luck: Floats, level: Floats, activity: Floats, share: float, rest: float, out: Whole
) -> None:
    # fmt: on
    """Fill ``out`` with the district where each of ``hit`` was hit, -1 for the rest of the city.

    ``level`` is offender activity per resident by district, ``activity`` all of it; ``share`` of crimes happens at home
    where the level is that of the nation. Who is hit elsewhere is hit where offenders are.
    """
    n, tiny = level.size, np.finfo(np.float64).tiny
    whole = activity.sum()
    for i in range(hit.size):
        own = np.int64(home[hit[i]])
        near = share * level[own] / (share * level[own] + 1 - share)
        if luck[i] < near:
            out[i] = own
            continue
        beyond = min(max((luck[i] - near) / max(1 - near, tiny), 0.0), 1.0)
        others = whole - activity[own]
        if n == 1 or beyond < rest or others <= 0:
            out[i] = -1
            continue
        # what lies beyond the share of the rest is dealt out over the other districts by activity there
        left = (beyond - rest) / max(1 - rest, tiny) * others
        out[i] = -1
        for one in range(n):
            if one != own and activity[one] > 0:
                out[i] = one
                left -= activity[one]
                if left < 0:
                    break


# fmt: off
@compiled
def behind_doors(
    stage: Codes, detained: Bools, age: Months, memory: Memories, entrance: Rows, last_age: int, floor: float,
    dwellings: Months, petty: Memories, victimised: Memories,
) -> None:
    # fmt: on
    """Fill ``petty`` with young offenders at large per dwelling and ``victimised`` with recent crimes per resident."""
    least = np.float32(floor)
    # people are counted in turns: those of one household lie side by side, and would wait for each other
    people, offenders = np.zeros((petty.size + 1, 2), np.int32), np.zeros(petty.size + 1, np.int64)
    shaken = np.zeros(petty.size + 1)
    for i in range(np.uint32(stage.size)):
        people[np.uint32(entrance[i] + 1), i & np.uint32(1)] += 1
        # many have a memory: a branch would be guessed wrong
        shaken[np.uint32(entrance[i] + 1)] += np.float64(memory[i]) if memory[i] > least else 0.0
    for i in range(stage.size):
        if stage[i] > _NONE and not detained[i] and age[i] <= last_age:
            offenders[entrance[i] + 1] += 1
    for door in range(petty.size):
        victimised[door] = shaken[door + 1] / max(people[door + 1, 0] + people[door + 1, 1], 1)
        petty[door] = offenders[door + 1] / max(dwellings[door], 1)


# fmt: off
@compiled
def struck(
    hit: Rows, entered: Rows, old: Rows, month: int, household: Rows, victim: Bools, burgled: Bools, memory: Memories,
    last: Months,
) -> None:
    # fmt: on
    """Write down who was hit this month, where a burglar was, and which of the ``old`` remember it."""
    victim[:] = False
    burgled[:] = False
    for row in hit:
        victim[row] = True
        memory[row] += np.float32(1)
        last[row] = month
    for home in entered:
        burgled[home] = True
    if entered.size:
        for row in old:
            if burgled[household[row]] & (not victim[row]):
                memory[row] += np.float32(1)
                last[row] = month


# fmt: off
@compiled
def registered(
    where: Whole, luck: Floats, share: float, homes: Rows, entered: Rows, luck_home: Floats, share_home: float,
    people: Floats, visitors: float, here: Memories, months: int, level: Memories,
) -> None:
    # fmt: on
    """Move the ``level`` of registered crime per resident and year by district: a mean over about a year.

    Crimes at ``where`` and burglaries of ``entered`` are recorded where the luck of each lies below the share.
    ``visitors`` is what each of the people from elsewhere adds where as many offenders are ``here`` as in the nation.
    """
    count = np.zeros(level.size)
    for i in range(where.size):
        if where[i] >= 0 and luck[i] < share:
            count[where[i]] += 1
    for i in range(entered.size):
        if homes[entered[i]] >= 0 and luck_home[i] < share_home:
            count[homes[entered[i]]] += 1
    for one in range(level.size):
        beside = np.float32(visitors) * here[one] * np.float32(share)
        now = (count[one] / max(people[one], 1.0) + np.float64(beside)) * months
        level[one] += np.float32((now - np.float64(level[one])) / months)


# fmt: off
@compiled
def offending(
    hours: Memories, floor: float, at_fringe: float, at_top: float, again: float, base: float, fraction: float,
    first: int, alive: Bools, age: Months, stage: Codes, memory: Memories, detained: Bools, district: Rows,
    people: Floats, level: Memories, cover: Memories, old: Rows,
) -> tuple[int, bool]:
    # fmt: on
    """Fill ``level`` with the cases a year to be expected of each of those at large, by district; count ``people``.

    Rates are those at the fringe and of the active, ``again`` is what one remembered case adds, and ``base`` what
    anybody may do. ``cover`` moves towards police ``hours`` for each of the people, if there are any; the first month
    counts in full. List in ``old`` who is at large from the ``first`` age on, return how many, and whether there are
    police anywhere, or were and still count.
    """
    sums, rates = np.zeros(people.size), (0.0, at_fringe, at_top)
    least, more = np.float32(floor), np.float32(again)
    number, count = np.uint32(0), np.uint32(0)
    grown, marked = np.empty(stage.size, np.bool_), np.empty(stage.size, np.bool_)
    for i in range(stage.size):
        grown[i] = alive[i] & (not detained[i]) & (age[i] >= first)
        marked[i] = ((stage[i] > _NONE) | (memory[i] > least)) & (not detained[i]) & (district[i] >= 0)
    rows = np.empty(stage.size + 1, np.uint32)
    for i in range(np.uint32(stage.size)):
        old[number] = rows[count] = i  # overwritten by the next unless it counts: no branch to be guessed wrong
        number += np.uint32(grown[i])
        count += np.uint32(marked[i])
    for row in rows[:count]:
        sums[district[row]] += rates[stage[row]] + np.float64(memory[row] * more)
    # a pass for each, as districts are few, has no branch
    for one in range(people.size):
        living = np.int32(0)
        for i in range(district.size):
            living += np.int32(district[i] == one)
        people[one] = living
        level[one] = sums[one] / max(people[one], 1.0) + base
    for one in range(hours.size):
        now, before = np.float64(hours[one]) / max(people[one], 1.0), np.float64(cover[one])
        cover[one] = now if cover[one] == 0 else before + fraction * (now - before)
    seen = False
    for one in range(cover.size):
        seen |= cover[one] != 0
    for one in range(hours.size):
        seen |= hours[one] != 0
    return int(number), seen


# fmt: off
@compiled
def pasts(
    rows: Rows, luck_key: Uids, record_key: Uids, spread: Floats, odds: Floats, uid: Uids, age: Months, cap: float,
    share: Floats, record: Floats, memory: Floats, stage: Codes, known: Bools, case_memory: Memories, active: Rows,
) -> int:
    # fmt: on
    """Write the stage of each of ``rows``, whether they have a record, and their memory of cases.

    Fill ``active`` with those who are, return how many. ``share``, ``record`` and ``memory`` are the national profile
    by age and stage, the last age holding for all above; ``odds`` are those of recruitment against the nation; of the
    draws, those under the two keys decide on the stage and on a record, and ``spread``, of which 1 is the mean, on the
    memory.
    """
    count = 0
    for i in range(rows.size):
        row = rows[i]
        years = min(age[row], share.shape[0] - 1)
        at_top = min(share[years, _ACTIVE] * odds[i], cap)
        fringe = min(share[years, _FRINGE] * odds[i], cap)
        where, luck = _NONE, luck_of(uid, luck_key, row)
        if luck < at_top:
            where = _ACTIVE
            active[count] = row
            count += 1
        elif luck < at_top + fringe:
            where = _FRINGE
        stage[row] = where
        part, suspects = share[years, where], record[years, where]
        known[row] = luck_of(uid, record_key, row) < (suspects / part if part > 0 else 0.0)
        mean = memory[years, where] / suspects if suspects > 0 else 0.0
        case_memory[row] = mean * spread[i] if known[row] else 0.0
    return count


# fmt: off
@compiled
def aftermath(
    hit: Rows, entered: Rows, old: Rows, where_key: Uids, key: Uids, home_key: Uids, month: int, here: Memories,
    at_home: float, share: float, share_home: float, rest_share: float, rate: float, recruit_to: float, floor: float,
    uid: Uids, home_uid: Uids, people: Floats, home: Rows, household: Rows, homes: Rows, stage: Codes, detained: Bools,
    age: Months, entrance: Rows, dwellings: Months, victim: Bools, burgled: Bools, memory: Memories, last: Months,
    level: Memories, petty: Memories, victimised: Memories,
) -> None:
    # fmt: on
    """Write down who was hit and where, what is registered of it, and what is known of it behind the own front door.

    Do what :func:`struck`, :func:`places`, :func:`registered` and :func:`behind_doors` do, with draws under the keys:
    where each was hit, and which crimes and burglaries are registered. Shares are those of crimes at home, of crimes
    and burglaries that are registered, and of those elsewhere that happen in the rest of the city, to which all go
    where there is one district; ``rate`` is that of crimes a year.
    """
    struck(hit, entered, old, month, household, victim, burgled, memory, last)
    where_luck, luck, luck_home = np.empty(hit.size), np.empty(hit.size), np.empty(entered.size)
    for i in range(hit.size):
        where_luck[i], luck[i] = luck_of(uid, where_key, hit[i]), luck_of(uid, key, hit[i])
    for i in range(entered.size):
        luck_home[i] = luck_of(home_uid, home_key, entered[i])
    rest = rest_share if people.size > 1 else 1.0
    where, activity, whole = np.empty(hit.size, np.int64), np.empty(people.size), 0.0
    width = np.empty(people.size)
    for one in range(people.size):
        width[one] = here[one]
        activity[one] = width[one] * people[one]
        whole += max(people[one], 1.0)
    places(home, hit, where_luck, width, activity, at_home, rest, where)
    # people from the rest of the city are robbed here as residents are robbed there
    visitors = rate / MONTHS_PER_YEAR * ((1 - at_home) * rest) * (old.size / max(whole, 1.0))
    registered(
        where, luck, share, homes, entered, luck_home, share_home, people, visitors, here, MONTHS_PER_YEAR, level
    )
    last_age = int(np.floor(recruit_to))
    behind_doors(stage, detained, age, memory, entrance, last_age, floor, dwellings, petty, victimised)


# fmt: off
@compiled
def newcomers(
    rows: Rows, age: Months, first: float, uid: Uids, grown: Rows, luck: Floats, memory_key: Uids, key: Uids,
    before_key: Uids, earlier_key: Uids,
) -> int:
    # fmt: on
    """Fill ``grown`` with those of ``rows`` from the ``first`` age on, return how many.

    ``luck`` begins with the draws of all ``rows`` under the first key; those of who is grown follow, key by key.
    """
    count = 0
    for i in range(rows.size):
        luck[i] = luck_of(uid, memory_key, rows[i])
        if age[rows[i]] >= first:
            grown[count] = rows[i]
            count += 1
    for k in range(count):
        row, place = grown[k], rows.size + k
        luck[place] = luck_of(uid, key, row)
        luck[place + count] = luck_of(uid, before_key, row)
        luck[place + 2 * count] = luck_of(uid, earlier_key, row)
    return count


@compiled
def looked_back(since: Floats, rate: float, month: int, long_ago: int, rows: Rows, last: Months) -> None:
    """Make waiting times (a line for each turn) the time since each crime, and write in which month the last was."""
    for k in range(rows.size):
        before = 0.0
        for turn in range(since.shape[0]):
            before = before + since[turn, k] / rate if turn else since[turn, k] / rate
            since[turn, k] = before
        last[rows[k]] = max(month - (int(np.floor(since[0, k])) + 1), long_ago)
