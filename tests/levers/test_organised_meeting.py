"""Organised meetings: visitors, the ties they make, with whom, and what an event costs."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, asked, here, made, run
from wijksim.kernel.prices import indexed
from wijksim.levers.meeting.organised_meeting import OrganisedMeeting
from wijksim.mechanisms.contacts.focus import Staged


def test_pairs_are_visitors_times_chance_less_what_would_have_come_anyway():
    ctx = asked(made(OrganisedMeeting, events=2.0, visitors=40.0, tie_chance=0.03, deadweight=0.2))
    request = act(ctx, "contacts", "introduce")
    expected = np.zeros(3)
    expected[here(ctx)] = 2 * 40 * 0.03 * 0.8 / 2
    assert request["pairs"] == pytest.approx(expected)
    assert request["across"] == pytest.approx(0.3)
    assert np.all(ctx.world.resident.district[request["residents"]] == here(ctx))


def test_no_more_visitors_than_there_are_people_who_come():
    ctx = asked(made(OrganisedMeeting, visitors=150.0, uptake=0.03))
    request = act(ctx, "contacts", "introduce")
    assert request["pairs"].sum() == pytest.approx(2 * request["residents"].size * 0.03 * 0.8 / 2)


def test_events_are_paid_whatever_they_bring():
    ctx = asked(made(OrganisedMeeting, events=3.0, deadweight=1.0))
    expected = np.zeros(3)
    expected[here(ctx)] = 3 * indexed(ctx, 600, 2023)
    assert ctx.ledger.month["meeting_events"] == pytest.approx(expected)
    assert not act(ctx, "contacts", "introduce")["pairs"].any()


def test_acquaintances_rise_in_the_target_only():
    plain = run(months=6)
    met = run(made(OrganisedMeeting, events=6.0, visitors=150.0, tie_chance=0.08), months=6)
    net, resident = met.world.ties, met.world.resident
    assert not np.any(plain.world.ties.layer == Staged.INTRODUCED)
    new = net.layer == Staged.INTRODUCED
    assert np.count_nonzero(new) > 20
    assert np.all(resident.district[net.a[new]] == here(met))
