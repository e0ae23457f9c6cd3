"""Clocks that do not reset, and the stationary stocks of a whole labour market."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import only_rates, work_world
from tests.worlds import run_months
from wijksim.kernel import derive
from wijksim.kernel.lifecycle import Lifecycle
from wijksim.kernel.reference import Reference
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity, Role

A, B, E, U = Activity.ASSISTANCE, Activity.BASIC_JOB, Activity.EMPLOYED, Activity.UNEMPLOYED


@pytest.mark.parametrize(
    ("path", "clock"),
    [
        ([A] * 10, 50),
        ([E] * 6 + [A] * 4, 44),  # half a year in a job does not set the clock back
        ([E] * 11 + [A], 41),
        ([E] * 12, 0),  # a year out does
        ([E] * 12 + [A] * 3, 3),
        ([B] * 30, 40),  # a basic job holds it
        ([B] * 30 + [A] * 2, 42),
        ([B] * 30 + [E] * 11 + [U], 0),
        ([U] * 6 + [A] + [E] * 11, 41),  # the count of months out begins again
    ],
)
def test_clock_along_a_path(path, clock):
    ctx = work_world(30)
    table = ctx.world.resident
    row = table.rows[0]
    table.assistance_clock[row] = 40
    table.assistance_out[row] = 0
    for month, activity in enumerate(path):
        ctx.month = month
        table.activity[row] = activity
        Work()._look_over(ctx)
    assert table.assistance_clock[row] == clock


def test_a_job_from_assistance_is_followed_for_a_year_and_a_half():
    ctx = work_world(30)
    table = ctx.world.resident
    row = table.rows[0]
    table.assistance_clock[row], table.activity[row] = 40, E
    followed = 0
    for month in range(30):
        ctx.month = month
        Work()._look_over(ctx)
        followed += table.assistance_out[row] > 0
    assert followed == ctx.values["work.follow_months"] - 1  # the month of its end is set to zero at once
    assert table.assistance_out[row] == 0


def test_job_months_count_from_the_beginning_of_the_job():
    ctx = work_world(30)
    only_rates(ctx, "work")
    table = ctx.world.resident
    row = table.rows[0]
    table.activity[row], table.activity_since[row] = E, -5
    run_months(ctx, (Work(),), 4)
    assert table.job_months[row] == 3 + 5
    table.activity[row] = U
    run_months(ctx, (Work(),), 1)
    assert table.job_months[row] == 0


def _draw_people(table, rng, rows):
    """Give rows the education, ability, health and language of people who begin their career."""
    n = rows.size
    table.education[rows] = rng.choice(4, n, p=[0.05, 0.18, 0.40, 0.37])
    table.ability[rows] = 0.5 * (table.education[rows] - 2.09) / 0.86 + np.sqrt(0.75) * rng.standard_normal(n)
    table.psychiatric[rows] = rng.random(n) < 0.012
    table.addiction[rows] = rng.random(n) < 0.01
    table.cognitive[rows] = rng.random(n) < np.where(table.education[rows] <= 1, 0.25, 0.05)
    table.language[rows] = rng.beta(8, 1.5, n)


@pytest.mark.slow
def test_stocks_of_a_labour_market_in_equilibrium_are_dutch():
    """Careers from 19-21 to 67, who retires is replaced by a school leaver; normalisers measured in equilibrium."""
    ctx = work_world(4000, seed=3)
    ctx.draws = type(ctx.draws)(3)
    ctx.world.district.weight[:] = 1 / 3
    table, rng = ctx.world.resident, np.random.default_rng(5)
    adults = table.rows[table.role[table.rows] <= Role.PARTNER]
    _draw_people(table, rng, adults)
    table.birth_month[adults] = -rng.integers(19 * 12, 67 * 12, adults.size)
    derive.ages(ctx.world, 0)
    work = Work()
    work.setup(ctx)
    lifecycle = Lifecycle((work.enter,))
    stocks, long_term, entries, exits = [], [], 0.0, 0.0
    years = 54
    for month in range(years * 12):
        ctx.log.clear()
        if month == (years - 34) * 12:
            ctx.reference = Reference(tracking=True)
        if month == (years - 14) * 12:
            ctx.reference = Reference(ctx.reference.averages())
        derive.ages(ctx.world, month)
        ctx.month = month
        done = adults[month - table.birth_month[adults] >= ctx.values["demography.pension_age"]]
        if done.size:
            exits += np.count_nonzero(table.activity[done] == A) * (month >= (years - 12) * 12)
            table.birth_month[done] = month - rng.integers(19 * 12, 22 * 12, done.size)
            _draw_people(table, rng, done)
            table.assistance_clock[done] = table.assistance_out[done] = 0
            table.activity[done], table.activity_since[done], table.benefit_end[done] = U, month, month
        before = table.activity[adults] == A
        work.step(ctx)
        lifecycle.apply(ctx)
        after = table.activity[adults] == A
        if month >= (years - 12) * 12:
            entries += np.count_nonzero(after & ~before) / np.count_nonzero(~before)
            exits += np.count_nonzero(before & ~after)
            stocks.append(np.bincount(table.activity[adults], minlength=10) / adults.size)
            clock = table.assistance_clock[adults[after]]
            long_term.append((np.mean(clock >= 36), np.mean(clock >= 60)))
    share = np.mean(stocks, axis=0)
    three, five = np.mean(long_term, axis=0)
    assert 0.023 < share[A] < 0.042  # H020: 3.3 to 3.8 % of 15-64, of whom some arrive on assistance
    assert share[U] / (share[U] + share[E]) == pytest.approx(0.037, abs=0.008)  # LAB-01
    assert share[Activity.INCAPACITY] == pytest.approx(0.072, abs=0.015)  # 6.6 % of 15-64
    assert three == pytest.approx(0.61, abs=0.06)
    assert five == pytest.approx(0.50, abs=0.06)
    assert entries / (12 * 12) == pytest.approx(0.0007, abs=0.00015)  # LAB-24
    assert 0.22 < exits / 12 / (share[A] * adults.size) < 0.31  # LAB-12: spells begun in the year count too
