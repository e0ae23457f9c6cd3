"""Integrated district teams: cooperation of the three in the team, hidden need found, what leading it costs."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, filled, no_trace, of_role, ratio, staff_town
from wijksim.kernel import cooperation
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.district_team import DistrictTeam
from wijksim.state.roles import Partner, Profession

TEAM = (Partner.MUNICIPALITY, Partner.WELFARE, Partner.CARE)


def test_strength_zero_leaves_no_trace():
    no_trace(DistrictTeam)


def test_the_three_of_the_team_cooperate_better_and_the_others_as_before():
    ctx = staff_town()
    act(ctx, DistrictTeam(AT_ONCE, target=Target(**NORTH)))
    levels = cooperation.levels(ctx)
    joined = 2.5 * 1.5 / (1 + 2.5 * 1.5)  # odds of 0.6 are 1.5
    for one in Partner:
        for other in Partner:
            within = (one in TEAM and other in TEAM) or one == other
            assert levels[0, one, other] == pytest.approx(joined if within else 0.6)
    assert levels[1:] == pytest.approx(0.6)


def test_a_team_at_half_strength_is_half_the_way_in_log_odds():
    ctx = staff_town()
    act(ctx, DistrictTeam({**AT_ONCE, "strength": 0.5}))
    assert ratio(ctx, "cooperation.welfare_care", "district") == pytest.approx(2.5**0.5)


def test_need_is_found_by_every_way_that_brings_clients():
    ctx = staff_town()
    act(ctx, DistrictTeam(AT_ONCE, target=Target(**NORTH)))
    resident = ctx.world.resident
    adult = (resident.district == 0) & (resident.age >= 18) & resident.alive
    for way in ("self", "neighbour", "caretaker", "outreach"):
        found = ratio(ctx, f"professionals.signal_{way}", "resident")
        np.testing.assert_allclose(found[adult], 1.11)
        np.testing.assert_allclose(found[~adult], 1)


def test_leading_the_team_costs_by_the_fte_of_social_work():
    ctx = staff_town()
    act(ctx, DistrictTeam(AT_ONCE))
    team = filled(ctx, of_role(ctx, Profession.SOCIAL_WORKER))
    assert bill(ctx, "district_team") == pytest.approx(team * indexed(ctx, 4000, 2024) / 12)
