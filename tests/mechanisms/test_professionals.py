"""Professionals: hours are conserved, crises come first, cases live and end, workers are lost and found."""

import numpy as np
import pytest

from tests.care_world import (
    NO_CRISES,
    NO_SIGNALS,
    NO_TURNOVER,
    care_world,
    hire,
    open_case,
    residents_of,
)
from tests.worlds import run_months
from wijksim.kernel.loops import Loops
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.health import Health
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.hours import USED
from wijksim.mechanisms.professionals.posts import BASE, effective_hours, forget_worker, full_time_hours
from wijksim.state.roles import CaseStage, Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}
SOCIAL = int(Profession.SOCIAL_WORKER)


def _use(ctx):
    return ctx.world.stores[USED]


def test_hours_of_a_month_are_all_used_and_no_more():
    ctx = care_world(staffed=True, dwellings=1200)
    machines = [Health(), Professionals()]
    for _ in range(12):
        run_months(ctx, machines, 1)
        use = _use(ctx)
        parts = use.crisis + use.cases + use.intake + use.outreach
        np.testing.assert_allclose(parts, use.total, atol=1e-9)
        assert min(part.min() for part in (use.crisis, use.cases, use.intake, use.outreach)) >= 0
        received = float(ctx.world.resident.help_hours.sum())
        assert received == pytest.approx((use.crisis + use.cases + use.intake).sum(), rel=1e-5)


def test_net_hours_of_one_fte():
    ctx = care_world(**QUIET)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    run_months(ctx, [Professionals()], 1)
    assert _use(ctx).total[SOCIAL, 0] == pytest.approx(118 * 0.75)
    # 18 fte per 10,000 in a district of 4,000: 555 net hours after absence and vacancies
    assert 7.2 * effective_hours(ctx.values) == pytest.approx(555, abs=1)


def test_police_spend_part_of_their_time_elsewhere_and_beginners_are_half_productive():
    ctx = care_world(**QUIET)
    hire(ctx, Profession.POLICE_OFFICER, 1.0)
    fresh = hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    ctx.world.professional.since[fresh] = 0
    run_months(ctx, [Professionals()], 1)
    full = full_time_hours(ctx.values)
    assert _use(ctx).total[Profession.POLICE_OFFICER, 0] == pytest.approx(full * 0.65)
    assert _use(ctx).total[SOCIAL, 0] == pytest.approx(full / 2)
    run_months(ctx, [Professionals()], 6)
    assert _use(ctx).total[SOCIAL, 0] == pytest.approx(full)


def test_without_staff_everybody_waits_and_nobody_is_helped():
    ctx = care_world(professionals__give_up_rate=0.0, health__crisis_rate_other=0.5)
    run_months(ctx, [Health(), Professionals()], 8)
    table = ctx.world.resident
    assert (table.case == CaseStage.QUEUE).sum() > 0
    assert not (table.case == CaseStage.OPEN).any()
    assert table.help_hours.sum() == table.help_effect.sum() == 0
    assert ctx.world.district.crisis_share.sum() == 0
    assert table.crisis_unserved.any()


def test_with_staff_without_end_nobody_waits_beyond_a_month():
    ctx = care_world(health__crisis_rate_other=0.3, **NO_TURNOVER)
    for district in range(3):
        for role in Profession:
            hire(ctx, role, 500.0, district)
    run_months(ctx, [Health(), Professionals()], 6)
    table = ctx.world.resident
    assert not (table.case == CaseStage.QUEUE).any()
    assert (table.case == CaseStage.OPEN).sum() > 0
    assert not table.crisis_unserved.any()
    assert (ctx.world.district.prevention_fte > 100).all()
    assert ctx.world.district.crisis_share.max() < 0.05


def test_without_crises_no_hour_goes_to_crises():
    ctx = care_world(staffed=True, **NO_CRISES)
    ctx.world.resident.crisis_memory[:] = 0
    run_months(ctx, [Health(), Professionals()], 6)
    assert _use(ctx).crisis.sum() == 0
    assert ctx.counters.sums["professionals.frontline_crisis_hours"] == 0


def _event(ctx, count):
    """Crises of that many residents this month, set by hand."""
    rows = residents_of(ctx)[:count]
    ctx.world.resident.crises[:] = 0
    ctx.world.resident.crises[rows] = 1
    return rows


