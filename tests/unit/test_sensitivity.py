"""Sensitivity indices: known answers, read from the folder of a sweep; the noise of the futures; refusals."""

from dataclasses import replace

import numpy as np
import pytest
from SALib.analyze import pawn as salib_pawn
from tests.unit.sensitivity_example import experiment, factors, ishigami, swept

from wijksim.analysis.sensitivity.analyse import INDEX, sensitivity
from wijksim.analysis.sensitivity.morris import _Moves
from wijksim.analysis.sensitivity.pawn import distances, slices_of
from wijksim.analysis.sensitivity.sample import outcome_of, sample_of
from wijksim.core.errors import InputError

ANGLES = factors(*[(-np.pi, np.pi)] * 3)
G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def _analysed(results, method=None, **wanted):
    return sensitivity(sample_of(results), outcome_of(results, "crises", **wanted), method=method)


def _table(found, statistic="mean"):
    part = next(part for part in found.parts if part.statistic == statistic)
    return part.table.set_index("factor")


def _linear(*coefficients, noise=0.0, shared=0.0):
    """Sum of the factors, with luck of a run and luck that all rows have in common."""

    def function(x, scenario, rng):
        luck = rng.normal(0, 1, len(x)) * noise + rng.normal() * shared
        return x @ np.array(coefficients) * (1 + scenario) + luck

    return function


# ---------------------------------------------------------------- known answers


def test_ishigami(tmp_path):
    results = swept(tmp_path, experiment(ANGLES, "saltelli", 1024), lambda x, *_: ishigami(x))
    table = _table(_analysed(results)).loc[[one.name for one in ANGLES]]
    first, total = [0.3139, 0.4424, 0], [0.5576, 0.4424, 0.2437]
    assert (abs(table["S1"] - first) <= table["S1_conf"]).all()
    assert (abs(table["ST"] - total) <= table["ST_conf"]).all()
    assert (table[["S1_conf", "ST_conf"]] < 0.1).all(axis=None)


def test_sobol_g(tmp_path):
    results = swept(
        tmp_path,
        experiment(factors(*[(0, 1)] * 8), "saltelli", 1024),
        lambda x, *_: ((abs(4 * x - 2) + G) / (1 + G)).prod(axis=1),
    )
    found = _analysed(results)
    table = _table(found).loc[found.sample.names]
    share = 1 / (3 * (1 + G) ** 2)
    everything = np.prod(1 + share)
    first = share / (everything - 1)
    total = share * everything / (1 + share) / (everything - 1)
    assert (abs(table["S1"] - first) <= table["S1_conf"]).all()
    assert (abs(table["ST"] - total) <= table["ST_conf"]).all()
    assert found.parts[0].table["factor"].tolist()[:4] == found.sample.names[:4]


def test_morris_of_a_line_is_its_slope_times_the_range(tmp_path):
    given = factors((0, 1), (-2, 2), (10, 20), (0, 5))
    results = swept(tmp_path, experiment(given, "morris", 6), _linear(3, -1, 0.5, 0))
    found = _analysed(results)
    table = _table(found).loc[[one.name for one in given]]
    assert table["mu_star"].to_numpy() == pytest.approx([3, 4, 5, 0], abs=1e-5)
    assert table["mu"].to_numpy() == pytest.approx([3, -4, 5, 0], abs=1e-5)
    assert table["sigma"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-5)
    assert found.survivors == [one.name for one in given[:3]]
    assert [part.statistic for part in found.parts] == ["mean"]


def test_elementary_effects_of_many_outcomes_are_those_of_salib(tmp_path):
    given = factors((0, 1), (1, 3), (-1, 1), (0, 9), (0, 1))
    for groups in (False, True):
        what = experiment(given, "morris", 8, groups=groups)
        results = swept(tmp_path / str(groups), what, lambda x, *_: np.sin(x).prod(axis=1) + x[:, 0] ** 2)
        sample, outcome = sample_of(results), outcome_of(results, "crises")
        ours = np.abs(_Moves(sample).effects(outcome.values)).mean(axis=(1, 2))
        table = _table(sensitivity(sample, outcome)).loc[sample.names]
        assert ours == pytest.approx(table["mu_star"].to_numpy())


def test_pawn_is_that_of_salib_but_for_the_last_point():
    rng = np.random.default_rng(5)
    x = rng.uniform(-np.pi, np.pi, (1000, 3))
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib_pawn.analyze(problem, x, ishigami(x))
    ours = np.array([distances(ishigami(x), slices_of(column)) for column in x.T])
    assert ours[:, 0] == pytest.approx(theirs["median"], abs=0.01)
    assert ours[:, 1] == pytest.approx(theirs["maximum"], abs=0.01)


