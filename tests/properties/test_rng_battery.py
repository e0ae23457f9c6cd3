"""Is the luck good enough? Every test is deterministic; a limit of 4 or 5 standard errors is stated."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import wijksim
from wijksim.core.rng import Draws, child_uid, derive_uid

N = 200_000
UIDS = np.arange(N, dtype=np.uint64)
DRAWS = Draws(20_260_301)
SPREAD_UIDS = derive_uid("spread", UIDS)
Floats = NDArray[np.float64]


def bits_of(u: Floats) -> NDArray[np.uint8]:
    """The 53 bits of each uniform, shape (n, 53), highest first."""
    words = (u * 2.0**53).astype(np.uint64)
    return np.unpackbits(words.astype(">u8").view(np.uint8).reshape(-1, 8), axis=1)[:, 11:]


def assert_unrelated(a: Floats, b: Floats) -> None:
    """Neither the values nor how extreme they are may go together (4 standard errors)."""
    limit = 4 / np.sqrt(a.size)
    assert abs(np.corrcoef(a, b)[0, 1]) < limit
    assert abs(np.corrcoef(np.abs(a - 0.5), np.abs(b - 0.5))[0, 1]) < limit


@pytest.mark.parametrize(
    "uids", [UIDS, SPREAD_UIDS, UIDS * np.uint64(2**20)], ids=["rows", "derived", "strided"]
)
@pytest.mark.parametrize("month", [-1, 0, 239])
def test_uniform_moments_and_distribution(uids: NDArray[np.uint64], month: int) -> None:
    u = DRAWS.uniform("work.loss", uids, month)
    assert u.min() >= 0
    assert u.max() < 1
    for power in (1, 2, 3, 4):
        expected = 1 / (power + 1)
        error = np.sqrt((1 / (2 * power + 1) - expected**2) / u.size)
        assert abs(np.mean(u**power) - expected) < 4 * error
    assert stats.kstest(u, "uniform").pvalue > 0.001


@pytest.mark.parametrize("uids", [UIDS, SPREAD_UIDS], ids=["rows", "derived"])
def test_every_bit_is_a_fair_coin_and_pairs_of_bits_are_independent(uids: NDArray[np.uint64]) -> None:
    bits = bits_of(DRAWS.uniform("bits", uids, 5)).astype(np.float32)
    chi_square = (bits.sum(axis=0, dtype=np.float64) - N / 2) ** 2 / (N / 4)
    assert chi_square.max() < stats.chi2.isf(0.001 / 53, 1)
    assert stats.chi2.sf(chi_square.sum(), 53) > 0.001
    signs = 2 * bits - 1
    correlation = (signs.T @ signs) / N
    np.fill_diagonal(correlation, 0)
    assert np.abs(correlation).max() < 5 / np.sqrt(N)


def test_low_and_high_bytes_are_uniform() -> None:
    words = (DRAWS.uniform("bytes", UIDS, 5) * 2.0**53).astype(np.uint64)
    for shift in (0, 8, 16, 24, 32, 40, 45):
        counts = np.bincount((words >> np.uint64(shift) & np.uint64(255)).astype(np.int64), minlength=256)
        assert stats.chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize("step", [1, 2, 3, 16, 1_000, 65_536])
def test_neighbouring_uids_are_unrelated(step: int) -> None:
    u = DRAWS.uniform("neighbours", UIDS, 12)
    assert_unrelated(u[:-step], u[step:])


@pytest.mark.parametrize("gap", [1, 2, 12, 120])
@pytest.mark.parametrize("month", [-3, 0, 100])
def test_months_are_unrelated(month: int, gap: int) -> None:
    assert_unrelated(DRAWS.uniform("s", UIDS, month), DRAWS.uniform("s", UIDS, month + gap))
    assert_unrelated(DRAWS.uniform("s", UIDS[1:], month), DRAWS.uniform("s", UIDS[:-1], month + gap))


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (0, 255), (7, 2**40)])
def test_lanes_and_options_are_unrelated(one: int, other: int) -> None:
    assert_unrelated(DRAWS.uniform("s", UIDS, 3, one), DRAWS.uniform("s", UIDS, 3, other))
    a, b = (np.exp(-np.exp(-DRAWS.gumbel("s", UIDS, 3, 0, k))) for k in (one, other))
    assert_unrelated(a, b)
    assert_unrelated(DRAWS.uniform("s", UIDS, 3, other), DRAWS.uniform("s", UIDS, other % 1_000, 3))


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("debt.onset", "debt.onse"), ("ab", "ba"), ("", "0")])
def test_streams_are_unrelated(one: str, other: str) -> None:
    assert_unrelated(DRAWS.uniform(one, UIDS, 3), DRAWS.uniform(other, UIDS, 3))
    assert_unrelated(DRAWS.life(one, UIDS), DRAWS.life(other, UIDS))


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (41, 42), (1, 2**63), (0, 2**64 - 1)])
def test_root_seeds_are_unrelated(one: int, other: int) -> None:
    a, b = Draws(one), Draws(other)
    assert_unrelated(a.uniform("s", UIDS, 3), b.uniform("s", UIDS, 3))
    assert_unrelated(a.uniform("s", UIDS, 3), a.fork("shocks").uniform("s", UIDS, 3))
    assert_unrelated(a.life("s", UIDS), a.uniform("s", UIDS, 0))


def test_luck_over_a_lifetime_has_no_memory() -> None:
    """240 months of 2,000 residents: the mean of a resident spreads as independent months would."""
    months = np.stack([DRAWS.uniform("s", UIDS[:2_000], month) for month in range(240)])
    spread = months.mean(axis=0).var() * 240 * 12
    assert abs(spread - 1) < 4 * np.sqrt(2 / 2_000)
    assert abs(months.mean(axis=1).var() * 2_000 * 12 - 1) < 4 * np.sqrt(2 / 240)
    for lag in (1, 2, 12):
        r = np.corrcoef(months[:-lag].ravel(), months[lag:].ravel())[0, 1]
        assert abs(r) < 4 / np.sqrt(months[lag:].size)


@pytest.mark.parametrize(
    "other",
    [("s", 8, 0), ("s", 7, 1), ("t", 7, 0)],
    ids=["months", "lanes", "streams"],
)
def test_two_draws_fill_the_square_evenly(other: tuple[str, int, int]) -> None:
    stream, month, lane = other
    a, b = DRAWS.uniform("s", UIDS, 7), DRAWS.uniform(stream, UIDS, month, lane)
    cells = (a * 32).astype(np.int64) * 32 + (b * 32).astype(np.int64)
    assert stats.chisquare(np.bincount(cells, minlength=1_024)).pvalue > 0.001


def test_three_neighbours_fill_the_cube_evenly() -> None:
    u = (DRAWS.uniform("cube", UIDS[: N // 3 * 3], 7).reshape(-1, 3) * 8).astype(np.int64)
    cells = u[:, 0] * 64 + u[:, 1] * 8 + u[:, 2]
    assert stats.chisquare(np.bincount(cells, minlength=512)).pvalue > 0.001


def test_avalanche_of_every_uid_bit() -> None:
    """Each of the 64 bits of a uid, flipped, flips each of the 53 output bits half of the time."""
    uids = np.concatenate([UIDS[:6_000], SPREAD_UIDS[:6_000]])
    before = bits_of(DRAWS.uniform("avalanche", uids, 3))
    share = np.empty((64, 53))
    for bit in range(64):
        flipped = bits_of(DRAWS.uniform("avalanche", uids ^ np.uint64(1 << bit), 3))
        share[bit] = np.mean(before != flipped, axis=0)
    assert share.mean(axis=1).min() > 0.45
    assert share.mean(axis=1).max() < 0.55
    limit = 5 * 0.5 / np.sqrt(uids.size)
    assert np.abs(share - 0.5).max() < limit


def test_avalanche_of_month_lane_and_root_seed() -> None:
    uids = UIDS[:4_000]
    before = bits_of(Draws(0).uniform("avalanche", uids, 0))
    for bit in range(62):
        for after in (
            Draws(0).uniform("avalanche", uids, 1 << bit),
            Draws(0).uniform("avalanche", uids, 0, 1 << bit),
            Draws(1 << bit).uniform("avalanche", uids, 0),
        ):
            assert abs(np.mean(before != bits_of(after)) - 0.5) < 0.01


def test_a_million_uids_do_not_collide() -> None:
    million = np.arange(1_000_000, dtype=np.uint64)
    for made in (
        derive_uid("arrival", million),
        derive_uid("arrival", million // np.uint64(1_000), million % np.uint64(1_000)),
        child_uid(million // np.uint64(4), million % np.uint64(4)),
    ):
        assert np.unique(made).size == million.size
        assert made.min() >= 2**61
        assert made.max() < 2**62
    # 53 bits of a bijection: about 5e-5 shared draws are expected among a million.
    assert np.unique(DRAWS.uniform("s", million, 0)).size >= million.size - 1


def test_derived_uids_are_spread_evenly_and_their_namespaces_apart() -> None:
    unit = (SPREAD_UIDS - np.uint64(2**61)).astype(np.float64) / 2.0**61
    assert stats.kstest(unit, "uniform").pvalue > 0.001
    apart = (derive_uid("other", UIDS) - np.uint64(2**61)).astype(np.float64) / 2.0**61
    assert_unrelated(unit, apart)
    assert_unrelated(unit[:-1], unit[1:])
    assert np.intersect1d(SPREAD_UIDS, derive_uid("other", UIDS)).size == 0


@pytest.mark.parametrize("month", [0, 11])
def test_normal_and_exponential(month: int) -> None:
    z = DRAWS.normal("z", UIDS, month)
    assert abs(z.mean()) < 4 / np.sqrt(N)
    assert abs(z.var() - 1) < 4 * np.sqrt(2 / N)
    assert abs(np.mean(z**3)) < 4 * np.sqrt(15 / N)
    assert abs(np.mean(z**4) - 3) < 4 * np.sqrt(96 / N)
    assert stats.kstest(z, "norm").pvalue > 0.001
    assert stats.kstest(DRAWS.life_normal("z", UIDS), "norm").pvalue > 0.001
    e = DRAWS.exponential("e", UIDS, month)
    assert e.min() >= 0
    assert abs(e.mean() - 1) < 4 / np.sqrt(N)
    assert abs(e.var() - 1) < 4 * np.sqrt(8 / N)
    assert stats.kstest(e, "expon").pvalue > 0.001
    assert stats.kstest(DRAWS.gumbel("g", UIDS, month), "gumbel_r").pvalue > 0.001


def test_gumbel_choice_frequencies() -> None:
    weights = np.array([0.05, 0.1, 0.15, 0.3, 0.4])
    utility = np.stack([DRAWS.gumbel("choice", UIDS, 3, 0, k) + np.log(w) for k, w in enumerate(weights)])
    assert stats.chisquare(np.bincount(utility.argmax(axis=0), minlength=5), weights * N).pvalue > 0.001
    # Without the last option the others keep their relative odds and most choices stay as they were.
    fewer = utility[:4].argmax(axis=0)
    assert stats.chisquare(np.bincount(fewer, minlength=4), weights[:4] / 0.6 * N).pvalue > 0.001
    stayed = utility.argmax(axis=0) < 4
    assert np.array_equal(fewer[stayed], utility.argmax(axis=0)[stayed])


@pytest.mark.parametrize("mean", [0.02, 0.7, 3.0, 40.0])
def test_poisson_frequencies(mean: float) -> None:
    counts = DRAWS.poisson("visits", UIDS, 3, mean)
    assert abs(counts.mean() - mean) < 4 * np.sqrt(mean / N)
    assert abs(counts.var() - mean) < 4 * np.sqrt((mean + 2 * mean**2) / N)
    law = stats.poisson(mean)
    low, high = int(law.ppf(1e-4)), int(law.isf(1e-4))
    observed = np.bincount(np.clip(counts, low, high) - low, minlength=high - low + 1)
    expected = law.pmf(np.arange(low, high + 1))
    expected[0], expected[-1] = law.cdf(low), law.sf(high - 1)
    assert stats.chisquare(observed, expected * N).pvalue > 0.001


def test_pairs_are_even_symmetric_and_unrelated() -> None:
    a, b = UIDS[:-1], UIDS[1:]
    u = DRAWS.pair("meet", a, b, 3)
    assert np.array_equal(u, DRAWS.pair("meet", b, a, 3))
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert_unrelated(u[:-1], u[1:])
    assert_unrelated(u, DRAWS.uniform("meet", a, 3))
    assert_unrelated(u, DRAWS.pair("meet", a, b, 4))
    everybody = DRAWS.pair("meet", UIDS[:700, None], UIDS[None, :700], 3)
    upper = everybody[np.triu_indices(700)]
    assert np.unique(upper).size == upper.size
    assert stats.kstest(upper, "uniform").pvalue > 0.001
    row_means = everybody.mean(axis=1)
    assert abs(row_means.var() * 700 * 12 - 1) < 4 * np.sqrt(2 / 700)


def test_another_hash_seed_and_process_give_the_same_bytes() -> None:
    program = (
        "import numpy as np; from hashlib import sha256; from wijksim.core.rng import Draws, derive_uid\n"
        "d = Draws(99); u = derive_uid('x', np.arange(500)); h = sha256()\n"
        "for m in range(-2, 3):\n"
        "    h.update(d.uniform('a', u, m).tobytes() + d.fork('f').pair('a', u, u[::-1], m).tobytes())\n"
        "print(h.hexdigest())"
    )
    source = str(Path(wijksim.__file__).parents[1])
    prints = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": source},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert prints == {"bee9d92c057667dc4d1389c79cb635b9011364de076ae79bcc399f6d5c24d683\n"}


def test_keys_of_a_whole_run_are_distinct() -> None:
    streams, months, lanes = ("a", "b", "c"), range(-60, 240), range(8)
    first = [DRAWS.uniform(s, 1, m, k) for s, m, k in itertools.product(streams, months, lanes)]
    assert len(set(map(float, first))) == len(streams) * len(months) * len(lanes)
    assert stats.kstest(first, "uniform").pvalue > 0.001
