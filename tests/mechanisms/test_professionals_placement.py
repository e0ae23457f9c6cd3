"""Rules of placement and of triage: which worker takes which case, where recruits go, who comes first and where."""

import numpy as np
import pytest

from tests.care_world import NO_CRISES, NO_SIGNALS, NO_TURNOVER, care_world, hire, open_case, residents_of
from tests.worlds import run_months
from wijksim.kernel.strategy import STRATEGIES
from wijksim.mechanisms.professionals import Professionals, case_loops, cases, placing
from wijksim.mechanisms.professionals.posts import BASE, HIRES, actual, full_time_hours, open_posts
from wijksim.state.roles import EMPLOYERS, CaseStage, Profession

QUIET = {**NO_CRISES, **NO_SIGNALS, **NO_TURNOVER}
SOCIAL = int(Profession.SOCIAL_WORKER)


def choose(ctx, kind, name, **arguments):
    ctx.strategies[kind] = STRATEGIES.get(name)(arguments)


def team(ctx, number=2):
    return np.concatenate([hire(ctx, Profession.SOCIAL_WORKER, 5.0) for _ in range(number)])


def test_a_preference_of_one_is_worth_the_mean_caseload():
    place, fte, load = np.array([5, 5, 7]), np.ones(3), np.array([10.0, 20.0, 0.0])
    chosen = np.empty(4, np.int64)
    # the mean is 15: the second carries 0.67 more of it than the first
    preferred = np.array([[0.0, 0.6, 9.0], [0.0, 0.8, 9.0], [0.0, 0.0, 9.0], [9.0, 9.0, 0.0]])
    case_loops.prefer(np.array([5, 5, 5, 6]), place, fte, load, preferred, chosen)
    assert chosen.tolist() == [0, 1, 0, -1]
    assert load.tolist() == [12.0, 21.0, 0.0]


def test_without_differences_between_colleagues_no_rule_moves_a_case():
    found = []
    for name in ("least_loaded", "best_match", "hardest_areas_first"):
        ctx = care_world(**QUIET)
        team(ctx, 3)
        rows = residents_of(ctx)[:31]
        open_case(ctx, rows)
        choose(ctx, "placement", name)
        run_months(ctx, [Professionals()], 1)
        found.append(np.bincount(ctx.world.resident.worker[rows]).tolist())
    assert found[0] == found[1] == found[2]


def test_best_match_gives_psychiatric_clients_to_the_skilled_worker():
    ctx = care_world(**QUIET)
    workers, rows = team(ctx), residents_of(ctx)[:20]
    table = ctx.world.resident
    ctx.world.professional.mental_skill[workers] = [0.0, 1.0]
    table.addiction[rows], table.dutch[rows] = False, 1.0
    table.psychiatric[rows] = np.arange(20) % 2 == 0
    open_case(ctx, rows)
    choose(ctx, "placement", "best_match", weight=5.0)
    run_months(ctx, [Professionals()], 1)
    skilled = table.worker[rows] == workers[1]
    assert skilled[::2].all()
    assert not skilled[1::2].all()
    # elsewhere the rule does not hold
    other = care_world(**QUIET)
    workers = team(other)
    other.world.professional.mental_skill[workers] = [0.0, 1.0]
    other.world.resident.psychiatric[rows] = True
    open_case(other, rows)
    choose(other, "placement", "best_match", weight=5.0, districts="south, middle")
    run_months(other, [Professionals()], 1)
    assert np.bincount(other.world.resident.worker[rows])[workers].tolist() == [10, 10]


def test_best_people_take_the_hardest_cases_until_their_hands_are_full():
    ctx = care_world(**QUIET)
    workers, rows = team(ctx), residents_of(ctx)[:20]
    table = ctx.world.resident
    table.dutch[rows] = 1.0
    table.psychiatric[rows] = table.addiction[rows] = False
    table.need[rows] = np.linspace(0.2, 0.9, 20)
    table.crisis_memory[rows] = 0
    open_case(ctx, rows)
    choose(ctx, "placement", "best_to_hardest", weight=5.0)
    ctx.effects.scale("test", "professionals.craft", "professional", rows=workers[:1], log_ratio=np.log(1.4))
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    placing.assign(ctx, cases.stages(ctx)[0])
    best = table.worker[rows] == workers[0]
    assert 4 < best.sum() < 20
    assert table.need[rows[best]].mean() > table.need[rows[~best]].mean() + 0.2
    assert best[-1]


