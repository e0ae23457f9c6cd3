"""Teachers for open posts: where the shortage falls, where it rises, what it is worth and what it costs."""

import numpy as np
import pytest

from tests.levers.schoolwork import AT_ONCE, act, untouched
from tests.levers.test_school_hours import school_world
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import indexed
from wijksim.levers.school.education_programme import EducationProgramme
from wijksim.mechanisms.school import achievement, programmes

NORTH = Target(districts=("north",))


def programme(**given):
    return EducationProgramme({**AT_ONCE, "deadweight": 0.0, **given}, target=NORTH)


def settled(ctx, quarters=40):
    for _ in range(quarters):
        achievement.shortages(ctx)
    return ctx.world.school.shortage.copy()


def test_open_posts_fall_by_the_measured_points_in_the_target_only():
    ctx = school_world(shortage=0.18)
    school = ctx.world.school
    act(ctx, programme(from_elsewhere=0.0))
    found = settled(ctx)
    north = school.district == 0
    assert found[north] == pytest.approx(0.18 - 0.032, abs=1e-4)
    assert found[~north] == pytest.approx(0.18, abs=1e-4)
    # what that is worth: its points times the weight of unfilled posts
    assert ctx.values["school.achievement_shortage"] * -0.032 > 0


def test_teachers_who_come_from_elsewhere_are_missed_there():
    """No teacher is won: over the city the posts that are filled are as many as before."""
    ctx = school_world(shortage=0.18)
    school = ctx.world.school
    act(ctx, programme(from_elsewhere=1.0))
    filled = programmes.filled(ctx)
    assert np.all(filled[school.district == 0] > 0)
    assert np.all(filled[school.district != 0] < 0)
    assert float(filled @ school.pupils) == pytest.approx(0, abs=1e-9)


def test_what_would_have_come_anyway_is_taken_off():
    ctx = school_world()
    act(ctx, programme(deadweight=0.25))
    assert ctx.effects.funded("school.teachers", 3)[0] == pytest.approx(0.75 * 0.032)


def test_it_costs_its_price_per_pupil_of_the_schools_there():
    ctx = school_world()
    school = ctx.world.school
    act(ctx, programme())
    pupils = school.pupils[school.district == 0].sum()
    assert pupils > 0
    assert ctx.ledger.month["education_programme"] == pytest.approx(
        [pupils * indexed(ctx, 200, 2024) / 12, 0, 0]
    )


def test_strength_zero_leaves_no_trace_and_no_programme_no_teacher():
    ctx = school_world()
    assert untouched(ctx, EducationProgramme({"strength": 0.0}))
    assert not programmes.filled(ctx).any()
