"""Keys of streams of luck, hashed when a month begins, and names that hold on to theirs."""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wijksim.core.key_loops import SAID_WORDS, START, hashed
from wijksim.core.mixing import MASK, MULTIPLIERS

type Uids = NDArray[np.uint64]

_WORD: Final = np.dtype(np.uint64)
_WHEN: Final = struct.Struct("<?q")  # for life or not, and the month
_WHICH: Final = struct.Struct("<qq")  # lane and option
_KEPT: Final = 2**9  # keys that are made anew each month
_BASE: Final = 32  # bytes of the hash of a stream
_KEY: Final = 16
_FOR_DRAWS: Final = b"draw"
_SAID: Final = _BASE + _WHEN.size + _WHICH.size  # bytes of which a key is the hash
# the month lies in two words of the block that is hashed: all but its highest byte behind the byte of who draws for
# life, and that byte before the lane
_MONTH: Final = _BASE // _WORD.itemsize
_BYTE: Final = 8  # bits


def _begin() -> Uids:
    """What a hash of :mod:`wijksim.core.key_loops` begins with: its size, one leaf, and what it is for."""
    begin = START.copy()
    begin[0] ^= np.uint64(_KEY | 1 << 2 * _BYTE | 1 << 3 * _BYTE)
    begin[-2:] ^= np.frombuffer(_FOR_DRAWS.ljust(_KEY, b"\0"), _WORD)
    return begin


_BEGIN: Final = _begin()


class Stream:
    """Name of a stream from which somebody draws every month, and its key, which then need not be looked up.

    Attributes
    ----------
    name
        Name of the stream.
    since, key
        What says that the key still holds, and the key of lane 0.
    """

    __slots__ = ("key", "name", "since")

    def __init__(self, name: str) -> None:
        self.name = name
        self.since: object = None
        self.key: Uids = np.empty(0, _WORD)

    def __reduce__(self) -> tuple[type[Stream], tuple[str]]:
        """Copies begin anew: keys follow from the seed of whoever draws."""
        return Stream, (self.name,)


class Keys:
    """Keys of all streams: two words each, hashed from the root seed, the stream, the month, the lane and the option.

    What one month asks for, the next will: when a month begins, all keys that were asked for are made at once, which
    takes a fifth of the time of one after the other.

    Attributes
    ----------
    since
        Another as soon as keys that were kept are not any more.
    month
        The month that has begun.
    known
        Keys at hand in it, by stream, lane and option.
    led
        Whether somebody says when a month begins: a draw for a later one then is made in passing, as keys that others
        hold on to would become those of that month.
    """

    def __init__(self, root: bytes) -> None:
        self._root = root
        self.since = object()
        # of each stream the hash of its name, and that of a key so far
        self._streams: dict[str, tuple[bytes, blake2b]] = {}
        self.month: int | None = None
        self.led = False
        self.known: dict[tuple[str, int, int], Uids] = {}
        # what each key is the hash of, word by word, and that of the lane without the month before it
        self._blocks = np.zeros((SAID_WORDS, _KEPT), _WORD)
        self._lanes = np.zeros(_KEPT, _WORD)
        self._words = np.empty((_KEPT, len(MULTIPLIERS)), _WORD)  # one half for each round of the mix

    def of(self, stream: str, month: int, lane: int, option: int) -> Uids:
        """Both halves of a key, good as long as the month lasts."""
        if month != self.month:
            if not self.led:
                self.turn(month)
            if month != self.month:
                return self.made(stream, month, lane, option)
        key = self.known.get((stream, lane, option))
        return self.made(stream, month, lane, option) if key is None else key

    def made(self, stream: str, month: int | None, lane: int, option: int) -> Uids:
        """A key that was not at hand; one of the month that has begun is from now on. For life if there is no month."""
        if lane < 0 or option < 0:
            raise ValueError(f"lane and option must not be negative, got {lane} and {option}")
        known = self._streams.get(stream)
        if known is None:
            base = blake2b(stream.encode(), key=self._root, digest_size=_BASE, person=b"stream").digest()
            known = self._streams[stream] = base, blake2b(base, digest_size=_KEY, person=_FOR_DRAWS)
        base, begun = known
        which = _WHICH.pack(lane, option)
        digest = begun.copy()  # only what is new is hashed
        digest.update(_WHEN.pack(month is None, 0 if month is None else month) + which)
        words = np.frombuffer(digest.digest(), _WORD)
        place = len(self.known)
        if month is None or month != self.month or place == _KEPT or (stream, lane, option) in self.known:
            return words.copy()
        said = (base + _WHEN.pack(False, 0) + which).ljust(SAID_WORDS * _WORD.itemsize, b"\0")
        self._blocks[:, place] = np.frombuffer(said, _WORD)
        self._lanes[place] = self._blocks[_MONTH + 1, place]
        key: Uids = self._words[place]
        key[:] = words
        self.known[stream, lane, option] = key
        return key

    def kept(self, key: Uids) -> bool:
        """Whether an array holds the key of the month from now on, as long as ``since`` is the same."""
        return key.base is self._words

    def turn(self, month: int) -> None:
        """Begin a month that is still to come; who asks about one that is past does so in passing."""
        if self.month is not None and month < self.month:
            return
        self.month = month
        if len(self.known) == _KEPT:  # most are of long ago
            self.forget()
        keys, bits = len(self.known), int.from_bytes(_WHEN.pack(False, month)[1:], "little")
        self._blocks[_MONTH, :keys] = bits << _BYTE & MASK
        highest = bits >> (_WORD.itemsize - 1) * _BYTE
        np.bitwise_or(self._lanes[:keys], np.uint64(highest), out=self._blocks[_MONTH + 1, :keys])
        hashed(self._blocks, keys, _BEGIN, _SAID, self._words)

    def lead(self, month: int) -> None:
        """Begin a month because somebody says so; who builds a world asks for keys that no month asks for again."""
        if not self.led:
            self.led = True
            self.forget()
        if month != self.month:
            self.turn(month)

    def forget(self) -> None:
        """Keep none of the keys so far."""
        self.known.clear()
        self.since = object()
