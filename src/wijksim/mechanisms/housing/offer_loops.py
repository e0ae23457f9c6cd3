"""Who is asked, how offers end, and the order of the queue: compiled passes over lists of seekers and over offers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.core.mixing import DERIVED, luck_of, mixed
from wijksim.state.codes import SeekerCategory

type Rows = NDArray[np.int32]
type Codes = NDArray[np.int8]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Whole = NDArray[np.int64]
type Floats = NDArray[np.float64]

_REGULAR, _REHOUSED = int(SeekerCategory.REGULAR), int(SeekerCategory.REHOUSED)
_ONE = np.float32(1)
_DERIVED, _BELOW_DERIVED = np.uint64(DERIVED), np.uint64(DERIVED - 1)


# fmt: off
@compiled
def ask(
    seekers: Rows, allowed: Bools, rank: Floats, longest: int, vacant: Rows, key: Uids, appeal: Floats,
    rent: NDArray[np.float32], uid: Uids, income: NDArray[np.float32], burden: tuple[float, float, float, float],
    pair: Uids, ends: Whole, names: Rows, words: Uids, odds: Floats,
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
    vacant, key, appeal
        Dwelling of each, and its identity and appeal.
    rent, uid, income
        Of all dwellings, and of all seekers.
    burden
        Mean and deviation of rent as a share of income, how far from the mean it counts, and its weight.
    ends
        Filled in: where each list ends.
    names, words, odds
        Filled in: the seekers, words of each with the vacancy in the namespace ``pair``, and the log odds of a refusal.
    """
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
            low, high = min(key[one], uid[row]), max(key[one], uid[row])
            words[count] = mixed(low, pair[0], pair[1]) ^ high
            odds[count] = -(appeal[one] + weight * min(max(quote, -most), most))
            count += 1
        ends[i] = count
    return count


@inlined
def first_ones(offers_made: Whole) -> int:
    """Bring the categories in which offers were made to the front, each with its code; return how many these are."""
    count = 0
    for one in range(offers_made.shape[0]):
        if offers_made[one, 1] > 0:
            offers_made[count, 1], offers_made[count, 2] = offers_made[one, 1], offers_made[one, 2]
            offers_made[count, 0] = one
            count += 1
    return count


@inlined
def name_all(uids: Uids, homes: Rows, dwellings: tuple[Uids, NDArray[Any]], words: Uids) -> None:
    """Fill ``uids`` with what :func:`wijksim.core.uids.derive_uid` makes of uids and how often each was lived in."""
    for i in range(homes.size):
        begun = mixed(words[0] ^ dwellings[0][homes[i]], words[1], words[2])
        word = mixed(begun ^ np.uint64(dwellings[1][homes[i]]), words[1], words[2])
        uids[i] = (word & _BELOW_DERIVED) | _DERIVED


