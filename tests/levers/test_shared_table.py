"""Better-off meet vulnerable: who sits down with whom, how many ties, and the bill."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, asked, here, made
from wijksim.kernel.lever import FORBIDDEN_WORDS
from wijksim.kernel.prices import indexed
from wijksim.levers.meeting.shared_table import SharedTable


def test_hosts_are_better_off_and_guests_are_poor_and_in_need():
    ctx = asked(made(SharedTable))
    request, world = act(ctx, "contacts", "introduce"), ctx.world
    hosts, guests = request["residents"], request["others"]
    fifth = world.household.income_fifth[world.resident.household]
    assert hosts.size > 0
    assert guests.size > 0
    assert np.all(fifth[hosts] >= 3)
    assert np.all(fifth[guests] == 0)
    assert np.all(world.resident.need[guests] > 0)
    assert np.all(world.resident.district[np.concatenate([hosts, guests])] == here(ctx))


def test_ties_follow_from_meetings_and_chance_and_are_paid_by_participant():
    ctx = asked(made(SharedTable, meetings=12.0, tie_chance=0.05))
    request = act(ctx, "contacts", "introduce")
    number = np.zeros(3)
    number[here(ctx)] = request["residents"].size
    assert request["pairs"] == pytest.approx(number * 0.05)
    assert ctx.ledger.month["shared_table"] == pytest.approx(number * indexed(ctx, 60, 2023) / 12)


def test_empathy_itself_is_left_alone():
    ctx = asked(made(SharedTable))
    assert ctx.effects.touched() == set()
    assert {one[2] for one in ctx.effects.acts} == {"introduce"}
    assert not any(word in "introduce" for word in FORBIDDEN_WORDS)
