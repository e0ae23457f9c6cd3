"""Coverage of intervals with a known answer, the pairs that are needed, and when it is enough."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.unit.report_example import example

from wijksim.analysis import compare as compare_module
from wijksim.analysis.compare import compare
from wijksim.analysis.intervals import (
    FIRST_LOOK,
    LOOK_DF,
    half_width,
    looks,
    mean_interval,
    pairs_for,
    sd_interval,
)
from wijksim.analysis.pilot import pilot_table
from wijksim.analysis.precision import (
    Precision,
    enough_for,
    precise_enough,
    reached,
    reached_in,
    smallest_effect,
)
from wijksim.kernel.measure import MEASURES

REPEATS = 12_000
MOST = 200


def draws(shape: str, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
    """Differences with mean 0 and standard deviation 1; skewness 0, 1 or -1."""
    if shape == "normal":
        return rng.normal(0, 1, size)
    skewed = (rng.gamma(4, 1, size) - 4) / 2
    return skewed if shape == "skewed" else -skewed


def intervals(x: np.ndarray, n: int, most_df: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Means and half-widths after ``n`` pairs, as the code gives them, one per repeat."""
    unit = half_width(1.0, n, most_df=most_df)
    return x[:, :n].mean(axis=1), unit * x[:, :n].std(axis=1, ddof=1)


# ---------------------------------------------------------------- coverage


@pytest.mark.parametrize("shape", ["normal", "skewed", "skewed the other way"])
@pytest.mark.parametrize("pairs", [10, 31, 60])
def test_a_fixed_number_of_pairs_covers_as_it_says(shape: str, pairs: int) -> None:
    x = draws(shape, np.random.default_rng(5), (REPEATS, pairs))
    mean, half = intervals(x, pairs)
    assert 0.93 <= np.mean(np.abs(mean) <= half) <= 0.97


@pytest.mark.parametrize("shape", ["normal", "skewed", "skewed the other way"])
@pytest.mark.parametrize("effect", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("needed", [35, 60, 90, 150])
def test_stopping_when_it_is_precise_covers_as_it_says(shape: str, effect: float, needed: int) -> None:
    """An absolute aim (no effect), and one that is a share of the mean, of which the mean itself decides."""
    x = draws(shape, np.random.default_rng(needed), (REPEATS, MOST)) + effect
    aim = half_width(1.0, needed)
    precision = Precision(relative=aim / effect) if effect else Precision(absolute=aim)
    open_, covered, pairs = np.ones(REPEATS, bool), np.zeros(REPEATS, bool), np.zeros(REPEATS)
    for n in looks(MOST):
        mean, half = intervals(x, n, LOOK_DF)
        wanted = np.abs(mean) * precision.relative if precision.relative else precision.absolute
        stop = open_ & ((half <= wanted) | (n == MOST))
        covered[stop] = (np.abs(mean - effect) <= half)[stop]
        pairs[stop] = n
        open_ &= ~stop
    assert not open_.any()
    assert 0.93 <= covered.mean() <= 0.97
    assert needed * 0.9 <= pairs.mean() <= needed * 1.6


def test_looks_are_few_and_the_first_is_late() -> None:
    assert looks(100) == (31, 47, 71, 100)
    assert looks(10) == (10,)
    assert looks(FIRST_LOOK) == (FIRST_LOOK,)


def test_a_look_has_a_wider_interval() -> None:
    values = np.random.default_rng(1).normal(0, 1, 80)
    _, low, high = mean_interval(values, most_df=LOOK_DF)
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 20) * stats.sem(values))


# ---------------------------------------------------------------- pairs needed


def test_pairs_needed_are_the_fewest_that_are_enough() -> None:
    sd, aim = np.array([1.0, 1.0, 3.0, 0.2]), np.array([0.1, 0.5, 0.5, 1.0])
    for one, wanted, n in zip(sd, aim, pairs_for(sd, aim), strict=True):
        assert half_width(one, int(n)) <= wanted
        assert n == 2 or half_width(one, int(n) - 1) > wanted
    assert pairs_for(np.array([1.0]), np.array([0.5]))[0] == 18  # by hand: t(17) / sqrt(18) = 0.497


def test_pairs_needed_at_the_edges() -> None:
    sd = np.array([0.0, 1.0, 1.0, np.nan])
    found = pairs_for(sd, np.array([0.0, 0.0, np.nan, 1.0]))
    assert found[0] == 2
    assert found[1] == np.inf
    assert np.isnan(found[2:]).all()


