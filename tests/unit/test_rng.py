"""What a draw promises: a pure function of who, what and when, and a stop when luck would be shared."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from numpy.typing import NDArray

from wijksim.core import rng
from wijksim.core.rng import Draws, child_uid, derive_uid

UIDS = np.concatenate([np.arange(400, dtype=np.uint64), derive_uid("late", np.arange(100))])
KNOWN = [
    (0, "a", 0, 0, 0, 1369432991190837),
    (0, "a", 0, 0, 1, 3348168249117918),
    (0, "a", 0, 1, 0, 2857527163466571),
    (0, "a", 1, 0, 0, 4447967438696941),
    (0, "b", 0, 0, 0, 4973147587642169),
    (1, "a", 0, 0, 0, 1008172092218344),
    (0, "a", -1, 0, 0, 6772416416195442),
    (2026, "debt.onset", 239, 0, 11_999, 2819583114971595),
    (2026, "debt.onset", -60, 0, 11_999, 8197922962083333),
    (2**64 - 1, "housing.bid", 12, 4_000, 2**40 - 1, 8842430790381317),
    (7, "school één", 3, 2, 2**61 + 5, 5166485107484106),
    (7, "", 3, 2**62, 2**64 - 1, 2639492698820256),
]
KINDS = ["uniform", "normal", "exponential", "gumbel", "life", "life_normal", "pair", "poisson"]


def draw(kind: str, uids: NDArray[np.uint64] | int, draws: Draws | None = None) -> NDArray[np.float64]:
    d = Draws(11) if draws is None else draws
    match kind:
        case "life" | "life_normal":
            return getattr(d, kind)("s", uids, 2)
        case "gumbel":
            return d.gumbel("s", uids, 3, 2, 1)
        case "pair":
            return d.pair("s", uids, 5, 3, 2)
        case "poisson":
            return d.poisson("s", uids, 3, 1.5, lane=2)
    return getattr(d, kind)("s", uids, 3, 2)


@pytest.mark.parametrize(("seed", "stream", "month", "lane", "uid", "word"), KNOWN)
def test_known_answers(seed: int, stream: str, month: int, lane: int, uid: int, word: int) -> None:
    """Frozen: a change here moves every result ever published."""
    assert Draws(seed).uniform(stream, uid, month, lane) == word / 2**53
    assert Draws(seed).uniform(stream, np.array([uid], dtype=np.uint64), month, lane)[0] == word / 2**53


def test_known_answers_of_the_rest() -> None:
    d = Draws(5)
    assert d.life("taste", 17, 1) == 571055845552483 / 2**53
    assert d.fork("shocks").root_seed == 18248733881645762072
    assert d.pair("meet", 8, 3, 1) == 2388249092731529 / 2**53
    assert derive_uid("arrival", 3, -1) == 4585826092935634243
    assert derive_uid("town") == 3670633545486011771
    assert child_uid(12, 1) == 2573904111897815244
    assert d.normal("z", 17, 3) == pytest.approx(-1.2545826832512672, rel=1e-14)
    assert d.exponential("z", 17, 3) == pytest.approx(0.11072504179933994, rel=1e-14)
    assert d.gumbel("z", 17, 3, 0, 2) == pytest.approx(-0.2885372383535792, rel=1e-13)
    assert d.poisson("z", 17, 3, 4.0) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_subset_in_any_order_meets_the_same_luck(kind: str) -> None:
    everybody = draw(kind, UIDS)
    chosen = np.random.default_rng(0).permutation(UIDS.size)[:77]
    assert np.array_equal(draw(kind, UIDS[chosen]), everybody[chosen])
    assert np.array_equal(draw(kind, UIDS[::7]), everybody[::7])
    assert np.array_equal(draw(kind, UIDS.reshape(50, 10)), everybody.reshape(50, 10))
    for row in (0, 1, 250, 499):
        one = draw(kind, int(UIDS[row]))
        assert one == everybody[row]
        assert isinstance(one, np.integer if kind == "poisson" else np.float64)
    assert draw(kind, UIDS[:0]).shape == (0,)


@pytest.mark.parametrize("kind", KINDS)
def test_history_copies_and_pickles_change_nothing(kind: str) -> None:
    fresh = draw(kind, UIDS)
    used = Draws(11)
    for month in range(-2, 5):
        used.uniform("s", UIDS[:9], month)
        used.normal("other", UIDS[:3], month, 2)
    for again in (used, copy.deepcopy(used), pickle.loads(pickle.dumps(used))):
        assert again.root_seed == 11
        assert np.array_equal(draw(kind, UIDS, again), fresh)


@pytest.mark.parametrize("month", [-1, 0, 11, 12, 5000])
def test_keys_made_when_a_month_begins_are_those_made_when_asked_for(month: int) -> None:
    used = Draws(11)
    for lane in range(3):
        used.uniform("s", UIDS, month - 1, lane)
    for lane in range(3):
        fresh = Draws(11).uniform("s", UIDS, month, lane)
        assert np.array_equal(used.uniform("s", UIDS, month, lane), fresh)


@pytest.mark.parametrize("size", [0, 1, 7, 1023, 1024, 1025, 3000])
@pytest.mark.parametrize("high", [0.0, 0.01, 0.5, 1.0])
def test_near_is_a_draw_and_a_comparison(size: int, high: float) -> None:
    uid = np.arange(4000, dtype=np.uint64) * np.uint64(977)
    rows = np.arange(4000, dtype=np.int32)[::-1][:size].copy()
    u = Draws(3).uniform("s", uid[rows], 5, 2)
    near, kept = Draws(3, audit=True).near("s", uid, rows, 5, high, lane=2)
    assert near.tolist() == rows[u < high].tolist()
    assert kept.tolist() == u[u < high].tolist()


def test_near_is_audited() -> None:
    uid, rows = np.arange(9, dtype=np.uint64), np.arange(9, dtype=np.int32)
    draws = Draws(3, audit=True)
    draws.near("s", uid, rows, 5, 0.1)
    with pytest.raises(rng.DoubleDraw):
        draws.uniform("s", uid[:1], 5)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint16, np.uint64])
def test_the_type_of_a_uid_does_not_matter(dtype: type[np.integer]) -> None:
    uids = np.arange(40).astype(dtype)
    before = uids.copy()
    assert np.array_equal(draw("uniform", uids), draw("uniform", UIDS[:40]))
    assert draw("uniform", uids[3]) == draw("uniform", 3)
    assert np.array_equal(uids, before)
    assert np.array_equal(derive_uid("x", uids), derive_uid("x", UIDS[:40]))


@pytest.mark.parametrize("kind", ["uniform", "normal", "exponential", "gumbel", "pair"])
def test_every_part_of_the_key_matters(kind: str) -> None:
    d = Draws(4)
    who = (UIDS, UIDS[::-1]) if kind == "pair" else (UIDS,)
    values = [
        getattr(d, kind)("s", *who, 3),
        getattr(d, kind)("t", *who, 3),
        getattr(d, kind)("s", *who, 4),
        getattr(d, kind)("s", *who, -3),
        getattr(d, kind)("s", *who, 3, 1),
        getattr(d.fork("a"), kind)("s", *who, 3),
        getattr(d.fork("b"), kind)("s", *who, 3),
        getattr(Draws(5), kind)("s", *who, 3),
    ]
    for i, one in enumerate(values):
        for other in values[:i]:
            assert not np.any(one == other)


def test_a_life_draw_is_not_the_draw_of_any_month() -> None:
    d = Draws(4)
    for month in (-1, 0, 1):
        assert not np.any(d.life("s", UIDS) == d.uniform("s", UIDS, month))
    assert not np.any(d.life("s", UIDS) == d.life("s", UIDS, 1))


def test_shapes_rise_with_the_uniform() -> None:
    order = np.argsort(draw("uniform", UIDS))
    for kind in ("normal", "exponential", "poisson"):
        assert np.all(np.diff(draw(kind, UIDS)[order]) >= 0)
    by_gumbel = Draws(11).gumbel("s", UIDS, 3, 2)
    assert np.all(np.diff(by_gumbel[order]) > 0)


def test_poisson_with_a_mean_per_uid() -> None:
    d = Draws(4)
    mean = np.linspace(0, 60, UIDS.size)
    counts = d.poisson("s", UIDS, 3, mean)
    assert counts.dtype == np.int64
    assert counts[0] == 0
    for row in (100, 250, 499):
        assert counts[row] == d.poisson("s", int(UIDS[row]), 3, mean[row])
    assert np.all(d.poisson("s", UIDS, 3, mean * 0.9) <= counts)
    assert not d.poisson("s", UIDS, 3, 0).any()
    for bad in (-0.1, 64.5, np.nan):
        with pytest.raises(ValueError, match="poisson means must lie in"):
            d.poisson("s", UIDS, 3, bad)


def test_first_below_finds_who_can_be_hit() -> None:
    d = Draws(4)
    u = d.uniform("s", UIDS, 3, 1)
    bound = np.linspace(0, 0.5, UIDS.size, dtype=np.float32)
    for p in (0.0, 0.2, 1.0, bound):
        positions, hit = d.first_below("s", UIDS, 3, p, lane=1)
        assert np.array_equal(positions, np.flatnonzero(u < p))
        assert np.array_equal(hit, u[positions])
    # Thinning under a bound hits the same people as the exact chance would.
    positions, hit = d.first_below("s", UIDS, 3, 0.5, lane=1)
    assert np.array_equal(positions[hit < bound[positions]], np.flatnonzero(u < bound))
    assert d.first_below("s", UIDS[:0], 3, 0.5)[0].size == 0
    assert d.first_below("s", 7, 3, 1.0)[0].tolist() == [0]
    with pytest.raises(ValueError, match="one-dimensional"):
        d.first_below("s", UIDS.reshape(2, -1), 3, 0.5)
    with pytest.raises(ValueError, match="shape"):
        d.first_below("s", UIDS, 3, bound[:-1])


def test_derived_uids() -> None:
    mothers = np.arange(50, dtype=np.uint64)
    second = child_uid(mothers, 2)
    assert second.dtype == np.uint64
    assert second[7] == child_uid(7, 2) == derive_uid("child", 7, 2)
    assert isinstance(child_uid(7, 2), np.uint64)
    table = derive_uid("x", mothers[:, None], np.arange(3))
    assert table.shape == (50, 3)
    assert table[4, 2] == derive_uid("x", 4, 2)
    assert derive_uid("x", 4, 2) != derive_uid("x", 2, 4)
    assert derive_uid("x", 4) != derive_uid("x", 4, 0)
    assert derive_uid("x", -1) == derive_uid("x", np.int8(-1)) == derive_uid("x", np.array([-1]))[0]
    grandchild = child_uid(child_uid(7, 0), 0)
    assert 2**61 <= grandchild < 2**62
    with pytest.raises(TypeError, match="whole numbers"):
        derive_uid("x", np.array([1.5]))


def test_what_cannot_be_drawn_is_refused() -> None:
    d = Draws(4)
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="a seed must lie in"):
            Draws(seed)
    with pytest.raises(TypeError):
        Draws(1.5)  # type: ignore[arg-type]
    for lane, option in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="must not be negative"):
            d.gumbel("s", 3, 0, lane, option)
    for uid in (-1, 2**64, np.array([3, -1])):
        with pytest.raises(ValueError, match="a uid must"):
            d.uniform("s", uid, 0)
    for uid in (np.array([1.0]), np.array([True]), np.array(["3"])):
        with pytest.raises(TypeError, match="whole numbers"):
            d.uniform("s", uid, 0)


class TestAudit:
    def test_the_audit_does_not_touch_the_values(self) -> None:
        for kind in KINDS:
            assert np.array_equal(draw(kind, UIDS, Draws(11, audit=True)), draw(kind, UIDS))

    def test_a_second_draw_is_caught_with_its_name(self) -> None:
        d = Draws(1, audit=True)
        d.uniform("s", UIDS[:10], 3, 2)
        with pytest.raises(rng.DoubleDraw, match=r"uid 4 .* 's' in month 3, lane 2") as caught:
            d.uniform("s", UIDS[4:5], 3, 2)
        error = pickle.loads(pickle.dumps(caught.value))
        assert (error.stream, error.month, error.lane, error.uid) == ("s", 3, 2, 4)

    @pytest.mark.parametrize("kind", ["uniform", "normal", "exponential", "poisson"])
    def test_any_shape_of_the_same_luck_is_a_second_draw(self, kind: str) -> None:
        d = Draws(1, audit=True)
        draw(kind, UIDS, d)
        with pytest.raises(rng.DoubleDraw):
            d.first_below("s", UIDS[-1:], 3, 0.1, lane=2)

    def test_overlapping_subsets_and_twins_within_a_call(self) -> None:
        d = Draws(1, audit=True)
        d.uniform("s", UIDS[:10], 3)
        d.uniform("s", UIDS[10:20], 3)
        with pytest.raises(rng.DoubleDraw):
            d.uniform("s", UIDS[19:25], 3)
        with pytest.raises(rng.DoubleDraw):
            d.uniform("t", np.array([1, 2, 1]), 3)
        d.uniform("s", 25, 3)
        with pytest.raises(rng.DoubleDraw):
            d.uniform("s", 25, 3)
        d.pair("p", 1, 2, 3)
        with pytest.raises(rng.DoubleDraw):
            d.pair("p", 2, 1, 3)

    def test_disjoint_subsets_lanes_options_streams_months_and_forks_are_free(self) -> None:
        d = Draws(1, audit=True)
        for month in (-1, 0, 1):
            d.uniform("s", UIDS[::2], month)
            d.uniform("s", UIDS[1::2], month)
            d.uniform("s", UIDS, month, 1)
            d.uniform("t", UIDS, month)
            d.fork("x").uniform("s", UIDS, month)
            for option in range(3):
                d.gumbel("choice", UIDS, month, 0, option)
            d.life("taste", UIDS)
            d.life("taste", UIDS)
        with pytest.raises(rng.DoubleDraw):
            d.gumbel("choice", UIDS, 1, 0, 2)

    def test_a_fork_is_audited_too_and_a_copy_remembers(self) -> None:
        d = Draws(1, audit=True).fork("x")
        d.uniform("s", UIDS, 3)
        for again in (d, copy.deepcopy(d), pickle.loads(pickle.dumps(d))):
            with pytest.raises(rng.DoubleDraw):
                again.uniform("s", UIDS, 3)

    def test_memory_is_dropped_with_the_month(self) -> None:
        d = Draws(1, audit=True)
        for month in range(50):
            for lane in range(4):
                d.uniform("s", UIDS, month, lane)
        assert len(pickle.dumps(d)) < 5 * 4 * UIDS.nbytes

    def test_no_audit_no_memory(self) -> None:
        d = Draws(1)
        for _ in range(2):
            d.uniform("s", UIDS, 3)
        assert len(pickle.dumps(d)) < UIDS.nbytes
