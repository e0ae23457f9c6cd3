"""Compiled passes of mechanisms give what the plain formula over whole columns gives."""

import numpy as np

from tests.care_world import health_world
from tests.mechanisms.housing_city import city
from tests.mechanisms.labour_world import set_value, work_world
from wijksim.mechanisms.crime.peer_loops import around
from wijksim.mechanisms.debt.balance_loops import procedures, settled
from wijksim.mechanisms.debt.risk_loops import needs
from wijksim.mechanisms.health.need import follow
from wijksim.mechanisms.housing.offer_loops import merge
from wijksim.mechanisms.housing.support import entrance_share, households_in_need
from wijksim.mechanisms.skills import wanting
from wijksim.mechanisms.work.process import Work
from wijksim.state.codes import Activity
from wijksim.state.structure import ADULT_AGE


def test_groups_of_work_are_those_of_whole_columns():
    ctx = work_world(100)
    table, rng = ctx.world.resident, np.random.default_rng(3)
    table.assistance_out[:] = rng.integers(0, 2, table.size)
    table.benefit_end[:] = rng.integers(-3, 4, table.size)
    table.activity_since[:] = ctx.month - rng.integers(0, 40, table.size)
    table.wage[:] = 1000
    set_value(ctx, "work.wage_growth", 0.1)
    below = table.birth_month > ctx.month - ctx.values["demography.pension_age"]
    doing = table.activity.copy()
    group, paid = Work()._look_over(ctx)
    step = (doing == Activity.EMPLOYED) & below & (table.job_months > 0) & (table.job_months % 12 == 0)
    step &= table.age < ctx.values["work.wage_peak_age"]
    expected = {
        "employed": (doing == Activity.EMPLOYED) & below,
        "regular": (doing == Activity.EMPLOYED) & below & (table.assistance_out == 0),
        "recent": (doing == Activity.EMPLOYED) & below & (table.assistance_out > 0),
        "unemployed": (doing == Activity.UNEMPLOYED) & below,
        "without": (doing == Activity.UNEMPLOYED) & below & (table.benefit_end <= ctx.month),
        "others": (doing == Activity.OTHER) & below,
        "incapable": (doing == Activity.INCAPACITY) & below,
        "recipients": (doing == Activity.ASSISTANCE) & below,
        "holders": doing == Activity.BASIC_JOB,
    }
    for name, mask in expected.items():
        assert np.array_equal(getattr(group, name), np.flatnonzero(mask)), name
    works = (doing == Activity.EMPLOYED) | (doing == Activity.BASIC_JOB)
    wage = np.where(step, np.float32(1000 * np.exp(0.1)), np.float32(1000))
    assert np.array_equal(table.wage, np.where(works, wage, 0))
    at_work = (doing == Activity.EMPLOYED) & table.alive
    assert np.allclose(paid, np.bincount(table.district[at_work], weights=table.wage[at_work]))
    assert step.any()


def test_budget_by_size_of_household():
    adults, children = np.array([1, 2, 0, 2], np.int16), np.array([0, 3, 0, 0], np.int16)
    activity = np.array([Activity.EMPLOYED, Activity.STUDENT], np.int8)
    need, energy = np.empty(4), np.array([0, 50, 0, -2000], np.float32)
    needs(adults, children, np.array([0, 0, 0, 1], np.int32), energy, activity, (1000.0, 0.5, 0.3, 0.6), need)
    assert np.allclose(need, [1000, 1000 * (1 + 0.5 + 0.9) + 50, 0, 0])
    needs(
        adults,
        children,
        np.array([0, 0, 0, 1], np.int32),
        0 * energy,
        activity,
        (1000.0, 0.5, 0.3, 0.6),
        need,
    )
    assert need[3] == 1000 * 1.5 * 0.6


def test_a_settled_month_adds_up_for_every_household():
    rng, n = np.random.default_rng(1), 500
    income, housing, need = rng.uniform(-200, 4000, n), rng.uniform(0, 1500, n), rng.uniform(0, 2000, n)
    savings, debt = rng.exponential(2000, n), rng.exponential(3000, n)
    rent_debt = np.where(rng.random(n) < 0.2, debt / 2, 0.0)
    problem, track = rng.random(n) < 0.3, rng.integers(0, 3, n).astype(np.int8)
    hit = np.flatnonzero(rng.random(n) < 0.1).astype(np.int32)
    shock = rng.exponential(1000, hit.size)
    before = savings - debt
    net, spent, arrears = np.empty(n), np.empty(n), np.empty(n, np.int8)
    rules = (0.02, 0.4, 0.2), (0.7, 0.8, 2.0, 0.05), (3.0, 0.5)
    # fmt: off
    settled(
        income, housing, need, problem, track, hit, shock, *rules, np.empty(0), savings, debt, rent_debt, arrears,
        net, spent,
    )
    # fmt: on
    struck = np.zeros(n)
    struck[hit] = shock
    assert np.allclose(savings - debt, before + income - housing - spent - struck)
    assert savings.min() >= 0
    assert debt.min() >= 0
    assert np.all(rent_debt <= debt)
    assert np.all(arrears[rent_debt == 0] == 0)
    assert arrears.max() > 0


