"""Extra school hours: who gets them, what is taught, what it costs, and that results move as their effect says."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import put
from tests.worlds import run_months, small_world
from wijksim.kernel.lever import Target, Window
from wijksim.kernel.prices import price_of
from wijksim.levers.school.school_hours import SchoolHours
from wijksim.mechanisms.school import School
from wijksim.mechanisms.school.codes import Track
from wijksim.state.codes import Activity
from wijksim.state.column import Column

OTHERS = (
    Column("resident.stress", np.float32, "share", "Owned by wellbeing"),
    Column("resident.trust", np.float32, "share", "Owned by wellbeing"),
    Column("household.problem_debt", np.bool_, "-", "Owned by debt"),
    Column("household.nuisance_often", np.float32, "share", "Owned by nuisance"),
    Column("household.income_fifth", np.int8, "code", "Owned by income"),
)
AT_ONCE = {"ramp": 0.0, "uptake": 1.0}


def school_world(shortage=None, **values):
    """A town of pupils; a shortage given stays as it is."""
    ctx = small_world((School,), extra=OTHERS, dwellings=600, setup=False)
    ctx.world.household.income_fifth[:] = np.arange(ctx.world.household.size) % 5
    if shortage is not None:
        values |= {"shortage_level": shortage, "shortage_composition": 0.0}
    put(ctx, **{f"school__{name}": value for name, value in values.items()})
    School().setup(ctx)
    return ctx


def months(ctx, lever, number):
    """The lever and the school together; returns what each month cost by district."""
    school, bills = School(), []
    for _ in range(number):
        ctx.effects.clear()
        ctx.ledger.clear()
        if lever is not None:
            lever.step(ctx)
        run_months(ctx, [school], 1)
        bills.append(ctx.ledger.month.get("extra_school_hours", np.zeros(3)).copy())
    return bills


def primary(ctx):
    table = ctx.world.resident
    pupil = (table.activity == Activity.PUPIL) & (table.track == Track.PRIMARY) & (table.school >= 0)
    return np.flatnonzero(pupil)


def test_pupils_of_the_target_district_get_the_hours_for_which_there_are_teachers():
    ctx = school_world(shortage=0.2)
    lever = SchoolHours({**AT_ONCE, "hours": 10.0, "deadweight": 0.25}, target=Target(districts=("north",)))
    (bill,) = months(ctx, lever, 1)
    table = ctx.world.resident
    rows = primary(ctx)
    north = rows[table.district[rows] == 0]
    assert north.size > 5
    assert table.extra_hours[north] == pytest.approx(10 * 0.8 * 0.75)
    others = np.setdiff1d(table.rows, north)
    assert not table.extra_hours[others].any()
    # paid for is what is taught, what pupils would have learned anyway included: 8 hours, 40 weeks, 6 euros of 2022
    assert price_of(ctx, "school.extra_hours_price") > 6
    month = north.size * 8 * 40 / 12 * price_of(ctx, "school.extra_hours_price")
    assert bill == pytest.approx([month, 0, 0])


def test_achievement_moves_to_its_effect_with_its_half_life():
    """Half of the way in two years, as all that moves achievement, to 0.06 for ten hours taught."""
    ends = []
    for effect in (0.0, 0.06):
        ctx = school_world(shortage=0.0, extra_hours_effect=effect, achievement_half_life=24)
        months(ctx, SchoolHours({**AT_ONCE, "deadweight": 0.0}), 24)
        ends.append((ctx, ctx.world.resident.achievement.copy()))
    (ctx, without), (_, taught) = ends
    table = ctx.world.resident
    rows = primary(ctx)
    # two classes up since the start, and not among those who started school after it
    rows = rows[table.class_year[rows] >= 4]
    assert rows.size > 20
    assert (taught - without)[rows] == pytest.approx(0.03, abs=1e-3)


def test_hours_that_do_nothing_leave_everything_as_it_is():
    ends = []
    for lever in (None, SchoolHours(AT_ONCE)):
        ctx = school_world()
        bills = months(ctx, lever, 30)
        ends.append(ctx.world)
        assert bool(np.sum(bills)) == (lever is not None)
    for column in School.owns:
        if column.name != "resident.extra_hours":
            np.testing.assert_array_equal(ends[0].column(column.name), ends[1].column(column.name))
    assert ends[1].resident.extra_hours.any()


def test_hours_end_with_the_money():
    ctx = school_world()
    bills = months(ctx, SchoolHours(AT_ONCE, window=Window(0, 4)), 6)
    assert [bool(bill.sum()) for bill in bills] == [True] * 4 + [False] * 2
    assert not ctx.world.resident.extra_hours.any()


@pytest.mark.parametrize("argument", ["strength", "coverage", "uptake", "hours"])
def test_more_of_it_never_means_fewer_hours(argument):
    hours = []
    for value in (0.5, 0.8, 1.0):
        ctx = school_world()
        months(ctx, SchoolHours({"ramp": 0.0, argument: value}), 1)
        hours.append(float(ctx.world.resident.extra_hours.sum()))
    assert hours == sorted(hours)
    assert 0 < hours[0] < hours[-1]


def test_two_programmes_add_up():
    ctx = school_world(shortage=0.0)
    one, two = (SchoolHours({**AT_ONCE, "hours": hours, "deadweight": 0.0}, identity=name)
                for name, hours in (("a", 2.0), ("b", 3.0)))  # fmt: skip
    ctx.effects.clear()
    two.step(ctx)
    one.step(ctx)
    run_months(ctx, [School()], 1)
    assert ctx.world.resident.extra_hours[primary(ctx)] == pytest.approx(5.0)


def test_no_hours_ask_for_nothing_and_too_many_are_refused():
    ctx = school_world()
    SchoolHours({**AT_ONCE, "hours": 0.0}).step(ctx)
    assert not ctx.effects.acts
    with pytest.raises(ValueError, match="hours"):
        SchoolHours({"hours": 40.0})
