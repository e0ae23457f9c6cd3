"""The firefighting trap in closed form, with the parameters of the mechanisms."""

import numpy as np
import pytest

from tests.care_world import care_world
from tests.worlds import run_months
from wijksim.mechanisms.health import Health
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.trap import (
    crisis_at_zero,
    crisis_work,
    firefighting_fixed_point,
    measured,
)
from wijksim.parameters.store import ParameterStore

CAPACITY, PHI = 18.0, 0.55


@pytest.fixture(scope="module")
def values():
    return ParameterStore().at(0, "2025-01")


@pytest.fixture(scope="module")
def l0(values):
    return crisis_at_zero(values, CAPACITY, PHI)


def test_crisis_work_without_prevention(l0):
    assert l0 == pytest.approx(15.1, abs=0.05)


def test_single_regime_with_gain_0_27(values, l0):
    point = firefighting_fixed_point(values, CAPACITY, l0)
    assert point.phi == pytest.approx(PHI, abs=1e-9)
    assert point.gain == pytest.approx(0.27, abs=0.005)
    assert point.regimes == 1
    assert point.ratio == pytest.approx(1.19, abs=0.01)


@pytest.mark.parametrize(("change", "phi"), [(0.25, 0.39), (-0.10, 0.67), (-0.15, 0.77)])
def test_more_and_fewer_staff(values, l0, change, phi):
    assert firefighting_fixed_point(values, CAPACITY * (1 + change), l0).phi == pytest.approx(phi, abs=0.01)


def test_no_prevention_is_left_at_18_per_cent_less(values, l0):
    assert firefighting_fixed_point(values, CAPACITY * 0.83, l0).interior
    point = firefighting_fixed_point(values, CAPACITY * 0.82, l0)
    assert not point.interior
    assert point.phi == 1


@pytest.mark.parametrize(("capacity", "highest"), [(18.0, 1.045), (30.0, 1.145)])
def test_two_regimes_only_in_a_narrow_band(values, capacity, highest):
    assert firefighting_fixed_point(values, capacity, capacity * 0.999).regimes == 1
    assert firefighting_fixed_point(values, capacity, capacity * (highest - 0.004)).regimes == 2
    assert firefighting_fixed_point(values, capacity, capacity * (highest + 0.004)).regimes == 1


def test_no_band_with_few_staff(values):
    regimes = {
        firefighting_fixed_point(values, 10.0, 10.0 * ratio).regimes for ratio in np.linspace(1.0, 1.2, 50)
    }
    assert regimes == {1}


@pytest.mark.parametrize("ratio", [1.0, 1.2, 1.6])
def test_equilibria_solve_the_equation(values, ratio):
    point = firefighting_fixed_point(values, CAPACITY, CAPACITY / ratio)
    for prevention in point.prevention:
        left = CAPACITY - crisis_work(values, CAPACITY / ratio, prevention)
        assert left == pytest.approx(prevention, abs=1e-9)


def test_the_simulation_knows_its_own_ratio():
    ctx = care_world(staffed=True, dwellings=3000)
    run_months(ctx, [Health(), Professionals()], 12)
    points = measured(ctx)
    assert len(points) == 3
    for point in points:
        assert point is not None
        assert point.capacity == pytest.approx(13, abs=8)
        assert point.ratio > 1
    empty = care_world()
    run_months(empty, [Professionals()], 1)
    assert measured(empty) == [None, None, None]
