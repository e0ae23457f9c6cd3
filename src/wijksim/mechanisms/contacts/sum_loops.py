"""Compiled: what the ties of each resident add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Weights = NDArray[np.float32]
type Floats = NDArray[np.float64]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]

_ABOVE, _FAR_ABOVE = 2**16, 2**32
# of a line of sums: strength with the own milieu and another, further encounters, and those on a level across milieus
_FURTHER, _LEVEL, _SUMS = 2, 2**2, 2 + 2**2


@compiled
def count_all(a: Rows, b: Rows, number: NDArray[np.int16]) -> None:
    """Fill ``number`` with the ties of each resident."""
    number[:] = 0
    for i in range(a.size):
        number[a[i]] += 1
        number[b[i]] += 1


# fmt: off
@compiled
def neighbours(
    entrance: Rows, household: Rows, root: Weights, rate: float, behind: Floats, own: Floats, total: Floats,
) -> None:
    # fmt: on
    """Fill ``total`` with encounters at the own front door; ``behind`` and ``own`` hold zeros.

    There is a spare first place, per entrance and per household, for those who are in none.
    """
    for row in range(root.size):
        behind[entrance[row] + 1] += np.float64(root[row])
        own[household[row] + 1] += np.float64(root[row])
    behind[0] = 0
    for row in range(root.size):
        others = max(behind[entrance[row] + 1] - own[household[row] + 1], 0.0)
        total[row] = others * (rate * np.float64(root[row]))


# fmt: off
@compiled
def added_up(
    a: Rows, b: Rows, layer: Codes, strength: Weights, root: Weights, rates: Weights, milieu: NDArray[Any],
    within: int, strong: np.float32, fifth: Codes, equal: int, equals: int, sums: Floats,
    friends: NDArray[np.int16],
) -> None:
    # fmt: on
    """Add up the ties of each resident in ``sums`` and count the strong ones, as first and as second end.

    A line of sums holds strength with the own milieu and with another, which come out the same in any order; further
    encounters, those of every layer but one, as first and as second end; and of both the encounters across milieus with
    somebody whose income is ``equal`` but for so many fifths, or whom one met as ``equals``, a layer of ties. Sums of
    one resident lie side by side as they are read and written anywhere.
    """
    for i in range(np.uint32(a.size)):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        met = np.float64(root[one] * root[other] * rates[np.uint8(layer[i])])
        across, tie = np.uint32(milieu[one] != milieu[other]), np.float64(strength[i])
        good = np.int16(strength[i] >= strong)
        alike = (abs(fifth[one] - fifth[other]) <= equal) | (layer[i] == equals)
        further, level = met if layer[i] != within else 0.0, met if alike and across else 0.0
        sums[one, across] += tie
        sums[one, _FURTHER] += further
        sums[one, _LEVEL] += level
        sums[other, across] += tie
        sums[other, _FURTHER + 1] += further
        sums[other, _LEVEL + 1] += level
        friends[one, 0] += good
        friends[other, 1] += good


@compiled
def troubled(a: Rows, b: Rows, layer: Codes, root: Weights, rates: Weights, source: Bools, bad: Floats) -> None:
    """Add encounters with a source of nuisance to ``bad``, apart for the first and the second ends."""
    for i in range(np.uint32(a.size)):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        if source[one] | source[other]:  # few are: the branch is hardly ever guessed wrong
            met = np.float64(root[one] * root[other] * rates[np.uint8(layer[i])])
            bad[0, one] += met if source[other] else 0.0
            bad[1, other] += met if source[one] else 0.0


# fmt: off
@compiled
def described(
    a: Rows, b: Rows, layer: Codes, strength: Weights, root: Weights, rates: Weights, milieu: NDArray[Any],
    within: int, strong: np.float32, household: Rows, fifth: Codes, equal: int, equals: int, source: Bools,
    visits: float, gain: float, loss: float, entrance: Rows, homes: int, doors: int, bridging: Weights,
    contact: Weights, pull: Floats,
) -> None:
    # fmt: on
    """Write the part of the ties of each resident that is with another milieu, and contact with neighbours.

    Contact is that at the own front door, further encounters, and the visits of strong ties. Fill ``pull`` with what
    ties do to the quality of contact: those across milieus raise it, those with a source of nuisance lower it.
    """
    sums, friends = np.zeros((root.size, _SUMS)), np.zeros((root.size, 2), np.int16)
    own_fifth, bad = np.empty(root.size, np.int8), np.zeros((2, root.size))
    for row in range(root.size):
        own_fifth[row] = fifth[household[row]]
    added_up(
        a, b, layer, strength, root, rates, milieu, within, strong, own_fifth, equal, equals, sums, friends
    )
    troubled(a, b, layer, root, rates, source, bad)
    behind, at_home, total = np.zeros(doors + 1), np.zeros(homes + 1), np.empty(root.size)
    neighbours(entrance, household, root, np.float64(rates[within]), behind, at_home, total)
    for row in range(root.size):
        own, beyond = sums[row, 0], sums[row, 1]
        bridging[row] = beyond / (own + beyond) if own + beyond > 0 else 0.0
        level = total[row] + sums[row, _FURTHER] + sums[row, _FURTHER + 1]
        contact[row] = level + visits * friends[row, 0] + visits * friends[row, 1]
        lift = (sums[row, _LEVEL] + sums[row, _LEVEL + 1]) * gain
        pull[row] = lift - loss * bad[0, row] - loss * bad[1, row]


# fmt: off
@compiled
def standing(
    a: Rows, b: Rows, strength: Weights, strong: float, grown: NDArray[np.bool_], education: NDArray[np.int8],
    elsewhere: Weights, outside: Weights, household: Rows, adults: NDArray[np.int16], enough: np.float32,
    knows_from: int, entrance: Rows, number: NDArray[np.int16], good: Weights, protection: Weights,
    knows: NDArray[np.bool_], closeness: Weights,
) -> None:
    # fmt: on
    """Count the ties of each resident afresh into ``number``, and write what follows from them.

    Good contacts are ties no weaker than ``strong``, other adults at home, and kin and friends ``elsewhere``, by
    education and times ``outside``, a person effect. They protect up to ``enough``. ``closeness`` is ties per adult
    behind each entrance.
    """
    # two counts in one number, as looking up where it is takes the time: all ties, and the strong ones above them
    least, counts = np.float32(strong), np.zeros(number.size, np.uint32)
    for i in range(a.size):
        more = np.uint32(1 + _ABOVE) if strength[i] >= least else np.uint32(1)
        counts[np.uint32(a[i])] += more
        counts[np.uint32(b[i])] += more
    for row in range(number.size):
        number[row] = counts[row] % np.uint32(_ABOVE)
        knows[row] = number[row] >= knows_from
    for row in range(number.size):
        level = elsewhere[max(education[row], 0)] * outside[row]
        level += np.float32(adults[household[row]] - 1)
        friends = np.float64(counts[row] // np.uint32(_ABOVE))
        good[row] = np.float32(np.float64(level) + friends) * np.float32(grown[row])
        protection[row] = min(good[row], enough)
    # ties and people likewise, with a spare first place for who lives behind no entrance, and counted in turns: those
    # of one household lie side by side, and would wait for each other
    total = np.zeros((closeness.size + 1, 2), np.int64)
    for row in range(number.size):
        more_here = np.int64(number[row]) + np.int64(grown[row]) * _FAR_ABOVE
        total[np.uint32(entrance[row] + 1), np.uint32(row) % np.uint32(2)] += more_here
    for door in range(closeness.size):
        both = total[door + 1, 0] + total[door + 1, 1]
        closeness[door] = (both % _FAR_ABOVE) / max(both // _FAR_ABOVE, 1)
