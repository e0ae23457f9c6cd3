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
type Flags = NDArray[np.bool_]

_MEETING = tuple(int(kind) for kind in MEETING)
_AMENITIES = tuple(int(kind) for kind in AMENITIES)
_INFORMAL = int(Kind.INFORMAL)
_SUMS = len(("residents", "visits", "hours", "spending"))
FOUND = len(("spending", "visits", "hours", "outside", "residents", "volunteers"))


# fmt: off
@compiled
def grown(
    first: int, alive: NDArray[Any], age: NDArray[Any], hours: NDArray[Any], lists: NDArray[np.int32]
) -> tuple[int, int]:
    # fmt: on
    """List living residents from an age on who volunteer, and those who do not, ascending; how many of each."""
    busy, free = lists[0], lists[1]
    works, idle = np.empty(age.size, np.bool_), np.empty(age.size, np.bool_)
    for i in range(age.size):
        old = alive[i] & (age[i] >= first)
        works[i], idle[i] = old & (hours[i] > 0), old & (not hours[i] > 0)
    n, m = np.uint32(0), np.uint32(0)
    for i in range(np.uint32(age.size)):
        # overwritten by the next unless it counts: no branch that could be guessed wrong
        busy[n] = free[m] = i
        n += np.uint32(works[i])
        m += np.uint32(idle[i])
    return int(n), int(m)


# fmt: off
@compiled
def added_up(
    total: Floats, volunteers: Floats, district: Rows, age: NDArray[np.int16], activity: NDArray[np.int8],
    safe: Amounts, hours: Amounts, terms: tuple[int, int, float], lives_in: Rows, income: NDArray[Any],
    housing: NDArray[Any],
) -> None:
    # fmt: on
    """Add residents, their visits to places and their volunteer hours to ``total``, shape ``(4, n)``; count volunteers.

    Also add what households have left after housing cost. An addition waits for the last one to the same sum: residents
    and households are taken side by side, so that they wait at once.

    Parameters
    ----------
    terms
        First age that counts, the code of being employed, how much more those without a job come by.
    """
    first, employed, day = terms
    for i in range(max(district.size, lives_in.size)):
        if i < district.size and district[i] >= 0:
            where = np.uint32(district[i])
            total[0, where] += 1
            total[2, where] += hours[i]
            volunteers[where] += hours[i] > 0
            # both ways are computed: branches on who works would be guessed wrong
            more = 1.0 if activity[i] == employed else 1 + day
            total[1, where] += safe[i] * more if age[i] >= first else 0.0
        if i < lives_in.size and lives_in[i] >= 0:
            left = income[i] - housing[i]
            # nothing is added for who has nothing left: a branch on that would be guessed wrong
            total[3, np.uint32(lives_in[i])] += left if income[i] > housing[i] else 0.0


# fmt: off
@compiled
def demanded(
    founded: Floats, terms: tuple[int, int, float], normal: tuple[float, float, float], hours_local: float,
    district: Rows, age: NDArray[np.int16], activity: NDArray[np.int8], safe: Amounts, hours: Amounts, lives_in: Rows,
    income: NDArray[Any], housing: NDArray[Any], power: Amounts, volunteering: Amounts, found: Floats,
) -> None:
    # fmt: on
    """Fill ``found`` with sources of support per resident over what is ``normal``, and two lines more.

    The sources are spending, visits and hours, and what comes from outside. The other two lines are residents, at least
    one, and volunteers, per district like the others; see :func:`added_up`. Spending and volunteering per resident are
    written.
    """
    sums = np.zeros((_SUMS, founded.size))
    found[5] = 0.0
    added_up(sums, found[5], district, age, activity, safe, hours, terms, lives_in, income, housing)
    for d in range(founded.size):
        people = max(sums[0, d], 1.0)
        spending, given = sums[3, d] / people, sums[2, d] / people
        power[d], volunteering[d] = spending, given * hours_local
        found[0, d] = spending / normal[0]
        found[1, d] = sums[1, d] / people / normal[1]
        found[2, d] = given / normal[2]
        found[3, d], found[4, d] = founded[d] / people, people


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
def _premises(
    district: Rows, kind: NDArray[np.int8], units: Amounts, open_: Flags, stock: Floats, one_more: Floats
) -> None:
    # fmt: on
    """Add up premises that are open by district and kind; ``one_more`` becomes the last of each kind of a district."""
    for i in range(district.size):
        one_more[district[i], kind[i]] = units[i]
        stock[district[i], kind[i]] += np.float64(units[i]) if open_[i] else 0.0


# fmt: off
@compiled
def crowded(
    district: Rows, kind: NDArray[np.int8], units: Amounts, open_: Flags, people: Floats, dense: Floats, crowd: Floats,
) -> None:
    # fmt: on
    """Fill ``crowd`` with premises open per resident over what is ``dense`` nationally, by district and kind.

    First as it is now, and then with one more.
    """
    stock, one_more = np.zeros((people.size, dense.size)), np.zeros((people.size, dense.size))
    _premises(district, kind, units, open_, stock, one_more)
    for d in range(people.size):
        for k in range(dense.size):
            room = people[d] * dense[k]
            crowd[0, d, k] = stock[d, k] / room
            crowd[1, d, k] = crowd[0, d, k] + one_more[d, k] / room


