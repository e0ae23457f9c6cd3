"""What levers make of workers: craft, skill, fit, paperwork, hand-overs and months of vacancy, in closed form."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, hire, open_case, residents_of
from tests.worlds import run_months
from wijksim.mechanisms.professionals import Professionals
from wijksim.mechanisms.professionals.posts import BASE, HIRES
from wijksim.state.roles import Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}
SOCIAL = int(Profession.SOCIAL_WORKER)
LOW, HIGH = 1 / 3, 3


def month(ctx, *posts):
    """One month with what levers scale: target, table, rows, ratio."""
    ctx.effects.clear()
    for target, table, rows, ratio in posts:
        ctx.effects.scale("test", target, table, rows=rows, log_ratio=np.log(ratio))
    ctx.effects.prepare(ctx.world, LOW, HIGH)
    run_months(ctx, [Professionals()], 1)


def two_workers(**values):
    """Two workers with hours enough, twenty plain clients; months so far one, so that everybody has a worker."""
    ctx = care_world(**{**QUIET, **values})
    workers = np.concatenate([hire(ctx, Profession.SOCIAL_WORKER, 5.0) for _ in range(2)])
    table, rows = ctx.world.resident, residents_of(ctx)[:20]
    for name in ("cognitive", "psychiatric", "addiction"):
        table[name][rows] = False
    table.dutch[rows], table.age[rows], table.birth_month[rows] = 0.5, 40, -40 * 12 - 5
    ctx.world.household.problem_debt[:] = False
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    return ctx, workers, rows


def led_by(ctx, rows, worker):
    return rows[ctx.world.resident.worker[rows] == worker]


def test_an_hour_of_craft_meets_more_need_for_the_clients_of_that_worker_alone():
    ctx, workers, rows = two_workers()
    month(ctx, ("professionals.craft", "professional", workers[:1], 1.4))
    best, other = led_by(ctx, rows, workers[0]), led_by(ctx, rows, workers[1])
    assert best.size == other.size == 10
    table = ctx.world.resident
    np.testing.assert_allclose(table.need_met[best], 1 - np.exp(-4 * 1.4 / 6), rtol=1e-5)
    np.testing.assert_allclose(table.need_met[other], 1 - np.exp(-4 / 6), rtol=1e-5)


@pytest.mark.parametrize("ratio", [1.0, 1.4])
def test_craft_brings_cases_to_their_end_sooner(ratio):
    ctx = care_world(
        dwellings=6000, **{**QUIET, "professionals__close_rate": 0.7, "professionals__close_hr_need": 1.0}
    )
    worker = hire(ctx, Profession.SOCIAL_WORKER, 500.0)
    rows = residents_of(ctx)
    open_case(ctx, rows)
    run_months(ctx, [Professionals()], 1)
    table = ctx.world.resident
    led = rows[table.worker[rows] >= 0]
    month(ctx, ("professionals.craft", "professional", worker, ratio))
    closed = float((table.case[led] == 0).mean())
    assert closed == pytest.approx(1 - np.exp(-0.7 * 0.8 * ratio / 12), rel=0.12)


def test_a_smaller_gap_of_mental_skill_helps_psychiatric_clients():
    ctx, workers, rows = two_workers()
    table = ctx.world.resident
    table.dutch[rows] = 1.0
    table.psychiatric[rows[:10]] = True
    month(ctx, ("professionals.mental_gap", "professional", workers, 0.5))
    met = 1 - np.exp(-4 / 6)
    # skill of 0.3 becomes 0.65, at a floor of 0.5
    np.testing.assert_allclose(table.help_effect[rows[:10]], met * (0.5 + 0.5 * 0.65), rtol=1e-5)
    np.testing.assert_allclose(table.help_effect[rows[10:]], met, rtol=1e-5)
    assert (ctx.world.professional.mental_skill[workers] == np.float32(0.3)).all()


def test_a_smaller_mismatch_leaves_more_of_help():
    ctx, workers, rows = two_workers()
    month(ctx, ("professionals.mismatch", "professional", workers[:1], 0.4))
    met = 1 - np.exp(-4 / 6)
    effect = ctx.world.resident.help_effect
    # fit of 0.5 + 0.5 x 0.5 lacks 0.25
    np.testing.assert_allclose(effect[led_by(ctx, rows, workers[0])], met * (1 - 0.25 * 0.4), rtol=1e-5)
    np.testing.assert_allclose(effect[led_by(ctx, rows, workers[1])], met * 0.75, rtol=1e-5)


def test_half_of_the_handovers_keep_the_root_of_what_was_kept():
    ctx, _, rows = two_workers(professionals__match_floor=1.0)
    table = ctx.world.resident
    table.cognitive[rows] = True
    table.age[rows] = 80
    table.birth_month[rows] = -80 * 12 - 5
    month(ctx, ("professionals.handovers", "resident", rows[:10], 0.5))
    met = 1 - np.exp(-4 / 6)
    np.testing.assert_allclose(table.help_effect[rows[:10]], met * 0.6**0.5, rtol=1e-5)
    np.testing.assert_allclose(table.help_effect[rows[10:]], met * 0.6, rtol=1e-5)


def test_referrals_of_spared_residents_arrive_more_often():
    ctx, _, rows = two_workers()
    household, table = ctx.world.household, ctx.world.resident
    home = table.household[rows]
    household.problem_debt[home] = True
    ctx.parameters.set("cooperation.municipality_welfare", 0.3)
    ctx.parameters.set("cooperation.within", 0.3)
    ctx.values = ctx.parameters.at(0, "2025-01")
    month(ctx)
    before = household.debt_help.copy()
    month(ctx, ("professionals.handovers", "resident", rows, 1 / 3))
    luck = ctx.draws.life("professionals.referral", table.uid[rows])
    assert before[home].tolist() == [bool(one) for one in _any_at_home(home, luck < 0.3)]
    assert household.debt_help[home].tolist() == [
        bool(one) for one in _any_at_home(home, luck < 0.3 ** (1 / 3))
    ]
    assert household.debt_help.sum() > before.sum()


def _any_at_home(home, works):
    return np.isin(home, home[works])


def test_less_paperwork_is_more_hours_for_residents():
    ctx, workers, _ = two_workers()
    month(ctx, ("professionals.paperwork", "professional", workers[:1], 0.6))
    hours = ctx.world.stores["professionals.hours"].total[SOCIAL]
    assert hours[0] == pytest.approx(5 * 118 * (1 - 0.25 * 0.6) + 5 * 118 * 0.75)


def test_a_vacancy_lasts_shorter_in_the_district_where_decisions_are_quick():
    ctx = care_world(**QUIET)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0, 0)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0, 1)
    ctx.effects.clear()
    ctx.effects.fund("test", "fte.social_worker", np.array([1.8, 1.8, 0.0]))
    ctx.effects.scale(
        "test",
        "professionals.vacancy_months",
        "district",
        rows=np.array([1], np.int32),
        log_ratio=np.log(0.5),
    )
    ctx.effects.prepare(ctx.world, LOW, HIGH)
    run_months(ctx, [Professionals()], 1)
    queue, table = ctx.world.stores[HIRES], ctx.world.professional
    place = table.district[queue.fields["row"]]
    assert set(queue.due[place == 0]) == {4}
    assert set(queue.due[place == 1]) == {2}


def test_a_ratio_of_one_changes_nothing():
    ends = []
    for touched in (False, True):
        ctx = care_world(staffed=True)
        for _ in range(3):
            posts = ctx.world.professional.rows
            table = {"professional": posts, "resident": ctx.world.resident.rows, "district": np.arange(3)}
            scaled = [
                (name, kind, table[kind], 1.0)
                for name, kind in (
                    ("professionals.craft", "professional"), ("professionals.mental_gap", "professional"),
                    ("professionals.mismatch", "professional"), ("professionals.paperwork", "professional"),
                    ("professionals.handovers", "resident"), ("professionals.vacancy_months", "district"),
                )
            ]  # fmt: skip
            month(ctx, *(scaled if touched else ()))
        ends.append(ctx.world)
    assert ends[0].stores[BASE].sum() > 0
    for column in Professionals.owns:
        np.testing.assert_allclose(ends[0].column(column.name), ends[1].column(column.name), atol=1e-6)
