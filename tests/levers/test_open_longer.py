"""Open outside office hours: who can come, for how many hours, and what it costs to be there."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, asked, from_start, months, nothing, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.open_longer import OpenLonger


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(OpenLonger, strength=0.0)))


def test_hours_follow_the_dose_and_reach_the_target_only():
    ctx = acts(town(), from_start(OpenLonger, strength=0.5, hours=20.0))
    details = asked(ctx, "open_longer")
    assert details["hours"] == 10
    assert np.isin(details["residents"], adults(ctx, 0)).all()
    assert details["residents"].size


def test_being_open_is_booked_by_hours_people_and_places():
    ctx = acts(town(), from_start(OpenLonger, hours=10.0, staff=2.0, residents_per_place=5000.0))
    places = ctx.world.by_district("resident")[0] / 5000
    weeks = 365.2425 / 7 / 12
    expected = places * 10 * 2 * weeks * indexed(ctx, 64, 2022)
    assert ctx.ledger.month["open_longer"] == pytest.approx([expected, 0, 0])


def test_in_the_whole_model_only_hours_of_those_reached_are_known():
    machine, _ = months([from_start(OpenLonger, hours=30.0)], 1)
    table = machine.ctx.world.resident
    mine = table.extra_open_hours > 0
    assert (table.district[mine] == 0).all()
    assert table.extra_open_hours[mine] == pytest.approx(24.0)