def test_the_interval_of_a_standard_deviation_covers_as_it_says() -> None:
    x = np.random.default_rng(3).normal(0, 2, (REPEATS, 10))
    low, high = sd_interval(x.std(axis=1, ddof=1), 10)
    assert 0.93 <= np.mean((low <= 2) & (high >= 2)) <= 0.97


def test_a_pilot_tells_how_many_pairs_are_needed() -> None:
    comparison = example(pairs=12)
    table = pilot_table(comparison, Precision(relative=0.1), measures=["liveability_index", "crises"])
    assert set(table["year"]) == {4, 8, 20}
    assert len(table) == 2 * 3 * 4 * 3
    line = table.iloc[0]
    values = comparison.yearly("liveability_index")[:, :2, 3, 0]
    change = values[:, 1] - values[:, 0]
    assert line["sd"] == pytest.approx(change.std(ddof=1))
    assert line["half_width"] == pytest.approx(stats.t.ppf(0.975, 11) * stats.sem(change))
    assert line["independent"] == pytest.approx(values.var(axis=0, ddof=1).sum())
    assert line["ratio"] == pytest.approx(line["independent"] / line["paired"])
    assert line["smallest"] == 0.01
    assert (table["needed_low"] <= table["needed"]).all()
    assert (table["needed"] <= table["needed_high"]).all()
    both = table[["for_precision", "for_smallest"]].min(axis=1)
    pd.testing.assert_series_equal(table["needed"], both, check_names=False)
    assert table.loc[table["measure"] == "crises", "smallest"].isna().all()


# ---------------------------------------------------------------- aims


@pytest.mark.parametrize(("text", "relative", "absolute"), [("10%", 0.1, None), (" 0.5 ", None, 0.5)])
def test_a_precision_is_read(text: str, relative: float | None, absolute: float | None) -> None:
    precision = Precision.parse(text)
    assert (precision.relative, precision.absolute) == (relative, absolute)
    assert Precision.parse(str(precision)) == precision


@pytest.mark.parametrize("text", ["", "%", "ten", "-1", "0%", "inf", "nan%"])
def test_what_is_no_precision_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a share"):
        Precision.parse(text)


def test_the_wider_of_share_and_smallest_effect_counts() -> None:
    share = Precision(relative=0.1)
    assert share.aim(-20, 1) == 2
    assert share.aim(-5, 1) == 1
    assert share.aim(5, None) == 0.5
    assert Precision(absolute=0.3).aim(100, 1) == 0.3


def test_the_smallest_effect_is_that_of_the_gates() -> None:
    def of(name: str) -> float | None:
        return smallest_effect(name, MEASURES.get(name).unit)

    assert of("liveability_index") == 0.01
    assert of("problem_debt") == 1.0
    assert of("achievement") == 0.05
    assert of("stress") is None
    assert of("school_dropout") is None


# ---------------------------------------------------------------- a comparison that stops by itself


def in_blocks(monkeypatch: pytest.MonkeyPatch, pairs: int) -> tuple[object, list[tuple[int, int]]]:
    """Answer from the hand-made comparison instead of from runs; count what is asked for."""
    made = example(pairs=pairs)
    asked: list[tuple[int, int]] = []

    def run_futures(specs, seeds, months, **_):
        asked.append((seeds[0], len(seeds)))
        return [made.futures[seed] for seed in seeds]

    monkeypatch.setattr(compare_module, "run_futures", run_futures)
    monkeypatch.setattr(
        compare_module, "recorded", lambda spec, only: tuple(kind.name for kind in made.measures)
    )
    return made, asked


def test_a_comparison_ends_when_it_is_precise(monkeypatch: pytest.MonkeyPatch) -> None:
    made, asked = in_blocks(monkeypatch, 60)
    easy, measures = Precision(absolute=50.0), ["liveability_index", "problem_debt"]
    found = compare(made.scenarios, pairs=60, enough=precise_enough(easy, measures))
    assert asked == [(0, 31)]
    assert found.seeds == tuple(range(31))
    assert reached(found, easy, measures).met
    assert found.most_df == LOOK_DF


def test_a_comparison_ends_when_its_pairs_are_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    made, asked = in_blocks(monkeypatch, 40)
    hard, measures = Precision(absolute=1e-9), ["liveability_index"]
    found = compare(made.scenarios, pairs=40, enough=precise_enough(hard, measures))
    assert asked == [(0, 31), (31, 9)]
    np.testing.assert_array_equal(found.numerator, made.numerator)
    told = reached(found, hard, measures)
    assert not told.met
    table = found.table()
    row = table[(table["measure"] == "liveability_index") & (table["scenario"] == "basic-jobs")].iloc[0]
    mine = next(one for one in told.rows if one["scenario"] == "basic-jobs")
    assert mine["half_width"] == pytest.approx((row["high"] - row["low"]) / 2)


