"""Safety: national levels, direction of drivers, half-life, newcomers."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.mechanisms.safety import Safety
from wijksim.state.codes import Sex
from wijksim.state.column import Column

OTHERS = (
    Column("entrance.disorder", np.float32, "-", "x"),
    Column("entrance.control", np.float32, "-", "x"),
    Column("household.nuisance_often", np.float32, "-", "x"),
    Column("resident.victim_memory", np.float32, "-", "x"),
)


def world(**values):
    ctx = small_world((Safety,), extra=OTHERS, dwellings=600, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"safety.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    luck = np.random.default_rng(2)
    w = ctx.world
    w.entrance.disorder[:] = luck.normal(0, 0.5, w.entrance.size)
    w.entrance.control[:] = luck.normal(0, 0.5, w.entrance.size)
    w.household.nuisance_often[:] = luck.random(w.household.size) * 0.2
    w.resident.victim_memory[:] = luck.random(w.resident.size) < 0.1
    Safety().setup(ctx)
    return ctx


def mean(ctx, attribute, rows=None):
    resident = ctx.world.resident
    return float(resident[attribute][resident.rows if rows is None else rows].mean())


def test_without_drivers_everybody_is_at_the_national_level():
    still = {f"{state}_{driver}": 0.0 for state in ("safe", "fear")
             for driver in ("disorder", "nuisance", "victim", "female", "control")}  # fmt: skip
    ctx = world(**still)
    rows = ctx.world.resident.rows
    assert ctx.world.resident.felt_safety[rows] == pytest.approx(0.85)
    assert ctx.world.resident.fear[rows] == pytest.approx(0.07)


@pytest.mark.parametrize(
    ("column", "change", "safer"),
    [
        ("entrance.disorder", 1.0, False),
        ("household.nuisance_often", 0.3, False),
        ("resident.victim_memory", 1.0, False),
        ("entrance.control", 1.0, True),
    ],
)
def test_every_driver_works_its_way(column, change, safer):
    ctx = world()
    safe, fear = mean(ctx, "felt_safety"), mean(ctx, "fear")
    ctx.world.column(column)[:] += change
    run_months(ctx, [Safety()], 12)
    assert (mean(ctx, "felt_safety") > safe) == safer
    assert (mean(ctx, "fear") < fear) == safer


def test_women_feel_less_safe():
    ctx = world()
    resident = ctx.world.resident
    women, men = (resident.rows[resident.sex[resident.rows] == sex] for sex in (Sex.FEMALE, Sex.MALE))
    assert mean(ctx, "felt_safety", women) < mean(ctx, "felt_safety", men)
    assert mean(ctx, "fear", women) > mean(ctx, "fear", men)


def test_half_the_way_takes_a_half_life():
    ctx = world(half_life=9.0)
    start = ctx.world.resident.felt_safety.copy()
    ctx.world.entrance.disorder[:] += 0.5
    goal = Safety.felt_safety.target(ctx)
    run_months(ctx, [Safety()], 9)
    rows = ctx.world.resident.rows
    way = (ctx.world.resident.felt_safety[rows] - start[rows]) / (goal[rows] - start[rows])
    assert np.median(way) == pytest.approx(0.5, abs=0.01)


def test_nobody_is_certain():
    ctx = world()
    ctx.world.entrance.disorder[:] = 1e6
    run_months(ctx, [Safety()], 240)
    bound = ctx.values["safety.index_bound"]
    odds = 0.85 / 0.15 * np.exp(-bound)
    assert mean(ctx, "felt_safety") == pytest.approx(odds / (1 + odds), abs=1e-3)


def test_newcomers_feel_their_new_street():
    ctx = world()
    rows = ctx.world.resident.rows[:5]
    ctx.world.resident.felt_safety[rows] = 0
    Safety().enter(ctx, "resident", rows, "arrived")
    assert ctx.world.resident.felt_safety[rows] == pytest.approx(Safety.felt_safety.target(ctx, rows))
