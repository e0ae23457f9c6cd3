"""Identities that follow from what something is made of, and words for pairs.

Initial rows have low numbers; whatever comes later is known by a hash of its parents, its place or its number, so that
it is the same in every variant in which it comes.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.mixing import MASK, derived, mix, pairs

type Uids = NDArray[np.uint64]
type UidLike = NDArray[np.integer] | np.integer | int

_WORD: Final = np.dtype(np.uint64)
_DERIVED_BIT: Final = 2**61
_DERIVED = np.uint64(_DERIVED_BIT)
_BELOW_DERIVED = np.uint64(_DERIVED_BIT - 1)
_NOTHING = np.uint64(0)
_NO_WORDS = np.empty(0, dtype=np.uint64)


def derive_uid(namespace: str, *parts: UidLike) -> Uids:
    """Identity of something that is not an initial row, computed from what it is made of.

    Parameters
    ----------
    namespace : str
        What kind of thing it is; the same parts in another namespace give unrelated uids.
    *parts : int or array of int
        Whole numbers, also negative; they broadcast, and their order matters.

    Returns
    -------
    uint64 or ndarray of uint64
        In [2**61, 2**62), above every uid of an initial row. Among a million derived uids a shared
        one has a chance of 2 in 10 million.
    """
    start, k1, k2 = _namespace_words(namespace)
    words = [as_words(part) for part in parts]
    while len(words) > len(("first", "second")):  # more parts are taken in before the pass
        words[:2] = [np.asarray(_folded(np.array(start), words[0], k1, k2) ^ words[1])]
        start = _NOTHING
    plan = _in_one_pass(*words) if words else None
    if plan is not None:
        shape, size, across = plan
        first, second = words if len(words) > 1 else (words[0], _NO_WORDS)
        out = np.empty(size, _WORD)
        derived(first.reshape(-1), second.reshape(-1), across, start, k1, k2, _BELOW_DERIVED, _DERIVED, out)
        return out.reshape(shape)[()]
    state: Uids = np.array(start)
    for part in words:
        state = _folded(state, part, k1, k2)
    return state & _BELOW_DERIVED | _DERIVED


def _in_one_pass(
    first: Uids, second: Uids | None = None
) -> tuple[tuple[int, ...], tuple[int, int], bool] | None:
    """Shape of what follows from one part or two, in lines and columns, and whether the second goes across.

    None for shapes that are asked for too seldom to be worth it.
    """
    if second is None or second.ndim == 0 or (first.ndim == 1 and first.shape == second.shape):
        return first.shape, (first.size, 1), False
    if first.ndim == 0 and second.ndim == 1:
        return second.shape, (1, second.size), True
    row = second.ndim == 1 or (second.ndim == first.ndim and second.shape[0] == 1)
    if first.ndim == len(("line", "column")) and first.shape[1] == 1 and row:
        shape = (first.size, second.size)
        return shape, shape, True
    return None


def child_uid(mother_uid: UidLike, k: UidLike) -> Uids:
    """Give the uid of the k-th child of a mother, the same in every variant in which it is born."""
    return derive_uid("child", mother_uid, k)


@lru_cache(maxsize=1024)
def _namespace_key(namespace: str, number: int) -> int:
    digest = blake2b(namespace.encode(), salt=bytes([number]), digest_size=8, person=b"uid").digest()
    return int.from_bytes(digest, "little")


@lru_cache(maxsize=1024)
def _namespace_words(namespace: str) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Start and the two halves of the key of a namespace."""
    start, k1, k2 = (np.uint64(_namespace_key(namespace, n)) for n in range(3))
    return start, k1, k2


def as_words(values: UidLike) -> Uids:
    """Whole numbers as 64-bit words (two's complement)."""
    if isinstance(values, int):
        return np.array(values & MASK, dtype=np.uint64)
    array = np.asarray(values)
    if array.dtype.kind == "i":
        # A view reads negative numbers as their two's complement; a cast from int8 would not.
        return array.astype(np.int64, copy=False).view(np.uint64)
    if array.dtype.kind == "u" or array.size == 0:
        return array.astype(np.uint64, copy=False)
    raise TypeError(f"uids must be whole numbers, got {array.dtype}")


def _folded(state: Uids, words: Uids, k1: np.uint64, k2: np.uint64) -> Uids:
    """State after taking in words: the mix of their exclusive or, broadcast; always a new array."""
    taken = np.asarray(np.bitwise_xor(state, words, order="C"))
    # a view of one dimension, also of an array without any
    flat = taken.reshape(-1)
    mix(flat, k1, k2, flat)
    return taken


def pair_uids(a: Uids, b: Uids) -> Uids:
    """One word per unordered pair: the lower uid is mixed, the higher is not."""
    k1, k2, _ = _namespace_words("pair")
    if a.shape != b.shape:
        a, b = np.broadcast_arrays(a, b)
    words = np.empty(a.shape, np.uint64)
    pairs(np.ascontiguousarray(a).reshape(-1), np.ascontiguousarray(b).reshape(-1), k1, k2, words.reshape(-1))
    return words
