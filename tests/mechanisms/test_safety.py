"""Felt safety: half-life by hand, direction of every driver, newcomers, a start at rest."""

import numpy as np
import pytest

from tests.mechanisms.crime_world import city
from tests.worlds import run_months
from wijksim.kernel.relax import logistic, logit
from wijksim.mechanisms.crime import Crime
from wijksim.mechanisms.safety import Safety
from wijksim.state.codes import Sex


def world(dwellings=400, **values):
    return city(Crime, Safety, dwellings=dwellings, values={f"safety.{k}": v for k, v in values.items()})


def settled(ctx):
    """Means counted once in a world at rest."""
    ctx.world.entrance.disorder[:] = np.linspace(-1, 1, ctx.world.entrance.size)
    ctx.world.entrance.control[:] = np.linspace(1, -1, ctx.world.entrance.size)
    ctx.world.household.nuisance_often[:] = np.linspace(0, 0.2, ctx.world.household.size)
    ctx.world.entrance.petty_disorder[:] = np.linspace(0, 0.1, ctx.world.entrance.size)
    for state in (Safety.felt, Safety.fear, Safety.avoidance):
        state.settle(ctx)
    return ctx


def test_unsafe_is_what_is_left_of_safe():
    ctx = world()
    run_months(ctx, [Safety()], 3)
    resident = ctx.world.resident
    assert resident.unsafe[resident.rows] == pytest.approx(1 - resident.felt_safety[resident.rows])


def test_without_differences_everybody_is_at_the_level():
    names = (
        "disorder",
        "petty",
        "street",
        "rumour",
        "victim",
        "nuisance",
        "control",
        "crime",
        "female",
        "age",
    )
    ctx = world(**{f"felt_{name}": 0.0 for name in names})
    run_months(ctx, [Safety()], 1)
    resident = ctx.world.resident
    assert resident.felt_safety[resident.rows] == pytest.approx(ctx.values["safety.felt_level"], rel=1e-5)


def test_half_of_the_distance_in_nine_months():
    ctx = settled(world())
    resident = ctx.world.resident
    door = ctx.world.entrance
    before = resident.felt_safety[resident.rows].astype(np.float64)
    door.disorder[:] += 1
    goal = Safety.felt.target(ctx)[resident.rows].astype(np.float64)
    run_months(ctx, [Safety()], 9)
    after = resident.felt_safety[resident.rows]
    moved = goal < before - 0.005
    assert moved.mean() > 0.9
    assert ((after - before) / (goal - before))[moved] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("table", "column", "sign"),
    [
        ("entrance", "disorder", -1),
        ("entrance", "petty_disorder", -1),
        ("entrance", "control", 1),
        ("household", "nuisance_often", -1),
        ("resident", "victim_memory", -1),
        ("entrance", "victimised", -1),
    ],
)
def test_direction_of_every_driver(table, column, sign):
    ctx = settled(world())
    row = ctx.world.resident.rows[:1]
    before = Safety.felt.target(ctx, row)[0]
    ctx.world.tables[table][column][:] += 0.05
    assert np.sign(Safety.felt.target(ctx, row)[0] - before) == sign


def test_women_feel_less_safe_and_fear_drives_avoidance():
    ctx = settled(world())
    resident = ctx.world.resident
    rows = resident.rows
    women = resident.sex[rows] == Sex.FEMALE
    assert resident.felt_safety[rows][women].mean() < resident.felt_safety[rows][~women].mean()
    row = rows[:1]
    before = Safety.avoidance.target(ctx, row)[0]
    resident.fear[row] += 0.2
    assert Safety.avoidance.target(ctx, row)[0] > before


def test_one_deviation_of_disorder_moves_the_logit_by_its_weight():
    ctx = settled(world())
    row = ctx.world.resident.rows[:1]
    door = ctx.world.resident.entrance[row]
    mean, deviation = ctx.reference.stored["resident.felt_safety|entrance.disorder"]
    ctx.world.entrance.disorder[door] = mean
    usual = Safety.felt.target(ctx, row)[0]
    ctx.world.entrance.disorder[door] = mean + deviation
    expected = logistic(logit(float(usual)) + ctx.values["safety.felt_disorder"])
    assert Safety.felt.target(ctx, row)[0] == pytest.approx(float(expected), rel=1e-3)


def test_newcomers_are_placed_where_their_door_has_them():
    ctx = settled(world())
    resident = ctx.world.resident
    rows = resident.rows[:5]
    mechanism = Safety()
    mechanism.enter(ctx, "resident", rows, "arrived")
    assert resident.felt_safety[rows] == pytest.approx(ctx.values["safety.felt_level"])
    resident.felt_settled[rows] = False
    goal = Safety.felt.target(ctx)[rows]
    run_months(ctx, [mechanism], 1)
    assert resident.felt_safety[rows] == pytest.approx(goal, rel=1e-5)


def test_the_start_is_at_rest():
    ctx = settled(world())
    resident = ctx.world.resident
    before = resident.felt_safety[resident.rows].copy()
    run_months(ctx, [Safety()], 6)
    assert resident.felt_safety[resident.rows] == pytest.approx(before, abs=1e-3)


def test_extreme_surroundings_stay_within_bounds():
    ctx = settled(world())
    ctx.world.entrance.disorder[:] = 1000.0
    run_months(ctx, [Safety()], 24)
    resident = ctx.world.resident
    for column in ("felt_safety", "fear", "avoidance", "unsafe"):
        values = resident[column][resident.rows]
        assert np.isfinite(values).all()
        assert 0 <= values.min() <= values.max() <= 1
    floor = logistic(logit(ctx.values["safety.felt_level"]) - ctx.values["safety.index_bound"])
    assert resident.felt_safety[resident.rows].min() >= float(floor) - 1e-6
