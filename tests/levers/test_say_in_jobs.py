"""Say in the jobs: better tasks for the same jobs, upkeep of the street, and what a round costs."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, untouched
from tests.levers.test_basic_job import long_term_world
from tests.mechanisms.test_nuisance import world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.work.basic_job import BasicJob
from wijksim.levers.work.say_in_jobs import SayInJobs
from wijksim.mechanisms.nuisance import street
from wijksim.state.codes import Activity


def staffed_town(jobs):
    """So many people in a basic job in the north."""
    ctx = long_term_world(200)
    table = ctx.world.resident
    rows = table.rows[table.district[table.rows] == 0][:jobs]
    table.activity[rows] = Activity.BASIC_JOB
    table.basic_district[rows] = 0
    return ctx


def upkeep(ctx):
    return ctx.effects.funded(street.UPKEEP, 3)


def test_a_say_raises_the_match_of_the_jobs_that_are_held():
    ctx = staffed_town(6)
    per_thousand = 6 * 1000 / ctx.world.by_district("resident")[0]
    act(ctx, BasicJob({"tasks": "street", "task_match": 0.5}))
    assert upkeep(ctx) == pytest.approx([0.5 * per_thousand, 0, 0])
    act(ctx, BasicJob({"tasks": "street", "task_match": 0.5}), SayInJobs(AT_ONCE))
    assert upkeep(ctx) == pytest.approx([0.8 * per_thousand, 0, 0])


def test_jobs_with_other_tasks_keep_no_street_up():
    ctx = staffed_town(6)
    act(ctx, BasicJob())
    assert street.UPKEEP not in ctx.effects.touched()


def test_a_say_that_changes_nothing_is_none_and_a_round_costs_its_price():
    ctx = staffed_town(6)
    lever = SayInJobs({**AT_ONCE, "match_with": 0.5, "rounds": 2.0}, target=Target(districts=("north",)))
    act(ctx, lever)
    assert not upkeep(ctx).any()
    residents = ctx.world.by_district("resident")[0]
    assert ctx.ledger.month["say_in_jobs"] == pytest.approx(
        [residents * 2 * indexed(ctx, 5, 2013) / 12, 0, 0]
    )


def test_upkeep_takes_disorder_away_at_its_weight():
    ends = []
    for fund in (False, True):
        ctx = world(240)
        if fund:
            ctx.effects.fund("x", street.UPKEEP, np.array([3.0, 0.0, 0.0]))
        street.move(ctx)
        ends.append(ctx.world.entrance.disorder.copy())
    here = ctx.world.entrance.district == 0
    expected = 3 * ctx.values["nuisance.disorder_upkeep"] * ctx.values["nuisance.disorder_input"]
    assert (ends[0] - ends[1])[here] == pytest.approx(expected, rel=1e-3)
    assert np.array_equal(ends[1][~here], ends[0][~here])


def test_strength_zero_leaves_no_trace():
    assert untouched(staffed_town(3), SayInJobs({"strength": 0.0}))
