"""Experts by experience: the distrustful without help accept it more often, at the cost of the experts."""

import numpy as np
import pytest

from tests.care_world import open_case, residents_of
from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, no_trace, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.experts_by_experience import ExpertsByExperience

WAYS = {f"professionals.signal_{way}" for way in ("neighbour", "caretaker", "outreach")}


def test_strength_zero_leaves_no_trace():
    no_trace(ExpertsByExperience)


def test_the_distrustful_without_help_accept_it_more_often():
    ctx = staff_town()
    table, rows = ctx.world.resident, residents_of(ctx)[:40]
    table.trust[rows] = 0.5 * ctx.values["wellbeing.trust_level"]
    table.uptake[rows] = 1.0
    open_case(ctx, rows[:10])
    many = {**AT_ONCE, "experts": 5.0, "per_expert": 500.0}  # places for a quarter of the residents
    assert act(ctx, ExpertsByExperience(many, target=Target(**NORTH))) == WAYS
    for way in WAYS:
        found = ratio(ctx, way, "resident")
        np.testing.assert_allclose(found[rows[10:]], 1.2)
        assert np.count_nonzero(found > 1) == 30


def test_no_more_are_reached_than_the_experts_can_go_along_to():
    ctx = staff_town()
    table = ctx.world.resident
    table.trust[:] = 0.999 * ctx.values["wellbeing.trust_level"]
    table.uptake[:] = 1.0
    people = ctx.world.by_district("resident")[0]
    for experts in (0.0, 2.0, 5.0):
        act(ctx, ExpertsByExperience({**AT_ONCE, "experts": experts}, target=Target(**NORTH)))
        found = np.count_nonzero(ratio(ctx, "professionals.signal_outreach", "resident") > 1)
        places = people / 10000 * experts * 200
        assert found == pytest.approx(places, abs=3.5 * places**0.5)


def test_experts_are_paid_by_the_residents_of_the_district():
    ctx = staff_town()
    act(ctx, ExpertsByExperience({**AT_ONCE, "experts": 2.0}, target=Target(**NORTH)))
    people = ctx.world.by_district("resident")
    expected = people * [1, 0, 0] / 10000 * 2 * indexed(ctx, 65000, 2024) / 12
    assert bill(ctx, "experts_by_experience") == pytest.approx(expected)