# fmt: off
@compiled
def settle(
    vacant: Rows, key: Uids, dwellings: tuple[Uids, NDArray[Any]], letting: Uids, category: Whole,
    lists: tuple[Whole, Rows, Uids, Floats], offer: Uids, accepts: float, most: int, taken: Bools, offers_made: Whole,
    let_to: Rows, how: Whole, demoted: Rows, uids: Uids,
) -> tuple[int, int, int]:
    # fmt: on
    """Make the offers: every vacancy in its first category, then those that find nobody in their second.

    Priority seekers have one offer: who refuses it loses priority. Who must leave for demolition has as many as it
    takes. Return how many lettings there are, how many lost priority, and in how many categories offers were made.

    Parameters
    ----------
    vacant, key, dwellings, letting
        The vacancies, and their identities, in the order of which they are let; uid and how often it was lived in, of
        all dwellings; and namespace of lettings.
    category, lists, offer
        Of each list its category; ends, seekers, words of each with the vacancy and odds of a refusal, as :func:`ask`
        lists them; and what these words draw under.
    accepts, most
        Chance that a seeker with priority accepts, and refusals of regular ones after which no more offers are made.
    taken, offers_made, let_to, how, demoted, uids
        Filled in: who has no offer left; of each category with offers its code, these and lettings; of each letting
        dwelling and seeker, list, category, offers and refusals of regular seekers; who lost priority; identities.
    """
    ends, names, words, against = lists
    # an order of their own, so that none has precedence by where it stands in the table
    turn, let, lost = np.argsort(key), 0, 0
    refused, waiting = np.zeros(turn.size, np.int64), np.ones(turn.size, np.bool_)
    offers_made[:] = 0
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
            if luck_of(words, offer, k) < (1 / (1 + against[k]) if regular else accepts):
                winner = row
                break
            if regular and offers >= most:
                break
            if not regular and category[at] != _REHOUSED:
                demoted[lost], taken[row] = row, True
                lost += 1
        offers_made[category[at], 1] += offers
        if regular:
            refused[vacancy] += offers - (winner >= 0)
        if winner >= 0:
            let_to[0, let], let_to[1, let] = vacant[vacancy], winner
            how[0, let], how[1, let], how[2, let], how[3, let] = at, category[at], offers, refused[vacancy]
            taken[winner], waiting[vacancy] = True, False
            offers_made[category[at], 2] += 1
            let += 1
    name_all(uids, let_to[0, :let], dwellings, letting)
    return let, lost, first_ones(offers_made)


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


# fmt: off
@compiled
def renew(
    left: Rows, came: Rows, before_them: tuple[Rows, Rows], seekers: tuple[Codes, Floats, Rows, Floats],
    before: tuple[Rows, Floats, Rows], after: Rows, after_place: Floats, counted: Whole,
) -> tuple[int, int, int]:
    # fmt: on
    """Fill the lists ``after`` with those of ``before`` who have not left, and with who came.

    Return how many look everywhere, at most in one category, and look in the own district alone.

    Parameters
    ----------
    left, came, before_them
        Who left and who came; and who had left and who had come again already, before these left.
    seekers
        Category, place on the ring, scope and place in the order of registration.
    before, after, after_place
        Who looks everywhere and their places, ascending by place; and who looks in the own district alone, the longest
        registered first. Lines of ``after`` are the first and the last of these lists.
    counted
        Filled in by category: where it begins among who looks everywhere, how many it has there and of the others.
    """
    category, ring, scope, seniority = seekers
    gone, for_good = np.zeros(category.size, np.bool_), np.zeros(category.size, np.bool_)
    for row in before_them[0]:
        gone[row] = True
    for row in left:
        gone[row] = for_good[row] = True
    n_local, n_new = 0, 0
    for row in before[2]:
        if not gone[row]:
            after[1, n_local] = row
            n_local += 1
    most = before_them[1].size + came.size
    new, place = np.empty(most, np.int32), np.empty(most)
    for i in range(most):
        again = i < before_them[1].size
        row = before_them[1][i] if again else came[i - before_them[1].size]
        if again and for_good[row]:
            continue
        if scope[row] >= 0:
            at = n_local
            while at > 0 and seniority[after[1, at - 1]] > seniority[row]:
                after[1, at] = after[1, at - 1]
                at -= 1
            after[1, at] = row
            n_local += 1
        else:
            new[n_new], place[n_new] = row, category[row] + ring[row]
            n_new += 1
    order = np.argsort(place[:n_new])
    count = merge(before[0], before[1], gone, new[order], place[order], after[0], after_place)
    longest = 0
    for one in range(counted.shape[1]):
        counted[0, one] = np.searchsorted(after_place[:count], float(one))
        counted[1, one] = np.searchsorted(after_place[:count], float(one + 1)) - counted[0, one]
        counted[2, one], longest = 0, max(longest, counted[1, one])
    for row in after[1, :n_local]:
        counted[2, category[row]] += 1
    return count, longest, n_local
