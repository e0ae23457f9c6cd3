"""Connectors: posts first, then pairs across milieus as far as there are hours, and nothing else."""

import numpy as np
import pytest

from tests.contracts.engines import engine
from tests.levers.meeting_world import act, all_at_work, asked, funded, here, made, residents
from wijksim.levers.meeting.connectors import Connectors

ROLE = "community_builder"


def test_posts_are_funded_in_the_target_only_and_with_nobody_in_post_nobody_is_introduced():
    machine = engine()
    machine.ctx.world.professional.vacant[:] = True
    ctx = asked(made(Connectors, fte_per_10k=3.0), machine)
    expected = np.zeros(3)
    expected[here(ctx)] = 3 * residents(ctx)[here(ctx)] / 10_000
    assert funded(ctx, f"fte.{ROLE}") == pytest.approx(expected)
    assert not act(ctx, "contacts", "introduce")["pairs"].any()
    assert not funded(ctx, f"hours.{ROLE}").any()


def test_at_work_they_make_six_pairs_a_month_each_and_have_no_hours_left():
    ctx = asked(made(Connectors, fte_per_10k=3.0, ties_per_fte=6.0), machine=all_at_work())
    fte = funded(ctx, f"fte.{ROLE}")
    request = act(ctx, "contacts", "introduce")
    assert fte.sum() > 0
    assert request["pairs"] == pytest.approx(6 * fte)
    assert request["across"] == 1.0
    full_time = ctx.values["professionals.net_hours"] * (1 - ctx.values["professionals.admin_share"])
    assert funded(ctx, f"hours.{ROLE}") == pytest.approx(-fte * full_time)


def test_only_adults_of_the_target_who_let_themselves_are_introduced():
    ctx = asked(made(Connectors, uptake=0.3))
    rows = act(ctx, "contacts", "introduce")["residents"]
    resident = ctx.world.resident
    assert rows.size > 0
    assert np.all(resident.age[rows] >= 18)
    assert np.all(resident.district[rows] == here(ctx))
    assert np.all(resident.uptake[rows] >= 0.7 - 1e-6)


def test_it_books_nothing_itself():
    assert Connectors.costs == ()
