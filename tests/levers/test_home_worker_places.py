"""Places for home workers: who comes, how much more they meet, and what being about does to control."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, everybody_willing, ratios, untouched
from tests.mechanisms.labour_world import people_world
from tests.mechanisms.test_nuisance import world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.work.home_worker_places import HomeWorkerPlaces
from wijksim.mechanisms.nuisance import street
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity


def test_home_workers_meet_more_and_pay_for_their_place():
    ctx = people_world(Work)
    everybody_willing(ctx)
    lever = HomeWorkerPlaces({"ramp": 0.0, "coverage": 0.25}, target=Target(districts=("north",)))
    act(ctx, lever)
    table = ctx.world.resident
    users = np.flatnonzero(ratios(ctx, "contacts.encounters") != 1)
    assert ratios(ctx, "contacts.encounters")[users] == pytest.approx(1.1)
    assert np.all(table.activity[users] == Activity.EMPLOYED)
    assert np.all(table.district[users] == 0)
    working = np.count_nonzero((table.activity == Activity.EMPLOYED) & (table.district == 0))
    assert users.size / working == pytest.approx(0.25, abs=0.12)
    residents = ctx.world.by_district("resident")
    assert ctx.effects.funded("nuisance.presence", 3) == pytest.approx(
        [0.1 * users.size / residents[0], 0, 0]
    )
    assert ctx.ledger.month["home_worker_places"].sum() == pytest.approx(
        users.size * indexed(ctx, 250, 2024) / 12
    )


def test_eyes_on_the_street_add_to_control_what_outreach_of_their_worth_does():
    """A tenth of residents about is worth half a full-time outreach worker per 10,000: times its weight, once."""
    gains = []
    for fund in (False, True):
        ctx = world(240)
        if fund:
            ctx.effects.fund("x", street.DAYTIME, np.array([0.1, 0.0, 0.0]))
        street.move(ctx)
        gains.append(ctx.world.entrance.control.copy())
    here = ctx.world.entrance.district == 0
    expected = 0.1 * ctx.values["nuisance.daytime_presence"] * ctx.values["nuisance.control_presence"]
    assert (gains[1] - gains[0])[here] == pytest.approx(expected, rel=1e-2)
    assert np.array_equal(gains[1][~here], gains[0][~here])


def test_strength_zero_leaves_no_trace():
    assert untouched(people_world(Work), HomeWorkerPlaces({**AT_ONCE, "coverage": 0.25, "strength": 0.0}))
