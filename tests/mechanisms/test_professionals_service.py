"""The compiled loops of professionals compute the plain formulas."""

import numpy as np
import pytest

from wijksim.kernel.matching import serve
from wijksim.mechanisms.professionals import case_loops, service, serving_loops
from wijksim.state.codes import Activity
from wijksim.state.roles import Ask, CaseStage, Profession


def test_hours_are_granted_as_capacity_is_served():
    rng = np.random.default_rng(3)
    n, groups = 200, 6
    group, score = rng.integers(0, groups, n), rng.integers(0, 5, n).astype(float)
    uid, wanted = rng.permutation(n).astype(np.uint64), rng.exponential(2, n)
    available = rng.exponential(30, groups)
    order = np.lexsort((uid, -score, group))
    granted = np.empty(n)
    serving_loops.grant(order, group, wanted, available, 0.0, granted)
    assert granted.tolist() == serve(wanted, available, group=group, score=score, uid=uid).tolist()
    partly = (granted > 0) & (granted < wanted)
    assert partly.any()
    least = float(granted[partly].min()) * 2
    serving_loops.grant(order, group, wanted, available, least, granted)
    assert granted[granted > 0].min() >= least


def test_hours_handed_out_add_up_per_resident_and_cell():
    # a crisis of row 1, the least of the case of row 0, the intake of row 2, and the rest of the case of row 0
    rows, group, ends = np.array([1, 0, 2, 0], np.int32), np.array([0, 2, 2, 2]), np.arange(1, 5)
    received, left, share = np.zeros(3, np.float32), np.array([0, 0, 6], np.float32), np.zeros(3, np.float32)
    free, kept, granted = np.array([2.0, 0.0, 8.0]), np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 4.0, 1.0])
    shared = np.empty((4, 3))
    given = rows, group, granted, ends, np.array([4.0]), np.zeros(3, np.int8), free, kept
    assert serving_loops.hand_out(*given, received, left, share, shared) == 0
    assert received.tolist() == [3, 1, 4]
    assert left.tolist() == [0, 0, 2]
    assert share.tolist() == [0.75, 0, 0]
    # crises, cases, intakes, and outreach what is left
    assert shared.tolist() == [[1, 0, 0], [0, 0, 3], [0, 0, 4], [1, 1, 3]]
    # more is used than there is
    free[2] = 3
    assert serving_loops.hand_out(*given, received, left, share, shared) == pytest.approx(4 / 14)


def test_stages_list_open_cases_and_the_queue():
    case = np.array([CaseStage.OPEN, CaseStage.NONE, CaseStage.QUEUE, CaseStage.OPEN], np.int8)
    district = np.array([0, 1, 1, -1], np.int32)
    codes = int(CaseStage.QUEUE), int(CaseStage.OPEN)
    for least, open_ in ((-1, [0, 3]), (0, [0])):
        helped, waiting = np.empty((2, case.size + 1), np.int32)
        n, m = serving_loops.stages(case, district, least, *codes, helped, waiting)
        assert (helped[:n].tolist(), waiting[:m].tolist()) == (open_, [2])


def test_the_queue_of_a_district_is_who_waits_there():
    n = 6
    case = np.full(n, CaseStage.QUEUE, np.int8)
    case[0] = CaseStage.OPEN
    district, queue = np.array([0, 0, 1, 1, 1, -1], np.int32), np.array([9, 9, 9], np.float32)
    people = np.zeros(1, np.bool_)
    case_loops.begin(
        case, np.zeros(n, np.int16), np.ones(n, np.float32), 3, False, np.full(n, -1, np.int32), np.zeros(n, np.int8),
        district, queue, people, people, people, np.ones(1), np.zeros(1, np.int8), np.zeros(1, np.int32),
        np.zeros(1, np.uint64), np.zeros(n, np.int16), np.empty((case_loops.LISTS, n + 1), np.int32),
    )  # fmt: skip
    assert queue.tolist() == [1, 3, 0]


def test_the_colleague_with_the_fewest_cases_per_fte_is_chosen():
    place, fte, load = np.array([5, 7, 5, 5]), np.array([1.0, 1.0, 0.5, 1.0]), np.array([2.0, 0.0, 0.0, 2.0])
    chosen = np.empty(5, np.int64)
    case_loops.choose(np.array([5, 5, 5, 6, 7]), place, fte, load, chosen)
    # the first of equals: after one case the half post has two per fte, as many as the others
    assert chosen.tolist() == [2, 0, 2, -1, 1]


