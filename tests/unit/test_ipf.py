"""Iterative proportional fitting against closed forms, and rounding that loses nobody."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wijksim.build.ipf import InconsistentMarginsError, Margin, apportion, fit, integerise

TIGHT = {"tolerance": 1e-10, "max_rounds": 5000}


def _odds(table):
    return table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])


def test_flat_seed_gives_independence():
    rows, columns = np.array([2.0, 3.0, 5.0]), np.array([4.0, 6.0])
    fitted = fit(np.ones((3, 2)), (Margin((0,), rows, "rows"), Margin((1,), columns, "columns")), **TIGHT)
    np.testing.assert_allclose(fitted.table, np.outer(rows, columns) / 10, rtol=1e-12)
    assert fitted.rounds <= 2


@pytest.mark.parametrize("odds", [0.1, 4.0, 9.0])
def test_two_by_two_has_a_closed_form(odds):
    # With margins of one half, the diagonal cell is sqrt(odds) / (1 + sqrt(odds)) / 2.
    half = np.array([0.5, 0.5])
    margins = (Margin((0,), half, "rows"), Margin((1,), half, "columns"))
    table = fit(np.array([[odds, 1.0], [1.0, 1.0]]), margins, **TIGHT).table
    assert table[0, 0] == pytest.approx(np.sqrt(odds) / (1 + np.sqrt(odds)) / 2, rel=1e-8)


def test_association_of_the_seed_survives():
    seed = np.array([[40.0, 30.0, 20.0], [35.0, 50.0, 100.0]])
    margins = (
        Margin((0,), np.array([150.0, 300.0]), "rows"),
        Margin((1,), np.array([200.0, 100.0, 150.0]), "columns"),
    )
    table = fit(seed, margins, **TIGHT).table
    np.testing.assert_allclose(table.sum(axis=1), [150, 300], rtol=1e-10)
    np.testing.assert_allclose(table.sum(axis=0), [200, 100, 150], rtol=1e-10)
    assert _odds(table[:, :2]) == pytest.approx(_odds(seed[:, :2]))
    assert _odds(table[:, 1:]) == pytest.approx(_odds(seed[:, 1:]))


def test_three_dimensions_with_a_joint_margin():
    rng = np.random.default_rng(4)
    truth, seed = rng.uniform(0.5, 2, (3, 4, 5)), rng.uniform(0.5, 2, (3, 4, 5))
    margins = [
        Margin((0, 1), truth.sum(axis=2), "a x b"),
        Margin((2,), truth.sum(axis=(0, 1)), "c"),
        Margin((0,), truth.sum(axis=(1, 2)), "a"),
    ]
    table = fit(seed, margins, **TIGHT).table
    np.testing.assert_allclose(table.sum(axis=2), truth.sum(axis=2), atol=1e-9)
    np.testing.assert_allclose(table.sum(axis=(0, 1)), truth.sum(axis=(0, 1)), atol=1e-9)
    np.testing.assert_allclose(table, fit(seed, margins[::-1], **TIGHT).table, atol=1e-8)


def test_a_fitted_table_is_left_alone_and_the_seed_is_not_changed():
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    margins = (Margin((0,), seed.sum(axis=1), "rows"), Margin((1,), seed.sum(axis=0), "columns"))
    fitted = fit(seed, margins, **TIGHT)
    np.testing.assert_array_equal(fitted.table, seed)
    assert fitted.rounds == 1
    other = (Margin((0,), np.array([5.0, 5.0]), "rows"),)
    fit(seed, other, **TIGHT)
    np.testing.assert_array_equal(seed, [[1, 2], [3, 4]])


def test_zero_cells_stay_zero():
    seed = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    margins = (
        Margin((0,), np.array([3.0, 4.0]), "rows"),
        Margin((1,), np.array([2.0, 3.0, 2.0]), "columns"),
    )
    table = fit(seed, margins, **TIGHT).table
    assert table[0, 0] == 0
    assert table[1, 2] == 0
    np.testing.assert_allclose(table, [[0, 1, 2], [2, 2, 0]], atol=1e-8)


def test_an_unwanted_category_becomes_empty():
    margins = (Margin((0,), np.array([0.0, 4.0]), "rows"), Margin((1,), np.array([1.0, 3.0]), "columns"))
    np.testing.assert_allclose(fit(np.ones((2, 2)), margins, **TIGHT).table, [[0, 0], [1, 3]])


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "message"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0], [2.0, 2.0], "margin columns sums to 4, margin rows to 3"),
        (
            [[1.0, 0.0], [1.0, 0.0]],
            [1.0, 2.0],
            [1.0, 2.0],
            "columns wants a category for which the seed is empty",
        ),
        ([[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0], [2.0, 1.0], "contradict each other"),
        ([[1.0, 1.0], [1.0, 1.0]], [-1.0, 3.0], [1.0, 1.0], "none below zero"),
        ([[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0, 1.0], [1.0, 2.0], "has shape"),
        ([[1.0, -1.0], [1.0, 1.0]], [1.0, 2.0], [1.0, 2.0], "the seed must hold finite numbers"),
    ],
)
def test_margins_that_cannot_hold(seed, rows, columns, message):
    margins = (Margin((0,), np.array(rows), "rows"), Margin((1,), np.array(columns), "columns"))
    with pytest.raises(InconsistentMarginsError, match=message):
        fit(np.array(seed), margins, tolerance=1e-9, max_rounds=50)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float64, (3, 4), elements=st.floats(0, 9)),
    st.floats(0, 1, exclude_max=True),
)
def test_rounding_keeps_every_run_within_one(table, start):
    counts = integerise(table, start)
    assert counts.shape == table.shape
    assert (counts >= np.floor(table) - 1e-9).all()
    assert (counts <= np.ceil(table) + 1e-9).all()
    flat, exact = counts.ravel(), table.ravel()
    for first in range(flat.size):
        gaps = np.cumsum(flat[first:]) - np.cumsum(exact[first:])
        assert np.abs(gaps).max() <= 1 + 1e-6


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float64, 7, elements=st.floats(0.01, 5)),
    st.integers(1, 5000),
    st.floats(0, 1, exclude_max=True),
)
def test_rounding_keeps_a_whole_total(weights, total, start):
    table = weights / weights.sum() * total
    assert integerise(table, start).sum() == total
    assert apportion(weights, total).sum() == total
    assert np.abs(apportion(weights, total) - table).max() < 1


def test_rounding_is_unbiased():
    table = np.array([0.2, 1.7, 0.05, 3.05])
    starts = (np.arange(2000) + 0.5) / 2000
    mean = np.mean([integerise(table, start) for start in starts], axis=0)
    np.testing.assert_allclose(mean, table, atol=1e-3)


def test_largest_remainders_win():
    np.testing.assert_array_equal(apportion(np.array([0.45, 0.35, 0.20]), 5), [2, 2, 1])
    np.testing.assert_array_equal(apportion(np.array([1.0, 1.0]), 3), [2, 1])


@pytest.mark.parametrize("shape", [(3, 2, 4, 5, 7), (1, 3, 9), (2, 1, 40), (5, 300)])
def test_sums_and_cells_are_those_of_numpy(shape):
    """Bit for bit, as a world must not depend on how its table was fitted."""
    rng = np.random.default_rng(len(shape))
    seed, truth = rng.lognormal(0, 2, (2, *shape))
    kept = [(0, 1), *((axis,) for axis in range(2, len(shape)))] if len(shape) > 2 else [(0,), (1,)]
    others = [tuple(axis for axis in range(len(shape)) if axis not in axes) for axes in kept]
    margins = [Margin(axes, truth.sum(axis=over), str(axes)) for axes, over in zip(kept, others, strict=True)]
    fitted = fit(seed, margins, tolerance=1e-3, max_rounds=500)
    table = seed.copy()
    for _ in range(fitted.rounds):
        for margin, over in zip(margins, others, strict=True):
            table *= np.expand_dims(margin.totals / table.sum(axis=over), over)
    assert fitted.table.tolist() == table.tolist()


def test_axes_with_a_gap_are_refused():
    seed = np.ones((2, 2, 2))
    with pytest.raises(InconsistentMarginsError, match="not next to each other"):
        fit(seed, [Margin((0, 2), seed.sum(axis=1), "outer")], tolerance=1e-9, max_rounds=5)