def test_one_crisis_takes_forty_hours_over_three_months_and_four_roles():
    ctx = care_world(**QUIET, professionals__crisis_hours_sd=0.0)
    for role in Profession:
        hire(ctx, role, 5.0)
    machine = Professionals()
    _event(ctx, 1)
    hours = []
    for _ in range(5):
        run_months(ctx, [machine], 1)
        ctx.world.resident.crises[:] = 0
        hours.append(_use(ctx).crisis[:, 0].copy())
    total = np.sum(hours, axis=0)
    np.testing.assert_allclose([month.sum() for month in hours], [20, 12, 8, 0, 0], atol=1e-9)
    shares = {Profession.SOCIAL_WORKER: 16, Profession.MENTAL_HEALTH_WORKER: 12, Profession.POLICE_OFFICER: 8,
              Profession.CARETAKER: 4}  # fmt: skip
    np.testing.assert_allclose(total, [shares.get(role, 0) for role in Profession], atol=1e-9)


def test_drawn_crisis_hours_have_the_stated_mean():
    ctx = care_world(dwellings=6000, **QUIET)
    for role in Profession:
        hire(ctx, role, 5000.0)
    _event(ctx, 2500)
    run_months(ctx, [Professionals()], 1)
    assert _use(ctx).crisis.sum() / 2500 / 0.5 == pytest.approx(40, rel=0.06)


@pytest.mark.parametrize("floor", [1.0, 0.5])
def test_crises_come_before_cases_and_the_least_of_cases_before_intake(floor):
    ctx = care_world(
        **QUIET,
        professionals__crisis_hours_sd=0.0,
        professionals__give_up_rate=0.0,
        professionals__case_floor=floor,
    )
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    rows = residents_of(ctx)
    open_case(ctx, rows[10:20])
    table = ctx.world.resident
    table.case[rows[20:25]], table.case_role[rows[20:25]] = CaseStage.QUEUE, SOCIAL
    table.intake_left[rows[20:25]] = 10
    full = full_time_hours(ctx.values)
    _event(ctx, 3)
    run_months(ctx, [Professionals()], 1)
    use = _use(ctx)
    assert use.crisis[SOCIAL, 0] == pytest.approx(3 * 8)
    # five intakes ask for more hours than the least of ten cases leaves
    assert use.cases[SOCIAL, 0] == pytest.approx(40 * floor)
    assert use.intake[SOCIAL, 0] == pytest.approx(full - 24 - 40 * floor)
    assert table.case_share[rows[10:20]] == pytest.approx(floor)
    assert use.outreach[SOCIAL, 0] == pytest.approx(0)
    _event(ctx, 20)
    run_months(ctx, [Professionals()], 1)
    assert _use(ctx).crisis[SOCIAL, 0] == pytest.approx(full)
    assert _use(ctx).cases[SOCIAL, 0] == 0


@pytest.mark.parametrize(
    ("name", "kept"), [("crisis_first", 0.0), ("oldest_first", 0.0), ("prevention_floor", 0.3)]
)
def test_only_the_floor_keeps_hours_from_crises(name, kept):
    ctx = care_world(**QUIET)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    arguments = {"share": 0.3} if name == "prevention_floor" else {}
    ctx.strategies["triage"] = STRATEGIES.get(name)(arguments)
    _event(ctx, 100)
    run_months(ctx, [Professionals()], 1)
    assert _use(ctx).outreach[SOCIAL, 0] == pytest.approx(kept * full_time_hours(ctx.values))


@pytest.mark.parametrize(("name", "first"), [("crisis_first", "needy"), ("oldest_first", "old")])
def test_who_is_first_in_the_queue(name, first):
    ctx = care_world(**QUIET, professionals__give_up_rate=0.0, professionals__intake_hours=80.0)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    ctx.strategies["triage"] = STRATEGIES.get(name)()
    table, rows = ctx.world.resident, residents_of(ctx)[:2]
    table.case[rows], table.case_role[rows], table.intake_left[rows] = CaseStage.QUEUE, SOCIAL, 80
    table.need[rows] = [0.9, 0.3]
    table.case_since[rows] = [-1, -10]
    run_months(ctx, [Professionals()], 1)
    served = {"needy": rows[0], "old": rows[1]}[first]
    assert table.case[served] == CaseStage.OPEN
    assert (table.case[rows] == CaseStage.OPEN).sum() == 1


