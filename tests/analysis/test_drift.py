"""Known answers for the diagnosis of the null run, on runs made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from wijksim.analysis.drift import (
    MIXTURE,
    Drift,
    Interval,
    Series,
    as_dict,
    diagnose,
    distances,
    rank_kept,
    slopes,
)
from wijksim.kernel.measure import MEASURES
from wijksim.parameters.store import shipped_parameters
from wijksim.runs.null import EXTRA, NullRuns
from wijksim.runs.recorder import CITY

SEEDS, MONTHS, DISTRICTS = 6, 48, ("low", "middle", "high")
LEVELS = {
    "liveability_index": (-0.2, 0.0, 0.2),
    "liveability_relative": (-0.2, 0.0, 0.2),
    "vacancy_corporation": (0.015, 0.015, 0.015),
    "vacancy_owner": (0.03, 0.03, 0.03),
    "vacancy_private": (0.06, 0.06, 0.06),
    "seekers": (2.0, 2.0, 2.0),
    "caseload": (20.0, 20.0, 20.0),
    "share_in_assistance": (0.09, 0.03, 0.02),
    "problem_debt": (0.16, 0.08, 0.06),
}
WEIGHTS = np.array([0.06, 0.465, 0.475])


def standing_still(**shift: np.ndarray) -> NullRuns:
    """Runs at rest with a little noise between seeds; ``shift`` adds to a measure, shape to fit."""
    kinds = {kind.name: kind for kind in (*(kind for _, kind in MEASURES.items()), *EXTRA)}
    measures = tuple(kinds[name] for name in LEVELS)
    bottom = np.broadcast_to(np.array([100.0, 200.0, 700.0]), (SEEDS, MONTHS, len(measures), 3)).copy()
    noise = np.random.default_rng(1).normal(0, 1, (SEEDS, MONTHS, len(measures), 3))
    value = np.array([LEVELS[name] for name in LEVELS])[None, None] * (1 + 0.003 * noise)
    for name, change in shift.items():
        value[:, :, list(LEVELS).index(name)] += change
    return NullRuns(
        scenario="null",
        seeds=tuple(range(SEEDS)),
        measures=measures,
        districts=DISTRICTS,
        weights=WEIGHTS,
        numerator=value * bottom,
        denominator=bottom,
        by_conditions=np.zeros((SEEDS, 3)),
    )


def found(**shift: np.ndarray) -> Drift:
    return diagnose(standing_still(**shift), shipped_parameters())


# ---------------------------------------------------------------- the parts


def test_rank_is_kept_where_the_order_of_the_start_is() -> None:
    index = np.array([[[0, 1, 2], [0, 1, 3], [1, 0, 2]], [[2, 1, 0], [2, 1, 0], [5, 4, 3]]], dtype=float)
    assert rank_kept(index) == (0.75, 4)


def test_slope_of_a_line_is_its_slope() -> None:
    lines = np.array([0.0, 2.0, -1.0])[:, None] * np.arange(7) + 5
    assert slopes(lines) == pytest.approx([0, 2, -1])
    assert np.isnan(slopes(lines[:, :1])).all()


def test_distance_is_in_standard_deviations_between_seeds() -> None:
    # seeds at -1 and 1 in every month: variance 2 with one degree of freedom
    monthly = np.array([-1.0, 1.0])[:, None, None] * np.ones((2, 5, 3))
    after = monthly[:, 0] + np.array([0.0, np.sqrt(2), -3 * np.sqrt(2)])
    assert distances(monthly, after) == pytest.approx([0, 1, -3])


def test_distance_of_what_never_differs_is_nothing_or_without_end() -> None:
    monthly = np.full((4, 3, 2), 7.0)
    assert distances(monthly, np.array([[7.0, 8.0]] * 4)).tolist() == [0, np.inf]
    assert distances(monthly, np.array([[7.0, 6.0]] * 4)).tolist() == [0, -np.inf]


def test_distance_leaves_out_values_that_do_not_exist() -> None:
    monthly = np.array([[-1.0], [1.0], [np.nan]])[:, None] * np.ones((3, 4, 1))
    assert distances(monthly, np.array([[0.0], [2.0], [50.0]])) == pytest.approx([1 / np.sqrt(2)])
    assert np.isnan(distances(monthly[1:], np.array([[2.0], [50.0]]))).all()


def test_an_interval_leaves_out_seeds_without_a_value() -> None:
    assert Interval.of(np.array([1.0, np.nan, 3.0])).mean == 2


def test_city_and_mixture_weigh_by_rows_and_by_nation() -> None:
    series = Series(standing_still())
    assert series.places == (*DISTRICTS, CITY, MIXTURE)
    mean = series.over("share_in_assistance", slice(None)).mean(axis=0)
    assert mean == pytest.approx([9, 3, 2, 0.9 + 0.6 + 1.4, 0.06 * 9 + 0.465 * 3 + 0.475 * 2], rel=1e-3)
    assert series.yearly("share_in_assistance").shape == (SEEDS, 4, 5)


# ---------------------------------------------------------------- the whole


def test_a_run_at_rest_breaks_nothing() -> None:
    drift = found()
    assert drift.broken == ()
    assert (drift.rank_kept, drift.year_ends) == (1.0, SEEDS * 4)
    assert drift.settled_of == len(LEVELS) * 4
    assert all(one.kept and one.proven for one in drift.index)
    judged = {one.measure: one.place for one in drift.stocks if one.kept is not None}
    assert set(judged) == set(LEVELS) - {"liveability_index", "liveability_relative"}
    assert judged["seekers"] == judged["caseload"] == CITY
    assert judged["problem_debt"] == MIXTURE
    assert as_dict(drift)["broken"] == []


def test_a_drift_of_the_index_is_found_less_the_national_rise() -> None:
    rise = np.linspace(0, 0.08, MONTHS)[None, :, None]
    with_rise = found(liveability_index=rise)
    assert with_rise.index[1].raw.mean == pytest.approx(0.08, abs=0.01)
    assert with_rise.index[1].kept
    fall = np.linspace(0, -1, MONTHS)[None, :, None] * np.array([0.06, 0, 0])
    drift = found(liveability_relative=fall)
    assert [one.kept for one in drift.index] == [False, True, True]
    assert "liveability of low drifts" in drift.broken


def test_a_mean_within_the_bound_is_not_proven_by_few_seeds() -> None:
    apart = np.linspace(-0.2, 0.2, SEEDS)[:, None, None] * np.linspace(0, 1, MONTHS)[None, :, None]
    one = found(liveability_relative=apart).index[0]
    assert one.kept
    assert not one.proven


def test_districts_that_change_places_are_found() -> None:
    swap = np.zeros((SEEDS, MONTHS, 3))
    swap[:3, 24:, 1] = 0.5
    drift = found(liveability_index=swap)
    assert drift.rank_kept == pytest.approx(1 - 3 * 2 / (SEEDS * 4))
    assert any(text.startswith("ranking kept in 75.0%") for text in drift.broken)


def test_a_step_after_the_first_month_is_found_where_it_is() -> None:
    step = np.zeros((1, MONTHS, 3))
    step[:, 1:, 2] = 0.02
    drift = found(problem_debt=step)
    places = {(one.measure, one.place) for one in drift.unsettled if abs(one.z) > 2}
    assert places == {("problem_debt", "high"), ("problem_debt", CITY)}
    assert drift.judged_unsettled == len(places)
    assert drift.unsettled[0].after - drift.unsettled[0].first == pytest.approx(
        2 if drift.unsettled[0].place == "high" else 1.4, rel=0.05
    )


def test_a_month_0_in_which_no_seed_differs_is_listed_and_not_judged() -> None:
    runs = standing_still()
    k = list(LEVELS).index("problem_debt")
    runs.numerator[:, 0, k] = np.array(LEVELS["problem_debt"]) * (1 - 0.001) * runs.denominator[:, 0, k]
    drift = diagnose(runs, shipped_parameters())
    assert {one.measure for one in drift.unsettled} == {"problem_debt"}
    assert all(one.z_month_0 == np.inf and abs(one.z) < 2 for one in drift.unsettled)
    assert drift.judged_unsettled == 0
    assert drift.broken == ()


def test_a_stock_that_leaves_its_band_is_found() -> None:
    years = np.repeat(np.arange(4), 12)[None, :, None]
    drift = found(share_in_assistance=0.01 * years, seekers=0.2 * years)
    kept = {(one.measure, one.place): one for one in drift.stocks if one.kept is not None}
    assistance, seekers = kept["share_in_assistance", MIXTURE], kept["seekers", CITY]
    assert not assistance.kept
    assert assistance.slope.mean == pytest.approx(1, rel=0.02)
    assert assistance.band == pytest.approx((2.7, 4.2))
    assert assistance.levels[4] - assistance.levels[1] == pytest.approx(3, rel=0.02)
    assert not seekers.kept
    assert seekers.highest == pytest.approx(260, rel=0.01)
    assert kept["problem_debt", MIXTURE].kept


def test_without_a_mixture_no_published_level_is_asked() -> None:
    runs = standing_still()
    object.__setattr__(runs, "weights", np.zeros(3))
    drift = diagnose(runs, shipped_parameters())
    assert {one.measure for one in drift.stocks if one.kept is not None} == {"seekers", "caseload"}
    assert MIXTURE not in {one.place for one in drift.stocks}
