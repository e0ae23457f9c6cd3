"""Compiled passes of the states of mind: drivers added up where they live, handed down, and the step to the target."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Sums = NDArray[np.float32]
type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]
type Codes = NDArray[np.int64]
type Memory = NDArray[np.uint8]
type Bools = NDArray[np.bool_]
type Stages = NDArray[np.int8]
type Months = NDArray[np.int16]

_TYPES: Final = ("|u1", "|i1", "<i2", "<f4", "<f8")
_U1, _I1, _I2, _F4, _F8 = range(len(_TYPES))
KINDS: Final = {"|b1": _U1, **{name: kind for kind, name in enumerate(_TYPES)}}  # of columns that can be read
STEP: Final = ("kind", "begin", "slot", "code", "codes_end")  # what the numbers of a driver say
SLOTS: Final = len(("own", "household", "third", "fourth"))  # tables of which drivers can be
_SLOT, _HOUSEHOLD = STEP.index("slot"), 1
# the whole numbers of states before those of each, of drivers and codes: how many states, tables and drivers there are,
# and where in the memory of residents the column begins that leads to the household
HEAD: Final = ("states", "tables", "drivers", "link")
_STATES, _TABLES, _DRIVERS, _LINK = range(len(HEAD))
_HEAD: Final = len(HEAD)
EACH: Final = ("fraction", "constant", "level")  # what the numbers of a state say
_FRACTION, _CONSTANT, _LEVEL = range(len(EACH))


@compiled
def add_values(total: Sums, column: NDArray[Any], factor: float) -> None:
    """Add a column, weighed, to ``total``."""
    weight = np.float32(factor)
    for i in range(total.size):
        total[i] += np.float32(column[i]) * weight


@compiled
def add_matches(total: Sums, column: NDArray[np.int8], codes: NDArray[np.int64], factor: float) -> None:
    """Add the weight where a column of codes holds one of ``codes``."""
    weight, nothing = np.float32(factor), np.float32(0)
    for code in codes:
        for i in range(total.size):
            total[i] += weight if column[i] == code else nothing


@compiled
def hand_down(part: Sums, link: Rows, total: Sums) -> None:
    """Add what each row of ``total`` gets over ``link``; -1 reads the last place of ``part``."""
    last = np.uint32(part.size - 1)
    for i in range(total.size):
        # without its sign, -1 is larger than any row
        total[i] += part[min(np.uint32(link[i]), last)]


@compiled
def odds(own: Sums, household: Sums, link: Rows, constant: float, bound: float, level: float) -> None:
    """Make of the sums of ``own`` the negative log odds of the target: all drivers within the bound, and the level."""
    shift, most, usual, last = (
        np.float32(constant),
        np.float32(bound),
        np.float32(level),
        np.uint32(household.size - 1),
    )
    # two loops, of which the second makes no look-up and is vectorised
    for i in range(own.size):
        own[i] = household[min(np.uint32(link[i]), last)] + own[i]  # as above
    for i in range(own.size):
        total = own[i] + shift
        own[i] = -(min(max(total, -most), most) + usual)


@compiled
def _weigh(column: NDArray[Any], codes: Codes, factor: float, total: Sums) -> None:
    if codes.size:
        add_matches(total, column, codes, factor)
    else:
        add_values(total, column, factor)


@compiled
def _add(memory: Memory, step: NDArray[np.int64], codes: Codes, factor: float, total: Sums) -> None:
    kind, begin, _, code, end = step
    wanted = codes[code:end]
    if kind == _U1:
        _weigh(memory[begin:], wanted, factor, total)
    elif kind == _I1:
        _weigh(memory[begin:].view(np.int8), wanted, factor, total)
    elif kind == _I2:
        _weigh(memory[begin:].view(np.int16), wanted, factor, total)
    elif kind == _F4:
        _weigh(memory[begin:].view(np.float32), wanted, factor, total)
    else:
        _weigh(memory[begin:].view(np.float64), wanted, factor, total)


# fmt: off
@compiled
def _shared_odds(
    memory: tuple[Memory, Memory, Memory, Memory], sizes: tuple[int, int, int, int], roads: NDArray[np.int64],
    steps: NDArray[np.int64], codes: Codes, factors: Floats, nobody: Sums, link: Rows, constant: float, bound: float,
    level: float, household: Sums, own: Sums,
) -> None:
    # fmt: on
    """Add up all drivers of one state where they live, hand them down and fill ``own`` as :func:`odds` does.

    ``household`` is room for the sums of households, with a place for rows without one.
    """
    for i in range(own.size):
        own[i] = np.float32(0)
    for i in range(household.size):
        household[i] = np.float32(0)
    household[-1] = nobody[_HOUSEHOLD]
    for slot in range(roads.size):
        part, further = household[: sizes[_HOUSEHOLD]] if slot == _HOUSEHOLD else own, slot > _HOUSEHOLD
        if further:
            number = 0
            for j in range(steps.shape[0]):
                number += steps[j, _SLOT] == slot
            if number == 0:
                continue
            part = np.zeros(sizes[slot] + 1, np.float32)
            part[-1] = nobody[slot]
        for j in range(steps.shape[0]):
            if steps[j, _SLOT] == slot:
                _add(memory[slot], steps[j], codes, factors[j], part[: sizes[slot]])
        if further:
            hand_down(part, memory[_HOUSEHOLD][roads[slot] :].view(np.int32), household[: sizes[_HOUSEHOLD]])
    odds(own, household, link, constant, bound, level)


@compiled
def move(state: Sums, power: Sums, fraction: float, fresh: Rows) -> None:
    """Close a part of the distance to ``1 / (1 + power)``, all of it for the rows ``fresh``."""
    part, one = np.float32(fraction), np.float32(1)
    for i in range(power.size):
        target = one / (power[i] + one)
        state[i] = state[i] + (target - state[i]) * part
    for row in fresh:
        state[row] = one / (power[row] + one)


# fmt: off
@compiled
def onward(
    fresh: Rows, power: NDArray[np.float32], before: int, begin: int, end: int, own: Memory, households: Memory,
    third: Memory, fourth: Memory, whole: NDArray[np.int64], numbers: Floats, block: NDArray[np.float32],
    own_size: int, household_size: int, third_size: int, fourth_size: int,
) -> None:
    # fmt: on
    """Move the states from ``before`` to ``begin``, then weigh what drives those from there to ``end``.

    Of states that move, the lines of ``power`` are as :func:`move` takes them; of those weighed they are filled with
    negative log odds, whose drivers are added up where they live.

    Parameters
    ----------
    own, households, third, fourth
        Memory of the own table, of the household and of up to two tables that a household leads to; how many rows each
        has comes after the block.
    whole
        What :data:`HEAD` says; by table where in the memory of the household the column begins that leads there; by
        state its line in the ``block`` and where its drivers end; by driver what :data:`STEP` says; codes.
    numbers
        The bound of a sum of drivers; what :data:`EACH` says, by state: the part of the distance, what centring adds
        and the level; by state and table what rows without a link get; by driver its weight.
    """
    # many arguments are handed over in less time than few tuples
    memory, sizes = (own, households, third, fourth), (own_size, household_size, third_size, fourth_size)
    count, tables, drivers = whole[_STATES], whole[_TABLES], whole[_DRIVERS]
    roads, lines = whole[_HEAD : _HEAD + tables], whole[_HEAD + tables : _HEAD + tables + count]
    held = _HEAD + tables + 2 * count
    ends, steps = whole[held - count : held], whole[held : held + drivers * len(STEP)].reshape(drivers, len(STEP))
    fixed = 1 + len(EACH) * count
    each, rest = numbers[1:fixed].reshape(len(EACH), count), fixed + count * tables
    for k in range(before, begin):
        move(block[lines[k]], power[k], each[_FRACTION, k], fresh)
    if end == begin:
        return
    nobody = numbers[fixed:rest].astype(np.float32).reshape(count, tables)
    link, household = memory[0][whole[_LINK] :].view(np.int32), np.empty(sizes[_HOUSEHOLD] + 1, np.float32)
    first = ends[begin - 1] if begin else 0
    for k in range(begin, end):
        _shared_odds(
            memory, sizes, roads, steps[first : ends[k]], whole[held + drivers * len(STEP) :],
            numbers[rest + first : rest + ends[k]], nobody[k], link, each[_CONSTANT, k], numbers[0], each[_LEVEL, k],
            household, power[k],
        )  # fmt: skip
        first = ends[k]


@compiled
def _compare_money(
    income: Floats, debt: Floats, cost: Floats, income_memory: Floats, debt_memory: Floats, fraction: float,
    floor: float, bound: float, year: float, arrears: Sums, arrears_full: float, change: Sums, burden: Sums,
    debt_change: Sums, behind: Sums,
) -> None:  # fmt: skip
    """Bring the memories up to date; ``change`` becomes the ratio of income now to that remembered."""
    full = np.float32(arrears_full)
    for i in range(income.size):
        memory = income_memory[i] if income_memory[i] > 0 else income[i]
        memory += (income[i] - memory) * fraction
        income_memory[i] = memory
        debt_memory[i] += (debt[i] - debt_memory[i]) * fraction
        now = max(income[i], floor)
        change[i] = now / max(memory, floor)
        burden[i] = min(max(cost[i] / now, 0.0), 1.0)
        debt_change[i] = min(max((debt[i] - debt_memory[i]) / (now * year), -bound), bound)
        behind[i] = min(arrears[i] / full, np.float32(1))


@compiled
def _count_rooms(
    shares: Bools, kind: Stages, persons: Months, dwelling: Rows, rooms: Stages, ample: float, misfit: Sums
) -> None:  # fmt: skip
    """Fill ``misfit`` with the rooms that households lack, or half of those above ``ample`` to spare.

    They need one room to live in and one for each member; in types of household that ``shares`` a couple shares one.
    """
    enough = np.float32(ample)
    for i in range(misfit.size):
        home = dwelling[i]
        spare = np.float32(0)
        if home >= 0:
            spare = np.float32(shares[kind[i]] - persons[i] - 1 + rooms[home])
        misfit[i] = max(max(spare - enough, np.float32(0)) / np.float32(2), -spare)


# fmt: off
@compiled
def of_households(
    fraction: float, floor: float, bound: float, year: float, arrears_full: float, ample: float, kept: float,
    order: int, income: Floats, debt: Floats, cost: Floats, income_memory: Floats, debt_memory: Floats, arrears: Sums,
    burden: Sums, debt_change: Sums, behind: Sums, shares: Bools, kind: Stages, persons: Months, dwelling: Rows,
    rooms: Stages, misfit: Sums, stage: Stages, entrance: Rows, doors: Months, evictions: Sums, change: Sums,
) -> None:
    # fmt: on
    """Bring what households hand down up to date; ``change`` becomes the ratio of income now to that remembered.

    Evictions are remembered at an entrance, less each month (what is ``kept``): households whose ``stage`` is an
    ``order`` count against its dwellings.
    """
    _compare_money(
        income, debt, cost, income_memory, debt_memory, fraction, floor, bound, year, arrears, arrears_full, change,
        burden, debt_change, behind,
    )  # fmt: skip
    _count_rooms(shares, kind, persons, dwelling, rooms, ample, misfit)
    ordered = np.zeros(evictions.size, np.int64)
    for i in range(stage.size):
        if stage[i] == order and entrance[i] >= 0:
            ordered[entrance[i]] += 1
    for door in range(evictions.size):
        evictions[door] = max(evictions[door] * np.float32(kept), np.float32(ordered[door] / max(doors[door], 1)))


@compiled
def _turns(alive: Bools, since: Months, activity: Stages, after: int, turn: Sums, change: Sums) -> None:
    """Fill ``change`` with what the activity means for those who took it up after a month, 0 for others."""
    for i in range(change.size):
        level = turn[activity[i]]  # read for everybody: branches would be guessed wrong
        change[i] = level if alive[i] & (since[i] > after) else np.float32(0)


# fmt: off
@compiled
def of_residents(
    month: int, after: int, bound: float, long_wait: float, long_known: float, queue: int, open_: int, turn: Sums,
    alive: Bools, since: Months, activity: Stages, change: Sums, stage: Stages, case_since: Months, worker: Rows,
    worker_since: Months, waiting: Sums, continuity: Sums, settled: Bools, income_change: Sums, ratio: Sums,
    fresh: Rows,
) -> int:
    # fmt: on
    """Bring what residents themselves are driven by up to date, and fill ``fresh`` with newcomers.

    These are ``settled`` from now on; there is a place more for them than there are residents. Returns how many.

    After :func:`_turns` comes how long those in the ``queue`` wait, and others with an ``open_`` case have had the
    same worker. Both are 1 from a number of months on, and 0 for everybody else: a case may be open while nobody works
    on it. The log ``ratio`` of incomes of households is kept within the ``bound``.
    """
    _turns(alive, since, activity, after, turn, change)
    most = np.float32(bound)
    for i in range(ratio.size):
        income_change[i] = min(max(ratio[i], -most), most)
    for i in range(stage.size):
        waiting[i] = min(max((month - case_since[i]) / long_wait, 0.0), 1.0) if stage[i] == queue else 0.0
        helped = stage[i] == open_ and worker[i] >= 0
        continuity[i] = min(max((month - worker_since[i]) / long_known, 0.0), 1.0) if helped else 0.0
    n = np.uint32(0)
    for i in range(np.uint32(alive.size)):
        # overwritten by the next unless it is new: no branch that could be guessed wrong
        fresh[n] = i
        n += np.uint32(alive[i] > settled[i])
    for k in range(n):
        settled[fresh[k]] = True
    return int(n)


@compiled
def remember(
    rows: Rows, income: NDArray[Any], debt: NDArray[Any], income_memory: NDArray[Any], debt_memory: NDArray[Any]
) -> None:
    """Let the memories of new households begin with what they have."""
    for row in rows:
        income_memory[row], debt_memory[row] = income[row], debt[row]
