"""Compiled: what the ties of each resident add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Rows = NDArray[np.int32]
type Weights = NDArray[np.float32]
type Floats = NDArray[np.float64]


@compiled
def count_all(a: Rows, b: Rows, number: NDArray[np.int16]) -> None:
    """Fill ``number`` with the ties of each resident."""
    number[:] = 0
    for i in range(a.size):
        number[a[i]] += 1
        number[b[i]] += 1


@compiled
def strength_across(side: Rows, other: NDArray[np.bool_], strength: Weights, sums: Floats) -> None:
    """Add the strength of ties to one end of each: two places per resident, the own milieu and another."""
    for i in range(side.size):
        sums[2 * side[i] + other[i]] += np.float64(strength[i])


@compiled
def expected(a: Rows, b: Rows, layer: NDArray[np.int8], root: Weights, rates: Weights, out: Weights) -> None:
    """Fill ``out`` with the encounters a month of each tie."""
    for i in range(a.size):
        out[i] = root[np.uint32(a[i])] * root[np.uint32(b[i])] * rates[layer[i]]


@compiled
def unequal(a: Rows, b: Rows, codes: NDArray[Any], out: NDArray[np.bool_]) -> None:
    """Fill ``out`` with whether the two ends of each tie differ in a code."""
    for i in range(a.size):
        out[i] = codes[np.uint32(a[i])] != codes[np.uint32(b[i])]


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
def beyond_doors(
    a: Rows, b: Rows, layer: NDArray[np.int8], within: int, encounters: Weights, strength: Weights, strong: float,
    visits: float, total: Floats,
) -> None:
    # fmt: on
    """Add encounters of ties of every layer but one to both ends of each, and the visits of strong ties."""
    least = np.float32(strong)
    met, friends = np.zeros((2, total.size)), np.zeros((2, total.size), np.int64)
    for i in range(a.size):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        further = np.float64(encounters[i]) if layer[i] != within else 0.0
        met[0, one] += further
        met[1, other] += further
        good = strength[i] >= least
        friends[0, one] += good
        friends[1, other] += good
    for row in range(total.size):
        total[row] = total[row] + met[0, row] + met[1, row]
        total[row] = total[row] + visits * friends[0, row] + visits * friends[1, row]


# fmt: off
@compiled
def pulls(
    a: Rows, b: Rows, across: NDArray[np.bool_], encounters: Weights, layer: NDArray[np.int8], equals: int,
    household: Rows, fifth: NDArray[np.int8], equal: int, gain: float, source: NDArray[np.bool_], loss: float,
    out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with what ties do to the quality of contact of both ends.

    Ties across milieus raise it where incomes are ``equal`` but for so many fifths, or where the two met as
    ``equals``, a layer of ties; ties with a source of nuisance lower it.
    """
    good, bad = np.zeros((2, out.size)), np.zeros((2, out.size))
    for i in range(a.size):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        met = np.float64(encounters[i])
        alike = (abs(fifth[household[one]] - fifth[household[other]]) <= equal) | (layer[i] == equals)
        level = met if across[i] & alike else 0.0
        good[0, one] += level
        good[1, other] += level
        if source[one] | source[other]:
            bad[0, one] += met if source[other] else 0.0
            bad[1, other] += met if source[one] else 0.0
    for row in range(out.size):
        out[row] = (good[0, row] + good[1, row]) * gain - loss * bad[0, row] - loss * bad[1, row]


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
    least, friends = np.float32(strong), np.zeros(number.size, np.int16)
    number[:] = 0
    for i in range(a.size):
        one, other, near = np.uint32(a[i]), np.uint32(b[i]), np.int16(strength[i] >= least)
        number[one] += 1
        number[other] += 1
        friends[one] += near
        friends[other] += near
    # there is a spare first place for who lives behind no entrance
    total, people = np.zeros((2, closeness.size + 1), np.int64)
    for row in range(number.size):
        level = elsewhere[max(education[row], 0)] * outside[row]
        level += np.float32(adults[household[row]] - 1)
        level = np.float32(np.float64(level) + np.float64(friends[row])) * np.float32(grown[row])
        good[row], protection[row] = level, min(level, enough)
        knows[row] = number[row] >= knows_from
        total[entrance[row] + 1] += number[row]
        people[entrance[row] + 1] += grown[row]
    for door in range(closeness.size):
        closeness[door] = total[door + 1] / max(people[door + 1], 1)
