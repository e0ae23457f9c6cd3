"""Wellbeing: closed forms, levels, drivers and what switching a loop off does."""

import numpy as np
import pytest

from tests.worlds import run_months, small_world
from wijksim.kernel.loops import Loops
from wijksim.kernel.relax import Relax, logistic, logit
from wijksim.mechanisms.wellbeing import Wellbeing
from wijksim.state.codes import Activity, Tenure
from wijksim.state.column import Column
from wijksim.state.structure import STRUCTURE, TRAITS

_KINDS = {
    np.bool_: ("resident.lonely", "resident.psychiatric", "resident.addiction", "resident.knows_neighbours",
               "household.poor", "household.problem_debt"),
    np.int8: ("resident.case", "household.arrears", "household.eviction_stage"),
    np.int16: ("resident.case_since", "resident.worker_since"),
    np.int32: ("resident.worker",),
    np.float64: ("household.income", "household.housing_cost", "household.debt"),
}  # fmt: skip
_TYPE = {name: kind for kind, names in _KINDS.items() for name in names}
_KNOWN = {column.name for column in (*STRUCTURE, *TRAITS, *Wellbeing.owns)}
EXTRA = tuple(
    Column(name, _TYPE.get(name, np.float32), "-", "of another mechanism")
    for name in (*Wellbeing.reads, *Wellbeing.lagged)
    if name not in _KNOWN
)


