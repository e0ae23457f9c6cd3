"""Mental-health expertise in the team: posts added, gap closed for other case roles, training paid."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, filled, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.mental_health_team import COSTS, MentalHealthTeam
from wijksim.mechanisms.professionals.posts import BASE
from wijksim.state.roles import Profession

TRAINED = (Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.DISTRICT_NURSE)


def test_strength_zero_leaves_no_trace():
    no_trace(MentalHealthTeam)


def test_mental_health_workers_are_added_to_the_district_and_the_others_trained():
    ctx = staff_town()
    touched = act(ctx, MentalHealthTeam(AT_ONCE, target=Target(**NORTH)))
    assert touched == {"fte.mental_health_worker", "professionals.mental_gap"}
    standing = ctx.world.stores[BASE][Profession.MENTAL_HEALTH_WORKER].sum(axis=0)
    assert ctx.effects.funded("fte.mental_health_worker", 3) == pytest.approx(0.4 * standing * [1, 0, 0])
    gap = ratio(ctx, "professionals.mental_gap", "professional")
    trained = of_role(ctx, *TRAINED, district=0)
    np.testing.assert_allclose(gap[trained], 0.5)
    np.testing.assert_allclose(np.delete(gap, trained), 1)


def test_training_costs_by_the_fte_of_those_trained():
    ctx = staff_town()
    act(ctx, MentalHealthTeam({**AT_ONCE, "change": 0.0}))
    for party, roles in (("municipality", TRAINED[:2]), ("insurer", TRAINED[2:])):
        trained = filled(ctx, of_role(ctx, *roles))
        assert bill(ctx, COSTS[party].name) == pytest.approx(trained * indexed(ctx, 1000, 2024) / 12)
