"""Who comes from elsewhere to take what is left on the owner and private market: compiled passes over vacancies."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled
from wijksim.core.mixing import fraction, identity, mixed
from wijksim.state.codes import Tenure

type Rows = NDArray[np.int32]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]
type Floats = NDArray[np.float64]

OUTSIDE: Final = ("buyer", "starter", "private")  # pools of newcomers on the market
BUYER, STARTER, PRIVATE = range(len(OUTSIDE))
_OWNER = int(Tenure.OWNER)
_THOUSAND = np.float32(1000)


@compiled
def choose(
    vacant: Rows,
    dwellings: tuple[Any, ...],
    luck: Floats,
    comes: Bools,
    pools: tuple[Any, ...],
    shares: tuple[float, float, float, float],
    channel: Rows,
    chosen: NDArray[np.int64],
) -> None:
    """Fill in from which pool the household comes that takes each dwelling, -1 if nobody does, and its record.

    Who is far above the price looks elsewhere, unless nobody else comes; a private landlord without anybody who can
    pay takes the highest income of those who came. A seller without any waits for the first who can, if there is one.

    Parameters
    ----------
    dwellings
        Owner, rooms, rent and value, uid and how often it was lived in.
    luck
        Which records come to see each dwelling, and last a draw for its channel and for the one who is waited for.
    comes
        Who of them is not put off the district; without any column, everybody.
    pools
        Where each pool begins and how many it has; incomes and persons; buyers by income, and those incomes.
    shares
        Starters among who rents, loan in incomes a month, rent as a share of income, and width of the band of incomes.
    """
    owner, rooms, rent, value = dwellings[:4]
    start, size, income, persons, ranked, ranked_income = pools
    visits = luck.shape[1] - 1
    for i in range(vacant.size):
        row, last = vacant[i], luck[i, visits]
        buys = owner[row] == _OWNER
        pool = BUYER if buys else (STARTER if last < shares[0] else PRIVATE)
        many, channel[i] = size[pool], -1
        if many == 0:
            continue
        need = rent[row] / np.float32(shares[2])
        if buys:
            need = value[row] * _THOUSAND / np.float32(shares[1])
        band = need * np.float32(shares[3])
        # the first who is close to the price, or else can pay, or else has most
        found, rank, most = np.int64(luck[i, 0] * many), 0, -1.0
        for k in range(visits):
            record = np.int64(luck[i, k] * many)
            means = income[start[pool] + record]
            fits = persons[start[pool] + record] <= rooms[row] + 1 and (comes.shape[1] == 0 or comes[i, k])
            if fits and means >= need:
                better = 2 if means <= band else 1
                if better > rank:
                    found, rank = record, better
            elif fits and rank == 0 and means > most:
                found, most = record, means
        if rank == 0 and buys:
            first = np.searchsorted(ranked_income, np.float64(need))
            if first >= many:
                continue
            found = ranked[min(first + np.int64(last * (many - first)), many - 1)]
        channel[i], chosen[i] = pool, found


# fmt: off
@compiled
def fill(
    vacant: Rows, dwellings: tuple[Any, ...], visits: int, words: tuple[Uids, Uids], viewing: Uids, comes: Bools,
    pools: tuple[Any, ...], shares: tuple[float, float, float, float], taken: Rows, records: NDArray[np.int64],
    uids: Uids,
) -> tuple[int, int, int]:
    # fmt: on
    """Fill in which dwellings somebody takes, pool by pool, with the record in the pool and the identity.

    Return how many each pool fills.

    Parameters
    ----------
    visits
        How many records come to see each dwelling.
    words, viewing
        Namespaces of who arrives and of who comes to see a dwelling, and what these draw under.

    Everything else is as for :func:`choose`.
    """
    key, luck = np.empty(vacant.size, np.uint64), np.empty((vacant.size, visits + 1))
    for i in range(vacant.size):
        key[i] = identity(dwellings[4][vacant[i]], np.uint64(dwellings[5][vacant[i]]), words[0])
        for k in range(visits + 1):
            luck[i, k] = fraction(mixed(identity(key[i], np.uint64(k), words[1]), viewing[0], viewing[1]))
    channel, chosen = np.empty(vacant.size, np.int32), np.empty(vacant.size, np.int64)
    choose(vacant, dwellings, luck, comes, pools, shares, channel, chosen)
    counts, n = np.zeros(len(OUTSIDE), np.int64), 0
    for pool in range(counts.size):
        for i in range(vacant.size):
            if channel[i] == pool:
                taken[n], records[n], uids[n] = vacant[i], chosen[i], key[i]
                counts[pool] += 1
                n += 1
    return counts[BUYER], counts[STARTER], counts[PRIVATE]