def world(dwellings=400, *, seed=1, **values):
    """A small world in which every driver varies."""
    ctx = small_world((Wellbeing,), extra=EXTRA, dwellings=dwellings, seed=seed, setup=False)
    for name, value in values.items():
        ctx.parameters.set(f"wellbeing.{name}", value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    rng = np.random.default_rng(seed)
    resident, household = ctx.world.resident, ctx.world.household
    n, h = resident.size, household.size
    for name, chance in (
        ("lonely", 0.14),
        ("psychiatric", 0.02),
        ("addiction", 0.02),
        ("knows_neighbours", 0.7),
    ):
        resident[name][:] = rng.random(n) < chance
    resident.need[:] = np.where(rng.random(n) < 0.2, rng.random(n), 0)
    resident.support[:] = resident.need * 2 * rng.random(n)
    resident.case[:] = np.where(resident.need > 0.3, rng.integers(0, 3, n), 0)
    resident.case_since[:] = -rng.integers(0, 12, n)
    resident.worker[:] = np.where(resident.case == 2, 0, -1)
    resident.worker_since[:] = -rng.integers(0, 24, n)
    resident.need_met[:] = (resident.case == 2) * 0.5
    resident.contact_quality[:] = 0.5 + 0.1 * rng.random(n)
    household.poor[:] = rng.random(h) < 0.1
    household.problem_debt[:] = rng.random(h) < 0.08
    household.arrears[:] = np.where(rng.random(h) < 0.1, rng.integers(0, 6, h), 0)
    household.income[:] = np.exp(rng.normal(7.8, 0.4, h))
    household.debt[:] = household.problem_debt * 20_000.0
    household.exposure[:] = rng.random(h) ** 8
    household.nuisance_often[:] = rng.random(h) ** 10
    household.eviction_stage[:] = np.where(rng.random(h) < 0.02, 2, 0)
    ctx.world.dwelling.quality[:] = rng.normal(size=ctx.world.dwelling.size)
    ctx.world.entrance.cohesion[:] = 6 + rng.normal(size=ctx.world.entrance.size)
    ctx.world.entrance.disorder[:] = rng.normal(size=ctx.world.entrance.size)
    Wellbeing().setup(ctx)
    return ctx


@pytest.mark.parametrize("state", Wellbeing().states(), ids=lambda state: state.attribute)
def test_the_quick_way_gives_what_the_plain_way_gives(state):
    ctx = world()
    # somebody without a dwelling sees the defaults
    ctx.world.household.dwelling[3] = ctx.world.household.entrance[3] = -1
    lost = ctx.world.resident.household == 3
    ctx.world.resident.dwelling[lost] = ctx.world.resident.entrance[lost] = -1
    alive = ctx.world.resident.alive
    quick = state.target(ctx)
    level, bound = logit(ctx.values[state.level]), ctx.values["wellbeing.index_bound"]
    inside = alive & (quick > logistic(level - bound + 0.01)) & (quick < logistic(level + bound - 0.01))
    assert inside.sum() > 0.95 * alive.sum()
    assert np.allclose(quick[inside], Relax.target(state, ctx)[inside], atol=2e-6)
    rows = ctx.world.resident.rows[::7]
    assert np.allclose(state.target(ctx, rows), quick[rows], atol=2e-6)


def test_nobody_is_further_from_the_level_than_the_bound():
    ctx = world()
    ctx.world.household.exposure[:3] = 1e6
    assert logit(float(Wellbeing.stress.target(ctx).max())) == pytest.approx(logit(0.18) + 3.5, abs=1e-3)


@pytest.mark.parametrize("state", Wellbeing().states(), ids=lambda state: state.attribute)
def test_a_state_halves_its_distance_in_a_half_life(state):
    ctx = world()
    column = ctx.world.resident[state.attribute]
    target = state.target(ctx)
    column[:] = 0.9
    months = int(ctx.values[state.half_life])
    for _ in range(months):
        state.step(ctx)
        ctx.month += 1
    alive = ctx.world.resident.alive
    assert np.allclose(column[alive], (target + (0.9 - target) / 2)[alive], atol=1e-4)


@pytest.mark.parametrize("state", Wellbeing().states(), ids=lambda state: state.attribute)
def test_without_weights_everybody_is_at_the_national_level(state):
    weights = {influence.weight.split(".")[1]: 0.0 for influence in state.index.influences}
    ctx = world(200, **weights)
    assert np.allclose(state.target(ctx), ctx.values[state.level])


def test_levels_hold_near_the_reference():
    ctx = world(2000)
    weight = ctx.reference.weights(ctx, "resident")
    for state in Wellbeing().states():
        mean = float((weight * ctx.world.resident[state.attribute]).sum() / weight.sum())
        # drivers are centred on the logit scale: the mean shifts a little by its curve
        assert mean == pytest.approx(ctx.values[state.level], abs=0.04)


def test_distress_without_work_is_about_double():
    ctx = world(2000)
    resident = ctx.world.resident
    idle = np.isin(resident.activity, (Activity.UNEMPLOYED, Activity.ASSISTANCE))
    busy = np.isin(resident.activity, (Activity.EMPLOYED, Activity.BASIC_JOB))
    assert resident.stress[idle].mean() == pytest.approx(0.34, abs=0.04)  # LAB-48
    assert resident.stress[busy].mean() == pytest.approx(0.16, abs=0.04)


def test_owners_are_more_satisfied_with_their_home():
    ctx = world(2000)
    owner = ctx.world.household.tenure[ctx.world.resident.household] == Tenure.OWNER
    home = ctx.world.resident.satisfaction_home
    alive = ctx.world.resident.alive
    assert home[alive & owner].mean() - home[alive & ~owner].mean() == pytest.approx(0.18, abs=0.06)


@pytest.mark.parametrize(
    ("driver", "state", "sign"),
    [
        ("household.problem_debt", "stress", 1),
        ("household.exposure", "stress", 1),
        ("resident.lonely", "stress", 1),
        ("resident.support", "stress", -1),
        ("resident.need_met", "stress", -1),
        ("resident.waiting", "trust", -1),
        ("resident.continuity", "trust", 1),
        ("entrance.evictions", "trust", -1),
        ("household.income_change", "perspective", 1),
        ("household.debt_change", "perspective", -1),
        ("resident.work_change", "perspective", 1),
        ("household.nuisance_often", "satisfaction", -1),
        ("entrance.cohesion", "satisfaction", 1),
        ("dwelling.quality", "satisfaction_home", 1),
        ("household.room_misfit", "satisfaction_home", -1),
        ("household.burden", "satisfaction_home", -1),
        ("resident.cognitive", "self_reliance", -1),
        ("resident.basic_skills", "self_reliance", 1),
    ],
)
def test_each_driver_pulls_its_way(driver, state, sign):
    ctx = world()
    column = ctx.world.column(driver)
    column[:] = np.random.default_rng(2).random(column.size) < 0.5
    relax = next(item for item in Wellbeing().states() if item.attribute == state)
    ctx.reference.stored.clear()
    low, high = column.copy(), column.copy()
    low[:], high[:] = False, True
    relax.target(ctx)  # measure the moments
    column[:] = low
    before = relax.target(ctx)
    column[:] = high
    after = relax.target(ctx)
    assert np.all(sign * (after - before)[ctx.world.resident.rows] > 0)


def test_memory_of_income_is_twelve_months_old():
    ctx = world()
    machine, household = Wellbeing(), ctx.world.household
    household.income[:] = 2000.0
    household.debt[:] = 0.0
    machine.setup(ctx)
    assert not household.income_change.any()
    household.income[:] = 3000.0
    household.debt[:] = 1800.0
    for _ in range(12):
        machine.step(ctx)
        ctx.month += 1
    left = (11 / 12) ** 12
    assert np.allclose(household.income_memory[household.rows], 3000 - 1000 * left)
    assert np.allclose(
        household.income_change[household.rows], np.log(3000 / (3000 - 1000 * left)), rtol=1e-5
    )
    assert np.allclose(household.debt_change[household.rows], 1800 * left / 36_000, rtol=1e-5)


def test_a_new_household_begins_its_own_memory():
    ctx = world()
    rows = ctx.world.household.rows[:3]
    ctx.world.household.income[rows] = 1234.0
    Wellbeing().enter(ctx, "household", rows, "founded")
    assert np.all(ctx.world.household.income_memory[rows] == 1234)
    ctx.world.household.income_memory[rows] = 0  # founded before there was an income
    Wellbeing().step(ctx)
    assert np.all(ctx.world.household.income_change[rows] == 0)


def test_waiting_and_continuity_grow_with_time_and_are_for_those_concerned():
    ctx = world()
    resident = ctx.world.resident
    resident.case[:], resident.worker[:] = 0, -1
    resident.case[[1, 2, 3]] = 1, 1, 2
    resident.case_since[[1, 2]] = -3, -30
    resident.worker[3], resident.worker_since[3] = 0, -6
    Wellbeing().step(ctx)
    assert resident.waiting[[1, 2]].tolist() == [0.5, 1.0]
    assert resident.continuity[3] == pytest.approx(0.5)
    assert resident.waiting.sum() == 1.5
    assert resident.continuity.sum() == pytest.approx(0.5)


def test_misfit_and_burden():
    ctx = world()
    household, dwelling = ctx.world.household, ctx.world.dwelling
    couple = int(household.rows[(household.type == 1)[household.rows]][0])
    dwelling.rooms[household.dwelling[couple]] = 2
    household.income[couple], household.housing_cost[couple] = 2000, 500
    Wellbeing().step(ctx)
    assert household.room_misfit[couple] == 0
    assert household.burden[couple] == pytest.approx(0.25)
    dwelling.rooms[household.dwelling[couple]] = 1
    household.income[couple] = 0
    Wellbeing().step(ctx)
    assert household.room_misfit[couple] == 1
    assert household.burden[couple] == 1
    dwelling.rooms[household.dwelling[couple]] = 7
    Wellbeing().step(ctx)
    assert household.room_misfit[couple] == 2


def test_an_eviction_is_remembered_by_its_entrance_only():
    ctx = world()
    household, entrance = ctx.world.household, ctx.world.entrance
    household.eviction_stage[:] = 0
    entrance.evictions[:] = 0
    row = int(household.rows[0])
    household.eviction_stage[row] = 2
    machine = Wellbeing()
    machine.step(ctx)
    place = household.entrance[row]
    assert entrance.evictions[place] == pytest.approx(1 / entrance.dwellings[place])
    assert np.count_nonzero(entrance.evictions) == 1
    household.eviction_stage[row] = 0
    for _ in range(12):
        ctx.month += 1
        machine.step(ctx)
    assert entrance.evictions[place] == pytest.approx(0.5 / entrance.dwellings[place])


def test_a_loop_switched_off_holds_its_drivers_where_they_were():
    on, off = world(), world()
    off.loops = Loops(["scarcity"])
    machine = Wellbeing()
    for ctx in (on, off):
        machine.step(ctx)  # the run begins: frozen values are taken now
        ctx.month += 1
        ctx.world.household.problem_debt[:] = True
        for _ in range(6):
            machine.step(ctx)
            ctx.month += 1
    resident = on.world.resident
    spared = resident.alive & (on.world.household.persons[resident.household] > 0)
    assert on.world.resident.stress[spared].mean() > off.world.resident.stress[spared].mean() + 0.02


def test_states_stay_shares_under_extreme_conditions():
    ctx = world()
    household, resident = ctx.world.household, ctx.world.resident
    household.income[:] = 0
    household.debt[:] = 1e7
    household.arrears[:] = 127
    household.exposure[:] = 100
    resident.need[:], resident.need_met[:] = 1, 0
    run_months(ctx, [Wellbeing()], 24)
    for state in Wellbeing().states():
        values = resident[state.attribute]
        assert np.all((values >= 0) & (values <= 1))
    assert resident.stress.mean() > 0.5


def test_newcomers_come_in_at_the_level_and_then_feel_as_their_circumstances_give_cause_for():
    ctx = world()
    resident, machine = ctx.world.resident, Wellbeing()
    rows, others = resident.rows[:20], resident.rows[20:]
    resident.stress[:] = 0
    resident.settled[rows] = False  # as in rows that have just been given out
    machine.enter(ctx, "resident", rows, "arrived")
    assert np.allclose(resident.stress[rows], ctx.values["wellbeing.stress_level"])
    assert not resident.stress[others].any()
    machine.step(ctx)
    target = Wellbeing.stress.target(ctx)
    assert np.allclose(resident.stress[rows], target[rows])
    assert np.all(resident.stress[others] < target[others] / 2)
    assert np.allclose(resident.trust[rows], Wellbeing.trust.target(ctx, rows), atol=2e-6)
    resident.stress[rows] = 0
    machine.step(ctx)  # newcomers are new once
    assert np.all(resident.stress[rows] < Wellbeing.stress.target(ctx, rows) / 2)


def test_same_world_same_states_and_only_own_columns_written():
    first, second = world(), world()
    for ctx in (first, second):
        run_months(ctx, [Wellbeing()], 4)  # locks all but the owned columns
    for column in Wellbeing.owns:
        assert np.array_equal(first.world.column(column.name), second.world.column(column.name))


def test_logistic_and_logit_are_each_others_inverse():
    assert logistic(logit(0.18)) == pytest.approx(0.18)
