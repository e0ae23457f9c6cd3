"""Social rise: a rise counts for some years, moves along with the person, and children know their parents."""

import numpy as np
import pytest

import wijksim.measures  # noqa: F401  (registers what one test asks for)
from tests.worlds import run_months, small_world
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.mobility import Mobility
from wijksim.state.codes import Education, Role
from wijksim.state.column import Column

EXTRA = (Column("household.income_fifth", np.int8, "-", "x"),)


def begun(dwellings=120):
    ctx = small_world((Mobility,), extra=EXTRA, dwellings=dwellings, setup=False)
    ctx.world.household.income_fifth[:] = 1
    Mobility().setup(ctx)
    return ctx


def world():
    """Nobody has ever been elsewhere."""
    ctx = begun()
    ctx.world.resident.fifth_memory[:] = 1
    run_months(ctx, [Mobility()], 1)
    return ctx


def test_households_have_had_other_positions_before():
    ctx = begun(dwellings=1200)
    table, home = ctx.world.resident, ctx.world.household
    rate, half_life = ctx.values["mobility.change_rate"], ctx.values["mobility.memory_half_life"]
    moved = 1 - np.exp(-rate * half_life / 12)  # a move of one fifth counts for one half-life
    heads = home.head[home.rows]
    assert table.climbed[heads].mean() == pytest.approx(moved / 2, abs=0.04)
    assert table.fell[heads].mean() == pytest.approx(moved / 2, abs=0.04)
    memory = table.fifth_memory[table.rows]
    assert memory.min() >= 0
    assert memory.max() <= 2
    # who lives together has moved together
    assert np.array_equal(memory, table.fifth_memory[home.head[table.household[table.rows]]])
    run_months(ctx, [Mobility()], 120)
    assert not table.climbed.any()


def test_nobody_rises_where_nothing_changes():
    ctx = world()
    run_months(ctx, [Mobility()], 24)
    table = ctx.world.resident
    assert not table.climbed.any()
    assert not table.fell.any()
    assert table.fifth_memory[table.rows] == pytest.approx(1)


@pytest.mark.parametrize(("fifth", "column", "other"), [(2, "climbed", "fell"), (0, "fell", "climbed")])
def test_a_change_of_one_fifth_counts_for_one_half_life(fifth, column, other):
    ctx = world()
    table = ctx.world.resident
    home = ctx.world.household.rows[0]
    mine = np.flatnonzero(table.alive & (table.household == home))
    ctx.world.household.income_fifth[home] = fifth
    counted = 0
    for _ in range(48):
        run_months(ctx, [Mobility()], 1)
        counted += bool(table[column][mine].all())
        assert not table[other].any()
        assert np.count_nonzero(table[column]) in (0, mine.size)
    assert counted in (35, 36)


def test_a_newcomer_begins_where_the_household_is():
    ctx = world()
    table = ctx.world.resident
    row = table.rows[3]
    table.fifth_memory[row] = -1
    ctx.world.household.income_fifth[table.household[row]] = 4
    run_months(ctx, [Mobility()], 1)
    assert table.fifth_memory[row] == 4
    assert not table.climbed[row]


def test_children_know_the_highest_level_of_their_parents_and_keep_it():
    ctx = world()
    table = ctx.world.resident
    child = int(np.flatnonzero(table.alive & (table.role == Role.CHILD))[0])
    home = table.household[child]
    parents = np.flatnonzero(
        table.alive & (table.household == home) & np.isin(table.role, [Role.HEAD, Role.PARTNER])
    )
    table.education[parents] = Education.LOWER
    table.education[parents[-1]] = Education.MIDDLE
    run_months(ctx, [Mobility()], 1)
    assert table.parent_education[child] == Education.MIDDLE
    assert (table.parent_education[parents] == -1).all()
    table.role[child] = Role.HEAD
    table.education[parents] = Education.HIGHER
    run_months(ctx, [Mobility()], 1)
    assert table.parent_education[child] == Education.MIDDLE
    table.age[child], table.education[child] = 28, Education.HIGHER
    measure = MEASURES.get("beyond_parents")()
    top, bottom = measure.districts(ctx)
    here = table.district[child]
    others = np.flatnonzero(measure.among(ctx) & table.alive)
    assert child in others
    risen = others[table.education[others] > table.parent_education[others]]
    assert top[here] == np.count_nonzero(table.district[risen] == here)
    assert bottom[here] == np.count_nonzero(table.district[others] == here)
