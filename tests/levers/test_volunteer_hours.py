"""Volunteers: hours that are counted once, people with few contacts who are visited, and coordination that costs."""

import numpy as np
import pytest

from tests.levers.access_town import acts, adults, from_start, nothing, ratios, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.volunteer_hours import VolunteerHours


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(VolunteerHours, strength=0.0)))


def test_hours_go_to_outreach_and_to_visits():
    ctx = acts(
        town(), from_start(VolunteerHours, coverage=0.12, hours=10.0, deadweight=0.2, skill=0.5, visiting=0.5)
    )
    bill = ctx.ledger.month["volunteer_hours"]
    number = bill[0] / (indexed(ctx, 250, 2024) / 12)
    assert number == pytest.approx(round(number))
    assert 0 < number < 0.2 * adults(ctx, 0).size
    assert bill[1:] == pytest.approx([0, 0])
    new = number * 10 * 0.8
    assert ctx.effects.funded("hours.community_builder", 3) == pytest.approx([new / 2 * 0.5, 0, 0])
    visited = np.flatnonzero(ratios(ctx, "contacts.encounters", "resident") > 1)
    assert visited.size == int(new / 2 / 4)


def test_those_with_the_fewest_good_contacts_are_visited():
    ctx = acts(town(), from_start(VolunteerHours, coverage=0.12, meeting=1.5))
    found = ratios(ctx, "contacts.encounters", "resident")
    visited = np.flatnonzero(found > 1)
    np.testing.assert_allclose(found[visited], 1.5)
    mine = adults(ctx, 0)
    assert np.isin(visited, mine).all()
    ties = ctx.world.resident.good_ties
    assert np.median(ties[visited]) < np.median(ties[mine])
    assert ties[visited].max() <= np.quantile(ties[mine], 0.5)


def test_hours_given_anyway_bring_nothing():
    hours = []
    for part in (0.0, 0.7):
        ctx = acts(town(), from_start(VolunteerHours, deadweight=part))
        hours.append(ctx.effects.funded("hours.community_builder", 3)[0])
    assert hours[1] == pytest.approx(0.3 * hours[0])
