"""Health: stationary stocks, self-exciting crises, need."""

from collections import defaultdict

import numpy as np
import pytest

from tests.care_world import NO_CRISES, health_world
from tests.worlds import run_months
from wijksim.kernel.mechanism import hearing
from wijksim.mechanisms.health import Health, need
from wijksim.mechanisms.health.self_exciting import branching_ratio, retention
from wijksim.parameters.store import ParameterStore
from wijksim.state.codes import Fate

YEAR = 12


@pytest.fixture(scope="module")
def values():
    return ParameterStore().at(0, "2025-01")


@pytest.fixture(scope="module")
def reports():
    """Reports (month, uid, number) of a large world over four years after one of settling, and its population."""
    ctx = health_world(dwellings=16000, seed=2)
    ctx.world.resident.stress[:] = np.random.default_rng(5).beta(2, 8, ctx.world.resident.size)
    health, found = Health(), []
    for month in range(5 * YEAR):
        ctx.month = month
        ctx.log.clear()
        health.step(ctx)
        for entry in ctx.log.entries.get("crises", ()):
            found += [(month, int(u), int(k)) for u, k in zip(entry["uid"], entry["reports"], strict=True)]
    return found, len(ctx.world.resident)


def test_one_report_brings_about_a_third_of_another(values):
    assert branching_ratio(values, "health.crisis") == pytest.approx(0.35, abs=0.005)
    assert branching_ratio(values, "health.violence") < 0.8


def test_memory_halves_in_its_half_life():
    assert retention(4) ** 4 == pytest.approx(0.5)
    assert retention(0) == 0


def test_national_reports_per_thousand(reports):
    found, people = reports
    late = sum(count for month, _, count in found if month >= YEAR)
    assert late / people / 4 * 1000 == pytest.approx(8.4, abs=0.9)


def test_repeaters_make_most_reports(reports):
    """PAT-14: 38 per cent of persons had an earlier report in twelve months and make 66 per cent of reports."""
    found, _ = reports
    persons, repeaters, total, theirs = 0, 0, 0, 0
    for start in range(YEAR, 5 * YEAR, YEAR):
        history = defaultdict(list)
        for month, uid, count in found:
            if start - YEAR <= month < start + YEAR:
                history[uid] += [month] * count
        for months in history.values():
            now = [month for month in months if month >= start]
            again = len(set(now)) < len(now) or any(0 < y - x <= YEAR for y in now for x in months)
            persons, total = persons + bool(now), total + len(now)
            repeaters, theirs = repeaters + (bool(now) and again), theirs + again * len(now)
    assert repeaters / persons == pytest.approx(0.42, abs=0.05)
    assert theirs / total == pytest.approx(0.61, abs=0.06)


def test_admissions_are_of_patients_in_relapse_and_likelier_in_a_crisis():
    ctx = health_world(dwellings=8000, kernel__hazard_clip=10.0, kernel__probability_cap=1.0)
    table, health = ctx.world.resident, Health()
    table.psychiatric[:] = table.alive & (table.age >= 18)
    table.unstable[:] = table.psychiatric & (np.arange(table.size) % 2 == 0)
    ill, struck = table.unstable.copy(), table.unstable & (np.arange(table.size) % 4 == 0)
    table.crises[:] = struck
    health._admissions(ctx, np.flatnonzero(ill).astype(np.int32))
    assert not table.admitted[~ill].any()
    calm, hit = (-12 * np.log1p(-table.admitted[mine].mean()) for mine in (ill & ~struck, struck))
    # the rate is the mean of those in relapse, half of whom are in a crisis here
    assert hit / calm == pytest.approx(ctx.values["health.admission_hr_crisis"], rel=0.2)
    assert (hit + calm) / 2 == pytest.approx(ctx.values["health.admission_rate"], rel=0.1)


def test_psychiatric_stock_follows_the_two_state_chain():
    on, off = 1.2, 2.4
    ctx = health_world(
        health__psychiatric_onset_rate=on, health__psychiatric_recovery_rate=off,
        health__psychiatric_relapse_rate=0.0, health__psychiatric_stabilise_rate=60.0,
        kernel__hazard_clip=0.0001, kernel__probability_cap=1.0,
        **{f"health__{name}": 1.0 for name in ("recovery_hr_care", "recovery_hr_work")},
    )  # fmt: skip
    run_months(ctx, [Health()], 60)
    share = []
    for _ in range(24):
        run_months(ctx, [Health()], 1)
        table = ctx.world.resident
        share.append(table.psychiatric[table.alive & (table.age >= 18)].mean())
    monthly_on, monthly_off = -np.expm1(-on / 12), -np.expm1(-off / 12)
    # a patient is unstable for one month first, in which recovery is not yet possible
    expected = (1 / monthly_off + 1) / (1 / monthly_off + 1 + 1 / monthly_on)
    assert np.mean(share) == pytest.approx(expected, abs=0.02)