def test_who_moves_leaves_the_eviction_behind():
    n = 5
    stage = np.array([2, 2, 1, 0, 0], np.int8)
    rent_debt, arrears = np.full(n, 900.0), np.full(n, 4, np.int8)
    moved = np.array([10, 0, 0, 0, 0], np.int16)
    tenure, alive, evicted = np.array([0, 0, 0, 0, 1], np.int8), np.ones(n, bool), np.ones(n, bool)
    ordered, noticed, free = np.empty((3, n), np.int32)
    # fmt: off
    counts = procedures(
        alive, tenure, moved, 10, 3.0, stage, rent_debt, arrears, evicted, ordered, noticed, free
    )
    # fmt: on
    assert [ordered[: counts[0]].tolist(), noticed[: counts[1]].tolist(), free[: counts[2]].tolist()] == [
        [1],
        [2],
        [3],
    ]
    assert stage[0] == rent_debt[0] == arrears[0] == 0
    assert not evicted.any()


def test_what_is_managed_is_a_product_over_problems():
    ctx = health_world(dwellings=60, seed=4)
    table, v, rng = ctx.world.resident, ctx.values, np.random.default_rng(2)
    for column in ("psychiatric", "unstable", "addiction", "cognitive"):
        table[column][:] = rng.random(table.size) < 0.3
    for column in ("stress", "frailty", "self_reliance"):
        table[column][:] = rng.random(table.size)
    table.support[:] = table.help_effect[:] = 0
    frail = np.where(table.age >= v["health.frail_age"], v["health.need_frail_old"], v["health.need_frail"])
    expected = 1 - v["health.need_stress"] * np.maximum(table.stress - v["wellbeing.stress_level"], 0)
    expected *= 1 - frail * np.clip(table.frailty - v["health.frail_from"], 0, 1)
    debts = ctx.world.gather("resident", table.rows, "household.problem_debt")
    for column in ("psychiatric", "unstable", "addiction"):
        expected *= 1 - v[f"health.need_{column}"] * table[column]
    expected *= 1 - v["health.need_cognitive"] * table.cognitive * (1 - table.self_reliance)
    expected = expected[table.rows] * (1 - v["health.need_debt"] * debts)
    adults = table.age[table.rows] >= ADULT_AGE
    assert adults.any()
    follow(ctx, 1.0)  # all the way
    assert np.allclose(table.need[table.rows], np.where(adults, 1 - expected, 0), atol=1e-5)


def test_households_in_need_are_those_with_debts_or_a_member_in_need():
    ctx = city()
    world, rng = ctx.world, np.random.default_rng(6)
    table, home = world.resident, world.household
    for column in ("psychiatric", "addiction", "cognitive"):
        table[column][:] = rng.random(table.size) < 0.05
    home.problem_debt[:] = rng.random(home.size) < 0.05
    low = np.float32(ctx.values["housing.support_self_reliance"])
    limited = table.cognitive & (table.self_reliance < low) & (table.age >= 18)
    member = table.alive & (table.psychiatric | table.addiction | limited)
    expected = home.problem_debt.copy()
    expected[table.household[member]] = True
    needy = households_in_need(ctx)
    assert np.array_equal(needy, expected & home.alive)
    place = home.entrance[needy]
    count = np.bincount(place[place >= 0], minlength=world.entrance.size)
    assert np.array_equal(entrance_share(ctx, needy), count / np.maximum(world.entrance.dwellings, 1))


def test_who_left_is_taken_out_of_the_queue_and_who_came_stands_by_place():
    rows, place = np.array([4, 2, 7, 0], np.int32), np.array([0.1, 0.2, 0.3, 1.5])
    gone = np.zeros(8, bool)
    gone[[2, 0]] = True
    came, spot = np.array([5, 6, 3], np.int32), np.array([0.05, 0.3, 2.0])
    kept, at = np.empty(7, np.int32), np.empty(7)
    count = merge(rows, place, gone, came, spot, kept, at)
    # of equal places the one who was there goes first
    assert kept[:count].tolist() == [5, 4, 7, 6, 3]
    assert at[:count].tolist() == [0.05, 0.1, 0.3, 0.3, 2.0]


def test_the_young_see_the_ties_of_both_ends():
    a, b = np.array([0, 0, 1, 2], np.int32), np.array([1, 2, 3, 3], np.int32)
    strength = np.array([0.5, 0.25, 1.0, 0.125], np.float32)
    young, offends = np.array([True, True, False, False]), np.array([True, False, False, True])
    known = np.zeros((4, 2))
    around(a, b, strength, young, offends, known)
    assert known[:, 0].tolist() == [0.75, 1.5, 0, 0]
    assert known[:, 1].tolist() == [0, 1.5, 0, 0]


def test_classes_are_wanted_by_adults_who_lack_dutch_or_reading_and_learn_neither():
    rng, n = np.random.default_rng(8), 400
    dutch, reading = rng.random(n).astype(np.float32), rng.random(n).astype(np.float32)
    taking, year = rng.random(n) < 0.3, rng.integers(-1, 3, n).astype(np.int8)
    age = rng.integers(0, 90, n).astype(np.int16)
    low_dutch, low_reading = np.float32(0.4), np.float32(0.3)
    rows = np.empty(n, np.int32)
    found = rows[: wanting(rows, low_dutch, low_reading, 67, dutch, reading, taking, year, age)]
    expected = (
        (age >= 18) & (age < 67) & ((dutch < low_dutch) | (reading < low_reading)) & ~taking & (year < 0)
    )
    assert found.tolist() == np.flatnonzero(expected).tolist()
    assert found.size > 0
