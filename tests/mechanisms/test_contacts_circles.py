"""Neighbourhood circles: who is in one, who knows whom, and what becomes of it with and without a coach."""

import numpy as np
import pytest

from tests.mechanisms.test_contacts import check_ties
from tests.mechanisms.test_contacts_acts import adults, ask, town
from wijksim.mechanisms.contacts import circles, encounters, people
from wijksim.mechanisms.contacts.focus import Focus, Staged


def coach(ctx, number, candidates=None, click=0.15, **details):
    rows = adults(ctx) if candidates is None else candidates
    ask(
        ctx,
        "coach_circles",
        residents=rows,
        circles=np.asarray(number, float),
        size=10,
        click=click,
        **details,
    )


def sizes(ctx):
    member = ctx.world.resident.circle
    return np.bincount(member[member >= 0])


def test_as_many_circles_as_there_are_coaches_for_each_in_one_district_and_full():
    ctx = town()
    coach(ctx, [4, 0, 2], click=1.0)
    circles.step(ctx, people.adults(ctx))
    resident, net = ctx.world.resident, ctx.world.ties
    assert sizes(ctx).tolist() == [10] * 6
    rows = np.flatnonzero(resident.circle >= 0)
    book = ctx.world.stores[circles.STORE]
    assert np.array_equal(book["district"][resident.circle[rows]], resident.district[rows])
    assert sorted(book["district"].tolist()) == [0] * 4 + [2] * 2
    made = np.flatnonzero(net.layer == Staged.CIRCLE)
    assert np.array_equal(resident.circle[net.a[made]], resident.circle[net.b[made]])
    # everybody with everybody, less those who knew each other or share a home
    assert 200 < made.size <= 6 * 45
    check_ties(ctx)


def test_circles_take_only_those_who_may_join_and_nobody_is_in_two():
    ctx = town()
    few = adults(ctx)[ctx.world.resident.district[adults(ctx)] == 0][:17]
    coach(ctx, [5, 0, 0], few)
    circles.step(ctx, people.adults(ctx))
    # a circle begins full: seventeen make one, the rest wait
    assert sizes(ctx).tolist() == [10]
    assert np.all(np.isin(np.flatnonzero(ctx.world.resident.circle >= 0), few))


def test_part_of_a_coach_is_a_circle_in_part_of_the_districts_for_life():
    ctx = town()
    coach(ctx, [0.5, 0.5, 0.5])
    circles.step(ctx, people.adults(ctx))
    part = ctx.draws.life("contacts.circle_part", ctx.world.district.uid)
    assert sizes(ctx).size == np.count_nonzero(part >= 0.5)


def test_a_circle_without_a_coach_falls_apart_at_its_rate_and_its_ties_stay():
    ctx = town()
    coach(ctx, [16, 16, 16], click=1.0)
    circles.step(ctx, people.adults(ctx))
    began = sizes(ctx).size
    ties = len(ctx.world.ties)
    assert began > 30
    ctx.effects.clear()
    for month in range(1, 9):
        ctx.month = month
        circles.step(ctx, people.adults(ctx))
    left = np.count_nonzero(ctx.world.stores[circles.STORE]["alive"])
    expected = np.exp(-ctx.values["contacts.circle_collapse_rate"] * 8 / 12)
    assert left / began == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / began))
    assert len(ctx.world.ties) == ties
    net, member = ctx.world.ties, ctx.world.resident.circle
    still = np.flatnonzero(net.layer == Staged.CIRCLE)
    assert np.all(member[net.a[still]] >= 0)
    assert np.array_equal(member[net.a[still]], member[net.b[still]])


def test_a_coached_circle_stays_and_is_filled_up():
    ctx = town()
    coach(ctx, [2, 0, 0])
    circles.step(ctx, people.adults(ctx))
    resident = ctx.world.resident
    gone = np.flatnonzero(resident.circle == 0)[:4]
    resident.circle[gone] = -1
    for month in range(1, 13):
        ctx.month = month
        coach(ctx, [2, 0, 0], np.setdiff1d(adults(ctx), gone).astype(np.int32))
        circles.step(ctx, people.adults(ctx))
    assert sizes(ctx).tolist() == [10, 10]
    assert np.all(resident.circle[gone] == -1)


def test_who_moves_away_is_no_member_and_two_are_no_circle():
    ctx = town()
    coach(ctx, [1, 0, 0])
    circles.step(ctx, people.adults(ctx))
    members = np.flatnonzero(ctx.world.resident.circle >= 0)
    ctx.world.resident.district[members[:8]] = 1
    ctx.effects.clear()
    ctx.month = 1
    circles.step(ctx, people.adults(ctx))
    assert not (ctx.world.resident.circle >= 0).any()
    assert not ctx.world.stores[circles.STORE]["alive"].any()


def test_members_meet_as_often_as_their_meetings():
    ctx = town()
    rates = encounters.focus_rates(ctx.values)
    values = ctx.values
    assert rates[Staged.CIRCLE] == pytest.approx(
        values["contacts.rate_district"] + values["contacts.rate_place"] * values["contacts.uses_circle"]
    )
    assert rates[Staged.INTRODUCED] == rates[Focus.DISTRICT]
