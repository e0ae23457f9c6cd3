"""Sums per district in compiled loops are NumPy's to the last bit."""

import numpy as np
import pytest

from wijksim.kernel import district_sums

N = 3


def sorted_rows(size, seed):
    rng = np.random.default_rng(seed)
    district = rng.integers(-1, N, size).astype(np.int32)
    order, starts = np.empty(size + 1, np.int32), np.empty(N + 1, np.int64)
    count = district_sums.sort(district, order, starts)
    return rng, district, order[:count], starts


@pytest.mark.parametrize("size", [0, 3, 40, 1100, 30_000])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_amounts(size, kind):
    rng, district, order, starts = sorted_rows(size, size)
    assert order.tolist() == np.argsort(district, kind="stable")[np.count_nonzero(district < 0) :].tolist()
    values = rng.lognormal(0, 3, size).astype(kind)
    quick = np.empty(N)
    district_sums.pairwise(values, order, starts, quick)
    for place in range(N):
        mine = values[district == place]
        plain = np.add.reduceat(mine, [0], dtype=np.float64)[0] if mine.size else 0.0
        assert quick[place] == plain
    district_sums.running(values, order, starts, quick)
    assert quick.tolist() == np.bincount(district + 1, weights=values, minlength=N + 1)[1:].tolist()


def test_counts_and_parts():
    rng, district, order, starts = sorted_rows(500, 7)
    part, age = rng.random(500) < 0.4, rng.integers(0, 90, 500).astype(np.int16)
    kept, kept_starts, out = np.empty(order.size + 1, np.int32), np.empty(N + 1, np.int64), np.empty(N)
    for first, end in ((18, 65), (18, np.iinfo(np.int16).max), (0, 1)):
        size = district_sums.keep_between(age, (first, end), order, starts, kept, kept_starts)
        mask = (age >= first) & (age < end)
        assert kept[:size].tolist() == order[mask[order]].tolist()
        assert np.diff(kept_starts).tolist() == [np.count_nonzero(mask & (district == d)) for d in range(N)]
    never = np.iinfo(np.int16).min
    size = district_sums.keep_between(age, (never, 30), order, starts, kept, kept_starts)
    assert kept[:size].tolist() == order[age[order] < 30].tolist()
    top, bottom, values = np.zeros(N), np.zeros(N), rng.lognormal(0, 3, 500)
    district_sums.chosen(part, values, district, top, bottom)
    where = district[part] + 1
    assert top.tolist() == np.bincount(where, weights=values[part], minlength=N + 1)[1:].tolist()
    assert bottom.tolist() == np.bincount(where, minlength=N + 1)[1:].tolist()
    held = rng.random(500) < 0.5
    district_sums.chosen_true(part.view(np.uint8), held.view(np.uint8), district, top, bottom)
    assert top.tolist() == [np.count_nonzero(part & held & (district == d)) for d in range(N)]
    assert bottom.tolist() == [np.count_nonzero(part & (district == d)) for d in range(N)]
    district_sums.true(part.view(np.uint8), order, starts, out)
    assert out.tolist() == [np.count_nonzero(part & (district == d)) for d in range(N)]
    codes = rng.integers(-1, 5, 500).astype(np.int8)
    wanted = np.isin(np.arange(256), (2, 255)).astype(np.uint8)
    district_sums.coded(codes.view(np.uint8), wanted, order, starts, out)
    assert out.tolist() == [np.count_nonzero(np.isin(codes, (2, -1)) & (district == d)) for d in range(N)]
