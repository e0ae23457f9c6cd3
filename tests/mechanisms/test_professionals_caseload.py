"""Caseloads: what a team does with more cases than hours."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, hire, open_case, residents_of
from tests.worlds import run_months
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import full_time_hours
from wijksim.state.roles import CaseStage, Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}


def test_hours_beyond_the_least_go_to_those_in_greatest_need():
    ctx = care_world(**QUIET, professionals__case_floor=0.5)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    rows = residents_of(ctx)[:30]
    table = ctx.world.resident
    open_case(ctx, rows)
    table.need[rows] = np.linspace(0.9, 0.2, rows.size)
    run_months(ctx, [Professionals()], 1)
    full = int((full_time_hours(ctx.values) - 30 * 2) // 2)
    assert 0 < full < rows.size
    assert table.case_share[rows[:full]] == pytest.approx(1)
    assert table.case_share[rows[full + 1 :]] == pytest.approx(0.5)


def test_a_case_with_half_of_its_hours_lasts_twice_as_long():
    left = {}
    for floor in (1.0, 0.5):
        given = QUIET | {
            "professionals__case_floor": floor,
            "professionals__close_rate": 2.0,
            "professionals__case_speed_social_worker": 1.0,
            "professionals__drop_rate": 0.0,
        }
        ctx = care_world(dwellings=6000, **given)
        rows = residents_of(ctx)[:2000]
        hire(ctx, Profession.SOCIAL_WORKER, rows.size * 4 * floor / full_time_hours(ctx.values))
        open_case(ctx, rows)
        run_months(ctx, [Professionals()], 1)
        left[floor] = 1 - (ctx.world.resident.case[rows] == CaseStage.OPEN).mean()
    assert left[1.0] == pytest.approx(-np.expm1(-2.0 / 12), abs=0.02)
    assert left[0.5] == pytest.approx(-np.expm1(-1.0 / 12), abs=0.02)
