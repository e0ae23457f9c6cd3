"""Neighbours who call on one another: large complexes only, and a bill for each where anybody takes part."""

import numpy as np
import pytest

from tests.levers.meeting_world import act, asked, here, made, run
from wijksim.kernel.prices import indexed
from wijksim.levers.meeting.neighbour_help import NeighbourHelp


def test_those_who_take_part_live_in_large_complexes_of_the_target():
    ctx = asked(made(NeighbourHelp, min_dwellings=20.0))
    request, world = act(ctx, "contacts", "share_help"), ctx.world
    rows = request["residents"]
    home = world.household.complex[world.resident.household[rows]]
    assert rows.size > 0
    assert np.all(world.complex.dwellings[home] >= 20)
    assert np.all(world.resident.district[rows] == here(ctx))
    assert request["spillover"] == 0.1
    assert request["threshold"] == 0.3


def test_each_complex_has_an_organiser_to_pay():
    ctx = asked(made(NeighbourHelp))
    world = ctx.world
    rows = act(ctx, "contacts", "share_help")["residents"]
    number = np.unique(world.household.complex[world.resident.household[rows]]).size
    expected = np.zeros(3)
    expected[here(ctx)] = number * indexed(ctx, 1500, 2023) / 12
    assert ctx.ledger.month["neighbour_help"] == pytest.approx(expected)


def test_support_rises_for_those_who_take_part_and_for_nobody_else():
    plain, helped = run(), run(made(NeighbourHelp, spillover=0.25, threshold=0.15))
    gain = helped.world.resident.support - plain.world.resident.support
    rows = act(helped, "contacts", "share_help")["residents"]
    others = np.setdiff1d(np.arange(gain.size), rows)
    assert gain[rows].sum() > 0
    assert gain[rows].min() >= -1e-5
    assert gain[others] == pytest.approx(0, abs=1e-5)
