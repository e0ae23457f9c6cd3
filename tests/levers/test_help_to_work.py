"""Social work tied to paid work: coaches funded, and only as many clients coached as those in post can carry."""

import numpy as np
import pytest

from tests.care_world import hire, open_case, residents_of
from tests.levers.staff_town import AT_ONCE, NORTH, act, no_trace, ratio, staff_town
from wijksim.kernel.lever import Target
from wijksim.levers.professionals.help_to_work import HelpToWork
from wijksim.mechanisms.professionals.posts import BASE
from wijksim.state.codes import Activity
from wijksim.state.roles import Profession

RATES = {"work.assistance_to_work", "work.job_finding"}


def town_with_clients(coaches=0.0):
    """Sixty clients in the north, of whom forty have no job, and a hundred residents without a job or help."""
    ctx = staff_town()
    if coaches:
        hire(ctx, Profession.JOB_COACH, coaches)
    table, rows = ctx.world.resident, residents_of(ctx)
    table.activity[rows] = Activity.EMPLOYED
    table.activity[rows[:20]] = Activity.ASSISTANCE
    table.activity[rows[20:40]] = Activity.UNEMPLOYED
    table.activity[rows[60:160]] = Activity.ASSISTANCE
    open_case(ctx, rows[:60])
    return ctx, rows


def test_strength_zero_leaves_no_trace():
    no_trace(HelpToWork)


def test_coaches_are_funded_by_the_standing_formation_of_social_work():
    ctx, _ = town_with_clients()
    assert act(ctx, HelpToWork(AT_ONCE, target=Target(**NORTH))) == {"fte.job_coach"}
    standing = ctx.world.stores[BASE][Profession.SOCIAL_WORKER].sum(axis=0)
    assert ctx.effects.funded("fte.job_coach", 3) == pytest.approx(0.1 * standing * [1, 0, 0])


@pytest.mark.parametrize(("coaches", "places"), [(0.5, 10), (1.0, 20), (5.0, 40)])
def test_clients_without_a_job_are_coached_as_far_as_there_are_coaches(coaches, places):
    ctx, rows = town_with_clients(coaches)
    assert act(ctx, HelpToWork(AT_ONCE)) == RATES | {"fte.job_coach"}
    for rate in RATES:
        found = ratio(ctx, rate, "resident")
        coached = np.flatnonzero(found > 1)
        assert coached.size == places
        assert np.isin(coached, rows[:40]).all()
        np.testing.assert_allclose(found[coached], 1.3)


def test_coaches_of_one_district_do_not_work_for_another():
    ctx, _ = town_with_clients()
    hire(ctx, Profession.JOB_COACH, 5.0, 1)
    assert act(ctx, HelpToWork(AT_ONCE)) == {"fte.job_coach"}
