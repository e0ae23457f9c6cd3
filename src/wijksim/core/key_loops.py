"""The hash of many keys at once: BLAKE2b (RFC 7693) of one block each, under one key after the other.

hashlib hashes one key in a microsecond, and a month begins with some 150; a processor that adds eight numbers at a time
has them all in the time of ten. A test holds what comes out against hashlib.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled

type Uids = NDArray[np.uint64]
type Whole = NDArray[np.int64]

SAID_WORDS: Final = 8  # words of the block of which anything is said: all behind them are 0
_STATE: Final = 16  # words of the state, and of the block
# the first 64 bits of the fractional parts of the square roots of the first eight primes
START: Final = np.array(
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ],
    np.uint64,
)  # fmt: skip
# which words of the block a round takes in, in order: those of the last two are those of the first two
_ORDER = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    ]
)  # fmt: skip
# which four of the words of the state are mixed in turn: columns, then diagonals
_FOURS = np.array(
    [
        [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
        [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
    ]
)  # fmt: skip
_WORD = np.uint64(64)
_TURNS = tuple(np.uint64(bits) for bits in (32, 24, 16, 63))  # bits by which words are turned
_R1, _R2, _R3, _R4 = _TURNS
_L1, _L2, _L3, _L4 = (_WORD - bits for bits in _TURNS)


@compiled
def _mixed_in(a: Uids, b: Uids, c: Uids, d: Uids, x: Uids, y: Uids) -> None:
    """Mix four words of the state of each key with two of its block."""
    for i in range(a.size):
        a[i] += b[i] + x[i]
        t = d[i] ^ a[i]
        t = (t >> _R1) | (t << _L1)
        c[i] += t
        w = b[i] ^ c[i]
        w = (w >> _R2) | (w << _L2)
        a[i] += w + y[i]
        t ^= a[i]
        t = (t >> _R3) | (t << _L3)
        c[i] += t
        w ^= c[i]
        b[i] = (w >> _R4) | (w << _L4)
        d[i] = t


@compiled
def hashed(blocks: Uids, keys: int, begin: Uids, length: int, out: Uids) -> None:
    """Fill ``out`` with the first two words of the hash of each block.

    Parameters
    ----------
    blocks
        A line for each of the words of a block but those that are 0, a place in it for each key; shape
        ``(SAID_WORDS, n)``.
    keys
        How many keys there are: at most n.
    begin
        Eight words: :data:`START` with the parameters of the hash.
    length
        Bytes of a block that say something, the same for all.
    out
        Shape ``(n, 2)`` at least.
    """
    state, nothing = np.empty((_STATE, keys), np.uint64), np.zeros(keys, np.uint64)
    for word in range(_STATE):
        state[word] = begin[word] if word < begin.size else START[word - begin.size]
    state[12] ^= np.uint64(length)
    state[14] = ~state[14]  # this block is the last one
    for order in _ORDER:
        for number in range(len(_FOURS)):
            a, b, c, d = _FOURS[number]
            x, y = order[2 * number], order[2 * number + 1]
            first = blocks[x, :keys] if x < SAID_WORDS else nothing
            second = blocks[y, :keys] if y < SAID_WORDS else nothing
            _mixed_in(state[a], state[b], state[c], state[d], first, second)
    for i in range(keys):
        for word in range(out.shape[1]):
            out[i, word] = begin[word] ^ state[word, i] ^ state[word + begin.size, i]