def test_pawn_puts_what_does_nothing_below_the_dummy(tmp_path):
    results = swept(
        tmp_path, experiment(factors(*[(0, 1)] * 4), "lhs", 400, luck="own"), _linear(2, 1, 0, 0, noise=0.1)
    )
    table = _table(_analysed(results))
    assert table["above_floor"].to_dict() == {
        "room0.x0": True,
        "room0.x1": True,
        "room1.x2": False,
        "room1.x3": False,
    }


def test_pawn_reads_the_points_of_saltelli_that_do_not_hang_together(tmp_path):
    results = swept(tmp_path, experiment(ANGLES, "saltelli", 256), lambda x, *_: ishigami(x))
    found = _analysed(results, "pawn")
    assert found.outcome.values.shape == (512, 1)
    assert found.parts[0].table["factor"].iloc[0] == "room0.x1"


def test_a_factor_of_few_values_has_a_slice_for_each():
    assert slices_of(np.repeat([1.0, 2.0, 5.0], 40)).sum(axis=0).tolist() == [40, 40, 40]
    assert np.isnan(distances(np.arange(50.0), slices_of(np.ones(50)))[0])


# ---------------------------------------------------------------- noise


@pytest.mark.parametrize(("kind", "rows"), [("morris", 10), ("saltelli", 64)])
@pytest.mark.parametrize("luck", ["common", "own"])
def test_what_is_only_noise_is_not_above_the_floor(tmp_path, kind, rows, luck):
    what = experiment(factors(*[(0, 1)] * 6), kind, rows, replications=8, luck=luck)
    found = _analysed(swept(tmp_path, what, _linear(*[0] * 6, noise=1)))
    assert [part.above for part in found.parts] == [[], []]
    assert all("No index lies above the noise." in part.remarks for part in found.parts)


def test_the_noise_interval_covers_what_other_futures_would_give(tmp_path):
    what = experiment(factors((0, 1), (0, 1), (0, 1)), "morris", 10, replications=20)
    table = _table(_analysed(swept(tmp_path, what, _linear(4, 3, 2, noise=0.5))))
    assert (abs(table["mu_star"] - [4, 3, 2]) <= table["mu_star_noise"]).all()
    # the noise of a mean of 20 in a mean of 10 effects over two thirds of the range, two ends each
    expected = 1.96 * 0.5 / np.sqrt(20) * 1.5 * np.sqrt(2) / np.sqrt(10)
    assert table["mu_star_noise"].to_numpy() == pytest.approx([expected] * 3, rel=0.5)


def test_luck_that_all_rows_share_is_no_noise(tmp_path):
    given = factors((0, 1), (0, 1))
    common = experiment(given, "morris", 10, replications=8)
    table = _table(_analysed(swept(tmp_path, common, _linear(1, 2, shared=50))))
    assert table["mu_star_noise"].max() < 1e-4


def test_the_spread_has_indices_of_its_own(tmp_path):
    def function(x, scenario, rng):
        return 5 * x[:, 1] + rng.normal(0, 1, len(x)) * (0.1 + 4 * x[:, 0])

    what = experiment(factors((0, 1), (0, 1), (0, 1)), "morris", 10, replications=30)
    found = _analysed(swept(tmp_path, what, function))
    spread = _table(found, "spread")
    assert spread.index[0] == "room0.x0"
    assert spread["above_floor"].tolist() == [True, False, False]
    assert spread["mu_star"].iloc[0] == pytest.approx(4, abs=spread["mu_star_noise"].iloc[0])
    assert found.survivors == ["room0.x0", "room0.x1"]


def test_one_replication_is_said_to_be_one(tmp_path):
    found = _analysed(swept(tmp_path, experiment(ANGLES, "morris", 4), lambda x, *_: ishigami(x)))
    assert "One replication" in found.remarks[0]
    assert found.parts[0].table["mu_star_noise"].isna().all()


# ---------------------------------------------------------------- levels, differences, groups, constants


def test_a_variant_is_analysed_as_paired_difference(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "morris", 4, scenarios=("baseline", "staffing-cut"))
    results = swept(tmp_path, what, _linear(1, 2))
    for wanted, answer in (
        ({}, [2, 1]),
        ({"difference": False}, [4, 2]),
        ({"scenario": "baseline"}, [2, 1]),
    ):
        assert _table(_analysed(results, **wanted))["mu_star"].to_numpy() == pytest.approx(answer, abs=1e-5)
    assert _analysed(results).outcome.words == "crises, staffing-cut minus baseline, city, year 1"
    with pytest.raises(InputError, match="differs nowhere from itself"):
        outcome_of(results, "crises", scenario="baseline", difference=True)
    with pytest.raises(InputError, match="staffing-cut"):
        outcome_of(results, "crises", scenario="staffing")


