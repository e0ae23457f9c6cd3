"""School: places, achievement, biased advice, dropout at national rates, diplomas, hours that do nothing."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import put
from tests.worlds import check_structure, run_months, small_world
from wijksim.mechanisms.school import School, achievement, careers, placement
from wijksim.mechanisms.school.codes import LEVEL, Track
from wijksim.state.codes import Activity, Education
from wijksim.state.column import Column

OTHERS = (
    Column("resident.stress", np.float32, "share", "Owned by wellbeing"),
    Column("household.problem_debt", np.bool_, "-", "Owned by debt"),
    Column("household.nuisance_often", np.float32, "share", "Owned by nuisance"),
    Column("household.income_fifth", np.int8, "code", "Owned by income"),
)


def world(dwellings=600, seed=1, setup=True, **values):
    ctx = small_world((School,), extra=OTHERS, dwellings=dwellings, seed=seed, setup=False)
    rng = np.random.default_rng(seed)
    table, household = ctx.world.resident, ctx.world.household
    table.stress[:] = rng.beta(2, 6, table.size)
    household.problem_debt[:] = rng.random(household.size) < 0.1
    household.income_fifth[:] = rng.integers(0, 5, household.size)
    put(ctx, **{f"school__{name}": value for name, value in values.items()})
    if setup:
        School().setup(ctx)
    return ctx


def quiet(**keep):
    """Parameters without dropout, changes of track and ends of study."""
    names = (
        "dropout_secondary_rate", "dropout_vocational_rate", "dropout_entry_rate", "leave_higher_rate", "return_rate",
        "diploma_entry_rate", "diploma_vocational_rate", "diploma_higher_rate", "move_up_rate", "move_down_rate",
        "repeat_primary", "repeat_secondary",
    )  # fmt: skip
    return {**dict.fromkeys(names, 0.0), **keep}


def equal():
    return dict.fromkeys(
        ("dropout_moves", "dropout_debt", "dropout_stress", "dropout_attendance", "dropout_peers",
         "dropout_achievement"), 1.0,
    )  # fmt: skip


def put_all_in(ctx, track, age, class_year=0, education=Education.NONE):
    """Everybody is in one class."""
    table = ctx.world.resident
    rows = table.rows
    table.birth_month[rows] = ctx.month - age * 12 - 6
    table.age[rows] = age
    table.activity[rows] = Activity.PUPIL if age < 18 else Activity.STUDENT
    table.track[rows], table.class_year[rows], table.education[rows] = track, class_year, education
    return rows


def test_everybody_of_a_school_of_the_city_has_a_place_at_the_right_level():
    ctx = world()
    run_months(ctx, [School()], 14)
    table, school = ctx.world.resident, ctx.world.school
    at = table.rows[(table.class_year[table.rows] >= 0) & (table.track[table.rows] <= Track.VWO)]
    assert at.size > 100
    assert np.all(table.school[at] >= 0)
    assert np.array_equal(school.level[table.school[at]], (table.track[at] > Track.PRIMARY).astype(int))
    out = table.rows[table.class_year[table.rows] < 0]
    assert np.all(table.school[out] < 0)
    check_structure(ctx.world)


def test_achievement_is_standard_and_made_of_its_parts():
    ctx = world(3000)
    table = ctx.world.resident
    rows = table.rows[table.class_year[table.rows] >= 0]
    z = achievement.target(ctx, rows, settled=False)
    assert z.mean() == pytest.approx(0, abs=0.06)
    assert z.std() == pytest.approx(1, abs=0.07)
    # the rest of the variance is luck for life
    own, home, calm = 0.6, 0.2, 0.1
    common = own * ctx.values["demography.ability_correlation"]
    expected = np.sqrt(1 - own**2 - home**2 - calm**2 - 2 * own * home * common)
    slope = np.cov(z, table.school_luck[rows])[0, 1] / table.school_luck[rows].var()
    assert slope == pytest.approx(expected, abs=0.06)


def test_ten_points_of_disadvantaged_classmates_cost_their_parameter():
    ctx = world()
    run_months(ctx, [School()], 1)
    table = ctx.world.resident
    rows = table.rows[table.school[table.rows] >= 0]
    before = achievement.target(ctx, rows)
    table.peers[rows] += 0.1
    assert achievement.target(ctx, rows) - before == pytest.approx(-0.03, abs=1e-6)


def test_extra_hours_do_nothing_by_their_prior_and_what_their_effect_says():
    ctx = world()
    run_months(ctx, [School()], 1)
    table = ctx.world.resident
    rows = table.rows[table.school[table.rows] >= 0]
    before = achievement.target(ctx, rows)
    table.extra_hours[rows] = np.where(np.arange(rows.size) % 2, 10, 5)
    assert np.array_equal(achievement.target(ctx, rows), before)
    put(ctx, school__extra_hours_effect=0.03)
    expected = np.where(np.arange(rows.size) % 2, 0.03, 0.015)
    assert achievement.target(ctx, rows) - before == pytest.approx(expected, abs=1e-6)


def test_a_calm_home_raises_achievement_and_attendance():
    ctx = world()
    run_months(ctx, [School()], 1)
    table, household = ctx.world.resident, ctx.world.household
    rows = table.rows[table.school[table.rows] >= 0]
    z, there = achievement.target(ctx, rows), achievement.attend(ctx, rows)
    household.home_calm[table.household[rows]] += 0.05
    assert np.all(achievement.target(ctx, rows) > z)
    assert np.all(achievement.attend(ctx, rows) > there)


def test_advice_has_its_national_shares_and_its_bias():
    ctx = world(3000, advice_bias=0.0)
    rows = ctx.world.resident.rows
    table = ctx.world.resident
    table.achievement[rows] = np.random.default_rng(5).standard_normal(rows.size)
    share = np.bincount(achievement.advised(ctx, rows), minlength=5)[1:] / rows.size
    assert share == pytest.approx([0.22, 0.20, 0.33, 0.25], abs=0.02)
    fair = achievement.advised(ctx, rows) >= Track.HAVO
    put(ctx, school__advice_bias=-0.2)
    biased = achievement.advised(ctx, rows) >= Track.HAVO
    poor = ctx.world.household.income_fifth[table.household[rows]] == 0
    assert biased[poor].mean() < fair[poor].mean() - 0.03
    assert np.all(biased[~poor] >= fair[~poor])
    assert biased.mean() == pytest.approx(fair.mean(), abs=0.01)


def test_dropout_comes_at_the_rate_of_the_track():
    rate = 0.3
    ctx = world(1500, **quiet(dropout_vocational_rate=rate, **equal()))
    rows = put_all_in(ctx, Track.VOCATIONAL, 18, education=Education.LOWER)
    run_months(ctx, [School()], 12)
    left = np.mean(ctx.world.resident.class_year[rows] < 0)
    assert left == pytest.approx(1 - np.exp(-rate), abs=0.03)
    assert np.all(ctx.world.resident.education[rows] == Education.LOWER)


def test_the_frequent_mover_leaves_at_the_measured_ratio():
    ctx = world(600, **{**equal(), "dropout_moves": 2.6})
    rows = put_all_in(ctx, Track.VOCATIONAL, 18, education=Education.LOWER)
    table = ctx.world.resident
    table.frequent_mover[rows] = np.arange(rows.size) % 5 == 0
    p = careers.DROPOUT_VOCATIONAL.probability(ctx, rows)
    often = table.frequent_mover[rows]
    assert p[often].mean() / p[~often].mean() == pytest.approx(2.6, rel=0.01)
    weight = ctx.reference.weights(ctx, "resident")[rows]
    rate = ctx.values["school.dropout_vocational_rate"]
    assert (weight * p).sum() / weight.sum() == pytest.approx(-np.expm1(-rate / 12), rel=0.01)


def test_nobody_leaves_early_who_is_qualified_or_too_young():
    always = dict.fromkeys(("dropout_secondary_rate", "dropout_vocational_rate", "dropout_entry_rate"), 1e4)
    for age, track, education in ((14, Track.BASIC, 0), (20, Track.VOCATIONAL, 2), (24, Track.VOCATIONAL, 1)):
        ctx = world(90, **quiet(**always))
        rows = put_all_in(ctx, track, age, education=Education(education))
        run_months(ctx, [School()], 2)
        assert np.all(ctx.world.resident.class_year[rows] >= 0)
        assert not ctx.world.resident.dropped_out.any()


def test_a_cohort_goes_through_havo_on_the_calendar():
    ctx = world(200, **quiet(next_havo=1.0))
    rows = put_all_in(ctx, Track.HAVO, 12)
    table = ctx.world.resident
    run_months(ctx, [School()], 4 * 12 + 7)  # January to the fifth July
    assert np.all(table.track[rows] == Track.HAVO)
    assert np.all(table.class_year[rows] == 4)
    assert np.all(table.education[rows] == Education.NONE)
    run_months(ctx, [School()], 1)
    assert np.all(table.track[rows] == Track.HIGHER)
    assert np.all(table.education[rows] == Education.MIDDLE)


def test_primary_school_ends_at_the_advised_track_and_children_start_at_four():
    ctx = world(200, **quiet())
    rows = put_all_in(ctx, Track.PRIMARY, 11, class_year=7)
    table = ctx.world.resident
    table.advice[rows] = Track.PRIMARY
    run_months(ctx, [School()], 2)
    assert np.all(table.advice[rows] == Track.PRIMARY)
    run_months(ctx, [School()], 1)  # March
    advice = table.advice[rows].copy()
    assert np.unique(advice).size == 4
    run_months(ctx, [School()], 5)
    assert np.array_equal(table.track[rows], advice)
    assert np.all(ctx.world.school.level[table.school[rows]] == 1)
    small = put_all_in(ctx, Track.PRIMARY, 3)
    table.activity[small], table.class_year[small], table.school[small] = Activity.CHILD, -1, -1
    run_months(ctx, [School()], 7)
    assert np.all(table.activity[small] == Activity.PUPIL)


def test_weak_pupils_of_the_lowest_track_go_to_mbo_1_without_a_diploma():
    ctx = world(200, **quiet(next_basic=1.0, achievement_half_life=1e6))
    rows = put_all_in(ctx, Track.BASIC, 16, class_year=3)
    table = ctx.world.resident
    table.achievement[rows] = np.where(np.arange(rows.size) % 2, -3.0, 0.0)
    run_months(ctx, [School()], 8)
    weak = np.arange(rows.size) % 2 == 1
    assert np.all(table.track[rows[weak]] == Track.ENTRY)
    assert np.all(table.education[rows[weak]] == Education.NONE)
    assert np.all(table.track[rows[~weak]] == Track.VOCATIONAL)
    assert np.all(table.education[rows[~weak]] == Education.LOWER)


def test_early_leavers_return_at_their_rate():
    rate = 0.4
    ctx = world(1500, **quiet(return_rate=rate, return_stress=1.0, return_achievement=1.0))
    rows = put_all_in(ctx, Track.VOCATIONAL, 19, education=Education.LOWER)
    table = ctx.world.resident
    table.activity[rows], table.class_year[rows] = Activity.UNEMPLOYED, -1
    run_months(ctx, [School()], 12)
    assert np.mean(table.activity[rows] == Activity.STUDENT) == pytest.approx(1 - np.exp(-rate), abs=0.03)


def test_nobody_studies_for_ever():
    ctx = world(90, **quiet())
    rows = put_all_in(ctx, Track.HIGHER, 29, education=Education.MIDDLE)
    run_months(ctx, [School()], 1)
    assert np.all(ctx.world.resident.activity[rows] == Activity.UNEMPLOYED)


def test_a_postcode_rule_keeps_children_in_their_district_and_seats_are_kept():
    ctx = world(900, postcode_rule=1e3, spare_seats=0.4)
    table, school = ctx.world.resident, ctx.world.school
    rows = table.rows[(table.track[table.rows] == Track.PRIMARY) & (table.class_year[table.rows] >= 0)]
    assert np.array_equal(school.district[table.school[rows]], table.district[rows])
    assert np.all(np.bincount(table.school[rows], minlength=school.size)[:3] <= school.seats[:3])
    free = world(900, distance_cost=0.0, spare_seats=0.4)
    table, school = free.world.resident, free.world.school
    rows = table.rows[(table.track[table.rows] == Track.PRIMARY) & (table.class_year[table.rows] >= 0)]
    assert np.mean(school.district[table.school[rows]] == table.district[rows]) < 0.6


def segregation(ctx):
    table = ctx.world.resident
    rows = table.rows[(table.track[table.rows] == Track.PRIMARY) & (table.school[table.rows] >= 0)]
    poor = table.disadvantaged[rows]
    return table.peers[rows][poor].mean() - table.peers[rows][~poor].mean()


def test_parents_who_avoid_a_school_add_segregation_to_that_of_homes():
    gaps = {}
    for avoidance in (0.0, 10.0):
        ctx = world(1500, avoidance=avoidance, spare_seats=1.0, setup=False)
        district = ctx.world.household.district
        ctx.world.household.income_fifth[:] = np.where(district == 0, np.arange(district.size) % 2, 3)
        School().setup(ctx)
        run_months(ctx, [School()], 1)
        table = ctx.world.resident
        rows = table.rows[(table.track[table.rows] == Track.PRIMARY) & (table.class_year[table.rows] >= 0)]
        table.school[rows] = -1
        placement.place(ctx, rows)
        placement.compose(ctx, rows)
        gaps[avoidance] = segregation(ctx)
    assert gaps[10.0] > gaps[0.0] > 0


def test_diplomas_give_the_level_of_their_track():
    assert LEVEL[Track.BASIC] == LEVEL[Track.ENTRY] == Education.LOWER
    assert LEVEL[Track.HAVO] == LEVEL[Track.VOCATIONAL] == Education.MIDDLE
    assert LEVEL[Track.HIGHER] == Education.HIGHER


def test_the_same_seed_gives_the_same_school_careers():
    ends = []
    for _ in range(2):
        ctx = world(200, seed=4)
        run_months(ctx, [School()], 24)
        table = ctx.world.resident
        ends.append((table.track.tobytes(), table.education.tobytes(), table.achievement.tobytes()))
    assert ends[0] == ends[1]
