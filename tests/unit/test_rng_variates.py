"""The shapes at and near the edges of the uniform, against closed forms and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from wijksim.core.variates import POISSON_MEAN_LIMIT, poisson_counts, to_exponential, to_gumbel, to_normal

LAST = 1 - 2.0**-53
EDGES = np.array([0.0, 2.0**-53, 2.0**-30, 0.075, 0.25, 0.5, 0.925, 1 - 2.0**-30, LAST])


def test_normal_quantile_agrees_with_scipy_to_fourteen_digits() -> None:
    u = np.concatenate([np.linspace(1e-6, 0.5, 50_001), np.logspace(-15, -1, 5_001)])
    u = np.floor(u * 2.0**53) / 2.0**53
    z = u.copy()
    to_normal(z)
    assert z == pytest.approx(special.ndtri(u + 2.0**-54), rel=2e-14, abs=2e-15)


def test_normal_is_symmetric_finite_and_rising() -> None:
    z = EDGES.copy()
    to_normal(z)
    assert np.all(np.diff(z) > 0)
    assert z[0] == -z[-1]
    assert z[-1] == pytest.approx(stats.norm.isf(2.0**-54), rel=1e-13)
    grid = (np.arange(4_096) + 0.5) / 4_096 - 2.0**-54
    both = np.concatenate([grid, 1 - 2.0**-53 - grid])
    to_normal(both)
    assert both[:4_096] == pytest.approx(-both[4_096:], rel=1e-9)


def test_exponential_and_gumbel_closed_forms() -> None:
    e, g = EDGES.copy(), EDGES.copy()
    to_exponential(e)
    to_gumbel(g)
    assert e == pytest.approx(-np.log1p(-EDGES), rel=1e-15)
    assert not np.signbit(e[0])
    assert g[1:] == pytest.approx(-np.log(-np.log(EDGES[1:])), rel=1e-14)
    assert np.all(np.isfinite(g))
    assert np.all(np.diff(g) > 0)


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 5.0, POISSON_MEAN_LIMIT])
def test_poisson_is_the_quantile_of_its_law(mean: float) -> None:
    u = np.concatenate([np.linspace(0.0005, 0.9995, 1_000), EDGES[:-2]])
    counts = poisson_counts(u, np.full(u.size, mean))
    assert np.array_equal(counts, np.maximum(stats.poisson(mean).ppf(u), 0) if mean else np.zeros(u.size))


def test_poisson_ends_at_the_last_uniform() -> None:
    mean = np.array([0.0, 1e-12, 0.5, 10.0, POISSON_MEAN_LIMIT])
    counts = poisson_counts(np.full(5, LAST), mean)
    assert np.all(np.diff(counts) > 0)
    assert counts[0] == 0
    assert np.all(counts <= mean + 10 * np.sqrt(mean) + 16)
