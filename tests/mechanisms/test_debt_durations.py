"""Stationary durations of a piecewise hazard against the closed form."""

import numpy as np
import pytest

from wijksim.mechanisms.debt.durations import piece_means, stationary_ages

RATES = np.array([0.60, 0.516, 0.126])
EDGES = np.array([12.0, 36.0])


def test_expected_months_by_hand():
    a, b, c = RATES / 12
    by_hand = [
        (1 - np.exp(-12 * a)) / a,
        np.exp(-12 * a) * (1 - np.exp(-24 * b)) / b,
        np.exp(-12 * a - 24 * b) / c,
    ]
    assert piece_means(RATES, EDGES) == pytest.approx(by_hand)


def test_published_renewal_and_stock_follow_from_the_rates():
    """DEB-08 and DEB-01: a quarter new within a year, half for three years or more, 7.6 percent in all."""
    means = piece_means(RATES, EDGES)
    assert means[0] / means.sum() == pytest.approx(0.25, abs=0.01)
    assert means[2] / means.sum() == pytest.approx(0.52, abs=0.01)
    odds = 0.0276 / 12 * means.sum()
    assert odds / (1 + odds) == pytest.approx(0.076, abs=0.001)


def test_ages_have_the_stationary_density():
    u = (np.arange(200_000) + 0.5) / 200_000
    ages = stationary_ages(u, RATES, EDGES)
    assert np.all(np.diff(ages) >= 0)
    means = piece_means(RATES, EDGES)
    assert (ages < 12).mean() == pytest.approx(means[0] / means.sum(), abs=1e-3)
    assert (ages >= 36).mean() == pytest.approx(means[2] / means.sum(), abs=1e-3)
    # inside the first stretch the density falls with the hazard
    young = ages[ages < 12]
    a = RATES[0] / 12
    assert (young < 6).mean() == pytest.approx((1 - np.exp(-6 * a)) / (1 - np.exp(-12 * a)), abs=2e-3)


@pytest.mark.parametrize("rates", [[0.0, 0.0, 1.2], [1.2, 0.0, 0.5], [1e6, 1e6, 1e6]])
def test_zero_and_extreme_hazards(rates):
    ages = stationary_ages(np.linspace(0, 1, 101)[:-1], np.array(rates), EDGES)
    assert np.all(np.isfinite(ages))
    assert np.all(ages >= 0)
