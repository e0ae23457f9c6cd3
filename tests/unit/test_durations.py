"""Elapsed spells: stationary densities against closed forms."""

import numpy as np
import pytest

from wijksim.build.durations import SpellHazard, Spells, months_since_event

FAR = 1e6
LUCK = (np.arange(20_000) + 0.5) / 20_000
WELFARE = SpellHazard((0, 6, 36), (0.047, 0.036, 0.0086))


def test_a_constant_hazard_gives_an_exponential():
    spell = SpellHazard((0,), (0.05,))
    months = spell.elapsed(LUCK, np.full(LUCK.size, FAR))
    assert spell.mean == pytest.approx(20)
    assert months.mean() == pytest.approx(20, rel=0.01)
    assert np.mean(months < 20) == pytest.approx(1 - np.exp(-1), abs=1e-3)


def test_welfare_hazards_give_the_published_stock():
    # LAB-19: 61 % of the stock three years or more, 50 % five years or more, 24.6 % turnover a year.
    months = WELFARE.elapsed(LUCK, np.full(LUCK.size, FAR))
    assert np.mean(months >= 36) == pytest.approx(0.61, abs=0.01)
    assert np.mean(months >= 60) == pytest.approx(0.50, abs=0.01)
    assert 12 / WELFARE.mean == pytest.approx(0.246, abs=0.003)


def test_debt_hazards_give_the_published_stock():
    debt = SpellHazard((0, 12, 36), (0.05, 0.043, 0.0105))
    months = debt.elapsed(LUCK, np.full(LUCK.size, FAR))
    assert np.mean(months < 12) == pytest.approx(0.25, abs=0.02)
    assert np.mean(months >= 36) == pytest.approx(0.52, abs=0.02)


def test_density_is_proportional_to_survival():
    grid = np.linspace(0, 200, 2001)
    share = WELFARE.elapsed_share(grid)
    density = np.diff(share) / np.diff(grid)
    survival = WELFARE.survival((grid[1:] + grid[:-1]) / 2)
    np.testing.assert_allclose(density * WELFARE.mean, survival, rtol=1e-3)
    assert WELFARE.survival(np.array([0.0, 6.0]))[1] == pytest.approx(np.exp(-0.047 * 6))


def test_quantile_inverts_the_share():
    months = WELFARE.elapsed(LUCK, np.full(LUCK.size, FAR))
    np.testing.assert_allclose(WELFARE.elapsed_share(months), LUCK, atol=1e-9)


def test_nobody_is_longer_in_a_state_than_possible():
    longest = np.linspace(-5, 90, LUCK.size)
    months = WELFARE.elapsed(LUCK, longest)
    assert (months >= 0).all()
    assert (months <= np.maximum(longest, 0) + 1e-9).all()
    # Cut off, not piled up at the limit.
    capped = WELFARE.elapsed(LUCK, np.full(LUCK.size, 24.0))
    assert np.mean(capped > 23.5) < 0.03


def test_spells_of_several_kinds_are_those_of_each_kind():
    hazards = (WELFARE, SpellHazard((0,), (0.05,)), SpellHazard((0, 12), (0.02, 0.1)))
    kind, longest = np.arange(LUCK.size) % len(hazards), np.linspace(-5, 200, LUCK.size)
    months = Spells(hazards).elapsed(kind, LUCK, longest)
    for number, hazard in enumerate(hazards):
        rows = kind == number
        assert months[rows].tolist() == hazard.elapsed(LUCK[rows], longest[rows]).tolist()


@pytest.mark.parametrize(
    ("edges", "rates"), [((0, 5), (0.1,)), ((1,), (0.1,)), ((0, 5, 5), (1, 1, 1)), ((0,), (0.0,))]
)
def test_hazards_that_make_no_sense(edges, rates):
    with pytest.raises(ValueError, match=r"edges must rise|above zero"):
        SpellHazard(edges, rates)


def test_last_move_by_age():
    begins, rates = np.array([0.0, 300.0]), np.array([0.02, 0.005])
    effort = -np.log1p(-LUCK)
    age = np.full(LUCK.size, 500.0)
    months = months_since_event(age, np.full(LUCK.size, 216.0), (begins, rates), effort)
    # Within the last 200 months the rate is constant; before that it is four times as high.
    assert np.mean(months <= 200) == pytest.approx(1 - np.exp(-1), abs=1e-3)
    assert np.mean(months <= 250) == pytest.approx(1 - np.exp(-2), abs=1e-3)
    assert months.max() == pytest.approx(500 - 216)
    young = months_since_event(np.array([220.0]), np.array([216.0]), (begins, rates), np.array([5.0]))
    assert young[0] == pytest.approx(4)