def test_addiction_stock_follows_the_three_state_chain():
    onset, remission, relapse, lasting = 0.6, 2.4, 1.2, 1.2
    ctx = health_world(
        health__addiction_onset_rate=onset, health__addiction_remission_rate=remission,
        health__addiction_relapse_rate=relapse, health__addiction_lasting_rate=lasting, kernel__hazard_clip=0.0001,
    )  # fmt: skip
    run_months(ctx, [Health()], 60)
    active, past = [], []
    for _ in range(24):
        run_months(ctx, [Health()], 1)
        table = ctx.world.resident
        adult = table.alive & (table.age >= 18)
        active.append(table.addiction[adult].mean())
        past.append(table.addiction_past[adult].mean())
    # flow from none = lasting recovery; active x remission = past x (relapse + lasting)
    ratio = remission / (relapse + lasting)
    expected = 1 / (1 + ratio + ratio * lasting / onset)
    assert np.mean(active) == pytest.approx(expected, abs=0.03)
    assert np.mean(past) == pytest.approx(expected * ratio, abs=0.03)
    assert not (ctx.world.resident.addiction & ctx.world.resident.addiction_past).any()


def test_national_shares_at_the_start():
    ctx = health_world(dwellings=8000)
    table = ctx.world.resident
    weight = ctx.reference.weights(ctx, "resident")
    assert (weight * table.psychiatric).sum() == pytest.approx(0.016, abs=0.003)
    assert (weight * table.addiction).sum() == pytest.approx(0.010, abs=0.003)
    assert not table.psychiatric[table.age < 18].any()


def test_the_builder_comes_first():
    ctx = health_world()
    ctx.world.resident.psychiatric[:] = False
    ctx.world.resident.psychiatric[5] = True
    Health().setup(ctx)
    assert ctx.world.resident.psychiatric.sum() == 1


def test_without_rates_nothing_happens():
    ctx = health_world(**NO_CRISES)
    ctx.world.resident.crisis_memory[:] = 0
    run_months(ctx, [Health()], 6)
    resident, household = ctx.world.resident, ctx.world.household
    assert resident.crises.sum() == household.violence.sum() == 0
    assert not resident.youth_crisis.any()
    assert not household.debt_crisis.any()


def test_extreme_rates_stay_within_bounds():
    names = ("crisis_rate_psychiatric", "crisis_rate_other", "crisis_excitation")
    ctx = health_world(**{f"health__{name}": 500.0 for name in names})
    run_months(ctx, [Health()], 6)
    resident = ctx.world.resident
    adult = resident.alive & (resident.age >= 18)
    assert 0.4 < (resident.crises[adult] > 0).mean() < 0.6  # the cap on a monthly chance is 0.5
    assert resident.crises.max() <= 2
    assert np.isfinite(resident.crisis_memory).all()
    assert 0 <= resident.need.min() <= resident.need.max() <= 1


def target(ctx):
    """Need to which everybody moves."""
    need.follow(ctx, 1.0)
    return ctx.world.resident.need.copy()


def test_need_of_known_cases(values):
    ctx = health_world(health__ties_absorb=0.0)
    table, household = ctx.world.resident, ctx.world.household
    household.problem_debt[:] = False
    for name in ("psychiatric", "unstable", "addiction", "cognitive"):
        table[name][:] = False
    table.stress[:] = 0.0
    table.frailty[:] = 0.0
    table.self_reliance[:] = 0.6
    adults = np.flatnonzero(table.alive & (table.age >= 18))[:4]
    table.psychiatric[adults[1]] = True
    table.cognitive[adults[2]] = True
    table.psychiatric[adults[3]] = table.cognitive[adults[3]] = True
    psychiatric, cognitive = values["health.need_psychiatric"], values["health.need_cognitive"] * 0.4
    expected = [0, psychiatric, cognitive, 1 - (1 - psychiatric) * (1 - cognitive)]
    np.testing.assert_allclose(target(ctx)[adults], expected, atol=1e-6)
    table.help_effect[adults] = 1.0
    np.testing.assert_allclose(target(ctx)[adults], np.array(expected) / 2, atol=1e-6)
    assert not target(ctx)[table.age < 18].any()


