"""Levers that only change chances: for whom, which ones, by how much, and what each participant costs."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, everybody_willing, ratios, untouched
from tests.mechanisms.labour_world import OTHERS as LABOUR
from tests.worlds import small_world
from wijksim.kernel.lever import Target, Window
from wijksim.kernel.prices import indexed
from wijksim.levers.school.school_housing_talks import SchoolHousingTalks
from wijksim.levers.school.social_rise import SocialRise
from wijksim.levers.work.work_threshold import WorkThreshold
from wijksim.mechanisms.school import School
from wijksim.mechanisms.school.process import STUDENT
from wijksim.state.codes import Activity, Tenure
from wijksim.state.column import Column

DEBT = (
    Column("household.arrears", np.int8, "months", "Owned by debt"),
    Column("household.eviction_stage", np.int8, "code", "Owned by debt"),
    Column("household.nuisance_often", np.float32, "share", "Owned by nuisance"),
)


@pytest.fixture(scope="module")
def ctx():
    made = small_world((School,), extra=(*LABOUR, *DEBT), dwellings=300)
    everybody_willing(made)
    table, household = made.world.resident, made.world.household
    rng = np.random.default_rng(1)
    household.tenure[:] = rng.integers(0, 3, household.size)
    household.problem_debt[:] = rng.random(household.size) < 0.3
    household.arrears[:] = rng.random(household.size) < 0.1
    table.frequent_mover[:] = rng.random(table.size) < 0.05
    table.dropped_out[:] = (table.age == 17) & (rng.random(table.size) < 0.5)
    table.activity[table.dropped_out] = Activity.OTHER
    return made


def learning(ctx):
    table = ctx.world.resident
    return table.alive & np.isin(table.activity, (Activity.PUPIL, STUDENT))


def jobless_tenants(ctx):
    table = ctx.world.resident
    jobless = np.isin(table.activity, (Activity.UNEMPLOYED, Activity.ASSISTANCE, Activity.OTHER))
    tenant = ctx.world.household.tenure[table.household] == Tenure.CORPORATION
    return table.alive & jobless & tenant & (table.age >= 18)


def unstable(ctx):
    table, household = ctx.world.resident, ctx.world.household
    home = household.problem_debt | (household.arrears > 0)
    return learning(ctx) & (home[table.household] | table.frequent_mover)


CASES = [
    (WorkThreshold, {"start_ratio": 1.2}, jobless_tenants,
     ("work.job_finding", "work.assistance_to_work", "work.return"), 1.2, 500),
    (SchoolHousingTalks, {"dropout_ratio": 0.9, "coverage": 0.6}, unstable,
     ("school.dropout_secondary", "school.dropout_vocational", "school.dropout_entry"), 0.9, 300),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "meant", "rates", "ratio", "euros"), CASES)
def test_only_those_it_is_meant_for_have_another_chance_and_each_is_paid_for(
    ctx, kind, given, meant, rates, ratio, euros
):
    lever = kind({**AT_ONCE, **given}, target=Target(districts=("north",)))
    act(ctx, lever)
    table, rows = ctx.world.resident, np.flatnonzero(meant(ctx))
    here = rows[table.district[rows] == 0]
    found = [np.flatnonzero(ratios(ctx, rate) != 1) for rate in rates]
    assert all(np.array_equal(found[0], one) for one in found)
    assert found[0].size > 0
    assert set(found[0]) <= set(here)
    if lever.number("coverage") == 1:
        assert np.array_equal(found[0], here)
    assert ratios(ctx, rates[0])[found[0]] == pytest.approx(ratio)
    bill = ctx.ledger.month[kind.price[0].name]
    assert bill == pytest.approx([found[0].size * indexed(ctx, euros, 2024) / 12, 0, 0])


@pytest.mark.parametrize("kind", [WorkThreshold, SchoolHousingTalks, SocialRise])
def test_strength_zero_leaves_no_trace(ctx, kind):
    assert untouched(ctx, kind({"strength": 0.0}))


def test_talks_also_keep_the_home():
    """The household of a pupil who is reached, and no other, is ordered out less often."""
    made = small_world((School,), extra=(*LABOUR, *DEBT), dwellings=200)
    everybody_willing(made)
    made.world.household.problem_debt[::2] = True
    act(made, SchoolHousingTalks({**AT_ONCE, "coverage": 0.6, "order_ratio": 0.7}))
    table = made.world.resident
    reached = np.flatnonzero(ratios(made, "school.dropout_secondary") != 1)
    homes = np.flatnonzero(ratios(made, "debt.order", "household") != 1)
    assert reached.size > 5
    assert np.array_equal(homes, np.unique(table.household[reached]))
    assert ratios(made, "debt.order", "household")[homes] == pytest.approx(0.7)


def test_part_of_the_tenants_takes_help_and_the_more_trust_the_more_of_them(ctx):
    shares = []
    table = ctx.world.resident
    table.uptake[:] = ctx.draws.life("test", table.uid)
    for trust in (0.3, 0.6):
        table.trust[:] = trust
        act(ctx, WorkThreshold({"ramp": 0.0, "uptake": 0.5}))
        shares.append(np.mean(ratios(ctx, "work.job_finding")[jobless_tenants(ctx)] != 1))
    everybody_willing(ctx)
    assert 0 < shares[0] < shares[1]
    assert shares[1] == pytest.approx(0.5, abs=0.15)


# ---------------------------------------------------------------- twenty years of social rise
def test_a_programme_of_twenty_years_is_at_a_quarter_after_ten():
    lever = SocialRise()
    assert lever.late(119, lever.dose(119)) == pytest.approx(0.25)  # L090: below 25 % of the goals
    assert lever.late(239, lever.dose(239)) == lever.late(400, lever.dose(400)) == 1
    assert SocialRise({"shape": 1.0}).late(119, 0.5) == pytest.approx(0.5)
    # stopped half way, what has come fades with the half-life and not faster
    stopped = SocialRise({"decay": 36.0}, window=Window(0, 120))
    assert stopped.late(155, stopped.dose(155)) == pytest.approx(0.125)


def test_pupils_jobseekers_and_homes_are_guided_at_their_own_ratios(ctx):
    act(ctx, SocialRise({**AT_ONCE, "ramp": 0.0}))
    table = ctx.world.resident
    pupils, seekers = learning(ctx), table.alive & (table.age >= 18)
    seekers &= np.isin(table.activity, (Activity.UNEMPLOYED, Activity.ASSISTANCE))
    for rate, mask, ratio in (
        ("school.dropout_vocational", pupils, 0.65),
        ("work.job_finding", seekers, 1.25),
        ("work.assistance_to_work", seekers, 1.25),
        ("school.return", table.dropped_out, 1.3),
    ):
        found = ratios(ctx, rate)
        assert mask.any()
        assert found[mask] == pytest.approx(ratio), rate
        assert np.all(found[~mask] == 1), rate
    assert np.any(ratios(ctx, "debt.order", "household") < 1)


def test_its_cost_runs_from_the_first_day_and_its_effects_do_not(ctx):
    lever = SocialRise(target=Target(districts=("south",)))
    act(ctx, lever)
    residents = ctx.world.by_district("resident")
    assert np.all(ratios(ctx, "school.dropout_secondary") == 1)
    assert ctx.ledger.month["social_rise"] == pytest.approx(
        [0, 0, residents[2] * indexed(ctx, 500, 2022) / 12]
    )