def test_refused_crisis_hours_are_carried_once_and_then_leave_a_mark():
    ctx = care_world(**QUIET, professionals__crisis_hours_sd=0.0)
    machine = Professionals()
    struck = _event(ctx, 1)
    marks = []
    for _ in range(12):
        run_months(ctx, [machine], 1)
        ctx.world.resident.crises[:] = 0
        marks.append(bool(ctx.world.resident.crisis_unserved[struck[0]]))
    assert marks[0] is False  # refused for the first time
    assert marks[1] is True
    assert marks[-1] is False  # forgotten six months after the last refusal
    assert ctx.counters.sums["professionals.crisis_hours_refused"] == pytest.approx(40)


def test_half_the_queue_gives_up_in_six_months():
    ctx = care_world(dwellings=3000, **QUIET)
    rows = residents_of(ctx)
    table = ctx.world.resident
    table.case[rows], table.intake_left[rows] = CaseStage.QUEUE, 10
    gave_up = 0
    for _ in range(6):
        run_months(ctx, [Professionals()], 1)
        gave_up += int(table.gave_up.sum())
    left = (table.case[rows] == CaseStage.QUEUE).mean()
    assert left == pytest.approx(0.5, abs=0.04)
    assert gave_up == round((1 - left) * rows.size)


def test_need_met_saturates_and_a_change_of_worker_costs():
    ctx = care_world(**QUIET, professionals__match_floor=1.0)
    post = hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    table = ctx.world.resident
    rows = residents_of(ctx)[:40]
    table.cognitive[rows] = False
    table.psychiatric[rows] = table.addiction[rows] = False
    ctx.world.household.problem_debt[:] = False
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    q = 1 - np.exp(-4 / 6)
    np.testing.assert_allclose(table.need_met[rows], q, rtol=1e-5)
    np.testing.assert_allclose(table.help_effect[rows], q, rtol=1e-5)
    led = rows[table.worker[rows] == post[0]]
    assert 15 <= led.size <= 25  # shared evenly
    ctx.parameters.set("professionals.departure_rate", 0.0)
    ctx.world.professional.vacant[post] = True
    forget_worker(ctx, post)
    run_months(ctx, [Professionals()], 1)
    np.testing.assert_allclose(table.help_effect[led], 0.6 * q, rtol=1e-5)
    assert (table.worker[led] >= 0).all()
    run_months(ctx, [Professionals()], 6)
    np.testing.assert_allclose(table.help_effect[led], q, rtol=1e-5)


def test_each_further_organisation_takes_its_share():
    ctx = care_world(**QUIET, professionals__match_floor=1.0)
    hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    table = ctx.world.resident
    adults = residents_of(ctx)
    rows = adults[np.unique(table.household[adults], return_index=True)[1][:3]]
    for name in ("psychiatric", "addiction", "cognitive"):
        table[name][rows] = False
    table.psychiatric[rows[1:]] = True
    table.cognitive[rows[1:]] = True
    table.age[rows] = 40
    table.birth_month[rows] = -40 * 12 - 5
    debt = ctx.world.household.problem_debt
    debt[:] = False
    debt[table.household[rows[2]]] = True
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    np.testing.assert_allclose(table.help_effect[rows] / table.need_met[rows], [1, 0.6, 0.36], rtol=1e-5)


def test_help_by_organisations_that_work_together_loses_less():
    ctx = care_world(**QUIET, professionals__match_floor=1.0)
    hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    table = ctx.world.resident
    rows = residents_of(ctx)[:6]
    for name in ("psychiatric", "addiction", "cognitive"):
        table[name][rows] = name == "psychiatric"
    table.birth_month[rows] = -40 * 12 - 5
    ctx.world.household.problem_debt[:] = False
    ctx.world.household.problem_debt[table.household[rows]] = True
    open_case(ctx, rows)
    ctx.parameters.set("cooperation.municipality_care", 0.85)
    ctx.values = ctx.parameters.at(0, "2025-01")
    run_months(ctx, [Professionals()], 1)
    np.testing.assert_allclose(table.help_effect[rows] / table.need_met[rows], 0.85, rtol=1e-5)
    assert ctx.world.district.cooperation == pytest.approx((0.85 + 20 * 0.6) / 21)
    assert Professionals().facts(ctx)["professionals.cooperation"]["municipality_care"] == 0.85


