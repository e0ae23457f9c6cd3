"""Posts and the stationary caseload of a new world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care_world import care_world, health_world
from tests.worlds import run_months

from wijksim.build.professionals import divide, need_ratio, staff_world
from wijksim.mechanisms.health import Health
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import BASE, actual, formation
from wijksim.mechanisms.professionals.settle import balance
from wijksim.state.codes import Tenure
from wijksim.state.roles import EMPLOYERS, CaseStage, Profession


@pytest.mark.parametrize("amounts", [[0.6, 0.5, 0.4], [7.2, 3.3, 0.01], [0.0, 0.0, 0.0], [0.9, 1.8, 2.7]])
def test_posts_add_up_and_no_week_is_overfull(amounts):
    made = divide(np.array(amounts), 0.9)
    total = np.zeros(3)
    for district, fte, _ in made:
        total[district] += fte
    np.testing.assert_allclose(total, amounts, atol=1e-8)
    weeks = np.bincount([person for _, _, person in made], weights=[fte for _, fte, _ in made], minlength=1)
    assert weeks.max() <= 0.9 + 1e-9
    assert len(weeks) == int(np.ceil(round(sum(amounts) / 0.9, 6))) or sum(amounts) == 0


def test_remainders_share_one_person():
    made = divide(np.array([0.3, 0.3, 0.3]), 0.9)
    assert {person for _, _, person in made} == {0}
    assert [district for district, _, _ in made] == [0, 1, 2]


def test_formation_per_ten_thousand():
    ctx = care_world(staffed=True, dwellings=3000)
    people = ctx.world.by_district("resident") / 10000
    flat = formation(ctx, np.ones(3)).sum(axis=1)
    for role in (Profession.SOCIAL_WORKER, Profession.DEBT_COUNSELLOR, Profession.MENTAL_HEALTH_WORKER):
        np.testing.assert_allclose(flat[role] / people, ctx.values[f"professionals.fte_{role.key}"])
    rented = ctx.world.by_district("dwelling", ctx.world.dwelling.owner == Tenure.CORPORATION)
    np.testing.assert_allclose(flat[Profession.CARETAKER], rented / 300)
    doubled = formation(ctx, np.full(3, 2.0)).sum(axis=1)
    np.testing.assert_allclose(doubled[Profession.SOCIAL_WORKER], 1.5 * flat[Profession.SOCIAL_WORKER])
    np.testing.assert_allclose(doubled[Profession.POLICE_OFFICER], flat[Profession.POLICE_OFFICER])
    np.testing.assert_allclose(actual(ctx), ctx.world.stores[BASE], atol=1e-8)


def test_the_dose_follows_need():
    ctx = care_world()
    table = ctx.world.resident
    table.psychiatric[:] = (table.district == 0) & (table.age >= 18)
    ratio = need_ratio(ctx)
    assert ratio[0] > ratio[1]
    assert ratio[0] > ratio[2]


def test_employers_and_holders_of_posts():
    ctx = care_world(staffed=True, dwellings=3000)
    table = ctx.world.professional
    rows = table.rows
    for role in Profession:
        mine = rows[table.role[rows] == role]
        assert set(table.organisation[mine].tolist()) <= {int(employer) for employer in EMPLOYERS[role]}
    assert table.alive[table.person[rows]].all()
    for name in ("vacant", "sick", "since"):
        np.testing.assert_array_equal(table[name][rows], table[name][table.person[rows]])
    held = ~table.vacant[rows]
    assert (table.since[rows] <= ctx.month).all()
    # months in post are exponential with the departure rate, not zero and not uniform
    months = ctx.month - table.since[rows[held & (table.person[rows] == rows)]]
    assert np.mean(months) == pytest.approx(12 / 0.13, rel=0.4)


def test_a_tiny_world_has_less_than_one_social_worker():
    ctx = care_world(staffed=True, dwellings=100)
    assert 0 < actual(ctx)[Profession.SOCIAL_WORKER].sum() < 1
    run_months(ctx, [Health(), Professionals()], 3)


TEAM = {"close": 0.8, "drop": 0.2, "case_hours": 4.0, "intake_hours": 10.0, "give_up": 1.4, "floor": 0.5}


def test_balance_without_scarcity():
    solved = balance(120.0, 1000.0, 1e9, **TEAM)
    # inflow of those without help = opened; every case lasts a year, every intake a month
    assert solved.opened == pytest.approx(120 * (1 - (solved.cases + solved.queue) / 1000))
    assert solved.cases == pytest.approx(solved.opened)
    assert solved.queue == pytest.approx(solved.opened / 12)


def test_balance_of_a_team_that_gives_each_case_less():
    enough = balance(120.0, 1000.0, 1e9, **TEAM)
    asked = enough.cases * 4 + enough.opened / 12 * 10
    solved = balance(120.0, 1000.0, 0.9 * asked, **TEAM)
    hours = 0.9 * asked - solved.opened / 12 * 10
    assert 0.5 * 4 < hours / solved.cases < 4
    assert solved.cases > enough.cases
    # who comes is taken on, within a month of intake; cases close by the hours worked on them
    assert solved.opened == pytest.approx(120 * (1 - (solved.cases + solved.queue) / 1000))
    assert solved.queue == pytest.approx(solved.opened / 12)
    assert solved.opened == pytest.approx(0.8 * hours / 4 + 0.2 * solved.cases)


def test_balance_of_a_team_that_refuses():
    solved = balance(120.0, 1000.0, 150.0, **TEAM)
    hours = 150 - solved.opened / 12 * 10
    assert hours / solved.cases == pytest.approx(0.5 * 4)
    assert solved.opened == pytest.approx(0.8 * hours / 4 + 0.2 * solved.cases)
    leaving = solved.opened + 1.4 * solved.queue
    assert 120 * (1 - (solved.cases + solved.queue) / 1000) == pytest.approx(leaving)
    assert balance(120.0, 1000.0, -5.0, **TEAM).cases == 0
    assert balance(0.0, 0.0, 10.0, **TEAM).queue == 0


@given(spare=st.floats(10, 1000), floor=st.floats(0.3, 1))
def test_balance_is_continuous_in_hours_and_never_spends_more(spare, floor):
    team = TEAM | {"floor": floor}
    solved, more = balance(120.0, 1000.0, spare, **team), balance(120.0, 1000.0, spare * 1.001, **team)
    assert solved.cases * 4 * floor + solved.opened / 12 * 10 <= spare * (1 + 1e-9)
    assert more.opened == pytest.approx(solved.opened, rel=0.01)
    assert more.cases == pytest.approx(solved.cases, rel=0.02)
    assert more.opened >= solved.opened * (1 - 1e-9)


def test_the_caseload_is_there_from_the_first_month_and_stays():
    ctx = care_world(staffed=True, dwellings=6000)
    table = ctx.world.resident
    table.cognitive[:] = np.random.default_rng(1).random(table.size) < 0.12
    machines = [Health(), Professionals()]
    run_months(ctx, machines, 1)
    first = (table.case == CaseStage.OPEN).sum()
    assert first > 50
    led = table.worker[table.case == CaseStage.OPEN]
    assert (led >= 0).mean() > 0.8
    run_months(ctx, machines, 11)
    later = []
    for _ in range(24):
        run_months(ctx, machines, 1)
        later.append((table.case == CaseStage.OPEN).sum())
    assert np.mean(later) == pytest.approx(first, rel=0.3)
    known = ctx.world.professional.since[table.worker[table.worker >= 0]]
    assert (table.worker_since[table.worker >= 0] >= known).all()


def test_no_professionals_mechanism_no_posts():
    ctx = health_world()
    staff_world(ctx)
    assert len(ctx.world.professional) == 0
