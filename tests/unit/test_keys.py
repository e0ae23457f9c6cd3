"""Keys that are made for a whole month at once are those that hashlib makes one by one."""

from __future__ import annotations

import struct
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijksim.core.key_loops import SAID_WORDS, START, hashed
from wijksim.core.keys import _KEPT, Keys

MONTHS = st.integers(-(2**62), 2**62)
PLACES = st.integers(0, 2**63 - 1)


def test_the_hash_is_that_of_its_description() -> None:
    """RFC 7693, appendix A: 64 bytes of "abc"."""
    blocks = np.zeros((SAID_WORDS, 3), np.uint64)
    blocks[0] = int.from_bytes(b"abc", "little")
    begin, out = START.copy(), np.zeros((3, 2), np.uint64)
    begin[0] ^= np.uint64(0x01010040)
    hashed(blocks, 2, begin, 3, out)
    assert out[0].tobytes().hex() == "ba80a53f981c4d0d6a2797b69f12f6e9"
    assert out[1].tolist() == out[0].tolist()
    assert out[2].tolist() == [0, 0], "only as many as were asked for"


@given(st.lists(st.binary(min_size=1, max_size=8 * SAID_WORDS), min_size=1, max_size=20))
def test_a_hash_is_that_of_hashlib(said: list[bytes]) -> None:
    length = max(map(len, said))
    filled = [one.ljust(8 * SAID_WORDS, b"\0") for one in said]
    blocks = np.ascontiguousarray(np.array([np.frombuffer(one, np.uint64) for one in filled]).T)
    begin, out = START.copy(), np.empty((len(said), 2), np.uint64)
    begin[0] ^= np.uint64(0x01010010)
    hashed(blocks, len(said), begin, length, out)
    expected = [blake2b(one[:length], digest_size=16).digest() for one in filled]
    assert [line.tobytes() for line in out] == expected


@settings(deadline=None)
@given(
    st.binary(max_size=8),
    st.lists(st.tuples(st.text(max_size=9), PLACES, PLACES), max_size=12),
    MONTHS,
    MONTHS,
)
def test_keys_of_the_next_month_are_those_made_one_by_one(
    root: bytes, streams: list[tuple[str, int, int]], one: int, other: int
) -> None:
    first, later = sorted((one, other))
    keys, alone = Keys(root), Keys(root)
    for stream, lane, option in streams:
        keys.of(stream, first, lane, option)
    keys.turn(later)
    for stream, lane, option in streams:
        expected = alone.made(stream, later, lane, option).tolist()
        assert keys.known[stream, lane, option].tolist() == expected
        assert keys.of(stream, later, lane, option).tolist() == expected


def test_a_key_is_the_hash_of_who_asks_for_what_and_when() -> None:
    root = (5).to_bytes(8, "little")
    base = blake2b(b"t.stream", key=root, digest_size=32, person=b"stream").digest()
    said = base + b"\0" + (7).to_bytes(8, "little") + (2).to_bytes(8, "little") + (3).to_bytes(8, "little")
    expected = blake2b(said, digest_size=16, person=b"draw").digest()
    keys = Keys(root)
    assert keys.of("t.stream", 7, 2, 3).tobytes() == expected
    keys.turn(8)
    assert keys.of("t.stream", 7, 2, 3).tobytes() == expected, "a month that is past"
    for_life = base + b"\1" + bytes(8) + (2).to_bytes(8, "little") + (3).to_bytes(8, "little")
    expected = blake2b(for_life, digest_size=16, person=b"draw").digest()
    assert keys.made("t.stream", None, 2, 3).tobytes() == expected


def test_a_key_that_is_made_again_is_the_same_and_takes_no_place() -> None:
    keys, alone = Keys(b"\1"), Keys(b"\1")
    keys.of("t.one", 3, 0, 0)
    keys.made("t.one", 3, 0, 0)
    keys.of("t.other", 3, 0, 0)
    keys.turn(np.int64(4))  # type: ignore[arg-type]  # months may come out of arrays
    for stream in ("t.one", "t.other"):
        assert keys.of(stream, 4, 0, 0).tolist() == alone.made(stream, 4, 0, 0).tolist()


def test_a_month_that_no_key_can_have_is_refused() -> None:
    keys = Keys(b"\1")
    keys.of("t.one", 3, 0, 0)
    with pytest.raises(struct.error):
        keys.turn(2**63)


def test_keys_beyond_those_that_are_kept_are_right_too() -> None:
    keys, alone = Keys(b"\1"), Keys(b"\1")
    for month in (3, 4, 5):
        for lane in range(_KEPT + 3):
            found = keys.of("t.many", month, lane, 0).tolist()
            assert found == alone.made("t.many", month, lane, 0).tolist()
