"""Cheap workspaces: premises are made once and begin vacant, jobs go to residents by lot, and what both cost."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, untouched
from tests.mechanisms.labour_world import all_adults, neutral, only_rates, people_world, put
from tests.mechanisms.test_facilities import world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.levers.work.cheap_workspaces import CheapWorkspaces
from wijksim.mechanisms.facilities import Facilities
from wijksim.mechanisms.facilities.columns import Kind
from wijksim.mechanisms.work import local_jobs
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity

NORTH = Target(districts=("north",))


def cheap(**given):
    return CheapWorkspaces({**AT_ONCE, **given}, target=NORTH)


def month(ctx, *levers):
    act(ctx, *levers)
    Facilities().step(ctx)
    ctx.month += 1


def made(ctx):
    table = ctx.world.facility
    return table.units[table.kind == Kind.WORKSPACE].sum()


def test_premises_are_made_once_where_they_are_funded_and_stay_when_the_money_ends():
    ctx = world(dwellings=900)
    put(ctx, facilities__open_workspace=0.0)
    residents = ctx.world.by_district("resident")
    wanted = residents[0] * 40 / 10_000
    assert wanted > 1
    before, size = made(ctx), ctx.world.facility.size
    month(ctx, cheap(workspaces_per_10k=40.0))
    table = ctx.world.facility
    new = np.arange(size, table.size)
    assert new.size == int(wanted)
    assert np.all(table.kind[new] == Kind.WORKSPACE)
    assert np.all(table.district[new] == 0)
    assert not table.open[new].any()
    assert made(ctx) - before == pytest.approx(int(wanted))
    assert ctx.ledger.month["workspaces_made"] == pytest.approx(
        [int(wanted) * price_of(ctx, "facilities.workspace_price"), 0, 0]
    )
    month(ctx, cheap(workspaces_per_10k=40.0))
    assert "workspaces_made" not in ctx.ledger.month
    month(ctx)
    assert table.size == size + new.size


def test_a_small_district_shares_part_of_a_premises_and_less_than_that_is_not_made():
    ctx = world(dwellings=300)
    residents = ctx.world.by_district("resident")
    before = made(ctx)
    month(ctx, cheap(workspaces_per_10k=2.0))
    assert made(ctx) == before
    month(ctx, cheap(workspaces_per_10k=40.0))
    assert made(ctx) - before == pytest.approx(residents[0] * 40 / 10_000, rel=1e-5)


def test_vacant_premises_are_taken_at_the_pace_of_demand():
    ctx = world(dwellings=900, open_support=1.0, close_support=1.0, close_workspace=0.0, open_workspace=2.0)
    size = ctx.world.facility.size
    for _ in range(24):
        month(ctx, cheap(workspaces_per_10k=40.0))
    assert ctx.world.facility.open[size:].mean() > 0.5


def test_cheap_rent_raises_support_of_workspaces_alone_and_is_paid_by_what_is_open():
    ends = []
    for subsidy in (0.0, 1.0):
        ctx = world()
        month(ctx, cheap(subsidy=subsidy, workspaces_per_10k=2.0))
        ends.append(ctx)
    table = ends[1].world.facility
    gain = table.support - ends[0].world.facility.support
    mine = (table.kind == Kind.WORKSPACE) & (table.district == 0)
    assert np.all(gain[mine] > 0)
    assert np.array_equal(gain[~mine], np.zeros(np.count_nonzero(~mine)))
    price = price_of(ends[1], "facilities.workspace_rent") / 12
    units = (table.units * table.open)[mine].sum()
    assert ends[1].ledger.month["workspaces_rent"] == pytest.approx([units * price, 0, 0])
    assert "workspaces_rent" not in ends[0].ledger.month


def test_jobs_are_counted_where_workspaces_open_and_only_for_a_lever():
    ctx = world(dwellings=900, open_support=1.0, open_workspace=12.0, close_workspace=0.0)
    table = ctx.world.facility
    table.open[table.kind == Kind.WORKSPACE] = False
    month(ctx)
    assert not ctx.world.district.jobs_opened.any()
    table.open[table.kind == Kind.WORKSPACE] = False
    before = table.open.copy()
    month(ctx, cheap())
    opened = table.open & (table.kind == Kind.WORKSPACE)
    opened[: before.size] &= ~before
    units = np.bincount(table.district[opened], weights=table.units[opened], minlength=3)
    assert units.any()
    assert ctx.world.district.jobs_opened == pytest.approx(units * ctx.values["facilities.workspace_jobs"])
    month(ctx)
    assert not ctx.world.district.jobs_opened.any()


# ---------------------------------------------------------------- who is hired
def seekers(jobs):
    ctx = people_world(Work, Facilities, setup=False)
    Work().setup(ctx)
    neutral(ctx, "work")
    only_rates(ctx, "work")
    rows = all_adults(ctx, Activity.UNEMPLOYED)
    ctx.world.district.jobs_opened[:] = jobs
    return ctx, rows


def test_residents_come_first_for_their_share_of_the_jobs():
    ctx, rows = seekers([10.0, 10.0, 0.0])
    ctx.effects.fund("x", local_jobs.SHARE, np.array([0.3, 0.0, 0.3]))
    hired = local_jobs.hire(ctx, rows, [rows[:0]])
    assert np.bincount(ctx.world.resident.district[hired], minlength=3).tolist() == [3, 0, 0]
    # who found work elsewhere this month is passed over
    ctx.month += 1
    assert not set(local_jobs.hire(ctx, rows, [hired])) & set(hired)


def test_parts_of_jobs_come_out_right_over_time():
    ctx, rows = seekers([1.0, 1.0, 1.0])
    ctx.effects.fund("x", local_jobs.SHARE, np.full(3, 0.25))
    count = 0
    for _ in range(200):
        count += local_jobs.hire(ctx, rows, [rows[:0]]).size
        ctx.month += 1
    assert count == pytest.approx(200 * 3 * 0.25, rel=0.15)


def test_hired_residents_work_for_the_wage_that_is_offered():
    ctx, _ = seekers([20.0, 0.0, 0.0])
    act(ctx, cheap(local_hire=0.5))
    Work().step(ctx)
    posts = [post for post, activity in ctx.requests.activities if activity == Activity.EMPLOYED]
    hired = np.concatenate(posts)
    assert hired.size == 10
    assert np.all(ctx.world.resident.wage[hired] > 0)
    assert ctx.counters.sums["work.hired_locally"] == 10


def test_strength_zero_leaves_no_trace():
    ctx, rows = seekers(20.0)
    assert untouched(ctx, CheapWorkspaces({"strength": 0.0}))
    assert local_jobs.hire(ctx, rows, [rows[:0]]).size == 0
