"""Spending freedom: caretakers up to what is wanted and allowed, as far as corporations use the room."""

from __future__ import annotations

import numpy as np
import pytest

from tests.care_world import care_world
from wijksim.kernel.lever import Target
from wijksim.levers.housing.spending_freedom import SpendingFreedom
from wijksim.mechanisms.professionals.posts import BASE
from wijksim.state.codes import Tenure
from wijksim.state.roles import Profession

NORTH = Target(districts=("north",))


def funded(ctx, **given):
    ctx.effects.clear()
    SpendingFreedom({"ramp": 0.0, **given}, target=NORTH).step(ctx)
    return ctx.effects.funded("fte.caretaker", 3)


def parts(ctx):
    """Corporation dwellings, standing caretakers, landlord's cost of one, in euros of 2024."""
    homes = ctx.world.by_district("dwelling", ctx.world.dwelling.owner == Tenure.CORPORATION)
    each = 70_000 * ctx.values["prices.cpi_2023"] * 0.5
    return homes[0], ctx.world.stores[BASE][Profession.CARETAKER].sum(axis=0)[0], each


def test_half_of_the_room_between_what_is_spent_and_what_is_wanted_is_used():
    ctx = care_world(staffed=True)
    homes, standing, each = parts(ctx)
    wanted = 200 * ctx.values["prices.cpi_2023"] * homes
    found = funded(ctx)
    assert found[0] == pytest.approx(0.5 * (wanted - standing * each) / each)
    assert found[0] > 0
    assert not found[1:].any()
    assert ctx.effects.touched() == {"fte.caretaker"}


def test_a_ceiling_in_force_allows_less():
    ctx = care_world(staffed=True)
    homes, standing, each = parts(ctx)
    most = 125 * ctx.values["prices.cpi_2015"] * homes
    allowed = funded(ctx, rule="in force")
    assert allowed[0] == pytest.approx(0.5 * (most - standing * each) / each)
    assert 0 < allowed[0] < funded(ctx)[0]
    tight = funded(ctx, rule="in force", ceiling=50.0)
    spent = (standing + tight[0]) * each
    assert spent == pytest.approx(50 * ctx.values["prices.cpi_2015"] * homes), "and may mean a cut"
    assert tight[0] < 0


def test_who_wants_no_more_spends_no_more_and_no_dose_leaves_no_trace():
    ctx = care_world(staffed=True)
    _, standing, each = parts(ctx)
    ctx.world.stores[BASE][Profession.CARETAKER] *= 3
    assert not funded(ctx).any()
    ctx = care_world(staffed=True)
    assert not funded(ctx, strength=0.0).any()
    assert not funded(ctx, uptake=0.0).any()
    assert not ctx.effects.touched()
    assert np.isfinite(standing * each)
