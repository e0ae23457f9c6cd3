"""Skills: nothing drifts by itself, what a class gave fades with its half-life, classes stand at their fixed point."""

import numpy as np
import pytest

from tests.mechanisms.labour_world import put
from tests.worlds import run_months, small_world
from wijksim.mechanisms.skills import Skills
from wijksim.state.column import Column

OTHERS = (
    Column("resident.trust", np.float32, "share", "Owned by wellbeing"),
    Column("resident.stress", np.float32, "share", "Owned by wellbeing"),
    Column("resident.achievement", np.float32, "sd", "Owned by school"),
    Column("resident.class_year", np.int8, "years", "Owned by school", default=-1),
)
FLAT = {"class_trust": 1.0, "class_without_work": 1.0, "class_stress": 1.0}


def world(dwellings=600, setup=True, **values):
    ctx = small_world((Skills,), extra=OTHERS, dwellings=dwellings, setup=False)
    table = ctx.world.resident
    table.stress[:] = np.random.default_rng(3).beta(2, 6, table.size)
    put(ctx, **{f"skills__{name}": value for name, value in values.items()})
    if setup:
        Skills().setup(ctx)
    return ctx


def grown(ctx):
    table = ctx.world.resident
    return table.rows[(table.age[table.rows] >= 20) & (table.age[table.rows] < 60)]


def test_without_classes_nothing_moves():
    ctx = world(class_start_rate=0.0)
    table = ctx.world.resident
    before = {name: table[name].copy() for name in ("dutch", "reading", "digital")}
    run_months(ctx, [Skills()], 24)
    for name, values in before.items():
        assert np.array_equal(table[name], values)


def test_what_a_class_gave_fades_by_half_in_its_half_life():
    ctx = world(class_start_rate=0.0)
    table, rows = ctx.world.resident, grown(ctx)
    base = table.reading[rows].copy()
    gap = (1 - base) / 2
    table.reading[rows] = base + gap
    run_months(ctx, [Skills()], 120)
    assert table.reading[rows] - base == pytest.approx(gap / 2, rel=0.01)


def test_a_class_closes_half_the_distance_in_its_half_life():
    ctx = world(class_start_rate=0.0, class_end_rate=0.0, half_life=1e9)
    table, rows = ctx.world.resident, grown(ctx)
    table.in_class[rows] = True
    before = table.reading[rows].copy()
    run_months(ctx, [Skills()], int(ctx.values["skills.class_half_life_reading"]))
    assert 1 - table.reading[rows] == pytest.approx((1 - before) / 2, abs=0.01)


def test_classes_stand_at_their_fixed_point_from_the_start():
    on, off = 0.3, 1.0
    ctx = world(1500, class_start_rate=on, class_end_rate=off, class_half_life_reading=1e9,
                class_half_life_dutch=1e9, class_last_age=200.0, **FLAT)  # fmt: skip
    table = ctx.world.resident
    low = table.rows[
        (table.age[table.rows] >= 18) & ((table.reading[table.rows] < 0.5) | (table.dutch[table.rows] < 0.5))
    ]
    p, q = 1 - np.exp(-on / 12), 1 - np.exp(-off / 12)
    assert table.in_class[low].mean() == pytest.approx(on / (on + off), abs=0.05)
    share = []
    mechanism = Skills()
    for _ in range(600):
        mechanism.step(ctx)
        ctx.month += 1
        share.append(table.in_class[low].mean())
    # who ends a class may begin another in the same month
    assert np.mean(share) == pytest.approx(p / (p + q * (1 - p)), rel=0.08)


def test_only_adults_with_low_skills_out_of_education_take_a_class():
    ctx = world(class_start_rate=1e6, class_end_rate=0.0)
    table = ctx.world.resident
    table.class_year[::2] = 0
    table.in_class[:] = False
    run_months(ctx, [Skills()], 1)
    taking = np.flatnonzero(table.in_class)
    assert taking.size > 5
    assert np.all(table.class_year[taking] < 0)
    assert np.all(table.age[taking] >= 18)


def test_pupils_who_do_well_learn_to_read():
    ctx = world(class_start_rate=0.0)
    table = ctx.world.resident
    young = table.rows[(table.age[table.rows] >= 6) & (table.age[table.rows] < 12)]
    table.class_year[young] = 2
    table.achievement[young] = np.where(np.arange(young.size) % 2, 2.0, -2.0)
    run_months(ctx, [Skills()], 60)
    moved = table.reading[young] - table.skills[young]
    assert np.all(moved[1::2] >= 0)
    assert np.all(moved[::2] <= 0)
    assert moved[1::2].mean() - moved[::2].mean() > 0.1


def test_trust_brings_people_to_class():
    ctx = world()
    rows = grown(ctx)
    ctx.world.resident.trust[rows] = 0.2
    low = Skills.start.probability(ctx, rows)
    ctx.world.resident.trust[rows] = 0.8
    assert np.all(Skills.start.probability(ctx, rows) > low)


def test_homes_are_kept_less_well_where_the_head_reads_little():
    ctx = world(housing_half_life=0.0)
    run_months(ctx, [Skills()], 1)
    table, household = ctx.world.resident, ctx.world.household
    head = household.head[household.rows]
    kept, reading = household.housing_skill[household.rows], table.reading[head]
    assert np.corrcoef(kept, reading)[0, 1] > 0.3
    assert kept.mean() == pytest.approx(0.85, abs=0.04)
