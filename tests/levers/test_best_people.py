"""Best people in the hardest areas: craft gained here and lost elsewhere, who stays, where they go, the premium."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, filled, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.levers.professionals.best_people import BestPeople
from wijksim.state.roles import Profession

ROLES = (
    Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.MENTAL_HEALTH_WORKER, Profession.DISTRICT_NURSE,
    Profession.COMMUNITY_BUILDER,
)  # fmt: skip
ALL = {**AT_ONCE, "coverage": 1.0}


def test_strength_zero_leaves_no_trace():
    no_trace(BestPeople)


def test_what_the_target_gains_of_craft_from_here_the_others_lose():
    ctx = staff_town()
    act(ctx, BestPeople(ALL, target=Target(**NORTH)))
    post = ctx.world.professional
    craft = ratio(ctx, "professionals.craft", "professional")
    rows = of_role(ctx, *ROLES)
    here = post.district[rows] == 0
    np.testing.assert_allclose(craft[rows[here]], 1.15)
    gained = (post.fte[rows[here]] * 0.15).sum()
    lost = (post.fte[rows[~here]] * (1 - craft[rows[~here]])).sum()
    assert lost == pytest.approx(gained / 2)
    np.testing.assert_allclose(np.delete(craft, rows), 1)


def test_nobody_loses_where_all_come_from_elsewhere_or_everybody_is_the_target():
    for arguments, target in (({"from_here": 0.0}, Target(**NORTH)), ({}, Target())):
        ctx = staff_town()
        act(ctx, BestPeople({**ALL, **arguments}, target=target))
        assert ratio(ctx, "professionals.craft", "professional").min() >= 1


def test_they_stay_longer_and_vacancies_are_filled_sooner():
    ctx = staff_town()
    act(ctx, BestPeople(ALL, target=Target(**NORTH)))
    mine = ctx.world.professional.person[of_role(ctx, *ROLES, district=0)]
    leaves = ratio(ctx, "professionals.depart", "professional")
    np.testing.assert_allclose(leaves[mine], 0.85)
    np.testing.assert_allclose(np.delete(leaves, mine), 1)
    assert ratio(ctx, "professionals.vacancy_months", "district") == pytest.approx([0.75, 1, 1])


def test_the_rule_of_placement_is_one_of_two():
    ctx = staff_town()
    act(ctx, BestPeople({**ALL, "strength": 0.5}, target=Target(**NORTH)))
    assert ctx.effects.choices() == {
        "placement": [("best_to_hardest", {"weight": 1.0, "districts": "north"})]
    }
    act(ctx, BestPeople({**ALL, "placement": "hardest_areas_first"}, target=Target(**NORTH)))
    assert ctx.effects.choices() == {"placement": [("hardest_areas_first", {"districts": "north"})]}
    with pytest.raises(ValueError, match="must be one of"):
        BestPeople({"placement": "least_loaded"})


def test_a_premium_of_a_tenth_is_paid_by_municipality_and_insurers():
    ctx = staff_town()
    act(ctx, BestPeople(ALL, target=Target(**NORTH)))
    care = (Profession.MENTAL_HEALTH_WORKER, Profession.DISTRICT_NURSE)
    for item, roles in (("area_premium", set(ROLES) - set(care)), ("area_premium_care", set(care))):
        expected = sum(
            filled(ctx, of_role(ctx, role, district=0)) * price_of(ctx, f"prices.fte_{role.key}") / 120
            for role in roles
        )
        assert bill(ctx, item) == pytest.approx(expected)
        assert expected[0] > 0