def test_ties_absorb_need_and_stress_adds_to_it():
    ctx = health_world()
    table = ctx.world.resident
    table.psychiatric[:] = True
    lonely, supported = (target(ctx).sum() for table.support[:] in (0.0, 20.0))
    assert supported < lonely
    calm, strained = (target(ctx).sum() for table.stress[:] in (0.1, 0.9))
    assert calm < strained


def test_crises_rise_with_stress_unmet_need_and_isolation():
    ctx = health_world()
    health, table = Health(), ctx.world.resident
    run_months(ctx, [health], 1)
    rows = np.flatnonzero(table.alive & (table.age >= 18)).astype(np.int32)
    base = health.crisis_other.probability(ctx, rows).mean()
    for column, value, sign in (
        ("stress", 0.8, 1), ("unmet_need", 0.8, 1), ("support", 6.0, -1), ("reached", True, -1),
        ("crisis_unserved", True, 1),
    ):  # fmt: skip
        kept = table[column].copy()
        table[column][:] = value
        changed = health.crisis_other.probability(ctx, rows).mean()
        table[column][:] = kept
        assert (changed - base) * sign > 0, column


def test_prevention_takes_its_ratio_off_those_it_reaches(values):
    ctx = health_world()
    health, table = Health(), ctx.world.resident
    run_months(ctx, [health], 1)
    rows = np.flatnonzero(table.alive & (table.age >= 18) & (abs(table.frailty) < 1))[:50].astype(np.int32)
    before = health.crisis_other.probability(ctx, rows)
    table.reached[rows] = True
    after = health.crisis_other.probability(ctx, rows)
    np.testing.assert_allclose(
        np.log1p(-after) / np.log1p(-before), values["health.prevention_ratio"], rtol=1e-4
    )


def test_eviction_becomes_a_crisis_once():
    ctx = health_world()
    run_months(ctx, [Health()], 1)
    house = ctx.world.household.rows[3]
    seen = []
    for stage in (1, 2, 2, 0, 2):
        ctx.world.household.eviction_stage[house] = stage
        run_months(ctx, [Health()], 1)
        seen.append(bool(ctx.world.household.eviction_crisis[house]))
    assert seen == [False, True, False, False, True]


def test_a_procedure_that_households_bring_along_did_not_begin_here():
    ctx = health_world(dwellings=200)
    health, household = Health(), ctx.world.household
    rows = household.rows[:3]
    household.eviction_stage[rows] = 2
    (enter,) = hearing([health.enter], ("household", "arrived"))
    enter(ctx, "household", rows, "arrived")
    assert household.eviction_seen[rows].tolist() == [2, 2, 2]
    assert not household.eviction_seen[household.rows[3:]].any()


def test_households_without_children_have_no_reports_of_violence():
    ctx = health_world(health__violence_rate=50.0)
    run_months(ctx, [Health()], 3)
    household = ctx.world.household
    assert household.violence[household.children > 0].sum() > 0
    assert household.violence[household.children == 0].sum() == 0


def test_writes_what_it_owns_and_forgets_the_departed():
    ctx = health_world(health__crisis_rate_other=6.0)
    run_months(ctx, [Health()], 2)  # run_months locks every column that is not owned
    gone = np.flatnonzero(ctx.world.resident.crisis_memory > 0)[:5].astype(np.int32)
    ctx.requests.leave(gone, Fate.LEFT_CITY)
    run_months(ctx, [Health()], 1)
    assert not ctx.world.resident.alive[gone].any()
    assert not ctx.world.resident.crises[gone].any()


def test_same_seed_same_world():
    worlds = []
    for _ in range(2):
        ctx = health_world(health__crisis_rate_other=1.0)
        run_months(ctx, [Health()], 4)
        worlds.append(ctx.world)
    for column in Health.owns:
        np.testing.assert_array_equal(worlds[0].column(column.name), worlds[1].column(column.name))


class Listener:
    """A tracer, for whom chances are computed step by step."""

    def __init__(self):
        self.heard = 0

    def event(self, ctx, event, rows, p, hit):
        self.heard += rows.size

    def state(self, ctx, relax): ...


def test_one_pass_decides_as_step_by_step_does():
    worlds, listener = [], Listener()
    for tracer in (None, listener):
        ctx = health_world(health__crisis_rate_other=1.0, health__psychiatric_onset_rate=0.2)
        ctx.tracer = tracer
        run_months(ctx, [Health()], 6)
        worlds.append(ctx.world)
    assert listener.heard
    for column in Health.owns:
        np.testing.assert_array_equal(worlds[0].column(column.name), worlds[1].column(column.name))
