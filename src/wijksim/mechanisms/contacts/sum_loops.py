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

# after the strength of ties within the own milieu and with another
_MET, _STRONG, _GOOD, _BAD = range(2, 2 * 2 + 2)


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
def beside(
    a: Rows, b: Rows, layer: Codes, strength: Weights, root: Weights, rates: Weights, milieu: NDArray[Any],
    within: int, strong: np.float32, household: Rows, fifth: Codes, equal: int, equals: int, source: Bools,
    first: Floats, second: Floats,
) -> None:
    # fmt: on
    """Add what each tie is to both its ends; ``first`` and ``second`` are by resident and hold zeros.

    Side by side, as a tie leads anywhere: strength of ties within the own milieu and with another, encounters in any
    other layer than ``within``, strong ties, and encounters that raise and that lower the quality of contact. It rises
    across milieus where incomes are ``equal`` but for so many fifths, or where the two met as ``equals``, and falls
    with a source of nuisance.
    """
    for i in range(a.size):
        one, other, way = np.uint32(a[i]), np.uint32(b[i]), layer[i]
        met = np.float64(root[one] * root[other] * rates[way])
        across = np.int64(milieu[one] != milieu[other])
        alike = (abs(fifth[household[one]] - fifth[household[other]]) <= equal) | (way == equals)
        further, good = met if way != within else 0.0, met if across & alike else 0.0
        near = 1.0 if strength[i] >= strong else 0.0
        for here, row, bad in ((first, one, source[other]), (second, other, source[one])):
            here[row, across] += np.float64(strength[i])
            here[row, _MET] += further
            here[row, _STRONG] += near
            here[row, _GOOD] += good
            here[row, _BAD] += met if bad else 0.0


# fmt: off
@compiled
def described(
    a: Rows, b: Rows, layer: Codes, strength: Weights, root: Weights, rates: Weights, milieu: NDArray[Any],
    within: int, strong: np.float32, household: Rows, fifth: Codes, equal: int, equals: int, source: Bools,
    visits: float, gain: float, loss: float, total: Floats, bridging: Weights, contact: Weights, pull: Floats,
) -> None:
    # fmt: on
    """Write what the ties of each resident add up to, the part with another milieu and contact with neighbours.

    ``total`` is contact at the own front door, to which come other encounters and the ``visits`` of strong ties. Fill
    ``pull`` with what ties do to the quality of contact: ``gain`` and ``loss`` per encounter. For the rest see
    :func:`beside`.
    """
    first, second = np.zeros((root.size, _BAD + 1)), np.zeros((root.size, _BAD + 1))
    beside(
        a, b, layer, strength, root, rates, milieu, within, strong, household, fifth, equal, equals, source, first,
        second,
    )  # fmt: skip
    for row in range(root.size):
        own, across = first[row, 0] + second[row, 0], first[row, 1] + second[row, 1]
        bridging[row] = across / (own + across) if own + across > 0 else 0.0
        met = total[row] + first[row, _MET] + second[row, _MET]
        contact[row] = met + visits * first[row, _STRONG] + visits * second[row, _STRONG]
        good = (first[row, _GOOD] + second[row, _GOOD]) * gain
        pull[row] = good - loss * first[row, _BAD] - loss * second[row, _BAD]


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