def _absence(rate):
    """Mean shares of posts with a sick holder and of vacant posts, over three years after one of settling."""
    ctx = care_world(**NO_CRISES, **NO_SIGNALS, professionals__departure_rate=rate)
    for _ in range(600):
        hire(ctx, Profession.SOCIAL_WORKER, 0.9)
    sick, vacant = [], []
    for month in range(48):
        run_months(ctx, [Professionals()], 1)
        if month >= 12:
            sick.append(ctx.world.professional.sick.mean())
            vacant.append(ctx.world.professional.vacant.mean())
    return np.mean(sick), np.mean(vacant)


def test_sick_leave_reaches_its_published_share():
    sick, vacant = _absence(0.0)
    assert sick == pytest.approx(0.064, abs=0.008)
    assert vacant == 0


def test_vacancies_follow_departures_and_months_of_recruitment():
    _, vacant = _absence(1.2)
    monthly = -np.expm1(-0.1)
    assert vacant == pytest.approx(4 * monthly / (1 + 4 * monthly), abs=0.02)


def test_a_departure_leaves_residents_without_their_worker_but_not_without_hours():
    ctx = care_world(**{**QUIET, "professionals__departure_rate": 0.0})
    for _ in range(2):
        hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    rows = residents_of(ctx)[:20]
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    before = ctx.world.resident.worker[rows].copy()
    ctx.parameters.set("professionals.departure_rate", 1e6)
    ctx.values = ctx.parameters.at(ctx.month, "2025-02")
    run_months(ctx, [Professionals()], 1)
    table = ctx.world.professional
    changed = before[table.vacant[before]]
    assert changed.size
    after = ctx.world.resident
    assert (after.worker_new[rows] == table.vacant[before]).all()


def test_referred_households_get_a_debt_counsellor():
    ctx = care_world(**QUIET, cooperation__within=1.0, cooperation__municipality_welfare=1.0)
    hire(ctx, Profession.SOCIAL_WORKER, 5.0)
    rows = residents_of(ctx)[:10]
    ctx.world.household.problem_debt[:] = False
    ctx.world.household.problem_debt[ctx.world.resident.household[rows[:5]]] = True
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    helped = np.unique(ctx.world.resident.household[rows])
    np.testing.assert_array_equal(
        ctx.world.household.debt_help[helped], ctx.world.household.problem_debt[helped]
    )
    assert ctx.world.household.debt_help.sum() == ctx.world.household.debt_help[helped].sum()


def test_firefighting_share_of_one_kind_of_crisis():
    """Size check: 92 incidents a year in a district of 4,000 take 22 per cent of 18 fte per 10,000."""
    ctx = care_world()
    values = ctx.values
    social = (
        92 * values["professionals.crisis_hours"] * values["professionals.crisis_confused_social_worker"] / 12
    )
    assert social == pytest.approx(123, abs=1)
    phi = social / (7.2 * effective_hours(values))
    assert phi == pytest.approx(0.22, abs=0.005)


def test_writes_what_it_owns_and_repeats_itself():
    worlds = []
    for _ in range(2):
        ctx = care_world(staffed=True, health__crisis_rate_other=0.1)
        run_months(ctx, [Health(), Professionals()], 4)  # run_months locks every column that is not owned
        worlds.append(ctx.world)
    for column in Professionals.owns:
        np.testing.assert_array_equal(worlds[0].column(column.name), worlds[1].column(column.name))


def _after_losing_the_team(off):
    """Mean chance of a crisis, a year and a half after all posts were closed, with some loops switched off."""
    ctx = care_world(staffed=True, dwellings=600, **NO_TURNOVER)
    ctx.world.resident.cognitive[:] = np.random.default_rng(1).random(ctx.world.resident.size) < 0.2
    ctx.loops = Loops(off)
    ctx.month = -18  # loops are frozen at their state in month 0
    health, machine = Health(), Professionals()
    run_months(ctx, [health, machine], 18)
    ctx.world.stores[BASE] = ctx.world.stores[BASE] * 0
    run_months(ctx, [health, machine], 18)
    rows = np.flatnonzero(ctx.world.resident.alive & (ctx.world.resident.age >= 18)).astype(np.int32)
    return health.crisis_other.probability(ctx, rows).mean()


def test_switching_firefighting_off_cuts_the_tie_between_staff_and_crises():
    with_loop, without_loop = _after_losing_the_team(()), _after_losing_the_team(("firefighting",))
    assert with_loop > 1.1 * without_loop


@pytest.mark.slow
def test_all_loops_off_still_runs():
    assert _after_losing_the_team(("firefighting", "scarcity", "support", "ties", "trust", "employment")) > 0
