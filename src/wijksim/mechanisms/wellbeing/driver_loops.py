"""Compiled passes of the states of mind: drivers added up where they live, handed down, and the step to the target."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Sums = NDArray[np.float32]
type Rows = NDArray[np.int32]
type Floats = NDArray[np.float64]


@compiled
def add_values(total: Sums, column: NDArray[Any], factor: float) -> None:
    """Add a column, weighed, to ``total``; its last place is for rows without such a link, and stays."""
    weight = np.float32(factor)
    for i in range(total.size - 1):
        total[i] += np.float32(column[i]) * weight


@compiled
def add_matches(total: Sums, column: NDArray[np.int8], codes: NDArray[np.int64], factor: float) -> None:
    """Add the weight where a column of codes holds one of ``codes``."""
    weight, nothing = np.float32(factor), np.float32(0)
    for code in codes:
        for i in range(total.size - 1):
            total[i] += weight if column[i] == code else nothing


@compiled
def hand_down(part: Sums, link: Rows, total: Sums) -> None:
    """Add what each row of ``total`` but the last gets over ``link``; -1 reads the last place of ``part``."""
    for i in range(total.size - 1):
        total[i] += part[link[i]]


@compiled
def odds(
    own: Sums, household: Sums, link: Rows, constant: float, bound: float, level: float, out: Sums
) -> None:
    """Fill ``out`` with the negative log odds of the target: all drivers within the bound, and the level."""
    shift, most, usual = np.float32(constant), np.float32(bound), np.float32(level)
    for i in range(out.size):
        total = household[link[i]] + own[i] + shift
        out[i] = -(min(max(total, -most), most) + usual)


@compiled
def move(state: Sums, power: Sums, fraction: float, fresh: NDArray[np.bool_]) -> None:
    """Close a part of the distance to ``1 / (1 + power)``, all of it where ``fresh``; ``power`` is used up."""
    part, one = np.float32(fraction), np.float32(1)
    for i in range(state.size):
        target = one / (power[i] + one)
        state[i] = target if fresh[i] else state[i] + (target - state[i]) * part


@compiled
def compare_money(
    income: Floats,
    debt: Floats,
    cost: Floats,
    income_memory: Floats,
    debt_memory: Floats,
    fraction: float,
    floor: float,
    bound: float,
    year: float,
    change: Sums,
    burden: Sums,
    debt_change: Sums,
) -> None:
    """Bring the memories up to date; ``change`` becomes the ratio of income now to that remembered."""
    for i in range(income.size):
        memory = income_memory[i] if income_memory[i] > 0 else income[i]
        memory += (income[i] - memory) * fraction
        income_memory[i] = memory
        debt_memory[i] += (debt[i] - debt_memory[i]) * fraction
        now = max(income[i], floor)
        change[i] = now / max(memory, floor)
        burden[i] = min(max(cost[i] / now, 0.0), 1.0)
        debt_change[i] = min(max((debt[i] - debt_memory[i]) / (now * year), -bound), bound)


@compiled
def count_rooms(
    shares: NDArray[np.bool_],
    kind: NDArray[np.int8],
    persons: NDArray[np.int16],
    dwelling: Rows,
    rooms: NDArray[np.int8],
    ample: float,
    misfit: Sums,
) -> None:
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


@compiled
def turns(
    alive: NDArray[np.bool_],
    since: NDArray[np.int16],
    activity: NDArray[np.int8],
    after: int,
    turn: Sums,
    change: Sums,
) -> None:
    """Fill ``change`` with what the activity means for those who took it up after a month, 0 for others."""
    for i in range(change.size):
        change[i] = turn[activity[i]] if alive[i] and since[i] > after else np.float32(0)


@compiled
def months_of_help(
    stage: NDArray[np.int8],
    wanted: int,
    since: NDArray[np.int16],
    month: int,
    full: float,
    share: Sums,
) -> None:
    """Fill ``share`` with how long a stage has lasted, 1 from ``full`` months on; 0 for those in another stage."""
    for i in range(share.size):
        share[i] = min(max((month - since[i]) / full, 0.0), 1.0) if stage[i] == wanted else 0.0
