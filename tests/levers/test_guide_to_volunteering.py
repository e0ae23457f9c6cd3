"""Guidance to volunteering: who is guided, who is remembered as guided, and what it brings them."""

import numpy as np
import pytest

from tests.levers.access_town import acts, from_start, months, nothing, ratios, town
from wijksim.kernel.prices import indexed
from wijksim.levers.access.guide_to_volunteering import GuideToVolunteering
from wijksim.state.codes import Activity

MORE = ("contacts.encounters", "work.return", "work.assistance_to_work")


def test_strength_zero_leaves_no_trace():
    assert nothing(acts(town(), from_start(GuideToVolunteering, strength=0.0)))


def test_people_without_work_whom_a_worker_meets_begin_sooner():
    ctx = acts(town(), from_start(GuideToVolunteering, uptake=1.0, begin=2.0))
    table = ctx.world.resident
    found = ratios(ctx, "facilities.begins", "resident")
    guided = np.flatnonzero(found != 1)
    assert guided.size
    np.testing.assert_allclose(found[guided], 2.0)
    assert (table.district[guided] == 0).all()
    assert not table.volunteer_hours[guided].any()
    assert (table.reached[guided] | (table.worker[guided] >= 0)).all()
    assert not np.isin(table.activity[guided], [Activity.EMPLOYED, Activity.PUPIL, Activity.STUDENT]).any()
    bill = ctx.ledger.month["guide_to_volunteering"]
    assert bill == pytest.approx([guided.size * indexed(ctx, 150, 2024) / 12, 0, 0])
    assert not set(MORE) & ctx.effects.touched()  # nobody began with guidance yet


def test_only_who_began_with_guidance_gains_from_it():
    ctx = town()
    table = ctx.world.resident
    busy = np.flatnonzero(table.alive & (table.volunteer_hours > 0) & (table.district == 0))
    table.guided[busy[:5]] = True
    acts(ctx, from_start(GuideToVolunteering, meeting=1.25, to_work=1.2))
    for rate, ratio in zip(MORE, (1.25, 1.2, 1.2), strict=True):
        found = ratios(ctx, rate, "resident")
        np.testing.assert_allclose(found[busy[:5]], ratio)
        assert np.count_nonzero(found != 1) == 5


def test_who_begins_with_guidance_is_remembered_until_they_stop():
    machine, _ = months([from_start(GuideToVolunteering, uptake=1.0, begin=3.0)], 8)
    table = machine.ctx.world.resident
    guided = np.flatnonzero(table.guided)
    assert guided.size
    assert (table.volunteer_hours[guided] > 0).all()
    assert not months([], 8)[0].ctx.world.resident.guided.any()
