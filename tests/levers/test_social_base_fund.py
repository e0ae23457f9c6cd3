"""Structural money of the state: euros become posts at their prices, the grant is a transfer, contracts last."""

import numpy as np
import pytest

from tests.levers.staff_town import AT_ONCE, NORTH, act, bill, month, no_trace, of_role, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed, price_of
from wijksim.levers.professionals.social_base_fund import GRANT, ROOMS, SocialBaseFund
from wijksim.mechanisms.professionals.posts import BASE
from wijksim.state.roles import Profession

SHARES = {Profession.SOCIAL_WORKER: 0.5, Profession.COMMUNITY_BUILDER: 0.3, Profession.YOUTH_WORKER: 0.2}
LATE = 600  # by then organisations have grown as far as the money goes


def test_strength_zero_leaves_no_trace():
    no_trace(SocialBaseFund)


def test_the_money_buys_posts_at_the_prices_of_the_accounts():
    ctx = staff_town()
    ctx.month = LATE
    act(ctx, SocialBaseFund(AT_ONCE, target=Target(**NORTH)))
    people = ctx.world.by_district("resident") * [1, 0, 0]
    euros = indexed(ctx, 400, 2021) * people
    spent = 0
    for role, share in SHARES.items():
        fte = ctx.effects.funded(f"fte.{role.key}", 3)
        assert fte == pytest.approx(euros * 0.8 * share / price_of(ctx, f"prices.fte_{role.key}"))
        spent = spent + fte * price_of(ctx, f"prices.fte_{role.key}")
    assert spent == pytest.approx(0.8 * euros)
    assert bill(ctx, ROOMS.name) == pytest.approx(0.2 * euros / 12)
    assert bill(ctx, GRANT.name) == pytest.approx(euros / 12)
    assert GRANT.transfer
    assert GRANT.payers == (("state", 1.0),)


def test_posts_grow_no_faster_than_organisations_and_what_is_not_used_is_not_given():
    ctx = staff_town()
    ctx.month = 11
    act(ctx, SocialBaseFund({**AT_ONCE, "absorption": 0.1}, target=Target(**NORTH)))
    spent = 0
    for role in SHARES:
        fte = ctx.effects.funded(f"fte.{role.key}", 3)
        assert fte == pytest.approx(0.1 * ctx.world.stores[BASE][role].sum(axis=0) * [1, 0, 0])
        spent = spent + fte * price_of(ctx, f"prices.fte_{role.key}")
    assert spent[0] > 0
    assert bill(ctx, GRANT.name) == pytest.approx(spent / 0.8 / 12)


def test_shares_beyond_the_whole_divide_the_money():
    ctx = staff_town()
    ctx.month = LATE
    act(
        ctx,
        SocialBaseFund({**AT_ONCE, "social_workers": 1.0, "community_builders": 1.0, "youth_workers": 0.0}),
    )
    half = 0.8 * indexed(ctx, 400, 2021) * ctx.world.by_district("resident") / 2
    assert ctx.effects.funded("fte.social_worker", 3) == pytest.approx(
        half / price_of(ctx, "prices.fte_social_worker")
    )
    assert not ctx.effects.funded("fte.youth_worker", 3).any()


def test_posts_do_not_follow_every_birth_and_death():
    ctx = staff_town()
    ctx.month = LATE
    lever = SocialBaseFund(AT_ONCE)
    month(ctx, lever)
    first = ctx.effects.funded("fte.social_worker", 3)
    ctx.world.resident.district[ctx.world.resident.rows[:100]] = -1
    act(ctx, lever)
    assert ctx.effects.funded("fte.social_worker", 3).tolist() == first.tolist()


def test_lasting_contracts_keep_people():
    ctx = staff_town()
    act(ctx, SocialBaseFund(AT_ONCE, target=Target(**NORTH)))
    leaves = ratio(ctx, "professionals.depart", "professional")
    mine = ctx.world.professional.person[of_role(ctx, *SHARES, district=0)]
    np.testing.assert_allclose(leaves[mine], 0.9)
    np.testing.assert_allclose(np.delete(leaves, mine), 1)
