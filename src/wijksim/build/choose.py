"""Exact choices: so many people out of a group, by weight, in a way keyed on each of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wijksim.build.choose_loops import happen
from wijksim.core.rng import Draws, derive_uid

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Uids = NDArray[np.uint64]

_TINY = np.finfo(np.float64).tiny


@lru_cache(maxsize=2**6)
def district_uid(number: int) -> int:
    """Identity under which a district draws for all of its people together."""
    return int(derive_uid("build.district", number))


def gumbel_for_life(draws: Draws, stream: str, uid: Uids) -> Floats:
    """Standard Gumbel draws without a month, shape of ``uid``."""
    made = np.negative(draws.life(stream, uid))
    np.negative(np.log1p(made, out=made), out=made)
    np.log(np.maximum(made, _TINY, out=made), out=made)
    return np.negative(made, out=made)


def take(log_weight: Floats, noise: Floats, eligible: Bools, n: int) -> Bools:
    """Choose exactly ``n`` of the eligible, one after another by weight.

    The ``n`` largest ``log_weight + Gumbel`` are a weighted sample without replacement.

    Parameters
    ----------
    log_weight, noise
        Log weights and Gumbel draws, shape (n_candidates,).
    eligible
        Who may be chosen.
    n
        How many; everybody eligible if there are fewer.

    Returns
    -------
    ndarray of bool
        Who was chosen.
    """
    rows = np.flatnonzero(eligible)
    chosen = np.zeros(eligible.shape, np.bool_)
    chosen[largest(rows, log_weight[rows] + noise[rows], n)] = True
    return chosen


def largest(rows: NDArray[np.intp], score: Floats, n: int) -> NDArray[np.intp]:
    """Give the ``n`` rows with the largest scores, in no order; all if there are fewer."""
    n = min(max(n, 0), rows.size)
    return rows[np.argpartition(-score, n - 1)[:n]] if n else rows[:0]


def sorted_within(codes: NDArray[np.integer], key: Floats) -> NDArray[np.intp]:
    """Order by codes, which are small, and those of one code by a key; equals stay in their order."""
    order = key.argsort(kind="stable")
    return order[codes[order].astype(np.int16).argsort(kind="stable")]


def bernoulli_balanced(chance: Floats, luck: Floats, start: float) -> Bools:
    """Let events happen with given chances, and so many in all as expected, to within one.

    Systematic sampling in random order: who it happens to is as scattered as with independent draws,
    but two worlds do not differ by the luck of the total.

    Parameters
    ----------
    chance
        Chance of each, shape (n,).
    luck
        Uniform draw of each; sets the order.
    start
        Uniform draw of the whole.
    """
    happens = np.empty(chance.size, np.bool_)
    happen(chance, luck, start, happens)
    return happens


def classed(shares: Floats, luck: Floats) -> NDArray[np.intp]:
    """Category of each draw, by cumulated shares.

    Parameters
    ----------
    shares
        Shares of the categories, shape (n_categories,); scaled to sum to 1.
    luck
        Uniform draws, shape (n,).
    """
    edges = (shares / shares.sum()).cumsum()[:-1]
    return np.asarray(edges.searchsorted(luck, side="right"))
