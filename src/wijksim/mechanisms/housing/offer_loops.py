"""Who is asked, how offers end, and the order of the queue: compiled passes over lists of seekers and over offers."""

from __future__ import annotations

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

_REGULAR, _REHOUSED = int(SeekerCategory.REGULAR), int(SeekerCategory.REHOUSED)
_NEWCOMER = int(SeekerKind.NEWCOMER)
_ONE = np.float32(1)


# fmt: off
@compiled
def ask(
    seekers: Rows, allowed: Bools, rank: Floats, longest: int, vacant: Rows, vacancies: tuple[Uids, Floats],
    rent: NDArray[np.float32], uid: Uids, income: NDArray[np.float32], burden: tuple[float, float, float, float],
    ends: Whole, names: Rows, pairs: tuple[Uids, Uids], odds: Floats,
) -> int:
    # fmt: on
    """List who can be offered each vacancy, in the order of offers, and what each thinks of it; return how many.

    Parameters
    ----------
    allowed, rank
        To whom of the seekers the dwelling may be let, and the order of offers, lowest first; who has an infinite rank
        gets none.
    longest
        How many of a list can be reached at most.
    vacant, vacancies
        Dwelling of each, and its identity and appeal.
    rent, uid, income
        Of all dwellings, and of all seekers.
    burden
        Mean and deviation of rent as a share of income, how far from the mean it counts, and its weight.
    ends
        Filled in: where each list ends.
    names, pairs, odds
        Filled in: the seekers, the identities of vacancy and seeker, and the log odds of a refusal.
    """
    key, appeal = vacancies
    mean, deviation = np.float32(burden[0]), np.float32(burden[1])
    most, weight = np.float32(burden[2]), np.float32(burden[3])
    count = 0
    order = np.empty(seekers.shape[1], np.int64)
    for i in range(seekers.shape[0]):
        one, kept = i % key.size, 0
        for j in range(seekers.shape[1]):
            if allowed[i, j] and np.isfinite(rank[i, j]):
                at = kept
                while at > 0 and rank[i, order[at - 1]] > rank[i, j]:
                    order[at] = order[at - 1]
                    at -= 1
                order[at] = j
                kept += 1
        for k in range(min(longest, kept)):
            row = seekers[i, order[k]]
            quote = (rent[vacant[one]] / max(income[row], _ONE) - mean) / deviation
            names[count] = row
            pairs[0][count], pairs[1][count] = key[one], uid[row]
            odds[count] = -(appeal[one] + weight * min(max(quote, -most), most))
            count += 1
        ends[i] = count
    return count


# fmt: off
@compiled
def settle(
    vacant: Rows, turn: Whole, category: Whole, lists: tuple[Whole, Rows, Floats, Floats], accepts: float, most: int,
    taken: Bools, offers_made: Whole, lettings: tuple[Rows, Rows, Whole, Whole, Whole, Whole], demoted: Rows,
) -> tuple[int, int]:
    # fmt: on
    """Make the offers: every vacancy in its first category, then those that find nobody in their second.

    Priority seekers have one offer: who refuses it loses priority. Who must leave for demolition has as many as it
    takes. Return how many lettings there are, and how many lost priority.

    Parameters
    ----------
    vacant, turn, most
        The vacancies, their order, and refusals of regular seekers after which no more offers are made.
    category, lists
        Of each list its category; where it ends and the seekers, as :func:`ask` lists them, a draw of each, and odds of
        a refusal.
    accepts
        Chance that a seeker with priority accepts.
    taken, offers_made, lettings, demoted
        Filled in: seekers who have no offer left; offers by category; dwelling, seeker, list, category, offers and
        refusals of regular seekers of each letting; and who lost priority.
    """
    (ends, names, luck, against), (dwellings, winners, origin, grounds, made, refusals) = (
        lists,
        lettings,
    )
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
            if luck[k] < (1 / (1 + against[k]) if regular else accepts):
                winner = row
                break
            if regular and offers >= most:
                break
            if not regular and category[at] != _REHOUSED:
                demoted[lost], taken[row] = row, True
                lost += 1
        offers_made[category[at]] += offers
        if regular:
            refused[vacancy] += offers - (winner >= 0)
        if winner >= 0:
            dwellings[let], winners[let], origin[let] = vacant[vacancy], winner, at
            grounds[let], made[let], refusals[let] = category[at], offers, refused[vacancy]
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
    seekers: tuple[Codes, Codes, Floats, Rows, Floats],
    before: tuple[Rows, Floats, Rows, Rows],
    after: tuple[Rows, Floats, Rows, Rows],
    counted: tuple[Whole, Whole, Whole],
) -> tuple[int, int, int, int]:
    """Fill the lists ``after`` with those of ``before`` who have not ``left``, and with who ``came``.

    Return how many look everywhere, at most in one category, look in the own district alone, and are of the districts.

    Parameters
    ----------
    seekers
        Kind, category, place on the ring, scope and place in the order of registration.
    before, after
        Who looks everywhere and their places, ascending by place; who looks in the own district alone, the longest
        registered first; and households and residents of the districts, wherever they look.
    counted
        Filled in by category: where it begins among who looks everywhere, how many it has there and of the others.
    """
    kind, category, ring, scope, seniority = seekers
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
            at = n_local
            while at > 0 and seniority[after[2][at - 1]] > seniority[row]:
                after[2][at] = after[2][at - 1]
                at -= 1
            after[2][at] = row
            n_local += 1
        else:
            new[n_new], place[n_new] = row, category[row] + ring[row]
            n_new += 1
    order = np.argsort(place[:n_new])
    count = merge(before[0], before[1], gone, new[order], place[order], after[0], after[1])
    (start, many, local), longest = counted, 0
    for one in range(start.size):
        start[one] = np.searchsorted(after[1][:count], float(one))
        many[one] = np.searchsorted(after[1][:count], float(one + 1)) - start[one]
        local[one], longest = 0, max(longest, many[one])
    for row in after[2][:n_local]:
        local[category[row]] += 1
    return count, longest, n_local, n_own
