"""Sums per district in compiled loops are NumPy's to the last bit."""

import numpy as np
import pytest

from wijksim.kernel import district_sums
from wijksim.runs.terms import planned

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
    district_sums.true(part.view(np.uint8), order, starts, out)
    assert out.tolist() == [np.count_nonzero(part & (district == d)) for d in range(N)]
    codes = rng.integers(-1, 5, 500).astype(np.int8)
    wanted = np.isin(np.arange(256), (2, 255)).astype(np.uint8)
    district_sums.coded(codes.view(np.uint8), wanted, order, starts, out)
    assert out.tolist() == [np.count_nonzero(np.isin(codes, (2, -1)) & (district == d)) for d in range(N)]


@pytest.mark.parametrize("size", [1, 40, 1100])
def test_columns_of_a_table_are_read_in_one_pass(size):
    """Sums over all rows, over a group of them, and over a group whose rows are added up as they stand."""
    rng = np.random.default_rng(size)
    district = rng.integers(-1, N, size).astype(np.int32)
    length = -(-(size + 1) // 8) * 8
    memory = np.zeros(15 * length, np.uint8)
    age, wide = memory[: 2 * length].view(np.int16), memory[2 * length : 10 * length].view(np.float64)
    link, held = memory[10 * length : 14 * length].view(np.int32), memory[14 * length :]
    age[:size], wide[:size] = rng.integers(0, 90, size), rng.lognormal(0, 3, size)
    link[:size], held[:size] = rng.integers(-1, 4, size), rng.random(size) < 0.4
    far = rng.lognormal(0, 3, 4).astype(np.float32)
    made = np.zeros(4 * length, np.uint8)
    links = np.array([(10 * length, 0, 0, int(np.array([7], np.float32).view(np.uint32)[0]))])
    terms = np.array([(district_sums.KINDS["<i2"], 0, 0, 0), (district_sums.KINDS["|b1"], 0, 14 * length, 1)])
    bounds = np.array([(18.0, 64.0), (1.0, 1.0)])
    groups = np.array([(0, 0, 0, 0, 0), (0, 0, 1, 1, 0), (0, 0, 2, 2, 1)])
    word = district_sums.SUMS.index
    lines = np.array([
        (word("count"), 0, 0, 2, 0, 0, 0),
        (word("true"), 0, 14 * length, 1, 0, 0, 1),
        (word("coded"), 0, 14 * length, 0, 0, 2, 2),
        (word("narrow"), 1, 0, 0, 0, 0, 5),
        (word("wide"), 0, 2 * length, 1, 0, 0, 6),
        (word("wide"), 0, 2 * length, 2, 0, 0, 7),
    ])  # fmt: skip
    counts = np.empty((3, N))
    keys, order = np.empty((4, length), np.uint8), np.empty((3, length), np.int32)
    starts = np.empty((3, N + 1), np.int64)
    places = np.concatenate(
        [rng.random(N).astype(np.float32).view(np.uint8), np.zeros(4 * (N % 2), np.uint8)]
    )
    figures = np.array([(0, 0, 1, 3), (0, 0, 0, 4)])
    top, bottom = np.empty((5, N)), np.empty((5, N))
    district_sums.read(
        district, top, bottom, memory, far.view(np.uint8), places, made,
        planned(links, groups, terms, lines, [1, 9], figures), bounds, keys, order, starts, counts,
    )  # fmt: skip
    figure = places[: 4 * N].view(np.float32)
    assert top[3].tolist() == (figure * counts[0]).tolist()
    assert top[4].tolist() == figure.tolist()
    assert bottom[3].tolist() == bottom[4].tolist() == counts[0].tolist()
    holds, grown = held[:size] == 1, (age[:size] >= 18) & (age[:size] <= 64)
    seen, amount = np.where(link[:size] >= 0, far[link[:size]], np.float32(7)), wide[:size]
    assert counts[0].tolist() == [np.count_nonzero(district == d) for d in range(N)]
    for d in range(N):
        here = district == d
        part = here & grown & ~holds
        assert top[0, d] == counts[2, d] == np.count_nonzero(part)
        assert top[1, d] == np.count_nonzero(here & grown & holds)
        assert top[2, d] == np.count_nonzero(here & holds)
        assert bottom[0, d] == _added(seen[here])
        assert bottom[1, d] == _added(amount[here & grown])
        assert bottom[2, d] == np.bincount(np.zeros(part.sum(), int), weights=amount[part], minlength=1)[0]


def _added(values):
    return np.add.reduceat(values, [0], dtype=np.float64)[0] if values.size else 0.0
