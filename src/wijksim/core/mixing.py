"""The mix behind every draw, compiled: two multiply-xorshift rounds with half of the key before each.

The multipliers and shifts are those of Evensen's "moremur" finaliser. It stands here alone: compiled functions of other
files may call those of this one, as whatever is kept on disk is made anew when this file changes
(:mod:`wijksim.core.kept_code`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

MASK: Final = 2**64 - 1
MULTIPLIERS: Final = (0x3C79AC492BA7B653, 0x1C69B3F74AC4AE35)
SHIFTS: Final = (27, 33, 27)
DROP: Final = 64 - 53
UNIT: Final = 2.0**-53
WHOLE: Final = 2.0**53

type Uids = NDArray[np.uint64]
type Floats = NDArray[np.float64]

_M1, _M2 = (np.uint64(m) for m in MULTIPLIERS)
_S1, _S2, _S3 = (np.uint64(s) for s in SHIFTS)
_DROP64 = np.uint64(DROP)
_ONE = np.uint64(1)
BLOCK: Final = 1024
DERIVED: Final = 2**61  # the bit that identities have which follow from others
_DERIVED = np.uint64(DERIVED)
_BELOW_DERIVED = np.uint64(DERIVED - 1)


@inlined
def mixed(x: np.uint64, k1: np.uint64, k2: np.uint64) -> np.uint64:
    """Mix one word under the two halves of a key."""
    x = x ^ k1
    x = x ^ (x >> _S1)
    x = x * _M1
    x = x ^ (x >> _S2)
    x = (x ^ k2) * _M2
    return x ^ (x >> _S3)


@inlined
def fraction(word: np.uint64) -> float:
    """Make a uniform on [0, 1) of 53 bits of a mixed word."""
    # 53 bits are never negative, and signed integers convert to floats quicker
    return np.float64(np.int64(word >> _DROP64)) * UNIT


@inlined
def identity(first: np.uint64, second: np.uint64, words: Uids) -> np.uint64:
    """What :func:`wijksim.core.uids.derive_uid` makes of two words in the namespace of ``words``."""
    begun = mixed(words[0] ^ first, words[1], words[2])
    return (mixed(begun ^ second, words[1], words[2]) & _BELOW_DERIVED) | _DERIVED


@inlined
def luck_of(uid: Uids, key: Uids, row: int) -> float:
    """Draw for one row of a table what :func:`uniforms` draws for its identity."""
    return fraction(mixed(uid[row], key[0], key[1]))


@compiled
def mix(words: Uids, key: Uids, out: Uids) -> None:
    """Fill ``out`` with the mixed words; ``out`` may be ``words``, and ``key`` is that of a namespace."""
    k1, k2 = key[1], key[2]
    for i in range(words.size):
        out[i] = mixed(words[i], k1, k2)


@compiled
def uniforms(uids: Uids, key: Uids, out: Floats) -> None:
    """Fill ``out`` with uniforms on [0, 1) of 53 bits; ``key`` holds the two halves of the key."""
    k1, k2 = key[0], key[1]
    for i in range(uids.size):
        out[i] = fraction(mixed(uids[i], k1, k2))


@compiled
def pairs(a: Uids, b: Uids, key: Uids, out: Uids) -> None:
    """Fill ``out`` with one word per unordered pair: the lower uid is mixed, the higher is not."""
    k1, k2 = key[0], key[1]
    for i in range(a.size):
        out[i] = mixed(min(a[i], b[i]), k1, k2) ^ max(a[i], b[i])


@compiled
def derived(first: Uids, second: Uids, key: Uids, columns: int, out: Uids) -> None:
    """Fill ``out`` with identities that take in one of ``first`` and one of ``second``, unless that is empty.

    There are so many ``columns`` to a line. The lines are those of ``first``; ``second`` goes along with them, or with
    the columns if there are several. Either may be one word for all. ``key`` is that of a namespace: where it starts,
    and the two halves.
    """
    start, k1, k2 = key[0], key[1], key[2]
    one, other = first.size > 1, second.size > 1
    for i in range(out.size // columns):
        x = mixed(start ^ first[i if one else 0], k1, k2)
        for j in range(columns):
            y = x
            if second.size:
                place = j if columns > 1 else i
                y = mixed(x ^ second[place if other else 0], k1, k2)
            out[i * columns + j] = (y & _BELOW_DERIVED) | _DERIVED


@compiled
def below(
    uid: Uids,
    rows: NDArray[np.int32],
    key: Uids,
    high: float,
    near: NDArray[np.int32],
    u: Floats,
) -> int:
    """Draw for ``rows`` and keep those with a draw below ``high``: fill ``near`` and ``u``, return how many."""
    count = 0
    k1, k2 = key[0], key[1]
    limit = np.uint64(min(high, 1.0) * WHOLE) + _ONE
    block = np.empty(BLOCK, np.uint64)
    for start in range(0, rows.size, BLOCK):
        part = rows[start : start + BLOCK]
        # three loops: the middle one has no branch and no look-up, and is vectorised
        for i in range(part.size):
            block[i] = uid[np.uint32(part[i])]
        for i in range(part.size):
            block[i] = mixed(block[i], k1, k2) >> _DROP64
        for i in range(part.size):
            if block[i] < limit:
                draw = np.float64(np.int64(block[i])) * UNIT
                if draw < high:
                    near[count] = part[i]
                    u[count] = draw
                    count += 1
    return count
