"""School choice by postcode: whom the rule holds, what it does to segregation, and who answers by moving."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, ratios, untouched
from tests.mechanisms.test_school import segregation, world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.school.postcode_schools import PostcodeSchools
from wijksim.mechanisms.school import School, placement
from wijksim.mechanisms.school.codes import Track
from wijksim.state.codes import Activity
from wijksim.strategies.school_choice_free import FreeChoice
from wijksim.strategies.school_choice_postcode import PostcodeChoice


def pupils(ctx):
    table = ctx.world.resident
    return table.rows[(table.track[table.rows] == Track.PRIMARY) & (table.class_year[table.rows] >= 0)]


def placed_anew(ctx, rule):
    """Everybody at a primary school chooses again under a rule (None: no rule); returns who stays in the district."""
    if rule is not None:
        ctx.strategies["school_choice"] = rule
    ctx.month += 1
    table, school, rows = ctx.world.resident, ctx.world.school, pupils(ctx)
    table.school[rows] = -1
    school.pupils[:] = 0
    placement.place(ctx, rows)
    placement.compose(ctx, rows)
    return school.district[table.school[rows]] == table.district[rows]


def divided_city():
    """All who are disadvantaged live in the north, families avoid them, and there are seats enough."""
    ctx = world(900, avoidance=10.0, spare_seats=2.0, distance_cost=0.5, setup=False)
    ctx.world.household.income_fifth[:] = np.where(ctx.world.household.district == 0, 0, 3)
    School().setup(ctx)
    return ctx


def test_free_choice_is_what_it_was_without_a_rule():
    chosen = []
    for rule in (None, FreeChoice()):
        ctx = divided_city()
        placed_anew(ctx, rule)
        chosen.append(ctx.world.resident.school[pupils(ctx)].copy())
    assert np.array_equal(*chosen)


def test_who_is_held_goes_to_school_at_home_and_others_choose_as_before():
    free = placed_anew(divided_city(), FreeChoice())
    ctx, rule = divided_city(), PostcodeChoice({"share": 0.5})
    near = placed_anew(ctx, rule)
    table, rows = ctx.world.resident, pupils(ctx)
    seen = {"uid": table.uid[rows], "district": table.district[rows], "primary": np.ones(rows.size, bool)}
    held = rule.held(ctx, seen) > 0
    assert held.mean() == pytest.approx(0.5, abs=0.08)
    assert near[held].all()
    assert near[~held].mean() == pytest.approx(free[~held].mean(), abs=0.1)
    assert free.mean() < near.mean()
    # a stricter rule holds those who were held, and others
    assert np.all((PostcodeChoice({"share": 0.8}).held(ctx, seen) > 0)[held])


def test_where_homes_are_mixed_the_rule_takes_away_what_choice_adds():
    """Half of every district is disadvantaged, and one school has a bad name that families avoid."""
    gaps = []
    for rule in (FreeChoice(), PostcodeChoice({"share": 1.0})):
        ctx = world(900, avoidance=10.0, spare_seats=2.0, distance_cost=0.5, setup=False)
        ctx.world.household.income_fifth[:] = np.arange(ctx.world.household.size) % 2 * 3
        School().setup(ctx)
        ctx.world.school.disadvantaged[:] = np.where(ctx.world.school.district == 0, 0.9, 0.3)
        placed_anew(ctx, rule)
        gaps.append(segregation(ctx))
    assert gaps[1] < gaps[0]
    assert gaps[1] == pytest.approx(0, abs=0.1)


def test_the_lever_chooses_the_rule_for_its_districts_only():
    ctx = divided_city()
    lever = PostcodeSchools(
        {**AT_ONCE, "efficacy": 0.6, "strength": 0.5}, target=Target(districts=("south",))
    )
    act(ctx, lever)
    ((name, arguments),) = ctx.effects.choices()["school_choice"]
    assert name == "postcode"
    assert arguments["share"] == pytest.approx(0.3)
    table, rows = ctx.world.resident, pupils(ctx)
    seen = {"uid": table.uid[rows], "district": table.district[rows], "primary": np.ones(rows.size, bool)}
    held = PostcodeChoice(arguments).held(ctx, seen) > 0
    assert held.any()
    assert np.all(table.district[rows][held] == 2)
    # secondary schools are left free
    assert not PostcodeChoice(arguments).held(ctx, {**seen, "primary": np.zeros(rows.size, bool)}).any()


def test_educated_families_with_young_children_answer_by_moving():
    ctx = divided_city()
    act(ctx, PostcodeSchools({**AT_ONCE, "efficacy": 0.8}))
    table, household = ctx.world.resident, ctx.world.household
    found = np.flatnonzero(ratios(ctx, "housing.move_owner", "household") != 1)
    assert found.size > 5
    assert np.all(table.education[household.head[found]] >= 2)
    assert np.all(household.income_fifth[found] > 0)
    assert np.all(household.children[found] > 0)
    assert ratios(ctx, "housing.move_private", "household")[found] == pytest.approx(1.3)
    for rate in ("housing.move_corporation", "housing.move_private"):
        assert np.array_equal(np.flatnonzero(ratios(ctx, rate, "household") != 1), found)
    children = (table.activity == Activity.PUPIL) & (table.track == Track.PRIMARY)
    assert ctx.ledger.month["school_admission"].sum() == pytest.approx(
        np.count_nonzero(children) * indexed(ctx, 15, 2024) / 12
    )


def test_strength_zero_leaves_no_trace():
    assert untouched(divided_city(), PostcodeSchools({"strength": 0.0}))
