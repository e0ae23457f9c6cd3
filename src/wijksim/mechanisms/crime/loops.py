"""Compiled passes of crime: who is where in a career, who can become a suspect or a victim, and where that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.crime.columns import CrimeStage

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Memories = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]

_NONE, _FRINGE, _ACTIVE = int(CrimeStage.NONE), int(CrimeStage.FRINGE), int(CrimeStage.ACTIVE)


@compiled
def income_gap(income: Floats, persons: Months, offer: float, gap: Memories) -> None:
    """Fill ``gap`` with what an offer is above the income per member, as a share of the offer."""
    for i in range(gap.size):
        gap[i] = min(max(1.0 - income[i] / max(persons[i], 1) / offer, 0.0), 1.0)


# fmt: off
@compiled
def begun(
    alive: Bools, origin: Codes, outside: int, arrived: Months, month: int,
    kept: tuple[float, float], case_memory: Memories, victim_memory: Memories, rows: Rows,
) -> int:
    # fmt: on
    """Let memories fade and fill ``rows`` with who came from outside in a month, return how many."""
    cases, crimes = np.float32(kept[0]), np.float32(kept[1])
    for i in range(alive.size):
        case_memory[i] *= cases
        victim_memory[i] *= crimes
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        rows[count] = i  # here and below overwritten by the next unless it counts: no branch to be guessed wrong
        count += np.uint32((arrived[i] == month) & (origin[i] == outside) & alive[i])
    return int(count)


# fmt: off
@compiled
def careers(
    alive: Bools, age: Months, stage: Codes, first: int, last: int, youths: Rows, fringe: Rows, active: Rows,
) -> tuple[int, int, int]:
    # fmt: on
    """Fill the lists with the young outside the world of crime and who is at its fringe or active; return how many."""
    inside, young, count = np.empty(alive.size + 1, np.int32), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        youths[young] = inside[count] = i
        outside = stage[i] == _NONE
        young += np.uint32(alive[i] & outside & (age[i] >= first) & (age[i] <= last))
        count += np.uint32(alive[i] & (not outside))
    a, b = 0, 0
    for k in range(count):
        if stage[inside[k]] == _FRINGE:
            fringe[a] = inside[k]
            a += 1
        else:
            active[b] = inside[k]
            b += 1
    return int(young), a, b


# fmt: off
@compiled
def exposed_to_law(
    alive: Bools, age: Months, stage: Codes, detained: Bools, memory: Memories, youngest: int, floor: float,
    outside: Rows, fringe: Rows, active: Rows, known: Rows, held: Rows,
) -> tuple[int, int, int, int, int]:
    # fmt: on
    """Fill the lists with who can become a suspect, and who is held; return how many each holds.

    Those at large and old enough are parted by stage; ``known`` are those of them with a memory of cases above the
    floor, whatever their stage.
    """
    least = np.float32(floor)
    special, count, number = np.empty(alive.size + 1, np.int32), np.uint32(0), np.uint32(0)
    for i in range(np.uint32(alive.size)):
        outside[number] = special[count] = i
        free = alive[i] & (not detained[i]) & (age[i] >= youngest)
        number += np.uint32(free & (stage[i] == _NONE))
        count += np.uint32((free & ((stage[i] != _NONE) | (memory[i] > least))) | detained[i])
    b, c, d, e = 0, 0, 0, 0
    for k in range(count):
        i = special[k]
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
            known[d] = i
            d += 1
    return int(number), b, c, d, e


@compiled
def at_large(alive: Bools, detained: Bools, age: Months, first: int, rows: Rows) -> int:
    """Fill ``rows`` with residents at large from an age on, return how many."""
    count = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        rows[count] = i
        count += np.uint32(alive[i] & (not detained[i]) & (age[i] >= first))
    return int(count)


@compiled
def at_home(rows: Rows, household: Rows, burgled: Bools, victim: Bools, shaken: Rows) -> int:
    """Fill ``shaken`` with those of ``rows`` who live where a burglar was and are no victims yet, return how many."""
    count = np.uint32(0)
    for row in rows:
        shaken[count] = row
        count += np.uint32(burgled[household[row]] & (not victim[row]))
    return int(count)


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
def offending(
    stage: Codes, memory: Memories, detained: Bools, district: Rows, floor: float, rates: Floats, again: float,
    sums: Floats,
) -> None:
    # fmt: on
    """Add the cases a year to be expected of those at large to ``sums`` per district.

    ``rates`` are by stage, ``again`` is what one remembered case adds.
    """
    least, more = np.float32(floor), np.float32(again)
    rows, count = np.empty(stage.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(stage.size)):
        rows[count] = i
        count += np.uint32(((stage[i] > _NONE) | (memory[i] > least)) & (not detained[i]))
    for k in range(count):
        i = rows[k]
        if district[i] >= 0:
            sums[district[i]] += rates[stage[i]] + np.float64(memory[i] * more)


# fmt: off
@compiled
def behind_doors(
    stage: Codes, detained: Bools, age: Months, memory: Memories, entrance: Rows, last_age: int, floor: float,
    dwellings: Months, petty: Memories, victimised: Memories,
) -> None:
    # fmt: on
    """Fill ``petty`` with young offenders at large per dwelling and ``victimised`` with recent crimes per resident."""
    least = np.float32(floor)
    people, offenders = np.zeros(petty.size + 1, np.int64), np.zeros(petty.size + 1, np.int64)
    shaken = np.zeros(petty.size + 1)
    rows, count = np.empty(stage.size + 1, np.int32), np.uint32(0)
    for i in range(np.uint32(stage.size)):
        people[entrance[i] + 1] += 1
        rows[count] = i
        count += np.uint32((stage[i] > _NONE) | (memory[i] > least))
    for k in range(count):
        i = rows[k]
        if memory[i] > least:
            shaken[entrance[i] + 1] += np.float64(memory[i])
        if stage[i] > _NONE and not detained[i] and age[i] <= last_age:
            offenders[entrance[i] + 1] += 1
    for door in range(petty.size):
        victimised[door] = shaken[door + 1] / max(people[door + 1], 1)
        petty[door] = offenders[door + 1] / max(dwellings[door], 1)


# fmt: off
@compiled
def pasts(
    rows: Rows, age: Months, odds: Floats, luck: Floats, cap: float, share: Floats, record: Floats, memory: Floats,
    stage: Codes, chance: Floats, mean: Floats,
) -> None:
    # fmt: on
    """Write the stage of each of ``rows``; fill the chance of a record, and the mean memory of those who have one.

    ``share``, ``record`` and ``memory`` are the national profile by age and stage, the last age holding for all above;
    ``odds`` are those of recruitment against the nation.
    """
    for i in range(rows.size):
        years = min(age[rows[i]], share.shape[0] - 1)
        active = min(share[years, _ACTIVE] * odds[i], cap)
        fringe = min(share[years, _FRINGE] * odds[i], cap)
        where = _NONE
        if luck[i] < active:
            where = _ACTIVE
        elif luck[i] < active + fringe:
            where = _FRINGE
        stage[rows[i]] = where
        part, known = share[years, where], record[years, where]
        chance[i] = known / part if part > 0 else 0.0
        mean[i] = memory[years, where] / known if known > 0 else 0.0
