"""Care buildings: premises open, homes for youths come, and youths of the district get them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from tests.mechanisms.test_facilities import DENSE
from tests.mechanisms.test_facilities import world as places
from tests.worlds import run_months
from wijksim.kernel.lever import Target
from wijksim.levers.housing.care_buildings import CareBuildings
from wijksim.mechanisms.facilities import Facilities
from wijksim.mechanisms.facilities.columns import Kind
from wijksim.state.codes import HousingForm, Role

NORTH = Target(districts=("north",))
LAG = 12 + 20
MANY = {"ramp": 0.0, "per_1000": 0.2, "youth_places": 40.0}


def with_items(ctx):
    for item in CareBuildings.costs:
        ctx.ledger.declare(item)
    return ctx


def test_premises_open_at_once_in_the_target_and_stay():
    ctx = with_items(places(**DENSE))
    before = ctx.world.facility.size
    lever = CareBuildings({"ramp": 0.0, "per_1000": 0.2, "kind": "centre"}, target=NORTH)
    people = ctx.world.by_district("resident")
    lever.step(ctx)
    bill = ctx.ledger.month["care_building"].copy()
    run_months(ctx, [Facilities()], 1)
    table = ctx.world.facility
    assert table.size == before + 1
    assert (table.kind[before], table.district[before]) == (Kind.CENTRE, 0)
    assert table.units[before] == pytest.approx(0.2 * people[0] / 1000)
    assert table.since[before] == 0
    assert bill.tolist() == pytest.approx(
        [0.2 * people[0] / 1000 * 15_000 * ctx.values["prices.cpi_2021"] / 12, 0, 0]
    )
    ctx.effects.clear()
    lever.step(ctx)
    run_months(ctx, [Facilities()], 1)
    assert ctx.world.facility.size == before + 1, "asked every month, opened once"
    ctx.effects.clear()
    run_months(ctx, [Facilities()], 1)
    assert ctx.world.facility.size == before + 1


def test_they_may_close_later_than_others():
    ctx = with_items(places(**DENSE))
    lever = CareBuildings({"ramp": 0.0, "closing_ratio": 0.5}, target=NORTH)
    lever.step(ctx)
    assert not ctx.effects.touched()
    run_months(ctx, [Facilities()], 1)
    ctx.effects.clear()
    lever.step(ctx)
    ctx.effects.prepare(ctx.world, 0.1, 10)
    offset = ctx.effects.offsets("facilities.closing", "facility")
    assert np.exp(offset[-1]) == pytest.approx(0.5)
    assert not offset[:-1].any()


def test_homes_for_youths_go_to_youths_of_the_district():
    ctx = with_items(town(dwellings=1200, values={"construction.investment": 3000.0}))
    ran = Months(ctx, (CareBuildings(MANY, target=NORTH),)).run(LAG + 1)
    world = ctx.world
    table = world.dwelling
    new = np.flatnonzero(table["form"] == HousingForm.YOUTH)
    people = 0.2 * 400 * 1.9 / 1000 * 40
    assert new.size == pytest.approx(people, abs=3)
    assert np.all(table.district[new] == 0)
    assert np.all(table.rent[new] == pytest.approx(454, rel=0.01))
    assert len(set(table.complex[new].tolist())) == 1, "one building"
    price = ctx.parameters["construction.new_dwelling"].value * ctx.values["prices.cpi_2021"]
    assert ran.booked["new_dwelling_corporation"] == pytest.approx(new.size * price * 0.4)
    # as many youths of each district leave home as there are homes, and one who is too old
    resident = world.resident
    home = np.flatnonzero(resident.alive & (resident.role == Role.CHILD) & (resident.district == 0))
    away = np.flatnonzero(resident.alive & (resident.role == Role.CHILD) & (resident.district == 1))
    young, old, other = home[:4], home[4:5], away[:4]
    asking = np.concatenate([young, old, other])
    resident.birth_month[asking] = ctx.month - 12 * 20
    resident.birth_month[old] = ctx.month - 12 * 40
    resident.wants_home[asking] = 1
    uid = resident.uid[young].copy()
    ran.run(2)
    housed = resident.uid[world.household.head[table.household[new[table.household[new] >= 0]]]]
    assert set(housed.tolist()) <= set(uid.tolist())
    assert 0 < housed.size <= 4


def test_no_dose_no_trace():
    ctx = with_items(places())
    CareBuildings({"strength": 0.0}, target=NORTH).step(ctx)
    assert not ctx.effects.acts
    assert not ctx.ledger.month