# fmt: off
@compiled
def shared(
    founded: Floats, terms: tuple[int, int, float], normal: tuple[float, float, float], hours_local: float,
    dense: Floats, floor: float, district: Rows, age: NDArray[np.int16], activity: NDArray[np.int8], safe: Amounts,
    hours: Amounts, lives_in: Rows, income: NDArray[Any], housing: NDArray[Any], power: Amounts, volunteering: Amounts,
    there: Rows, kind: NDArray[np.int8], units: Amounts, open_: Flags, crowd: Floats, divided: Floats, found: Floats,
) -> None:
    # fmt: on
    """Do what :func:`demanded` and :func:`crowded` do, and fill in what of demand is left for each who shares it.

    Premises are ``there``; demand is ``divided`` by the ``crowd``, of which none counts as less than the floor.
    """
    demanded(
        founded, terms, normal, hours_local, district, age, activity, safe, hours, lives_in, income, housing, power,
        volunteering, found,
    )  # fmt: skip
    crowded(there, kind, units, open_, found[4], dense, crowd)
    for c in range(crowd.shape[0]):
        for d in range(crowd.shape[1]):
            for k in range(crowd.shape[2]):
                divided[c, d, k] = 1 / max(crowd[c, d, k], floor)


# fmt: off
@compiled
def weighed(
    demand: Floats, subsidy: Floats, kept: Floats, divided: Floats, near: Floats, parts: Floats, rest: Floats,
    elsewhere: float, least: float, shop: int, retained: float, district: Rows, kind: NDArray[np.int8], open_: Flags,
    turnover: Amounts, total: Floats, support: Floats, lists: NDArray[np.int32],
) -> tuple[int, int]:
    # fmt: on
    """Fill in support by district and kind, now and with one more, and of each premises.

    List those that are open, and those that are vacant: these have the support they would have if they were taken
    again. Return how many of each. The ``turnover`` of local trade is written: what is spent in shops ``near`` and from
    ``elsewhere``, of which so much is ``retained``.
    """
    supported(
        demand[0], demand[1], demand[2], demand[3], subsidy, kept, divided, parts, rest, elsewhere, total
    )
    n = m = 0
    for i in range(district.size):
        level = total[0 if open_[i] else 1, district[i], kind[i]]
        support[i] = max(level, least)
        if open_[i]:
            lists[0, n] = i
            n += 1
        else:
            lists[1, m] = i
            m += 1
    part = parts[shop, 0]
    for d in range(near.size):
        outside = elsewhere * demand[3, d] * (1 - part) / part
        turnover[d] = retained * (demand[0, d] * near[d] + outside)
    return n, m


# fmt: off
@compiled
def lasting(stock: Floats, volunteers: Floats, pace: tuple[float, int, float], coached: Floats) -> None:
    # fmt: on
    """Bring the ``stock`` of initiatives, all and those without coaching, a month on.

    ``pace`` says how many volunteers begin in so many months, and what part ends; those ``coached`` do not end.
    """
    starting, months, ends = pace
    for line in range(stock.shape[0]):
        for d in range(stock.shape[1]):
            stock[line, d] = stock[line, d] + volunteers[d] * starting / months - stock[line, d] * ends
    for d in range(coached.size):
        stock[0, d] += coached[d]


# fmt: off
@compiled
def described(
    funded: Floats, coached: Floats, initiatives: Floats, pace: tuple[float, int, float], normal: float, place: float,
    members: float, demand: Floats, what: NDArray[np.int8], open_: Flags, stock: Floats, district: Rows, units: Amounts,
    offered: Floats, unknown: Floats, amenities: Amounts, access: Amounts, number: Amounts, vacant: Amounts,
) -> None:
    # fmt: on
    """Fill ``stock`` with premises open by district and kind, and the six last arrays with what is on offer.

    ``funded`` are the meeting places (``MEETING``, in that order) beside those that live on their support, of which
    there are ``normal`` per resident; ``initiatives`` go on as in :func:`lasting`, and what coaching adds counts for
    ``place`` meeting places each. ``members`` know an informal organisation; ``unknown`` is the log of the share of
    residents who know none. Residents and volunteers stand in ``demand``, as :func:`demanded` fills it.
    """
    people = demand[4]
    lasting(initiatives, demand[5], pace, coached)
    there = np.zeros(people.size)
    stock[:] = 0.0
    for i in range(district.size):
        there[district[i]] += np.float64(units[i])
    _premises(district, what, units, open_, stock, np.empty(stock.shape))
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
        unknown[d] = -(stock[d, _INFORMAL] * members / people[d])
