"""Same worker stays: who leaves less, whom outreach finds more, what it costs."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, filled, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.professionals.continuity import COSTS, Continuity
from wijksim.mechanisms.professionals import Professionals
from wijksim.state.roles import Profession


def test_strength_zero_leaves_no_trace():
    no_trace(Continuity)


def test_holders_of_the_target_district_leave_less_and_its_residents_are_found_more():
    ctx = staff_town()
    touched = act(ctx, Continuity(AT_ONCE, target=Target(**NORTH)))
    assert touched == {"professionals.depart", "professionals.signal_outreach"}
    post, resident = ctx.world.professional, ctx.world.resident
    mine = post.rows[post.district[post.rows] == 0]
    leaves = ratio(ctx, "professionals.depart", "professional")
    # the luck of a person is drawn on the first post, which may lie in another district
    np.testing.assert_allclose(leaves[post.person[mine]], 0.7)
    np.testing.assert_allclose(np.delete(leaves, post.person[mine]), 1)
    found = ratio(ctx, "professionals.signal_outreach", "resident")
    adult = (resident.district == 0) & (resident.age >= 18) & resident.alive
    np.testing.assert_allclose(found[adult], 1.2)
    np.testing.assert_allclose(found[~adult], 1)


def test_half_as_much_reaches_half_of_the_posts_and_contains_less():
    reached = []
    for strength in (0.3, 0.6):
        ctx = staff_town()
        act(ctx, Continuity({**AT_ONCE, "strength": strength}))
        reached.append(set(np.flatnonzero(ratio(ctx, "professionals.depart", "professional") < 1)))
    assert 0 < len(reached[0]) < len(reached[1]) < len(ctx.world.professional)
    assert reached[0] <= reached[1]


def test_fewer_leave():
    ctx = staff_town()
    post = ctx.world.professional
    rows = post.rows[post.person[post.rows] == post.rows]
    without = Professionals.depart.probability(ctx, rows)
    act(ctx, Continuity(AT_ONCE))
    np.testing.assert_allclose(
        -np.log1p(-Professionals.depart.probability(ctx, rows)), -0.7 * np.log1p(-without), rtol=1e-6
    )


def test_every_filled_post_costs_its_part():
    ctx = staff_town()
    act(ctx, Continuity(AT_ONCE, target=Target(**NORTH)))
    expected = filled(ctx, ctx.world.professional.rows) * indexed(ctx, 2500, 2024) / 12
    bills = {party: bill(ctx, item.name) for party, item in COSTS.items()}
    assert sum(bills.values()) == pytest.approx(expected * [1, 0, 0])
    police = filled(ctx, of_role(ctx, Profession.POLICE_OFFICER, district=0))
    assert bills["police_justice"] == pytest.approx(police * indexed(ctx, 2500, 2024) / 12)
    assert expected[0] > 0
