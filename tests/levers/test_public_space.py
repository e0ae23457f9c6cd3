"""Public space: which entrances, what quality, what it costs, and that it wears off instead of vanishing."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, asked, here, made, run
from wijksim.kernel.lever import Window
from wijksim.kernel.prices import indexed
from wijksim.levers.meeting.public_space import PublicSpace


def test_entrances_of_the_target_have_the_quality_and_their_dwellings_the_bill():
    ctx = run(made(PublicSpace, quality=0.8, uptake=0.5, price=200.0))
    entrance = ctx.world.entrance
    inside = entrance.district == here(ctx)
    assert entrance.space[inside] == pytest.approx(0.4)
    assert not entrance.space[~inside].any()
    cost = np.zeros(3)
    cost[here(ctx)] = entrance.dwellings[inside].sum() * indexed(ctx, 200, 2023) / 12
    assert ctx.ledger.month["public_space"] == pytest.approx(cost)


def test_part_of_the_entrances_is_part_of_them_for_good():
    ctx = asked(made(PublicSpace, coverage=0.5))
    rows = act(ctx, "contacts", "lay_out")["entrances"]
    part = rows.size / np.count_nonzero(ctx.world.entrance.district == here(ctx))
    assert 0.2 < part < 0.8


def test_after_the_money_it_wears_off_and_costs_nothing():
    ctx = run(made(PublicSpace, quality=0.8, decay=1.0, window=Window(0, 2)), months=3)
    inside = ctx.world.entrance.district == here(ctx)
    assert ctx.world.entrance.space[inside] == pytest.approx(0.4)
    assert "public_space" not in ctx.ledger.month
