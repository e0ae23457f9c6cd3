"""Compiled passes of building find what NumPy finds."""

import numpy as np
import pytest

from wijksim.build.choose_loops import happen, poisson
from wijksim.build.tie_loops import acquaint, fresh, know, propose, wedges

BITS = 12


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("size", [0, 1, 2, 700])
def test_what_happens_is_systematic_sampling_in_order_of_luck(rng, size):
    luck, chance = rng.random(size), rng.random(size) / 3
    luck[::5] = luck[:1]  # whoever is equally lucky stays in order
    found = np.empty(size, np.bool_)
    happen(chance, luck, 0.4, found)
    order = np.argsort(luck, kind="stable")
    expected = np.zeros(size, np.bool_)
    expected[order] = np.diff(np.floor(np.cumsum(chance[order]) + 0.4), prepend=0.0) > 0
    assert found.tolist() == expected.tolist()


def test_poisson_counts_are_those_of_the_running_sum_of_chances(rng):
    mean, luck, most = rng.random(200) * 3, rng.random(200), 4
    counts = np.empty(200, np.int64)
    total = poisson(mean, np.exp(-mean), luck, most, counts)
    term, below, expected = np.exp(-mean), np.exp(-mean), np.zeros(200, np.int64)
    for k in range(1, most + 1):
        expected += luck >= below
        term = term * (mean / k)
        below = below + term
    assert counts.tolist() == expected.tolist()
    assert total == expected.sum()


def test_pairs_are_new_once_in_the_order_given_and_until_there_are_enough(rng):
    slots, turns = np.full(2**BITS, 2**64 - 1, np.uint64), np.zeros(2**BITS, np.int32)
    seen: set[tuple[int, int]] = set()
    for turn in range(1, 5):
        first, second = rng.integers(0, 30, (2, 300)).astype(np.int32)
        pairs = [(min(a, b), max(a, b)) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
        expected = [
            i
            for i, pair in enumerate(pairs)
            if pair[0] != pair[1] and pair not in seen and pair not in pairs[:i]
        ]
        index = np.empty(20, np.int32)
        count = fresh(first, second, 30, turn, slots, turns, BITS, index)
        assert index[:count].tolist() == expected[:20]
        some = index[: count // 2]  # the others may come again
        know(first[some], second[some], 30, slots, turns, BITS)
        seen |= {pairs[i] for i in some}


def test_both_ends_of_a_pair_are_drawn_by_weight_from_one_place(rng):
    place = np.sort(rng.integers(0, 9, 80)).astype(np.int32)
    group = rng.permutation(100)[:80].astype(np.int32)
    household = rng.integers(0, 40, 100).astype(np.int32)
    running, u = np.cumsum(rng.random(80)), rng.random((3, 2000))
    (first, second), luck = np.empty((2, 2000), np.int32), np.empty(2000)
    count = propose(group, place, running, household, u[0], u[1], u[2], first, second, luck)
    one = np.searchsorted(running, u[0] * running[-1], side="right")
    begin, end = np.searchsorted(place, place[one]), np.searchsorted(place, place[one], side="right")
    floor = np.where(begin > 0, running[begin - 1], 0.0)
    other = np.searchsorted(running, floor + u[1] * (running[end - 1] - floor), side="right")
    a, b = group[one], group[np.clip(other, begin, end - 1)]
    apart = household[a] != household[b]
    assert first[:count].tolist() == a[apart].tolist()
    assert second[:count].tolist() == b[apart].tolist()
    assert luck[:count].tolist() == u[2][apart].tolist()


def test_triangles_are_pairs_of_acquaintances_who_know_each_other_and_wedges_have_a_middle(rng):
    size = 25
    known = np.triu(rng.random((size, size)) < 0.3, 1)
    first, second = (ends.astype(np.int32) for ends in np.nonzero(known))
    starts, ends = np.empty(size + 1, np.int64), np.empty(2 * first.size, np.int32)
    triangles = np.empty(size, np.int64)
    acquaint(first, second, starts, ends, np.empty(max(size, ends.size), np.int32), triangles)
    both = (known | known.T).astype(np.int64)
    assert triangles.tolist() == np.diag(both @ both @ both).tolist()
    assert [ends[starts[row] : starts[row + 1]].tolist() for row in range(size)] == [
        np.flatnonzero(line).tolist() for line in both
    ]
    district, household = (rng.integers(0, most, size).astype(np.int32) for most in (2, 12))
    middles, u = np.flatnonzero(both.sum(axis=1) > 1), rng.random((3, 500))
    a, b = np.empty((2, 500), np.int32)
    count = wedges(starts, ends, middles, u[0], u[1], u[2], district, household, a, b)
    assert 0 < count < 500
    assert (a[:count] != b[:count]).all()
    assert (district[a[:count]] == district[b[:count]]).all()
    assert (household[a[:count]] != household[b[:count]]).all()
    assert ((both @ both)[a[:count], b[:count]] > 0).all()
