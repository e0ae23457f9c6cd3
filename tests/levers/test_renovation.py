"""Renovation: dwellings get better, people and owners stay."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.levers.housing.renovation import Renovation
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import EnergyLabel, Tenure
from wijksim.state.column import Column

NORTH = Target(districts=("north",))


def test_quality_rises_in_the_target_only_and_owners_stay():
    ctx = town(dwellings=1200, social=list(range(10)), values={"construction.investment": 3000.0})
    table = ctx.world.dwelling
    quality, owner = table.quality.copy(), table.owner.copy()
    months = Months(ctx, (Renovation({"share": 0.5, "ramp": 0.0}, target=NORTH),)).run(36)
    done = table.renovated
    assert np.count_nonzero(done) == pytest.approx(0.5 * 400, abs=20)
    assert np.all(table.district[done] == 0)
    assert np.array_equal(table.quality[~done], quality[~done])
    assert np.all(table.quality[done] >= quality[done])
    assert np.array_equal(table.owner, owner)
    assert not months.events["demolished"]
    assert quality[done].mean() < quality[(table.district == 0) & ~done].mean(), "the poorest first"


def test_it_leaves_dwellings_of_others_alone_and_asks_once():
    ctx = town(dwellings=1200, values={"construction.investment": 3000.0})
    months = Months(ctx, (Renovation({"share": 1.0, "ramp": 0.0}, target=NORTH),)).run(60)
    table = ctx.world.dwelling
    assert np.all(table.owner[table.renovated] == Tenure.CORPORATION)
    social = np.count_nonzero((table.district == 0) & (table.owner == Tenure.CORPORATION))
    assert np.count_nonzero(table.renovated) == social
    assert len(months.events["renovated"]) == social == book_of(ctx).answers["renovation"]["accepted"]


def test_what_the_state_pays_is_no_resource_but_a_transfer():
    ctx = town(social=[1])
    Months(ctx, (Renovation({"share": 1.0, "ramp": 0.0}, target=Target(complexes=(1,))),)).run(1)
    assert ctx.ledger.items["works_subsidy"].transfer
    assert not ctx.ledger.items["renovation"].transfer
    assert ctx.ledger.items["renovation"].payers == (("corporation", 1.0),)


def test_grants_go_to_the_poorest_dwellings_of_others_and_owners_pay_the_rest():
    """Ten of a hundred dwellings of others; each costs 75,000, of which the state bears 20,000 of 2021."""
    ctx = town(dwellings=1200, values={"construction.investment": 0.0})
    table = ctx.world.dwelling
    quality = table.quality.copy()
    given = {"unit": "entrance", "share": 0.0, "share_others": 0.1, "subsidy": 20_000, "ramp": 0.0}
    months = Months(ctx, (Renovation(given, target=NORTH),)).run(30)
    done = table.renovated
    others = (table.district == 0) & (table.owner != Tenure.CORPORATION)
    assert np.all(others[done])
    assert np.count_nonzero(done) == pytest.approx(0.1 * np.count_nonzero(others), abs=4)
    assert quality[done].mean() < quality[others & ~done].mean()
    each = price_of(ctx, "construction.renovation")
    grant = 20_000 * ctx.values["prices.cpi_2021"]
    assert months.booked["improvement"] == pytest.approx(np.count_nonzero(done) * each)
    assert months.booked["improvement_grant"] == pytest.approx(np.count_nonzero(done) * grant)
    assert ctx.ledger.items["improvement_grant"].receivers == (("owners", 1.0),)
    assert "renovation" not in months.booked, "no money of the corporation, and it had none"


def test_four_fifths_of_the_fund_go_to_others():
    (row,) = (one for one in Renovation.carries if one.row == "L012")
    ctx = town(dwellings=2400)
    Months(ctx, (Renovation({**row.arguments, "ramp": 0.0}, target=NORTH),)).run(40)
    table = ctx.world.dwelling
    assert (table.owner[table.renovated] != Tenure.CORPORATION).mean() == pytest.approx(0.8, abs=0.06)


def test_preparation_delays_and_a_light_renovation_is_a_part_of_a_deep_one():
    """A fifth of the gain of 1, a fifth of the five steps from G to B, at a fifth of the price."""
    ends = []
    for depth in (1.0, 0.2):
        ctx = town(social=[1], values={"construction.investment": 3000.0})
        table = ctx.world.dwelling
        table.energy_label[:] = EnergyLabel.G
        table.quality[:] = -1
        given = {"share": 1.0, "ramp": 0.0, "delay": 4.0, "subsidy": 0.0, "depth": depth}
        months = Months(ctx, (Renovation(given, target=Target(complexes=(1,))),)).run(12 + 4 + 9)
        assert not months.events["renovated"]
        months.run(1)
        ends.append((table, months.booked["renovation"]))
    (deep, dear), (light, cheap) = ends
    rows = np.flatnonzero(deep.complex == 1)
    assert np.all(deep.quality[rows] == 0)
    assert np.all(deep.energy_label[rows] == EnergyLabel.B)
    assert light.quality[rows] == pytest.approx(-0.8)
    assert np.all(light.energy_label[rows] == EnergyLabel.F)
    assert cheap == pytest.approx(dear / 5)


def test_social_return_counts_beside_technical_need():
    taken = []
    for weight in (0.0, 1.0):
        ctx = town(
            dwellings=1200,
            social=list(range(10)),
            extra=(Column("household.energy_poor", np.bool_, "-", "Pays too much for energy"),),
        )
        world = ctx.world
        world.dwelling.quality[world.dwelling.complex == 3] -= 3
        world.household.energy_poor[world.household.complex == 7] = True
        world.entrance.disorder[world.entrance.complex == 7] = 2
        given = {"share": 0.1, "ramp": 0.0, "social_weight": weight}
        Months(ctx, (Renovation(given, target=NORTH),)).run(1)
        taken.append(set(world.dwelling.complex[world.dwelling.works > 0].tolist()))
    assert taken == [{3}, {7}]