def test_a_crisis_makes_a_case_harder():
    rule = STRATEGIES.get("best_to_hardest")()
    hard = rule.hardness({"need": np.array([0.4, 0.4, 1.0]), "crises": np.array([0.0, 1.0, 0.0])})
    assert hard.tolist() == pytest.approx([0.4, 0.7, 1.0])


def vacancies():
    """A recruit due now in the easy district, one due in two months in the hard one, another role waiting too."""
    ctx = care_world(**QUIET)
    rows = []
    for role, district in (
        (Profession.SOCIAL_WORKER, 0),
        (Profession.SOCIAL_WORKER, 1),
        (Profession.YOUTH_WORKER, 1),
    ):
        cell = (int(role), int(EMPLOYERS[role][0]), district)
        rows.append(int(open_posts(ctx, cell, np.array([1.0]))[0]))
    table = ctx.world.professional
    table.vacant[rows] = True
    ctx.world.stores[BASE] = actual(ctx)
    ctx.world.stores[HIRES].push(np.array([0, 2, 3]), row=np.array(rows), uid=table.uid[rows])
    ctx.world.district.crisis_share[:] = [0.2, 0.6, 0.4]
    return ctx, rows


def test_recruits_go_to_the_hardest_district_and_the_other_waits_in_its_stead():
    ctx, (easy, hard, youth) = vacancies()
    choose(ctx, "placement", "hardest_areas_first")
    course = []
    for _ in range(4):
        run_months(ctx, [Professionals()], 1)
        course.append([not ctx.world.professional.vacant[row] for row in (easy, hard, youth)])
    assert course == [[False, True, False], [False, True, False], [True, True, False], [True, True, True]]


def test_named_districts_go_before_hard_ones_and_the_usual_rule_takes_its_turn():
    for name, arguments in (("hardest_areas_first", {"districts": "north"}), ("least_loaded", {})):
        ctx, (easy, hard, _) = vacancies()
        choose(ctx, "placement", name, **arguments)
        run_months(ctx, [Professionals()], 1)
        assert ctx.world.professional.vacant[[easy, hard]].tolist() == [False, True]


@pytest.mark.parametrize(
    ("name", "arguments", "first"),
    [
        ("crisis_first", {}, "needy"),
        ("oldest_first", {}, "old"),
        ("oldest_first", {"weight": 0.2}, "needy"),
        ("oldest_first", {"districts": "south"}, "needy"),
        ("hardest_first", {}, "struck"),
        ("hardest_first", {"weight": 0.0}, "needy"),
        ("hardest_first", {"districts": "north"}, "struck"),
    ],
)
def test_who_is_first_in_the_queue(name, arguments, first):
    ctx = care_world(**QUIET, professionals__give_up_rate=0.0, professionals__intake_hours=80.0)
    hire(ctx, Profession.SOCIAL_WORKER, 1.0)
    choose(ctx, "triage", name, **arguments)
    table, rows = ctx.world.resident, residents_of(ctx)[:3]
    table.case[rows], table.case_role[rows], table.intake_left[rows] = CaseStage.QUEUE, SOCIAL, 80
    table.need[rows] = [0.9, 0.5, 0.4]
    table.case_since[rows] = [-1, -1, -10]
    table.crisis_memory[rows] = [0, 4, 0]
    run_months(ctx, [Professionals()], 1)
    served = dict(zip(("needy", "struck", "old"), rows, strict=True))[first]
    assert rows[table.case[rows] == CaseStage.OPEN].tolist() == [served]


def test_a_floor_holds_in_the_districts_named_alone():
    ctx = care_world(**QUIET)
    for district in range(2):
        hire(ctx, Profession.SOCIAL_WORKER, 1.0, district)
        rows = residents_of(ctx, district)[:100]
        ctx.world.resident.crises[rows] = 1
    choose(ctx, "triage", "prevention_floor", share=0.3, districts="middle")
    run_months(ctx, [Professionals()], 1)
    kept = ctx.world.stores["professionals.hours"].outreach[SOCIAL, :2]
    assert kept == pytest.approx([0, 0.3 * full_time_hours(ctx.values)])
