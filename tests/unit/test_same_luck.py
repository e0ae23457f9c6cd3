"""Passes that draw with functions of the core, in a way of their own, draw what the core draws."""

from typing import Any

import numpy as np
import pytest

from wijksim.core import mixing
from wijksim.core.compiled import compiled
from wijksim.core.mixing import luck_of
from wijksim.core.uids import derive_uid, namespace_key, pair_uids
from wijksim.kernel import weigh_loops
from wijksim.mechanisms.contacts import meet_loops
from wijksim.mechanisms.nuisance import source_loops
from wijksim.mechanisms.professionals import signal_loops
from wijksim.mechanisms.school import placement_loops

EDGES = [0, 1, 2**61 - 1, 2**61, 2**63, 2**64 - 1]
# what is left over after whole blocks is drawn too
SIZE = 2 * mixing.BLOCK + len(EDGES) + 1
RNG = np.random.default_rng(8)
UID = np.concatenate([np.array(EDGES, np.uint64), RNG.integers(0, 2**64, SIZE, np.uint64, endpoint=False)])
ROWS = RNG.permutation(UID.size)[:SIZE].astype(np.int32)
KEYS = [
    np.array(key, np.uint64) for key in ((0, 0), (2**64 - 1, 3), (0x0123456789ABCDEF, 0xFEDCBA9876543210))
]


def drawn(key: Any) -> Any:
    out = np.empty(UID.size)
    mixing.uniforms(UID, key, out)
    return out


@compiled
def one_by_one(uid: Any, key: Any, rows: Any, out: Any) -> None:
    for place in range(rows.size):
        out[place] = luck_of(uid, key, rows[place])


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_a_draw_for_one_row_is_that_of_the_core(key: Any) -> None:
    out = np.empty(SIZE)
    one_by_one(UID, key, ROWS, out)
    assert out.tolist() == drawn(key)[ROWS].tolist()


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
@pytest.mark.parametrize("high", [0.0, 0.01, 0.5, 1.0])
def test_who_is_drawn_below_a_chance_are_those_of_the_core(key: Any, high: float) -> None:
    places, u = np.empty(SIZE, np.int32), np.empty(SIZE)
    count = weigh_loops._near(UID, ROWS, key, high, places, u)
    expected = np.flatnonzero(drawn(key)[ROWS] < high)
    assert places[:count].tolist() == expected.tolist()
    assert u[:count].tolist() == drawn(key)[ROWS[expected]].tolist()


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_roads_to_help_are_drawn_one_after_the_other_as_by_the_core(key: Any) -> None:
    keys, bounds = (*KEYS, key, key, key), (0.2, 0.0, 0.7, 1.0)
    told, letters = ROWS[:7], ROWS[7:9]
    chosen, u, ends = signal_loops.drawn(told, letters, ROWS, UID, keys[: 2 + len(bounds)], bounds)
    begin = 0
    for road, end in enumerate(ends.tolist()):
        those, high = (told, 1.0) if road == 0 else (letters, 1.0) if road == 1 else (ROWS, bounds[road - 2])
        expected = those[drawn(keys[road])[those] < high]
        assert chosen[begin:end].tolist() == expected.tolist()
        assert u[begin:end].tolist() == drawn(keys[road])[expected].tolist()
        begin = end
    assert begin == chosen.size


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_sources_of_nuisance_are_drawn_as_by_the_core(key: Any) -> None:
    source, begin = np.zeros(UID.size, np.bool_), np.full(SIZE, 0.3)
    source_loops.started(ROWS, UID, key, begin, 1 - begin, 0.9, source)
    expected = ROWS[drawn(key)[ROWS] < 0.9 * 0.3]
    assert np.flatnonzero(source).tolist() == sorted(expected.tolist())


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_pairs_who_meet_are_drawn_as_by_the_core(key: Any) -> None:
    pairs, luck, expected = np.stack((UID, UID[::-1])), np.empty(UID.size), np.empty(UID.size)
    meet_loops.pair_luck(pairs, namespace_key("pair"), key, luck)
    mixing.uniforms(pair_uids(pairs[0], pairs[1]), key, expected)
    assert luck.tolist() == expected.tolist()


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
@pytest.mark.parametrize("number", [1, 7])
def test_wishes_for_schools_are_drawn_as_by_the_core(key: Any, number: int) -> None:
    rows, offered = ROWS[: 3 * number], np.arange(number, dtype=np.int32)
    found, expected = np.empty((rows.size, number)), np.empty(rows.size * number)
    placement_loops.choice_luck(rows, offered, UID, UID, namespace_key("school-choice"), key, found)
    pairs = derive_uid("school-choice", UID[rows][:, None], UID[offered])
    mixing.uniforms(pairs.reshape(-1), key, expected)
    assert found.reshape(-1).tolist() == expected.tolist()
