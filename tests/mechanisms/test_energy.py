"""Energy cost: label x use x price, what it does to the budget, and who pays too much."""

import numpy as np
import pytest

from tests.mechanisms.debt_world import EXTRA, set_values
from tests.worlds import run_months, small_world
from wijksim.kernel.prices import indexed
from wijksim.mechanisms.debt.budget import basic_need
from wijksim.mechanisms.debt.mechanism import Debt
from wijksim.mechanisms.energy import Energy
from wijksim.state.codes import Activity, DwellingKind, EnergyLabel
from wijksim.state.column import Column

LABEL = Column("dwelling.energy_label", np.int8, "-", "x")
INCOME = (Column("household.income", np.float64, "-", "x"), LABEL)
PLAIN = {"energy.use_spread": 0.0}


def world(extra=INCOME, kinds=(Energy,), **values):
    ctx = small_world(kinds, extra=extra, dwellings=300, setup=False)
    for name, value in {**PLAIN, **values}.items():
        ctx.parameters.set(name, value)
    ctx.values = ctx.parameters.at(0, "2025-01")
    return ctx


def test_a_bill_by_hand():
    ctx = world()
    Energy().setup(ctx)
    dwelling, household = ctx.world.dwelling, ctx.world.household
    row = household.rows[0]
    home = household.dwelling[row]
    persons = int(household.persons[row])
    dwelling.energy_label[home], dwelling.kind[home] = EnergyLabel.E, DwellingKind.FLAT
    run_months(ctx, [Energy()], 1)
    gas, power = 1060 * 0.65 + 90 * persons, 1300 + 550 * persons
    expected = (gas * 1.35 + power * 0.36) / 12 + 8
    assert household.energy_cost[row] == pytest.approx(expected)
    held = ((681 + 90 * persons) * 1.35 + power * 0.36) / 12 + 8
    assert household.energy_excess[row] == pytest.approx(expected - held, abs=1e-3)


def test_a_worse_label_costs_more_and_a_price_moves_every_bill():
    ctx = world()
    Energy().setup(ctx)
    dwelling, household = ctx.world.dwelling, ctx.world.household
    rows = household.rows
    means = []
    for label in EnergyLabel:
        dwelling.energy_label[:] = label
        run_months(ctx, [Energy()], 1)
        means.append(float(household.energy_cost[rows].mean()))
    assert means == sorted(means)
    assert len(set(means)) == len(EnergyLabel)
    before = household.energy_cost[rows].copy()
    ctx.parameters.set("energy.gas_price", 2.7, ctx.month)
    ctx.values = ctx.parameters.at(ctx.month, ctx.clock.label(ctx.month))
    run_months(ctx, [Energy()], 1)
    heat = np.where(dwelling.kind[household.dwelling[rows]] == DwellingKind.FLAT, 0.65, 1.0) * 1250
    more = (heat + 90 * household.persons[rows]) * 1.35 / 12
    np.testing.assert_allclose(household.energy_cost[rows] - before, more, rtol=1e-4)
    # the basic budget still holds the old price
    assert household.energy_excess[rows].mean() > 100


def test_use_differs_between_households_around_that_of_like_ones():
    ctx = world(**{"energy.use_spread": 0.35})
    Energy().setup(ctx)
    use = ctx.world.household.energy_use[ctx.world.household.rows]
    assert use.mean() == pytest.approx(1, abs=0.06)
    assert np.log(use).std() == pytest.approx(0.35, abs=0.04)
    again = world(**{"energy.use_spread": 0.35})
    Energy().setup(again)
    assert again.world.household.energy_use.tobytes() == ctx.world.household.energy_use.tobytes()


def test_labels_of_a_world_without_them_follow_the_national_stock():
    ctx = world()
    Energy().setup(ctx)
    share = np.bincount(ctx.world.dwelling.energy_label, minlength=7) / 300
    assert share == pytest.approx([0.3, 0.17, 0.26, 0.12, 0.07, 0.05, 0.03], abs=0.07)
    given = world()
    given.world.dwelling.energy_label[:] = EnergyLabel.F
    Energy().setup(given)
    assert (given.world.dwelling.energy_label == EnergyLabel.F).all()


def test_energy_poverty_is_a_large_part_of_income_and_not_for_students():
    ctx = world()
    Energy().setup(ctx)
    household = ctx.world.household
    rows = household.rows
    cost = household.energy_cost[rows].astype(np.float64)
    poor = np.arange(rows.size) % 2 == 0
    household.income[rows] = np.where(poor, cost * 9, cost * 11)
    students = rows[:20]
    ctx.world.resident.activity[:] = Activity.EMPLOYED
    ctx.world.resident.activity[household.head[students]] = Activity.STUDENT
    run_months(ctx, [Energy()], 1)
    poor[:20] = False
    assert household.energy_poor[rows].tolist() == poor.tolist()


def test_bills_are_booked_to_residents_where_they_live():
    ctx = world()
    Energy().setup(ctx)
    run_months(ctx, [Energy()], 1)
    household = ctx.world.household
    rows = household.rows
    spent = np.bincount(household.district[rows], household.energy_cost[rows], minlength=3)
    assert ctx.ledger.month["energy_bill"] == pytest.approx(spent * indexed(ctx, 1.0, 2024), rel=1e-6)
    assert ctx.ledger.items["energy_bill"].payers == (("residents", 1.0),)


def test_the_bill_enters_the_budget_and_thus_the_debts():
    extra = (LABEL, *(column for column in EXTRA if column.attribute != "energy_excess"))

    def debts(label):
        ctx = world(extra, (Energy, Debt))
        household = ctx.world.household
        household.income[household.rows] = 1950
        household.housing_cost[household.rows] = 400
        set_values(ctx, entry_rate=0.0, shock_rate=0.0)
        ctx.world.dwelling.energy_label[:] = label
        household.savings[household.rows] = 1
        Energy().setup(ctx)
        Debt().setup(ctx)
        run_months(ctx, [Energy(), Debt()], 12)
        return ctx

    good, bad = debts(EnergyLabel.B), debts(EnergyLabel.G)
    rows = good.world.household.rows
    excess = (bad.world.household.energy_excess - good.world.household.energy_excess)[rows]
    np.testing.assert_allclose((basic_need(bad) - basic_need(good))[rows], excess, atol=1e-3)
    assert bad.world.household.tight.sum() > good.world.household.tight.sum()
    worth = [(one.world.household.savings - one.world.household.debt)[rows] for one in (good, bad)]
    assert worth[1].mean() < worth[0].mean() - 50
    assert (bad.world.household.debt > 0).sum() > (good.world.household.debt > 0).sum()


def test_a_household_that_is_gone_has_no_bill():
    ctx = world()
    Energy().setup(ctx)
    household = ctx.world.household
    row = int(household.rows[5])
    assert household.energy_cost[row] > 0
    ctx.world.household.release(np.array([row], np.int32))
    run_months(ctx, [Energy()], 1)
    assert household.energy_cost[row] == household.energy_excess[row] == 0
    assert not household.energy_poor[row]
