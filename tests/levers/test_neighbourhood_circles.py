"""Neighbourhood circles: coaches, who may join, and what becomes of circles when the coach goes."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, all_at_work, asked, funded, here, made, residents, run
from wijksim.kernel.lever import Window
from wijksim.levers.meeting.neighbourhood_circles import NeighbourhoodCircles

ROLE = "community_builder"


def test_sixteen_hours_of_a_coach_for_each_circle():
    ctx = asked(made(NeighbourhoodCircles, circles_per_1000=5.0), machine=all_at_work())
    expected = np.zeros(3)
    expected[here(ctx)] = 5 * residents(ctx)[here(ctx)] / 1000
    request = act(ctx, "contacts", "coach_circles")
    assert request["circles"] == pytest.approx(expected)
    assert funded(ctx, f"hours.{ROLE}") == pytest.approx(-16 * request["circles"])
    assert request["size"] == 10


def test_those_in_need_or_with_few_contacts_are_asked_and_nobody_else():
    ctx = asked(made(NeighbourhoodCircles))
    rows = act(ctx, "contacts", "coach_circles")["residents"]
    resident = ctx.world.resident
    assert rows.size > 0
    assert np.all(resident.age[rows] >= 18)
    assert np.all(resident.district[rows] == here(ctx))
    vulnerable = resident.need[rows] >= ctx.values["contacts.support_need_floor"]
    vulnerable |= resident.good_ties[rows] <= 1
    assert vulnerable.all()


def test_circles_form_and_fall_apart_without_the_coach():
    machine = all_at_work()
    lever = made(NeighbourhoodCircles, window=Window(0, 1), circles_per_1000=5.0, decay=0.0)
    ctx = run(lever, machine=machine)
    member = ctx.world.resident.circle
    assert np.count_nonzero(member >= 0) == 10
    assert np.all(ctx.world.resident.district[member >= 0] == here(ctx))
    machine._plain["contacts.circle_collapse_rate"] = 1000.0
    machine.advance()
    assert not (ctx.world.resident.circle >= 0).any()


def test_a_click_of_none_is_no_effect_but_company():
    low, _ = NeighbourhoodCircles.click.range
    assert low == 0
