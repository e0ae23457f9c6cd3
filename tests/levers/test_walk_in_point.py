"""Walk-in point: who comes by at what distance, who is behind the counter, and what it costs."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, asked, from_start, nothing, ratios, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.walk_in_point import WalkInPoint


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(WalkInPoint, strength=0.0)))


def test_the_farther_the_fewer_and_neighbours_walk_as_far():
    ctx = acts(town(), from_start(WalkInPoint, chance=0.05, radius=1000.0, decay_distance=500.0))
    details, table = asked(ctx, "walk_in"), ctx.world.resident
    rows, chance = details["residents"], details["chance"]
    assert np.isin(rows, adults(ctx, 0)).all()
    assert 0.05 * np.exp(-2) <= chance.min() < chance.max() <= 0.05
    for door in np.unique(table.entrance[rows]):
        assert np.ptp(chance[table.entrance[rows] == door]) == 0


def test_a_point_has_staff_and_premises():
    ctx = acts(town(), from_start(WalkInPoint, residents_per_point=2000.0, staff=2.0, coverage=0.5))
    points = ctx.world.by_district("resident")[0] / 2000 / 2
    assert ctx.effects.funded("fte.social_worker", 3) == pytest.approx([2 * points, 0, 0])
    assert ctx.ledger.month["walk_in_point"] == pytest.approx([points * indexed(ctx, 31000, 2021) / 12, 0, 0])


def test_forms_are_filled_in_by_whoever_lives_near():
    ctx = acts(town(), from_start(WalkInPoint, claiming=2.0))
    details = asked(ctx, "walk_in")
    found = ratios(ctx, "income.claim", "household")
    homes = ctx.world.resident.household[details["residents"]]
    heads = ctx.world.household.head[homes] == details["residents"]
    near = details["chance"] / 0.02
    np.testing.assert_allclose(found[homes[heads]], 1 + near[heads], rtol=1e-6)
    others = np.setdiff1d(ctx.world.household.rows, homes[heads])
    np.testing.assert_allclose(found[others], 1)
