"""Passes over residents and households, compiled: one each, without arrays in between."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.units import PER_THOUSAND
from wijksim.mechanisms.facilities.columns import AMENITIES, MEETING, Kind
from wijksim.state.table import Rows

type Floats = NDArray[np.float64]
type Amounts = NDArray[np.float32]

_MEETING = tuple(int(kind) for kind in MEETING)
_AMENITIES = tuple(int(kind) for kind in AMENITIES)
_INFORMAL = int(Kind.INFORMAL)


@compiled
def visits(
    total: NDArray[np.float64],
    district: NDArray[Any],
    age: NDArray[Any],
    activity: NDArray[Any],
    safe: NDArray[Any],
    hours: NDArray[Any],
    terms: tuple[int, int, float],
    volunteers: Floats,
) -> None:
    """Add residents, their visits to places and their volunteer hours to ``total``, shape ``(3, n)``; count volunteers.

    Parameters
    ----------
    terms
        First age that counts, the code of being employed, how much more those without a job come by.
    """
    first, employed, day = terms
    for i in range(district.size):
        where = district[i]
        if where < 0:
            continue
        total[0, where] += 1
        total[2, where] += hours[i]
        volunteers[where] += hours[i] > 0
        # both ways are computed: branches on who works would be guessed wrong
        more = 1.0 if activity[i] == employed else 1 + day
        total[1, where] += safe[i] * more if age[i] >= first else 0.0


@compiled
def grown(alive: NDArray[Any], age: NDArray[Any], hours: NDArray[Any], first: int) -> tuple[Rows, Rows]:
    """Living residents from an age on who volunteer, and those who do not, ascending."""
    busy, free = np.empty(age.size, np.int32), np.empty(age.size, np.int32)
    n = m = 0
    for i in range(age.size):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        busy[n] = free[m] = i
        old, works = alive[i] & (age[i] >= first), hours[i] > 0
        n += old & works
        m += old & (not works)
    return busy[:n].copy(), free[:m].copy()


@compiled
def spendable(
    total: NDArray[np.float64], district: NDArray[Any], income: NDArray[Any], housing: NDArray[Any]
) -> None:
    """Add what households have left after housing cost to ``total``, shape ``(n,)``."""
    for i in range(district.size):
        if district[i] >= 0:
            left = income[i] - housing[i]
            # nothing is added for who has nothing left: a branch on that would be guessed wrong
            total[district[i]] += left if income[i] > housing[i] else 0.0


# fmt: off
@compiled
def supported(
    local: Floats, use: Floats, hours: Floats, outside: Floats, subsidy: Floats, kept: Floats, divided: Floats,
    parts: Floats, rest: Floats, elsewhere: float, total: Floats,
) -> None:
    # fmt: on
    """Fill ``total`` with support over need by crowd, district and kind.

    ``local`` spending is shared by those who keep it, all else is ``divided`` over what is open; ``parts`` are of the
    sources by kind, the last of them subsidy, and ``rest`` is what comes from ``elsewhere``.
    """
    last = parts.shape[1] - 1
    for c in range(total.shape[0]):
        for i in range(total.shape[1]):
            for k in range(total.shape[2]):
                level = local[i] * kept[c, i, k] * parts[k, 0]
                level += use[i] * divided[c, i, k] * parts[k, 1]
                level += hours[i] * divided[c, i, k] * parts[k, 2]
                level += subsidy[i, k] * parts[k, last]
                total[c, i, k] = level + elsewhere * outside[i] * divided[c, i, k] * rest[k]


# fmt: off
@compiled
def premises(
    district: Rows, kind: NDArray[np.int8], units: NDArray[np.float32], open_: NDArray[np.bool_], stock: Floats,
    one_more: Floats,
) -> None:
    # fmt: on
    """Add up premises that are open by district and kind; ``one_more`` becomes the last of each kind of a district."""
    for i in range(district.size):
        one_more[district[i], kind[i]] = units[i]
        stock[district[i], kind[i]] += np.float64(units[i]) if open_[i] else 0.0


# fmt: off
@compiled
def ratios(
    district: Rows, kind: NDArray[np.int8], open_: NDArray[np.bool_], now: Floats, then: Floats, least: float,
    out: Floats,
) -> None:
    # fmt: on
    """Fill ``out`` with the support of each premises: as it is, or as it would be if they were taken again."""
    for i in range(out.size):
        level = now[district[i], kind[i]] if open_[i] else then[district[i], kind[i]]
        out[i] = max(level, least)


# fmt: off
@compiled
def described(
    stock: Floats, funded: Floats, people: Floats, initiatives: Floats, normal: float, place: float, members: float,
    district: Rows, units: NDArray[np.float32],
    offered: Floats, known: Floats, amenities: Amounts, access: Amounts, number: Amounts, vacant: Amounts,
) -> None:
    # fmt: on
    """Fill the last six with what districts have to offer, of premises open by district and kind.

    ``funded`` are the meeting places (``MEETING``, in that order) beside those that live on their support, of which
    there are ``normal`` per resident; ``initiatives`` are all, and those without coaching, what coaching adds of which
    counts for ``place`` meeting places each. ``members`` know an informal organisation.
    """
    there = np.zeros(people.size)
    for i in range(district.size):
        there[district[i]] += np.float64(units[i])
    offered[:] = stock
    for d in range(people.size):
        for i in range(len(_MEETING)):
            offered[d, _MEETING[i]] = max(stock[d, _MEETING[i]] + funded[i, d], 0.0)
        meeting = shops = filled = 0.0
        for kind in _MEETING:
            meeting += offered[d, kind]
        for kind in _AMENITIES:
            shops += offered[d, kind]
        for kind in range(stock.shape[1]):
            filled += stock[d, kind]
        amenities[d] = shops * PER_THOUSAND / people[d]
        access[d] = (meeting + (initiatives[0, d] - initiatives[1, d]) * place) / people[d] / normal
        number[d] = initiatives[0, d] * PER_THOUSAND / people[d]
        vacant[d] = min(max(1 - (filled / there[d] if there[d] > 0 else 1.0), 0.0), 1.0)
        known[d] = stock[d, _INFORMAL] * members / people[d]
