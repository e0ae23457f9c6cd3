"""The compiled loops of contacts against the plain formula."""

import numpy as np
import pytest

from wijksim.mechanisms.contacts import meet_loops, pair_loops, support_loops

SIZE = 40


@pytest.fixture
def ties():
    rng = np.random.default_rng(3)
    pairs = sorted(
        {tuple(sorted(pair)) for pair in rng.integers(0, SIZE, (150, 2)).tolist() if pair[0] != pair[1]}
    )
    a, b = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    return a, b, rng.uniform(0.1, 1, a.size).astype(np.float32), rng


def test_friends_are_dealt_by_row_and_by_rank(ties):
    a, b, _, rng = ties
    order = rng.permutation(SIZE).astype(np.int32)
    rank = np.argsort(order).astype(np.int32)
    start, friend = np.zeros(SIZE + 1, dtype=np.int32), np.empty(2 * a.size, dtype=np.int32)
    pair_loops.deal_friends(a, b, order, start, friend)
    for row in range(SIZE):
        known = np.concatenate([b[a == row], a[b == row]])
        assert friend[start[row] : start[row + 1]].tolist() == sorted(
            known.tolist(), key=lambda one: rank[one]
        )


def test_support_is_spread_as_the_formula_says(ties):
    a, b, strength, rng = ties
    grown, contributor = rng.random(SIZE) < 0.8, rng.random(SIZE) < 0.1
    need, stress = rng.random((2, SIZE)).astype(np.float32)
    able, lift = np.empty(SIZE), rng.uniform(0.5, 1.5, SIZE)
    received, given = np.empty((2, SIZE))
    columns = np.empty((2, SIZE), np.float32)
    support_loops.spread(
        able, received, given, a, b, strength, grown, lift, np.float32(0.5), np.float32(12), 6.0, 2.0, need, stress,
        contributor, *columns,
    )  # fmt: skip
    assert np.array_equal(columns, np.array([received, given], np.float32))
    asks = grown & (need >= 0.5)
    assert np.allclose(able, np.where(grown, 6 * (1 - stress) * np.where(contributor, 2, 1), 0) * lift)
    weight = np.zeros((SIZE, SIZE))  # who asks, who is asked
    weight[a, b] = weight[b, a] = strength
    weight[~asks] = 0
    asked = weight * (need * 12 / np.maximum(weight.sum(axis=1), 1))[:, None]
    burden = asked.sum(axis=0)
    part = np.where(burden > able, able / np.maximum(burden, 1e-9), 1)
    assert (part < 1).any()
    assert np.allclose(received, (asked * part).sum(axis=1))
    assert np.allclose(given, burden * part)


def test_ways_of_meeting_are_read_off_the_line():
    rng = np.random.default_rng(4)
    kinds = 4
    widths = np.array([0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125])  # an introduction, and each focus
    edges = (np.concatenate([[0], np.cumsum(widths)[:-1]]) + np.arange(kinds)[:, None]).ravel()
    rows = np.arange(SIZE, dtype=np.int32)
    children, activity = rng.integers(0, 2, SIZE).astype(np.int16), rng.integers(0, 2, SIZE).astype(np.int8)
    luck = rng.random(SIZE)
    focus, left = np.empty(SIZE, dtype=np.int8), luck.copy()
    works = np.array([False, True])
    meet_loops.ways_taken(rows, left, edges, np.tile(widths, kinds), rows, children, activity, works, focus)
    begins = np.cumsum(widths) - widths
    assert np.array_equal(focus, np.searchsorted(begins[1:], luck, side="right") - 1)
    assert np.allclose(left, (luck - begins[focus + 1]) / widths[focus + 1])


def test_strength_fades_and_grows_with_encounters():
    a, b = np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32)
    root, rates = np.array([0.5, 0.4, 0], dtype=np.float32), np.array([2, 1], dtype=np.float32)
    strength, faded = np.array([0.5, 0.1], dtype=np.float32), np.empty(2, dtype=np.intp)
    known = np.array([1, 2, 1], dtype=np.int16)
    layer = np.array([0, 1], dtype=np.int8)
    kept, gain = np.array([0.9, 0.8], dtype=np.float32), np.array([0.5, 0.4], dtype=np.float32)
    count = pair_loops.strengthened(
        a, b, layer, root, rates, kept, gain, np.float32(0.095), 0, 2, strength, known, faded
    )
    assert strength.tolist() == pytest.approx([0.9 * 0.5 + 0.5 * 0.4, 0.08])
    assert faded[:count].tolist() == [1]
    assert known.tolist() == [1, 1, 0]
