"""Coaching of initiatives: hours for those there are, and more initiatives for it in the target only."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, all_at_work, asked, funded, here, made, run
from wijksim.levers.meeting.initiative_coaching import InitiativeCoaching


def test_four_hours_for_each_that_is_coached():
    machine = all_at_work()
    world = machine.ctx.world
    there = world.district.initiatives * world.by_district("resident") / 1000
    ctx = asked(made(InitiativeCoaching, coached_share=0.5, uptake=0.8), machine=machine)
    hours = act(ctx, "facilities", "coach_initiatives")["hours"]
    expected = np.zeros(3)
    expected[here(ctx)] = 4 * 0.5 * 0.8 * there[here(ctx)]
    assert hours == pytest.approx(expected)
    assert funded(ctx, "hours.community_builder") == pytest.approx(-hours)


def test_initiatives_become_more_in_the_target_and_stay_as_they_are_elsewhere():
    plain = run(months=6)
    coached = run(made(InitiativeCoaching, coached_share=1.0), machine=all_at_work(), months=6)
    gain = coached.world.district.initiatives - plain.world.district.initiatives
    where = here(plain)
    assert gain[where] > 0.02
    assert np.delete(gain, where) == pytest.approx(0, abs=0.02)


def test_it_books_nothing_itself():
    assert InitiativeCoaching.costs == ()
