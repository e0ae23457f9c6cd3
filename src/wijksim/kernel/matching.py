"""Primitive 3: ranked requests meet limited capacity.

What is not met waits, and the caller measures the waiting.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def rank_order(
    score: NDArray[Any], uid: NDArray[np.uint64], group: NDArray[Any] | None = None
) -> NDArray[np.int64]:
    """Order of service: by group, then highest score, then lowest uid, so that ties never depend on rows."""
    keys: list[NDArray[Any]] = [uid, -np.asarray(score, dtype=np.float64)]
    if group is not None:
        keys.append(group)
    return np.lexsort(tuple(keys)).astype(np.int64)


def serve(
    wanted: NDArray[Any],
    capacity: NDArray[np.float64],
    *,
    group: NDArray[Any],
    score: NDArray[Any],
    uid: NDArray[np.uint64],
) -> NDArray[np.float64]:
    """Share a divisible capacity per group among ranked requests; the last one served may be served in part.

    Parameters
    ----------
    wanted
        Amount asked for, shape ``(n,)``, not negative.
    capacity
        Amount available per group, shape ``(n_groups,)``.
    group
        Group of each request.
    score
        Rank; highest first.
    uid
        Breaks ties.

    Returns
    -------
    NDArray
        Amount granted per request, shape ``(n,)``; sums per group never exceed capacity.
    """
    granted = np.zeros(wanted.size)
    if wanted.size == 0:
        return granted
    order = rank_order(score, uid, group)
    ask = np.asarray(wanted, dtype=np.float64)[order]
    groups = np.asarray(group)[order]
    running = np.cumsum(ask)
    first = np.ones(ask.size, dtype=bool)
    first[1:] = groups[1:] != groups[:-1]
    before_group = np.repeat((running - ask)[first], np.diff(np.append(np.flatnonzero(first), ask.size)))
    before = running - ask - before_group
    granted[order] = np.clip(capacity[groups] - before, 0, ask)
    return granted


def fill(
    places: NDArray[Any], *, group: NDArray[Any], score: NDArray[Any], uid: NDArray[np.uint64]
) -> NDArray[np.bool_]:
    """Give indivisible places per group to the highest-ranked requests.

    Parameters
    ----------
    places
        Whole places per group, shape ``(n_groups,)``.
    group, score, uid
        As in :func:`serve`.

    Returns
    -------
    NDArray
        True for those who get a place, shape ``(n,)``.
    """
    granted = serve(
        np.ones(score.size), np.floor(np.asarray(places, dtype=np.float64)), group=group, score=score, uid=uid
    )
    return granted >= 1
