"""Liveability: the sum, the conditions, the walk, the readings; nothing that says who lives there."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.mechanisms.liveability import BASELINE, CONDITIONS, DIMENSIONS, START, WALK, Liveability
from wijksim.places.load import load_place
from wijksim.state.codes import Activity, Tenure
from wijksim.state.column import Column

OTHERS = (
    Column("household.nuisance_often", np.float32, "-", "x"),
    Column("entrance.disorder", np.float32, "-", "x"),
    Column("entrance.turnover", np.float32, "-", "x"),
    Column("entrance.cohesion", np.float32, "-", "x"),
    Column("resident.knows_neighbours", np.bool_, "-", "x"),
    Column("dwelling.quality", np.float32, "-", "x"),
    Column("dwelling.replaced", np.bool_, "-", "x"),
    Column("resident.unsafe", np.float32, "-", "x"),
    Column("district.registered_crime", np.float32, "-", "x"),
    Column("district.amenities", np.float32, "-", "x", default=8),
    Column("household.income", np.float64, "-", "x"),
)
SIZES = {"won": 0.0049, "fys": 0.0047, "vrz": 0.0065, "soc": 0.0041, "onv": 0.0063}
PLACES = ("vulnerable-urban", "average-urban", "affluent-suburban")


def world(seed=1, dwellings=240, month=0, places=PLACES, **values):
    ctx = small_world((Liveability,), extra=OTHERS, dwellings=dwellings, seed=seed, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"liveability.{name}", value)
    ctx.month = month
    ctx.values = ctx.parameters.at(month, ctx.clock.label(month))
    ctx.settings["district_places"] = [load_place(name) for name in places]
    w = ctx.world
    w.household.nuisance_often[w.household.rows] = 0.1
    w.entrance.turnover[:] = 0.1
    w.resident.knows_neighbours[w.resident.rows] = True
    Liveability().setup(ctx)
    return ctx


def index(ctx):
    return np.stack([ctx.world.district[name].copy() for name in (*DIMENSIONS, "afw")], axis=1)


def conditions(ctx):
    mechanism = Liveability()
    return mechanism.conditions(ctx, mechanism.work_room(ctx))


# ---------------------------------------------------------------- the sum and the start


def test_the_total_is_exactly_the_sum_of_its_parts_in_every_month_and_reading():
    ctx = world()
    for _ in range(30):
        ctx.world.household.nuisance_often[ctx.world.household.rows] += 0.01
        run_months(ctx, [Liveability()], 1)
        for suffix in ("", "_read"):
            district = ctx.world.district
            total = sum(district[name + suffix] for name in DIMENSIONS)
            assert np.array_equal(district["afw" + suffix], total)


def test_districts_start_at_the_published_figures_and_stay_there_through_the_warm_up():
    ctx = world(month=-24)
    expected = [[getattr(load_place(name).liveability, part).value for part in DIMENSIONS] for name in PLACES]
    assert index(ctx)[:, :5] == pytest.approx(np.array(expected))
    run_months(ctx, [Liveability()], 24)
    assert index(ctx)[:, :5] == pytest.approx(np.array(expected))
    assert index(ctx)[0, 5] == pytest.approx(load_place(PLACES[0]).liveability.afw.value, abs=0.004)


def test_changes_count_from_the_last_twelve_months_of_the_warm_up():
    ctx = world(month=-24, walk=0, trend=0.0026)
    household = ctx.world.household
    for month in range(-24, 0):
        household.nuisance_often[household.rows] = 0.5 if month < -12 else 0.01 * (month + 12)
        run_months(ctx, [Liveability()], 1)
    household.nuisance_often[household.rows] = 0.055  # the mean of 0.00 .. 0.11
    run_months(ctx, [Liveability()], 1)
    start = ctx.world.stores[START]
    assert index(ctx)[:, 4] == pytest.approx(start[:, 4] + 0.0026 / 12 / 5, abs=1e-7)
    assert ctx.world.stores[BASELINE][0] == pytest.approx(0.055)


# ---------------------------------------------------------------- conditions and what they do


def test_conditions_by_hand():
    ctx = world()
    w = ctx.world
    north = w.household.rows[w.household.district[w.household.rows] == 0]
    w.household.nuisance_often[north] = 0
    w.household.nuisance_often[north[: north.size // 2]] = 1
    w.entrance.disorder[w.entrance.district == 1] = 0.4
    w.entrance.cohesion[:] = 7
    adults = np.flatnonzero((w.resident.age >= 18) & (w.resident.district == 2))
    w.resident.knows_neighbours[adults[:10]] = False
    w.dwelling.quality[w.dwelling.district == 2] = -1.5
    w.dwelling.replaced[np.flatnonzero(w.dwelling.district == 1)[::4]] = True
    w.resident.unsafe[adults] = 0.3
    w.district.registered_crime[:] = (0.05, 0.03, 0.02)
    found = dict(zip(CONDITIONS, conditions(ctx), strict=True))
    assert found["nuisance"] == pytest.approx([(north.size // 2) / north.size, 0.1, 0.1])
    assert found["disorder"] == pytest.approx([0, 0.4, 0])
    assert found["cohesion"] == pytest.approx([7, 7, 7])
    assert found["turnover"] == pytest.approx([0.1] * 3)
    assert found["knowing"] == pytest.approx([1, 1, 1 - 10 / adults.size])
    assert found["quality"] == pytest.approx([0, 0, -1.5])
    assert found["replaced"] == pytest.approx([0, 0.25, 0], abs=0.005)
    assert found["unsafe"] == pytest.approx([0, 0, 0.3], abs=1e-6)
    assert found["crime"] == pytest.approx([0.05, 0.03, 0.02])


@pytest.mark.parametrize(
    ("delta", "dimension", "change"),
    [
        ({"nuisance": 0.14}, "onv", -0.17 * 0.45),
        ({"disorder": 0.5}, "onv", -0.17 * 0.10),
        ({"unsafe": 0.18}, "onv", -0.17 * 0.25),
        ({"amenities": 0.5}, "vrz", 0.1 * 0.3),
        ({"crime": 0.021}, "onv", -0.17 * 0.20),
        ({"nuisance": 0.14, "disorder": 0.5, "unsafe": 0.18, "crime": 0.021}, "onv", -0.17),
        ({"cohesion": 1.3}, "soc", 0.088 * 0.4),
        ({"turnover": 0.05}, "soc", -0.088 * 0.3),
        ({"knowing": 0.2}, "soc", 0.088 * 0.3),
        ({"quality": 2.0}, "won", 0.098 * 0.7),
        ({"replaced": 0.3}, "won", 0.098 * 0.3),
    ],
)
def test_change_of_each_dimension(delta, dimension, change):
    ctx = world()
    vector = np.array([[delta.get(name, 0.0)] for name in CONDITIONS])
    found = Liveability().change(ctx, vector)[0]
    expected = np.zeros(5)
    expected[DIMENSIONS.index(dimension)] = change
    assert found == pytest.approx(expected)


def test_who_lives_there_drives_nothing():
    """Tenure, benefits, incomes, household types, age and limitations leave the index as it is (HP05)."""
    plain, other = world(), world()
    w = other.world
    w.dwelling.owner[:] = Tenure.CORPORATION
    w.household.tenure[:] = Tenure.CORPORATION
    w.household.income[:] = 1
    w.household.type[:] = 3
    grown = np.flatnonzero((w.resident.age >= 18) & w.resident.alive)
    w.resident.activity[grown] = Activity.ASSISTANCE
    w.resident.cognitive[:] = True
    w.resident.education[:] = 0
    for ctx in (plain, other):
        run_months(ctx, [Liveability()], 3)
    assert np.array_equal(index(plain), index(other))


def test_the_entrance_index_follows_its_own_door():
    ctx = world()
    run_months(ctx, [Liveability()], 1)
    assert ctx.world.entrance.index == pytest.approx(0, abs=1e-6)
    household = ctx.world.household
    household.nuisance_often[household.entrance == 3] = 0.1 + 0.14
    ctx.world.entrance.cohesion[3] -= 1.3
    run_months(ctx, [Liveability()], 1)
    assert ctx.world.entrance.index[3] == pytest.approx(-0.17 * 0.45 - 0.088 * 0.4, rel=1e-4)
    assert ctx.world.entrance.index[4] == pytest.approx(0, abs=1e-6)


# ---------------------------------------------------------------- walk and readings


def walks(years, seeds):
    """Where the walk alone has brought each district, shape (seeds, districts, dimensions)."""
    found = []
    ctx = world()
    for seed in range(seeds):
        ctx.draws = type(ctx.draws)(seed)
        ctx.world.stores.pop("liveability.year", None)
        total = np.zeros((3, 5))
        for month in range(years * 12):
            ctx.month = month
            total += Liveability().walk(ctx)
        found.append(total)
    return np.array(found)


def test_walk_of_ten_years_has_the_published_size_and_city_share():
    found = walks(10, 150)
    for position, name in enumerate(DIMENSIONS):
        assert found[:, :, position].std() == pytest.approx(SIZES[name] * np.sqrt(10), rel=0.13)
    total = found.sum(axis=2)
    assert total.std() == pytest.approx(0.01204 * np.sqrt(10), rel=0.1)
    correlation = np.corrcoef(total.T)
    assert correlation[np.triu_indices(3, 1)].mean() == pytest.approx(0.44, abs=0.12)
    assert abs(np.corrcoef(found[:, 0, 0], found[:, 0, 4])[0, 1]) < 0.25


def test_both_runs_of_a_pair_walk_alike():
    small, large = world(dwellings=120), world(dwellings=360)
    household = large.world.household
    for month in range(30):
        for ctx in (small, large):
            run_months(ctx, [Liveability()], 1)
        household.nuisance_often[household.rows] = 0.1 + 0.01 * month
    assert np.array_equal(small.world.stores[WALK], large.world.stores[WALK])
    assert np.abs(small.world.stores[WALK]).min() > 0
    # in the difference nothing is left but what conditions did
    difference = index(large) - index(small)
    assert difference[:, 4] == pytest.approx(-0.17 * 0.45 * 0.28 / 0.14, rel=1e-4)
    assert difference[:, :3] == pytest.approx(np.zeros((3, 3)), abs=1e-12)
    other = world(seed=2)
    run_months(other, [Liveability()], 30)
    assert not np.isclose(other.world.stores[WALK], small.world.stores[WALK]).any()


def test_a_walk_that_starts_halfway_the_year_is_the_same_walk():
    ctx = world()
    ctx.month = 17
    first = Liveability().walk(ctx)
    other = world()
    for month in range(12, 17):
        other.month = month
        Liveability().walk(other)
    other.month = 17
    assert np.array_equal(Liveability().walk(other), first)


def test_without_walk_and_change_only_the_national_trend_is_left():
    ctx = world(walk=0)
    run_months(ctx, [Liveability()], 120)
    start = ctx.world.stores[START].sum(axis=1)
    district = ctx.world.district
    assert district.afw == pytest.approx(start + 0.04)
    assert district.afw_gap == pytest.approx(start)
    assert district.afw_read == pytest.approx(start + 0.004 * 97 / 12)


def test_a_reading_is_taken_once_in_two_years_with_noise():
    ctx = world()
    readings = []
    for month in range(49):
        run_months(ctx, [Liveability()], 1)
        readings.append(ctx.world.district.afw_read.copy())
        if month % 24 == 0:
            assert not np.isclose(ctx.world.district.afw_read, ctx.world.district.afw).any()
    changed = [month for month in range(1, 49) if not np.array_equal(readings[month], readings[month - 1])]
    assert changed == [24, 48]


def test_size_of_the_reading_noise():
    ctx = world()
    found = []
    for month in range(0, 6000, 24):
        ctx.month = month
        found.append(Liveability().noise(ctx))
    sizes = np.array(found).std(axis=(0, 1))
    assert sizes == pytest.approx([0.0074, 0.0028, 0.0056, 0.0026, 0.0124], rel=0.1)


def test_facts_say_where_the_change_came_from():
    ctx = world()
    run_months(ctx, [Liveability()], 12)
    household = ctx.world.household
    household.nuisance_often[household.rows] += 0.07
    run_months(ctx, [Liveability()], 1)
    facts = Liveability().facts(ctx)
    assert facts["liveability.by_conditions"] == pytest.approx([-0.17 * 0.45 / 2] * 3, rel=1e-4)
    assert facts["liveability.by_national_rise"] == pytest.approx([0.004 * 13 / 12] * 3)
    parts = [facts[f"liveability.by_{name}"] for name in ("conditions", "walk", "national_rise")]
    start = ctx.world.stores[START].sum(axis=1)
    assert np.sum(parts, axis=0) + start == pytest.approx(ctx.world.district.afw)


@pytest.mark.parametrize(("years", "size"), [(2, 0.028), (10, 0.044), (20, 0.059)])
def test_exogenous_change_between_two_readings_is_what_districts_show(years, size):
    """Walk and noise alone: the endogenous part may add little to it (HP10a, model calculation)."""
    seeds = 60
    moved = walks(years, seeds).sum(axis=2)
    ctx = world()
    noise = []
    for month in range(0, 48 * seeds, 24):
        ctx.month = month
        noise.append(Liveability().noise(ctx).sum(axis=1))
    difference = moved + np.array(noise[0::2]) - np.array(noise[1::2])
    assert difference.std() == pytest.approx(size, rel=0.15)


def test_same_seed_same_bytes():
    first, second = world(), world()
    for ctx in (first, second):
        run_months(ctx, [Liveability()], 26)
    for column in Liveability.owns:
        assert first.world.column(column.name).tobytes() == second.world.column(column.name).tobytes()
