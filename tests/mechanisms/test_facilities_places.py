"""Meeting places that levers fund, and residents' initiatives with and without a coach."""

import numpy as np
import pytest

from tests.mechanisms.test_facilities import open_by_district, world
from tests.worlds import run_months
from wijksim.mechanisms.facilities import Facilities, initiatives
from wijksim.mechanisms.facilities.columns import KEYS, Kind
from wijksim.mechanisms.facilities.support import density

OPEN = {f"close_{key}": 0.0 for key in KEYS}


def steady(**values):
    """The same volunteers in every month."""
    ctx = world(volunteer_rate=0.0, volunteer_end_rate=0.0, **values)
    resident = ctx.world.resident
    resident.volunteer_hours[:] = np.where(resident.alive & (resident.age >= 15), 2.0, 0.0)
    resident.volunteer_hours[::2] = 0
    initiatives.settle(ctx)
    return ctx


def number(ctx):
    return ctx.world.stores[initiatives.STORE][0]


def added(ctx):
    """What coaching has added to meeting."""
    coached, alone = ctx.world.stores[initiatives.STORE]
    return (coached - alone) * ctx.values["facilities.initiative_place"]


def fund(ctx, **amounts):
    ctx.effects.clear()
    for name, amount in amounts.items():
        ctx.effects.fund("test", f"facilities.places.{name}", np.asarray(amount, float))
    ctx.effects.prepare(ctx.world, 1 / 3, 3.0)


def test_places_funded_count_as_access_where_they_are():
    ctx = world(**OPEN)
    machine = Facilities()
    run_months(ctx, [machine], 1)
    before = {
        name: ctx.world.district[name].copy() for name in ("meeting_access", "local_jobs", "premises_vacant")
    }
    people = ctx.world.by_district("resident")
    fund(ctx, third_place=[2, 0, 0])
    run_months(ctx, [machine], 1)
    normal = density(ctx.values)[[Kind.THIRD_PLACE, Kind.CENTRE]].sum()
    gain = ctx.world.district.meeting_access - before["meeting_access"]
    assert gain == pytest.approx([2 / people[0] / normal, 0, 0], rel=1e-4)
    for name in ("local_jobs", "premises_vacant"):
        assert ctx.world.district[name] == pytest.approx(before[name], abs=1e-6)


def test_a_centre_funded_is_paid_and_one_closed_is_saved_down_to_none():
    ctx = world(**OPEN)
    machine = Facilities()
    stock = open_by_district(ctx, Kind.CENTRE)
    price = ctx.values["facilities.centre_price"] / 12
    fund(ctx, centre=[1.0, 0.0, -100.0])
    run_months(ctx, [machine], 1)
    assert ctx.ledger.month["community_centre"] == pytest.approx(
        [(stock[0] + 1) * price, stock[1] * price, 0]
    )


def coach(ctx, hours):
    ctx.effects.clear()
    ctx.effects.request("test", "facilities", "coach_initiatives", {"hours": np.asarray(hours, float)})


def test_initiatives_begin_and_end_in_balance():
    ctx = steady()
    resident = ctx.world.resident
    volunteers = np.bincount(resident.district[resident.volunteer_hours > 0], minlength=3)
    expected = volunteers * ctx.values["facilities.initiative_start"] / 12 / -np.expm1(-1 / 8)
    assert number(ctx) == pytest.approx(expected)
    run_months(ctx, [Facilities()], 12)
    assert number(ctx) == pytest.approx(expected)
    people = ctx.world.by_district("resident")
    assert ctx.world.district.initiatives == pytest.approx(1000 * expected / people, rel=1e-5)
    assert not added(ctx).any()


def test_with_a_coach_for_all_there_are_as_many_more_as_they_live_longer():
    ctx = steady()
    machine, before = Facilities(), number(ctx).copy()
    for _ in range(240):
        coach(ctx, [1e6, 0, 0])
        run_months(ctx, [machine], 1)
    ratio = number(ctx) / before
    assert ratio == pytest.approx([np.expm1(-1 / 8) / np.expm1(-1 / 18), 1, 1], rel=1e-4)
    more = (number(ctx) - before) * ctx.values["facilities.initiative_place"]
    assert added(ctx) == pytest.approx(more)
    ctx.effects.clear()
    run_months(ctx, [machine], 240)
    assert number(ctx) == pytest.approx(before, rel=1e-6)


def test_hours_go_as_far_as_they_go():
    ctx = steady()
    before = number(ctx).copy()
    kept = np.expm1(-1 / 18) - np.expm1(-1 / 8)
    hours = 0.25 * before * ctx.values["facilities.initiative_hours"]
    coach(ctx, hours)
    assert initiatives.coached(ctx) == pytest.approx(0.25 * before * kept)


def test_what_coaching_adds_is_access_to_meeting():
    plain, coached = steady(**OPEN), steady(**OPEN)
    for ctx in (plain, coached):
        for _ in range(12):
            ctx.effects.clear()
            if ctx is coached:
                coach(ctx, [1e6, 0, 0])
            run_months(ctx, [Facilities()], 1)
    gain = coached.world.district.meeting_access - plain.world.district.meeting_access
    normal = density(plain.values)[[Kind.THIRD_PLACE, Kind.CENTRE]].sum()
    people = plain.world.by_district("resident")
    assert gain[0] == pytest.approx(added(coached)[0] / people[0] / normal, rel=1e-3)
    assert np.array_equal(gain[1:], [0, 0])
