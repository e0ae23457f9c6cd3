"""Light contact: who greets, how often, and the campaign."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, asked, here, made, run
from wijksim.core.units import WEEKS_PER_MONTH
from wijksim.kernel.prices import indexed
from wijksim.levers.meeting.greeting import Greeting


def test_those_reached_greet_where_they_did_not_yet():
    ctx = asked(made(Greeting, per_week=3.0, deadweight=0.6))
    request = act(ctx, "contacts", "greet")
    assert request["share"] == pytest.approx(0.4)
    assert request["most"] == pytest.approx(3 * WEEKS_PER_MONTH)
    assert np.all(ctx.world.resident.district[request["residents"]] == here(ctx))
    cost = np.zeros(3)
    cost[here(ctx)] = request["residents"].size * indexed(ctx, 2, 2023) / 12
    assert ctx.ledger.month["greeting"] == pytest.approx(cost)


def test_greetings_are_got_in_the_target_only_and_no_tie_is_made_by_them():
    plain, greeted = run(), run(made(Greeting))
    resident = greeted.world.resident
    assert resident.greetings[resident.district == here(greeted)].max() > 0.1
    assert not resident.greetings[resident.district != here(greeted)].any()
    assert not plain.world.resident.greetings.any()
    assert np.array_equal(greeted.world.ties.codes(), plain.world.ties.codes())
