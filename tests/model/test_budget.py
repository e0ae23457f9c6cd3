"""Budgets of a run: every month and year closes over the parties, and the table says who paid for what."""

import numpy as np
import pytest
from tests.contracts.engines import engine

from wijksim.kernel.ledger import KINDS, PARTIES
from wijksim.runs.budget import COLUMNS, Budget

MONTHS = 14


@pytest.fixture(scope="module")
def made():
    machine = engine()
    ctx = machine.ctx
    budget = Budget(ctx.settings["district_names"], MONTHS)
    used = np.zeros((2, ctx.world.n_districts))
    wages = 0.0
    machine.observers.append(budget)
    for month in range(MONTHS):
        machine.advance()
        district = ctx.world.district
        net = [district[f"cost_{party}"] for party in PARTIES]
        moved = [district[f"transfer_{party}"] for party in PARTIES]
        # in each month and district: parties pay what is used up, and transfers cancel
        assert np.sum(net, axis=0) == pytest.approx(district.resource_cost, rel=1e-9)
        assert np.sum(moved, axis=0) == pytest.approx(np.zeros(ctx.world.n_districts), abs=1e-6)
        assert ctx.ledger.resource_cost(ctx.world.n_districts) == pytest.approx(district.resource_cost)
        used[month // 12] += district.resource_cost
        wages += float(ctx.ledger.month["wages"].sum())
    return ctx, budget, used, wages


def test_the_table_adds_up_to_the_resources_used(made):
    ctx, budget, used, _ = made
    table = budget.table()
    assert tuple(table.columns) == COLUMNS
    assert set(table.payer) | set(table.beneficiary) <= set(PARTIES)
    assert set(table.kind) <= set(KINDS)
    resources = table[~table.transfer]
    for year in (1, 2):
        for d, name in enumerate(ctx.settings["district_names"]):
            part = resources[(resources.year == year) & (resources.district == name)]
            assert part.euros.sum() == pytest.approx(used[year - 1, d])


def test_what_receivers_get_is_what_payers_pay(made):
    _, budget, used, _ = made
    summary = budget.summary()
    for kind in KINDS:
        moved = [euros for line, euros in summary.items() if line[0] and line[2] == kind]
        assert np.sum(moved, axis=0) == pytest.approx(0, abs=1e-6)
    resources = np.sum([euros for line, euros in summary.items() if not line[0]], axis=0)
    assert resources == pytest.approx(used.sum(axis=1) / budget.person_years.sum(axis=1))
    assert budget.person_years.sum() == pytest.approx(MONTHS / 12 * 900, rel=0.1)


def test_regular_wages_go_from_employers_to_residents(made):
    ctx, budget, _, wages = made
    table = budget.table()
    paid = table[table.kind == "wages"]
    assert set(zip(paid.payer, paid.beneficiary, strict=True)) == {("employers", "residents")}
    assert paid.euros.sum() == pytest.approx(wages)
    assert ctx.counters.peaks["accounts.largest_party_error_share"] < 1e-12


def test_the_year_of_the_accounts_moves_every_flow_alike():
    """All euros of one future in those of another year: 2017 against 2024, by consumer prices."""

    def booked(year):
        machine = engine()
        machine.ctx.parameters.set("prices.base_year", year)
        machine.ctx.parameters.set("debt.shock_rate", 3.0)
        machine._plain = None
        found = {}
        for _ in range(3):
            machine.advance()
            for name, amount in machine.ctx.ledger.month.items():
                found[name] = found.get(name, 0.0) + amount
        return found

    young, old = booked(2024), booked(2017)
    assert set(young) == set(old)
    assert len([name for name, amount in young.items() if amount.any()]) > 20
    for name, amount in young.items():
        assert old[name] * 1.281 == pytest.approx(amount, rel=1e-9), name
