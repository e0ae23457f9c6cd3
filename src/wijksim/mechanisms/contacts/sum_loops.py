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


@compiled
def strength_across(side: Rows, across: Bools, strength: Weights, sums: Floats) -> None:
    """Add the strength of ties to one end of each: two places per resident, the own milieu and another."""
    for i in range(side.size):
        sums[2 * side[i] + across[i]] += np.float64(strength[i])


# fmt: off
@compiled
def beyond_doors(
    a: Rows, b: Rows, layer: Codes, within: int, encounters: Weights, strength: Weights, least: np.float32,
    visits: float, total: Floats, contact: Weights,
) -> None:
    # fmt: on
    """Write contact: ``total``, encounters of ties of every layer but one, and the visits of strong ties."""
    met, friends = np.zeros((2, total.size)), np.zeros((2, total.size), np.int16)
    for i in range(a.size):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        further = np.float64(encounters[i]) if layer[i] != within else 0.0
        met[0, one] += further
        met[1, other] += further
        good = np.int16(strength[i] >= least)
        friends[0, one] += good
        friends[1, other] += good
    for row in range(total.size):
        level = total[row] + met[0, row] + met[1, row]
        contact[row] = level + visits * friends[0, row] + visits * friends[1, row]


# fmt: off
@compiled
def pulls(
    a: Rows, b: Rows, across: Bools, encounters: Weights, layer: Codes, equals: int, household: Rows, fifth: Codes,
    equal: int, gain: float, source: Bools, loss: float, out: Floats,
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
def described(
    a: Rows, b: Rows, layer: Codes, strength: Weights, root: Weights, rates: Weights, milieu: NDArray[Any],
    within: int, strong: np.float32, household: Rows, fifth: Codes, equal: int, equals: int, source: Bools,
    visits: float, gain: float, loss: float, entrance: Rows, homes: int, doors: int, bridging: Weights,
    contact: Weights, pull: Floats,
) -> None:
    # fmt: on
    """Write the part of the ties of each resident that is with another milieu, and contact with neighbours.

    Fill ``pull`` with what ties do to the quality of contact. A pass for each, and not one for all: sums by resident
    are read and written anywhere, and have to be few to stay at hand.
    """
    encounters, across = np.empty(a.size, np.float32), np.empty(a.size, np.bool_)
    for i in range(a.size):
        one, other = np.uint32(a[i]), np.uint32(b[i])
        encounters[i] = root[one] * root[other] * rates[layer[i]]
        across[i] = milieu[one] != milieu[other]
    sums, more, total = np.zeros(2 * root.size), np.zeros(2 * root.size), np.empty(root.size)
    strength_across(a, across, strength, sums)
    strength_across(b, across, strength, more)
    for row in range(root.size):
        own, beyond = sums[2 * row] + more[2 * row], sums[2 * row + 1] + more[2 * row + 1]
        bridging[row] = beyond / (own + beyond) if own + beyond > 0 else 0.0
    behind, at_home = np.zeros(doors + 1), np.zeros(homes + 1)
    neighbours(entrance, household, root, np.float64(rates[within]), behind, at_home, total)
    beyond_doors(a, b, layer, within, encounters, strength, strong, visits, total, contact)
    pulls(a, b, across, encounters, layer, equals, household, fifth, equal, gain, source, loss, pull)


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
