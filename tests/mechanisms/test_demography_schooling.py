"""The ladder from school to work, and from work to pension."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import demography_world, only_rates, put
from tests.worlds import run_months
from wijksim.mechanisms.demography import schooling
from wijksim.mechanisms.demography.process import Demography
from wijksim.state.codes import Activity, Education


def young(ctx, age, activity, education, goal):
    """Make everybody a young person of one age, education and plan."""
    table = ctx.world.resident
    rows = table.rows
    table.birth_month[rows] = ctx.month - age * 12
    table.activity[rows] = activity
    table.education[rows] = education
    table.goal[rows] = goal
    return rows


def test_final_levels_have_their_national_shares():
    ctx = demography_world(30)
    value = ctx.values
    shares = np.array([value[f"demography.education_share_{level}"] for level in schooling.LEVELS])
    rng = np.random.default_rng(1)
    n = 60_000
    own, correlation = value["demography.education_ability_weight"], value["demography.ability_correlation"]
    mother = rng.standard_normal(n)
    latent = own * mother + np.sqrt(1 - own**2) * rng.standard_normal(n)
    parents = np.searchsorted(np.quantile(latent, np.cumsum(shares)[:-1]), latent)
    ability = correlation * mother + np.sqrt(1 - correlation**2) * rng.standard_normal(n)
    level = schooling.final_level(ability, parents, rng.standard_normal(n), value)
    assert np.bincount(level, minlength=4) / n == pytest.approx(shares / shares.sum(), abs=0.015)
    assert level[parents == 3].mean() > level[parents == 0].mean() + 0.3
    assert np.corrcoef(ability, level)[0, 1] > 0.4


def test_children_enter_school_and_get_advice():
    ctx = demography_world()
    only_rates(ctx, "demography")
    table = ctx.world.resident
    rows = young(ctx, 3, Activity.CHILD, Education.NONE, -1)
    run_months(ctx, (Demography(),), 11)
    assert np.all(table.activity[rows] == Activity.CHILD)
    run_months(ctx, (Demography(),), 3)
    assert np.all(table.activity[rows] == Activity.PUPIL)
    assert np.all(table.goal[rows] == -1)
    ctx = demography_world()
    only_rates(ctx, "demography")
    rows = young(ctx, 12, Activity.PUPIL, Education.NONE, -1)
    run_months(ctx, (Demography(),), 1)
    assert np.unique(ctx.world.resident.goal[rows]).size == 4


def test_diplomas_come_at_their_rate_and_never_beyond_the_goal():
    ctx = demography_world(400)
    only_rates(ctx, "demography", keep=("diploma",))
    put(ctx, demography__diploma_lower_rate=1.0)
    rows = young(ctx, 16, Activity.PUPIL, Education.NONE, Education.LOWER)
    run_months(ctx, (Demography(),), 12)
    reached = ctx.world.resident.education[rows]
    assert np.mean(reached == Education.LOWER) == pytest.approx(1 - np.exp(-1), abs=0.06)
    assert reached.max() == Education.LOWER


def test_school_leavers_look_for_work_and_others_study_on():
    ctx = demography_world()
    only_rates(ctx, "demography")
    table = ctx.world.resident
    rows = young(ctx, 18, Activity.PUPIL, Education.LOWER, Education.LOWER)
    table.goal[rows[::2]] = Education.HIGHER
    run_months(ctx, (Demography(),), 1)
    assert np.all(table.activity[rows[1::2]] == Activity.UNEMPLOYED)
    assert np.all(table.activity[rows[::2]] == Activity.STUDENT)


def test_nobody_studies_for_ever():
    ctx = demography_world()
    only_rates(ctx, "demography")
    rows = young(ctx, 29, Activity.STUDENT, Education.MIDDLE, Education.HIGHER)
    run_months(ctx, (Demography(),), 1)
    assert np.all(ctx.world.resident.activity[rows] == Activity.UNEMPLOYED)


def test_a_student_who_comes_along_has_a_plan():
    ctx = demography_world()
    table = ctx.world.resident
    only_rates(ctx, "demography")
    rows = young(ctx, 20, Activity.STUDENT, Education.MIDDLE, -1)
    Demography().enter(ctx, "resident", rows, "arrived")
    run_months(ctx, (Demography(),), 1)
    assert np.all(table.goal[rows] == Education.HIGHER)


def test_pension_comes_at_its_dated_age():
    ctx = demography_world()
    only_rates(ctx, "demography")
    put(ctx, demography__works_on_share=0.0)
    table = ctx.world.resident
    rows = table.rows
    table.activity[rows] = np.where(np.arange(rows.size) % 2, Activity.EMPLOYED, Activity.INCAPACITY)
    table.birth_month[rows] = ctx.month - 67 * 12 + 2
    run_months(ctx, (Demography(),), 2)
    assert not np.any(table.activity[rows] == Activity.RETIRED)
    run_months(ctx, (Demography(),), 1)
    assert np.all(table.activity[rows] == Activity.RETIRED)
    assert ctx.parameters.at(36, "2028-01")["demography.pension_age"] == 807


def test_some_work_on_and_stop_later():
    ctx = demography_world(500)
    only_rates(ctx, "demography", keep=("late_retirement",))
    table = ctx.world.resident
    rows = table.rows
    table.activity[rows] = Activity.EMPLOYED
    table.birth_month[rows] = ctx.month - 67 * 12
    run_months(ctx, (Demography(),), 1)
    share = ctx.values["demography.works_on_share"]
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(share, abs=0.05)
    run_months(ctx, (Demography(),), 60)
    left = share * np.exp(-5 * ctx.values["demography.late_retirement_rate"])
    assert np.mean(table.activity[rows] == Activity.EMPLOYED) == pytest.approx(left, abs=0.03)
