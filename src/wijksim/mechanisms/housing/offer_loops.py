"""Who sees what, what may be let to whom, and how offers end: compiled passes over lists of seekers and over offers."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import SeekerCategory

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]

LETTING: Final = ("list", "seeker", "offers", "refusals")  # what is written down of each
_REGULAR, _REHOUSED = int(SeekerCategory.REGULAR), int(SeekerCategory.REHOUSED)
_NEWCOMER = int(SeekerKind.NEWCOMER)
_ONE = np.float32(1)


@compiled
def respond(
    category: Whole,
    luck: Floats,
    ring: int,
    district: Rows,
    queue: tuple[Rows, Floats, Whole, Whole],
    local: Rows,
    ground: Codes,
    scope: Rows,
    width: int,
    found: Rows,
) -> None:
    """Fill ``found`` with who responds to each vacancy in each category: -1 stands for nobody.

    Parameters
    ----------
    category
        Of each vacancy; or a second list of categories of the same vacancies after the first.
    luck, ring
        Draws of each vacancy, and the column that tells where on the ring it stands.
    district
        Of each vacancy.
    queue
        Seekers who look everywhere, their places, and where each category begins and how many it has.
    local
        Who only looks in the own district, the longest registered first.
    ground, scope
        Category and district looked at, of all seekers.
    width
        How many see a vacancy round the ring; the places beyond are for who only looks in that district.
    """
    rows, place, start, count = queue
    for i in range(category.size):
        vacancy, one = i % district.size, category[i]
        many = count[one]
        index = np.searchsorted(place, one + luck[vacancy, ring]) - start[one]
        for j in range(width):
            found[i, j] = -1
            if j < many:
                around = index + j
                found[i, j] = rows[start[one] + (around - many if around >= many else around)]
        j = width
        if one in (_REGULAR, _REHOUSED):
            for row in local:
                if j < found.shape[1] and ground[row] == one and scope[row] == district[vacancy]:
                    found[i, j] = row
                    j += 1
        found[i, j:] = -1


@compiled
def lawful(
    seekers: Rows,
    persons: Codes,
    income: NDArray[np.float32],
    rooms: Codes,
    rent: NDArray[np.float32],
    excepted: Bools,
    free: Bools,
    caps: NDArray[np.float32],
    limits: Floats,
    sizes: Floats,
    out: Bools,
) -> None:
    """Mark in ``out``, of the shape of ``seekers``, to whom each dwelling may be let; -1 stands for nobody.

    Parameters
    ----------
    rooms, rent, excepted, free
        Per dwelling; whether it is excepted from appropriate letting and from the income limit.
    caps
        Rent up to which a dwelling is appropriate for the benefit of a small and of a large household.
    limits
        Income up to which a single and a larger household have that benefit, and up to which they may be let to.
    sizes
        Persons of a large household, and rooms more than persons that are allowed.
    """
    for i in range(seekers.shape[0]):
        one = i % rooms.size
        for j in range(seekers.shape[1]):
            row = seekers[i, j]
            out[i, j] = False
            if row < 0:
                continue
            many = np.int64(persons[row])
            fits = many <= rooms[one] + 1 and many >= rooms[one] - sizes[1]
            dear = not excepted[one] and rent[one] > (caps[0] if many < sizes[0] else caps[1])
            benefit = income[row] <= (limits[0] if many <= 1 else limits[1])
            rich = income[row] > (limits[2] if many <= 1 else limits[3])
            out[i, j] = fits and not (benefit and dear) and (free[one] or not rich)


@compiled
def ask(
    seekers: Rows,
    rank: Floats,
    order: Whole,
    longest: int,
    vacancies: tuple[Uids, Floats, NDArray[np.float32]],
    uid: Uids,
    income: NDArray[np.float32],
    burden: tuple[float, float, float, float],
    ends: Whole,
    names: Rows,
    pairs: tuple[Uids, Uids],
    odds: Floats,
) -> int:
    """List who can be offered each vacancy, in the order of offers, and what each thinks of it; return how many.

    Parameters
    ----------
    order
        Places of each list, lowest rank first; who has an infinite rank gets no offer.
    longest
        How many of a list can be reached at most.
    vacancies
        Identity, appeal and rent of each.
    uid, income
        Of all seekers.
    burden
        Mean and deviation of rent as a share of income, how far from the mean it counts, and its weight.
    ends
        Filled in: where each list ends.
    names, pairs, odds
        Filled in: the seekers, the identities of vacancy and seeker, and the log odds of a refusal.
    """
    key, appeal, rent = vacancies
    mean, deviation = np.float32(burden[0]), np.float32(burden[1])
    most, weight = np.float32(burden[2]), np.float32(burden[3])
    count = 0
    for i in range(order.shape[0]):
        one = i % key.size
        for j in range(min(longest, order.shape[1])):
            at = order[i, j]
            if not np.isfinite(rank[i, at]):
                continue
            row = seekers[i, at]
            quote = (rent[one] / max(income[row], _ONE) - mean) / deviation
            names[count] = row
            pairs[0][count], pairs[1][count] = key[one], uid[row]
            odds[count] = -(appeal[one] + weight * min(max(quote, -most), most))
            count += 1
        ends[i] = count
    return count


@compiled
def settle(
    turn: Whole,
    category: Whole,
    ends: Whole,
    names: Rows,
    yes: tuple[Bools, Bools],
    most: int,
    taken: Bools,
    made: Whole,
    lettings: Whole,
    demoted: Rows,
) -> tuple[int, int]:
    """Make the offers: every vacancy in its first category, then those that find nobody in their second.

    Priority seekers have one offer: who refuses it loses priority. Who must leave for demolition has as many as it
    takes. Return how many lettings there are, and how many lost priority.

    Parameters
    ----------
    turn, most
        Order of the vacancies, and refusals of regular seekers after which no more offers are made.
    category, ends, names
        As :func:`ask` lists them.
    yes
        Who would accept as a regular seeker, and who with priority.
    taken, made, lettings, demoted
        Filled in: seekers who have no offer left, offers by category, what :data:`LETTING` names of each letting
        (refusals are those of regular seekers), and who lost priority.
    """
    let, lost = 0, 0
    refused, waiting = np.zeros(turn.size, np.int64), np.ones(turn.size, np.bool_)
    for i in range(2 * turn.size):
        vacancy = turn[i % turn.size]
        if not waiting[vacancy]:
            continue
        at = vacancy + i // turn.size * turn.size
        regular, offers, winner = category[at] == _REGULAR, 0, -1
        for k in range(ends[at - 1] if at > 0 else 0, ends[at]):
            row = names[k]
            if taken[row]:
                continue
            offers += 1
            if yes[0][k] if regular else yes[1][k]:
                winner = row
                break
            if regular and offers >= most:
                break
            if not regular and category[at] != _REHOUSED:
                demoted[lost], taken[row] = row, True
                lost += 1
        made[category[at]] += offers
        if regular:
            refused[vacancy] += offers - (winner >= 0)
        if winner >= 0:
            lettings[let, 0], lettings[let, 1] = at, winner
            lettings[let, 2], lettings[let, 3] = offers, refused[vacancy]
            taken[winner], waiting[vacancy] = True, False
            let += 1
    return let, lost


@compiled
def merge(
    rows: Rows,
    place: Floats,
    gone: Bools,
    new_rows: Rows,
    new_place: Floats,
    out_rows: Rows,
    out_place: Floats,
) -> int:
    """Fill the lists, ascending by place, with those of ``rows`` who are not ``gone`` and with ``new_rows``.

    Both stand by place already; of equal places who was there goes first. Return how many.
    """
    count, j = 0, 0
    for i in range(rows.size):
        if gone[rows[i]]:
            continue
        while j < new_rows.size and new_place[j] < place[i]:
            out_rows[count], out_place[count] = new_rows[j], new_place[j]
            j += 1
            count += 1
        out_rows[count], out_place[count] = rows[i], place[i]
        count += 1
    while j < new_rows.size:
        out_rows[count], out_place[count] = new_rows[j], new_place[j]
        j += 1
        count += 1
    return count


@compiled
def renew(
    left: Rows,
    came: Rows,
    seekers: tuple[Codes, Codes, Floats, Rows],
    before: tuple[Rows, Floats, Rows, Rows],
    after: tuple[Rows, Floats, Rows, Rows],
) -> tuple[int, int, int]:
    """Fill the lists ``after`` with those of ``before`` who have not ``left``, and with who ``came``.

    Return how many look everywhere, look in the own district alone, and are of the districts.

    Parameters
    ----------
    seekers
        Kind, category, place on the ring and scope.
    before, after
        Who looks everywhere and their places, ascending by place; who looks in the own district alone; and households
        and residents of the districts, wherever they look.
    """
    kind, category, ring, scope = seekers
    gone = np.zeros(kind.size, np.bool_)
    for row in left:
        gone[row] = True
    n_local, n_own, n_new = 0, 0, 0
    for row in before[2]:
        if not gone[row]:
            after[2][n_local] = row
            n_local += 1
    for row in before[3]:
        if not gone[row]:
            after[3][n_own] = row
            n_own += 1
    new, place = np.empty(came.size, np.int32), np.empty(came.size)
    for row in came:
        if kind[row] != _NEWCOMER:
            after[3][n_own] = row
            n_own += 1
        if scope[row] >= 0:
            after[2][n_local] = row
            n_local += 1
        else:
            new[n_new], place[n_new] = row, category[row] + ring[row]
            n_new += 1
    order = np.argsort(place[:n_new])
    count = merge(before[0], before[1], gone, new[order], place[order], after[0], after[1])
    return count, n_local, n_own


@compiled
def leaving(alive: Bools, wants_home: Codes, home_sought: Codes, out: Rows) -> int:
    """Fill ``out`` with residents who begin to want a home; who wants none any more stops looking. Return how many."""
    count = 0
    for i in range(alive.size):
        if wants_home[i] > 0:
            if home_sought[i] < 0 and alive[i]:
                out[count] = i
                count += 1
        elif wants_home[i] == 0 and home_sought[i] >= 0:
            home_sought[i] = -1
    return count
