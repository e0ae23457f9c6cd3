"""What decides on the ground of the next letting, and what the rest of the city lets: compiled passes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import luck_of
from wijksim.state.codes import SeekerCategory

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Uids = NDArray[np.uint64]

_FEW = 2**8  # seekers of whom those who wait longest are found one after the other
_REGULAR, _REHOUSED = int(SeekerCategory.REGULAR), int(SeekerCategory.REHOUSED)


@compiled
def pressure(
    counted: Whole, lettings: float, flow: Floats, weight: Floats, rehousing: tuple[float, float], score: Floats,
) -> int:  # fmt: skip
    """Fill ``score``: backlog in months times target weight by category. Return how many wait.

    Who must leave for demolition and looks in the own district alone comes first there, and asks nothing of the rest.
    The others who must leave get the share of lettings that houses them within the months agreed.

    Parameters
    ----------
    counted
        By category: where it begins among who looks everywhere, how many it has there and of who looks in the own
        district alone.
    lettings, flow
        Regular lettings a month, and priority seekers a month by category, none of them regular.
    rehousing
        Months within which who must leave has to be housed, and the share of all lettings that this may take.
    """
    everywhere, local = counted[1], counted[2]
    everybody, others, all_lettings = 0, 0.0, 0.0
    for one in range(score.size):
        all_lettings += flow[one]
    all_lettings = lettings + all_lettings
    for one in range(score.size):
        count = everywhere[one] + (0 if one == _REHOUSED else local[one])
        usual = lettings if one == _REGULAR else flow[one]
        score[one] = 0.0
        if one != _REHOUSED:
            score[one] = (count / usual if usual > 0 else float(count)) * weight[one]
        others += score[one]
        everybody += count
    if everywhere[_REHOUSED] and others > 0 and all_lettings > 0:
        share = min(everywhere[_REHOUSED] / (rehousing[0] * all_lettings), rehousing[1])
        score[_REHOUSED] = others * share / (1 - share)
    return everybody


@compiled
def rest_share(
    score: Floats, room: int, city: Uids, key: Uids, refused: float, rows: Rows, counted: Whole, taken: Bools,
    seniority: Floats, here: Rows, found: Rows, since: Floats, housed: Rows, parts: Whole,
) -> tuple[int, int]:  # fmt: skip
    """Say how many of each category the rest of the city houses, and list who of it can be, the longest waiting first.

    Return of how many large categories it houses several, and how many are housed in all.

    Parameters
    ----------
    score
        What each category weighs.
    room, city, key
        Vacancies of the rest, and who draws under which key to settle fractions.
    refused
        Part of regular offers that is refused so often that they go to direct mediation.
    rows, counted, taken, seniority
        Seekers who look everywhere, and where each category begins and how many it has; who of all seekers has no offer
        left, and their places in the order of registration.
    here
        Who is housed in the districts.
    found, since, housed, parts
        Filled in: seekers, category by category, and their places; who is housed, here and then in the rest, with room
        for several of a large category; and of these where that room is, where the category begins and ends among the
        seekers, and how many are housed.
    """
    total, others, luck = 0.0, 0.0, luck_of(city, key, 0)
    for one in range(score.size):
        total += score[one]
    # where nobody waits nobody is housed
    share = score / total if total > 0 else score
    for one in range(score.size):
        others += 0.0 if one == _REGULAR else share[one]
    fallen = share[_REGULAR] * refused
    reached, before, count, several, at = 0.0, 0, 0, 0, here.size
    housed[:at] = here
    for one in range(score.size):
        part = share[one]
        if others > 0:
            part = part - fallen if one == _REGULAR else part + fallen * share[one] / others
        reached += part
        end = int(np.floor(reached * room + luck))
        number, before, first = end - before, end, count
        if number > 0:
            for row in rows[counted[0, one] : counted[0, one] + counted[1, one]]:
                if not taken[row]:
                    found[count], since[count] = row, seniority[row]
                    count += 1
        number = min(number, count - first)
        if number == 1 or (number > 1 and count - first <= _FEW):
            for k in range(number):
                longest = first + np.argmin(since[first:count])
                housed[at + k], since[longest] = found[longest], np.inf
        elif number > 1:
            line = parts[several]
            line[0], line[1], line[2], line[3] = at, first, count, number
            several += 1
        at += max(number, 0)
    return several, at
