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

from wijksim.core.mixing import DERIVED, MASK, derived, mix, pairs

type Uids = NDArray[np.uint64]
type UidLike = NDArray[np.integer] | np.integer | int

_WORD: Final = np.dtype(np.uint64)
_ARRAY: Final = np.ndarray
_WHOLE: Final = np.dtype(np.int64)
_DERIVED = np.uint64(DERIVED)
_BELOW_DERIVED = np.uint64(DERIVED - 1)
_TWO: Final = len(("first", "second"))
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
    words, key = list(map(as_words, parts)), _namespace_words(namespace)
    if len(words) == _TWO:
        return _of_two(words[0], words[1], key)
    if not words:
        return np.asarray(key[0]) & _BELOW_DERIVED | _DERIVED
    if len(words) == 1:
        out = np.empty(words[0].shape, _WORD)
        derived(words[0].reshape(-1), _NO_WORDS, key, 1, out.reshape(-1))
        return out[()]
    state: Uids | np.uint64 = key[0]
    for part in words[:-_TWO]:  # more parts are taken in before the pass
        state = _folded(state, part, key)
    return _of_two(np.asarray(state ^ words[-_TWO]), words[-1], _namespace_words(namespace, begun=True))


def _of_two(first: Uids, second: Uids, key: Uids) -> Uids:
    """Do :func:`derive_uid` for two parts; ``key`` holds where the namespace starts, and the two halves."""
    if first.ndim == 1 and (second.ndim == 0 or first.shape == second.shape):
        out = np.empty(first.size, _WORD)
        derived(first, second.reshape(-1), key, 1, out)
        return out
    if second.ndim == 1 and first.shape[1:] == (1,):  # the second goes across
        out = np.empty((first.size, second.size), _WORD)
        derived(first.reshape(-1), second, key, max(second.size, 1), out.reshape(-1))
        return out
    state = _folded(_folded(key[0], first, key), second, key)
    return state & _BELOW_DERIVED | _DERIVED


def child_uid(mother_uid: UidLike, k: UidLike) -> Uids:
    """Give the uid of the k-th child of a mother, the same in every variant in which it is born."""
    return derive_uid("child", mother_uid, k)


@lru_cache(maxsize=1024)
def _namespace_key(namespace: str, number: int) -> int:
    digest = blake2b(namespace.encode(), salt=bytes([number]), digest_size=8, person=b"uid").digest()
    return int.from_bytes(digest, "little")


@lru_cache(maxsize=1024)
def _namespace_words(namespace: str, *, begun: bool = False) -> Uids:
    """Start and the two halves of the key of a namespace; no start once parts have been taken in."""
    words = np.array([_namespace_key(namespace, n) for n in range(3)], dtype=np.uint64)
    if begun:
        words[0] = 0
    return words


def as_words(values: UidLike) -> Uids:
    """Whole numbers as 64-bit words (two's complement)."""
    if type(values) is _ARRAY and values.dtype is _WORD:
        return values  # type: ignore[return-value]  # seen by the line before
    if isinstance(values, int):
        return np.array(values & MASK, dtype=np.uint64)
    array = np.asarray(values)
    if array.dtype.kind == "i":
        # A view reads negative numbers as their two's complement; a cast from int8 would not.
        return (array if array.dtype is _WHOLE else array.astype(np.int64)).view(np.uint64)
    if array.dtype.kind == "u" or array.size == 0:
        return array.astype(np.uint64, copy=False)
    raise TypeError(f"uids must be whole numbers, got {array.dtype}")


def _folded(state: Uids | np.uint64, words: Uids, key: Uids) -> Uids:
    """State after taking in words: the mix of their exclusive or, broadcast; always a new array."""
    taken = np.asarray(np.bitwise_xor(state, words, order="C"))
    # a view of one dimension, also of an array without any
    flat = taken.reshape(-1)
    mix(flat, key, flat)
    return taken


def namespace_key(namespace: str) -> Uids:
    """What :func:`derive_uid` starts with in a namespace, and the two halves of its key; only to be read.

    :func:`pair_uids` mixes under the first two of "pair".
    """
    return _namespace_words(namespace)


def pair_uids(a: Uids, b: Uids) -> Uids:
    """One word per unordered pair: the lower uid is mixed, the higher is not."""
    if a.shape != b.shape:
        a, b = map(np.ascontiguousarray, np.broadcast_arrays(a, b))
    words = np.empty(a.shape, _WORD)
    pairs(a.reshape(-1), b.reshape(-1), _namespace_words("pair"), words.reshape(-1))
    return words
