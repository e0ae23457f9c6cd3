"""Known answers for paired intervals and the words that go with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wijksim.analysis.intervals import (
    VERDICTS,
    mean_interval,
    paired,
    pairs_needed,
    share_lower_bound,
    variance_ratio,
)


def test_ten_of_ten_proves_no_more_than_three_quarters() -> None:
    assert share_lower_bound(10, 10) == pytest.approx(0.741, abs=0.001)
    assert share_lower_bound(59, 59) >= 0.95 > share_lower_bound(58, 58)
    assert pairs_needed(0.95) == 59
    assert pairs_needed(0.5) == 5


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(2000):
        _, low, high = mean_interval(rng.normal(0.3, 1, 8))
        hits += low <= 0.3 <= high
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)


def test_interval_is_students() -> None:
    values = np.array([1.0, 2.0, 4.0])
    expected = stats.t.interval(0.95, 2, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values)[1:] == pytest.approx(expected)
    assert mean_interval(values[:1]) == (1.0, -np.inf, np.inf)


@pytest.mark.parametrize(
    ("differences", "direction", "verdict"),
    [
        (np.full(60, 1.0) + np.linspace(0, 0.1, 60), 1, "surely_better"),
        (np.full(60, 1.0) + np.linspace(0, 0.1, 60), -1, "surely_worse"),
        (np.linspace(0.5, 1.5, 10), 1, "likely_better"),
        (np.linspace(0.5, 1.5, 10), -1, "likely_worse"),
        (np.linspace(-1, 1.1, 10), 1, "no_difference"),
        (np.full(4, 1.0), 1, "too_few"),
        (np.full(60, 1.0), 0, "neutral"),
        (np.zeros(60), 1, "no_difference"),
        # most futures a little better, some much worse: the mean says the opposite of the count
        (np.repeat([0.001, -1.0], [65, 35]), 1, "no_difference"),
        (np.repeat([0.001, -1.0], [65, 35]), -1, "no_difference"),
        # nearly all better, but the interval of the mean holds zero
        (np.repeat([0.001, -5.0], [99, 1]), 1, "no_difference"),
    ],
)
def test_words(differences: np.ndarray, direction: int, verdict: str) -> None:
    result = paired(differences, direction)
    assert result.verdict == verdict
    assert result.verdict in VERDICTS


def test_futures_without_a_value_are_left_out() -> None:
    result = paired(np.array([1.0, np.nan, 2.0]), 1)
    assert result.pairs == 2
    assert result.mean == 1.5


def test_no_false_alarm_more_often_than_allowed() -> None:
    """Without any effect, 'likely' comes up in no more than one in twenty comparisons of ten pairs."""
    rng = np.random.default_rng(4)
    words = [paired(rng.normal(0, 1, 10), 1).verdict for _ in range(2000)]
    assert sum(word != "no_difference" for word in words) / 2000 < 0.05


def test_variance_ratio_has_known_answers() -> None:
    rng = np.random.default_rng(1)
    shared, own = rng.normal(0, 1, (2, 200_000))
    ratio = variance_ratio(shared, shared * 0.8 + own * 0.6)
    assert ratio == pytest.approx((1 + 1) / (0.2**2 + 0.6**2), rel=0.02)
    assert variance_ratio(shared, own) == pytest.approx(1, rel=0.02)
    assert variance_ratio(shared, shared + 1) == np.inf
    assert variance_ratio(np.ones(5), np.ones(5)) == 1
