"""BLAKE2b of many short messages in one compiled pass: the keys of a month's draws, a hundred and more.

The same as ``hashlib.blake2b`` without a key, for messages that fit into one block of 128 bytes (RFC 7693).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined

type Words = NDArray[np.uint64]

WORDS: Final = 16  # of 64 bits in a block
_STATE: Final = 8
_ROUNDS: Final = 12
_PARAMETERS: Final = 0x01010000  # one leaf at one level, no key
_START = np.array(
    (
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ),
    np.uint64,
)  # fmt: skip
_ORDER = np.array(
    (
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
        (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4), (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
        (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13), (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
        (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11), (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
        (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5), (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
    ),
    np.uint8,
)  # fmt: skip
_R1, _R2, _R3, _R4 = (np.uint64(bits) for bits in (32, 24, 16, 63))
_L1, _L2, _L3, _L4 = (np.uint64(64 - bits) for bits in (32, 24, 16, 63))


def begun(digest_size: int, person: bytes) -> Words:
    """State of a hash before its message."""
    state = _START.copy()
    state[0] ^= np.uint64(_PARAMETERS ^ digest_size)
    state[6:] ^= np.frombuffer(person.ljust(16, b"\0"), np.uint64)
    return state


# fmt: off
@inlined
def _stir(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, x: np.uint64, y: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    # fmt: on
    """Mix two words of the message into four of the state."""
    a = a + b + x
    d = d ^ a
    d = (d >> _R1) | (d << _L1)
    c = c + d
    b = b ^ c
    b = (b >> _R2) | (b << _L2)
    a = a + b + y
    d = d ^ a
    d = (d >> _R3) | (d << _L3)
    c = c + d
    b = b ^ c
    b = (b >> _R4) | (b << _L4)
    return a, b, c, d


@compiled
def digests(state: Words, messages: Words, length: np.uint64, out: Words) -> None:
    """Fill each line of ``out``, two words, with the first of the hash of that line of ``messages``.

    Parameters
    ----------
    state
        What :func:`begun` gives.
    messages, length
        Blocks, shape ``(n, WORDS)``, and how many bytes of them count.
    """
    for k in range(out.shape[0]):
        m = messages[k]
        a0, a1, a2, a3, b0, b1, b2, b3 = state
        c0, c1, c2, c3, d0, d1, d2, d3 = _START
        d0, d2 = d0 ^ length, ~d2
        for number in range(_ROUNDS):
            s = _ORDER[number % len(_ORDER)]
            a0, b0, c0, d0 = _stir(a0, b0, c0, d0, m[s[0]], m[s[1]])
            a1, b1, c1, d1 = _stir(a1, b1, c1, d1, m[s[2]], m[s[3]])
            a2, b2, c2, d2 = _stir(a2, b2, c2, d2, m[s[4]], m[s[5]])
            a3, b3, c3, d3 = _stir(a3, b3, c3, d3, m[s[6]], m[s[7]])
            a0, b1, c2, d3 = _stir(a0, b1, c2, d3, m[s[8]], m[s[9]])
            a1, b2, c3, d0 = _stir(a1, b2, c3, d0, m[s[10]], m[s[11]])
            a2, b3, c0, d1 = _stir(a2, b3, c0, d1, m[s[12]], m[s[13]])
            a3, b0, c1, d2 = _stir(a3, b0, c1, d2, m[s[14]], m[s[15]])
        out[k, 0] = state[0] ^ a0 ^ c0
        out[k, 1] = state[1] ^ a1 ^ c1