@pytest.mark.parametrize(("kind", "rows"), [("morris", 10), ("saltelli", 256)])
def test_groups_have_one_index_each(tmp_path, kind, rows):
    what = experiment(factors(*[(0, 1)] * 6), kind, rows, groups=True, replications=3)
    found = _analysed(swept(tmp_path, what, _linear(0, 0, 3, 3, 1, 0, noise=0.01)))
    table = _table(found)
    assert table.index.tolist() == ["room1", "room2", "room0"]
    assert any("whole group" in remark for remark in found.remarks)
    if kind == "saltelli":  # variances of a sum: 18, 1 and 0 parts of 19
        assert table["ST"].to_numpy() == pytest.approx([18 / 19, 1 / 19, 0], abs=0.05)
    else:
        assert table["mu"].isna().all()  # members move in different directions
        assert found.survivors == ["room1", "room2"]


@pytest.mark.parametrize(("kind", "rows"), [("morris", 4), ("saltelli", 16), ("lhs", 50)])
def test_a_constant_outcome_is_said_to_be_constant(tmp_path, kind, rows):
    what = experiment(factors((0, 1), (0, 1)), kind, rows, replications=3)
    found = _analysed(swept(tmp_path, what, lambda x, *_: np.full(len(x), 3.3)))
    assert all(part.table.empty for part in found.parts)
    assert "The mean is the same in all" in found.parts[0].remarks[0]
    assert found.frame().empty
    assert found.survivors == []


# ---------------------------------------------------------------- refusals


def test_rows_without_a_value_are_refused_in_words(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "saltelli", 8, replications=2)
    failed = swept(tmp_path / "failed", what, _linear(1, 2), fails=(3, 4))
    with pytest.raises(InputError, match=r"2 of 32 rows have no value \(2 failed, 0 not done\)") as caught:
        outcome_of(failed, "crises")
    assert f"wijksim sweep known --resume --out {failed.folder}" in str(caught.value)
    gone = swept(tmp_path / "gone", what, lambda x, *_: np.where(x[:, 0] > 0.5, np.nan, 1))
    with pytest.raises(InputError, match="16 of 32 rows have no value although their runs succeeded"):
        outcome_of(gone, "crises")
    whole = outcome_of(swept(tmp_path / "whole", what, _linear(1, 2)), "crises")
    with pytest.raises(ValueError, match="gaps"):
        sensitivity(sample_of(failed), replace(whole, values=np.full((32, 2), np.nan)))


def test_a_replication_that_was_not_begun_is_left_out_and_half_of_one_is_refused(tmp_path):
    what = experiment(factors((0, 1), (0, 1)), "morris", 4, replications=4)
    two = swept(tmp_path, what, _linear(1, 2), until=2)
    assert outcome_of(two, "crises").replications == 2
    half = swept(tmp_path / "half", what, _linear(1, 2), until=3, undone=(5,))
    with pytest.raises(InputError, match=r"1 of 12 rows have no value \(0 failed, 1 not done\)"):
        outcome_of(half, "crises")


@pytest.mark.parametrize(
    ("kind", "rows", "method", "words"),
    [
        ("lhs", 50, "morris", "needs a design of kind morris"),
        ("morris", 4, "sobol", "needs a design of kind saltelli"),
        ("morris", 4, "pawn", "do not hang together"),
        ("lhs", 10, "pawn", "at least 40 rows"),
        ("lhs", 50, "fast", "no method"),
    ],
)
def test_a_method_that_cannot_read_the_design_is_refused(tmp_path, kind, rows, method, words):
    results = swept(tmp_path, experiment(factors((0, 1), (0, 1)), kind, rows), _linear(1, 2))
    with pytest.raises(InputError, match=words):
        _analysed(results, method)


def test_the_method_follows_the_design(tmp_path):
    for kind, rows, method in (
        ("morris", 4, "morris"),
        ("saltelli", 8, "sobol"),
        ("full-factorial", 0, "pawn"),
    ):
        results = swept(tmp_path / kind, experiment(factors((0, 1), (0, 1)), kind, rows), _linear(1, 2))
        assert sample_of(results).method == method
        assert method in INDEX