def test_per_measure_the_difference_furthest_from_its_aim_is_told() -> None:
    told = reached(example(pairs=30), Precision(relative=0.1), ["problem_debt", "stress"])
    assert [one["measure"] for one in told.by_measure()] == ["problem_debt", "stress"]
    for one in told.by_measure():
        mine = [row for row in told.rows if row["measure"] == one["measure"]]
        assert one["differences"] == len(mine) == 36
        assert one["reached"] == sum(row["met"] for row in mine)
        assert one["half_width"] / one["aim"] == max(row["half_width"] / row["aim"] for row in mine)
    json.dumps(told.as_dict())


def test_no_difference_at_all_is_precise() -> None:
    comparison = example(pairs=5, scenarios=("baseline", "basic-jobs"))
    comparison.numerator[:, 1] = comparison.numerator[:, 0]
    assert reached(comparison, Precision(relative=0.1), ["stress"]).met


# ---------------------------------------------------------------- a sweep that stops by itself


class Folder:
    """Stands for the results of a sweep: two scenarios, rows whose differences have a known spread."""

    null, scenarios, months, years = "null", ("null", "variant"), 24, (2,)

    def __init__(self, rows: int, replications: int, luck: str, sd: float) -> None:
        rng = np.random.default_rng(rows)
        self.manifest = {"parts": {"luck": luck}}
        self.design = pd.DataFrame(index=range(rows))
        self.change = rng.normal(np.linspace(4, 6, rows)[:, None], sd, (rows, replications))
        self.replications = replications

    def measures(self) -> list[dict[str, str]]:
        return [{"name": "crises", "unit": "per 1,000 a year"}]

    def outcomes(self, measure: str) -> None:
        assert measure == "crises"

    def table(self, measure: str) -> pd.DataFrame:
        base = np.random.default_rng(1).normal(50, 9, self.change.shape)
        records = []
        for row in range(len(self.change)):
            for r in range(self.replications):
                for name, value in (("null", base[row, r]), ("variant", base[row, r] + self.change[row, r])):
                    records.append((name, row, r, 24, "city", value))
        columns = ["scenario_id", "row", "replication_id", "month", "district", "value"]
        return pd.DataFrame(records, columns=columns)


def sweep_of(monkeypatch: pytest.MonkeyPatch, **shape: object) -> Folder:
    from wijksim.runs.sweeps import results

    made = Folder(**shape)
    monkeypatch.setattr(results, "SweepResults", SimpleNamespace(open=lambda _: made))
    return made


@pytest.mark.parametrize(("luck", "df"), [("own, 9 a row", 40 * 8), ("common", 8)])
def test_a_sweep_pools_the_spread_of_its_rows(monkeypatch, tmp_path, luck: str, df: int) -> None:
    made = sweep_of(monkeypatch, rows=40, replications=9, luck=luck, sd=2.0)
    (row,) = reached_in(tmp_path, [], Precision(relative=0.1)).rows
    sd = np.sqrt(made.change.var(axis=1, ddof=1).mean())
    assert row["difference"] == pytest.approx(made.change.mean())
    assert row["half_width"] == pytest.approx(stats.t.ppf(0.975, min(df, LOOK_DF)) * sd / 3)
    assert row["aim"] == pytest.approx(0.1 * made.change.mean())
    assert row["pairs"] == 9


def test_a_sweep_is_asked_at_few_moments(monkeypatch, tmp_path) -> None:
    sweep_of(monkeypatch, rows=3, replications=40, luck="common", sd=0.1)
    enough = enough_for(tmp_path, ["crises"], Precision(relative=0.1))
    assert [enough(done) for done in (1, 2, 30, 31)] == [False, False, False, True]
    sweep_of(monkeypatch, rows=3, replications=40, luck="common", sd=50.0)
    enough = enough_for(tmp_path, ["crises"], Precision(relative=0.1))
    assert not any(enough(done) for done in range(1, 41))
    sweep_of(monkeypatch, rows=31, replications=2, luck="own, 2 a row", sd=0.1)
    assert enough_for(tmp_path, [], Precision(relative=0.1))(2)


def test_a_row_that_failed_is_left_out(monkeypatch, tmp_path) -> None:
    made = sweep_of(monkeypatch, rows=4, replications=6, luck="common", sd=1.0)
    made.change[0] = np.nan
    made.change[1, 4:] = np.nan
    (row,) = reached_in(tmp_path, [], Precision(absolute=1.0)).rows
    assert np.isfinite(row["half_width"])
    assert row["pairs"] == 4