def test_what_is_left_of_help_is_the_formula():
    rng = np.random.default_rng(4)
    n, posts = 80, 5
    hours = np.where(rng.random(n) < 0.6, rng.random(n), 0).astype(np.float32)
    language, need_met = rng.random(n).astype(np.float32), rng.random(n).astype(np.float32)
    psychiatric, addiction, cognitive, new = (rng.random(n) < 0.4 for _ in range(4))
    age = rng.integers(18, 99, n).astype(np.int16)
    bilingual, skilled = rng.random(posts).astype(np.float32), rng.random(posts).astype(np.float32)
    leads, home = rng.integers(-1, posts, n).astype(np.int32), rng.permutation(n).astype(np.int32)
    in_debt, eviction = rng.random(n) < 0.5, rng.integers(0, 3, n).astype(np.int8)
    reports, case = rng.integers(0, 3, n).astype(np.int8), rng.integers(0, 3, n).astype(np.int8)
    activity, district = rng.integers(0, 10, n).astype(np.int8), rng.integers(0, 2, n).astype(np.int32)
    floor, loss, old, cooperation = 0.7, 0.3, 75.0, rng.random((2, 256))
    rows, worker, indebted = np.empty((3, n + 1), np.int32)
    received, asks = np.empty(n + 1, np.float32), np.empty(n + 1, np.uint8)
    many, owing, several = case_loops.helped(
        hours, home, leads, case, in_debt, eviction, reports, psychiatric, addiction, cognitive, age, activity, old,
        rows, received, worker, asks, indebted,
    )  # fmt: skip
    rows, received, worker, asks, indebted = (
        rows[:many], received[:many], worker[:many], asks[:many], indebted[:owing],
    )  # fmt: skip
    assert rows.tolist() == np.flatnonzero(hours).tolist()
    assert received.tolist() == hours[rows].tolist()
    assert worker.tolist() == leads[rows].tolist()
    debt, landlord, violence = in_debt[home[rows]], eviction[home[rows]] > 0, reports[home[rows]] > 0
    assert indebted.tolist() == rows[debt & (case[rows] == CaseStage.OPEN)].tolist()
    assert several == sum(int(one).bit_count() > 1 for one in asks)
    fit, (met, effect) = np.empty(rows.size), np.zeros((2, n), np.float32)
    case_loops.fit(rows, worker, language, psychiatric, addiction, bilingual, skilled, floor, fit)
    service.effect(rows, -need_met[rows], new, loss, fit, asks, district, cooperation, met, effect)
    assert met[rows].tolist() == need_met[rows].tolist()

    mental = (psychiatric | addiction)[rows]
    doing = activity[rows]
    plain_asks = {
        Ask.MENTAL: mental, Ask.DEBT: debt, Ask.LIMITATION: cognitive[rows], Ask.OLD_AGE: age[rows] >= old,
        Ask.HOME_AT_RISK: landlord, Ask.VIOLENCE: violence,
        Ask.SCHOOL: np.isin(doing, [Activity.PUPIL, Activity.STUDENT]), Ask.BASIC_JOB: doing == Activity.BASIC_JOB,
    }  # fmt: skip
    assert set(plain_asks) == set(Ask)
    assert asks.tolist() == sum(holds * 2 ** int(ask) for ask, holds in plain_asks.items()).tolist()
    # nobody has no skill
    speaks, knows = (np.append(skill, 0).astype(np.float64)[worker] for skill in (bilingual, skilled))
    plain = floor + (1 - floor) * np.maximum(language[rows], speaks)
    plain[mental] *= floor + (1 - floor) * knows[mental]
    assert fit.tolist() == plain.tolist()
    whole = need_met[rows] * (1 - loss * new[rows]) * plain * cooperation[district[rows], asks]
    assert effect[rows].tolist() == whole.astype(np.float32).tolist()
    assert np.count_nonzero(effect) <= rows.size


def test_pressure_is_that_of_the_team():
    total = np.zeros((len(Profession), 2))
    total[Profession.SOCIAL_WORKER], total[Profession.COMMUNITY_BUILDER] = [8.0, 0.0], [2.0, 4.0]
    total[Profession.CARETAKER], total[Profession.YOUTH_WORKER] = [100.0, 0.0], [0.0, 2.0]
    total[Profession.POLICE_OFFICER] = [6.0, 12.0]
    shared = np.array([total / 4, total * 0, total / 8, total / 2])
    share, free, prevention, *alone = columns = [np.zeros(2, np.float32) for _ in range(6)]
    team, district, posts = np.empty((2, 2)), np.array([0, 1, -1, 1], np.int32), np.array([0, 2], np.int32)
    strain = np.array([0.75, 0.75, 0.75], np.float32)
    lost = service.pressure(
        total, shared, (1.0, 2.0, 0.5, 0.5), district, team, *columns, posts, np.array([1, 1, 0], np.int32), strain
    )  # fmt: skip
    assert lost == 100 / 8
    assert team.tolist() == [[10, 4], [2.5, 1]]
    assert share.tolist() == [0.25, 0.25]
    assert free.tolist() == [5, 2]
    # one resident in the first district and two in the second
    assert prevention.tolist() == [1.25, 0.25]
    assert [hours.tolist() for hours in alone] == [[50, 0], [3, 6], [0, 1]]
    assert strain.tolist() == [0.5, 0.75, 0.5]


def test_reach_takes_the_easiest_first():
    trust = np.array([0.5, 0.5, 1.0, 0.5, 0.5], np.float32)
    district = np.array([0, 1, 0, -1, 0], np.int32)
    uptake = np.array([0.6, 0.6, 0.4, 1.0, 0.6], np.float32)
    alive = np.array([True, True, True, True, False])
    reached = np.empty(5, np.bool_)
    prevention = np.array(
        [1.0, 1 / 9], np.float32
    )  # half of the one district is covered, a tenth of the other
    service.reach(trust, district, uptake, alive, np.float32(0.5), prevention, 1.0, reached)
    assert reached.tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("level", [0.4, 0.8])
def test_reach_is_the_formula(level):
    rng = np.random.default_rng(5)
    trust, uptake = rng.random(300).astype(np.float32), rng.random(300).astype(np.float32)
    district, alive = rng.integers(-1, 2, 300).astype(np.int32), rng.random(300) < 0.9
    prevention, reached = np.array([0.3, 0.6], np.float32), np.empty(300, np.bool_)
    service.reach(trust, district, uptake, alive, np.float32(level), prevention, 0.5, reached)
    coverage = np.append(prevention / (prevention + 0.5), 0)
    share = np.minimum(trust / np.float32(level), 1) * coverage[district]
    assert reached.tolist() == ((uptake >= 1 - share) & alive).tolist()
