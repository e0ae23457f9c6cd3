"""Housing with shared life: small homes come, and those who like it use the rooms that they share."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target
from wijksim.levers.housing.shared_living import SharedLiving
from wijksim.state.codes import DwellingKind, HousingForm, Tenure

NORTH = Target(districts=("north",))
LAG = 12 + 20


def flats():
    ctx = town(dwellings=1200, values={"construction.investment": 3000.0})
    ctx.world.resident.trust[:] = 0.6
    table = ctx.world.dwelling
    table.kind[:] = DwellingKind.FLAT
    table.kind[table.complex == 4] = DwellingKind.HOUSE
    return ctx


def test_small_homes_of_the_corporation_are_added_beside_flats():
    ctx = flats()
    ran = Months(ctx, (SharedLiving({"ramp": 0.0, "share": 0.1}, target=NORTH),)).run(LAG + 1)
    table = ctx.world.dwelling
    new = np.flatnonzero(table["form"] == HousingForm.SHARED)
    assert new.size == pytest.approx(0.1 * 400, abs=8)
    assert new.size == len(ran.events["added"])
    assert np.all(table.district[new] == 0)
    assert np.all(table.complex[new] != 4)
    assert np.all(table.rooms[new] == 2)
    assert np.all(table.owner[new] == Tenure.CORPORATION)
    assert not np.any(table["form"][:1200])


def test_it_costs_less_than_ordinary_new_homes():
    bills = []
    for ratio in (1.0, 0.8):
        ran = Months(flats(), (SharedLiving({"ramp": 0.0, "works_ratio": ratio}, target=NORTH),)).run(14)
        bills.append(ran.booked["new_dwelling_corporation"])
    assert bills[1] == pytest.approx(0.8 * bills[0])


def test_part_of_the_tenants_uses_the_rooms_and_everybody_shares_their_cost():
    ctx = flats()
    world = ctx.world
    made = np.flatnonzero(world.dwelling.complex == 2)
    world.dwelling["form"][made] = HousingForm.SHARED
    ctx.ledger.declare(SharedLiving.costs[0])
    lever = SharedLiving({"ramp": 0.0, "share": 0.0}, target=NORTH)
    lever.step(ctx)
    (post,) = [details for _, owner, _, details in ctx.effects.acts if owner == "contacts"]
    assert post["complexes"].tolist() == [2]
    users, table = post["residents"], world.resident
    home = np.isin(table.dwelling, made) & table.alive & (table.age >= 18)
    assert np.all(home[users])
    assert np.all(table.uptake[users] >= 0.4 - 1e-6), "a part never comes"
    assert 0 < users.size < np.count_nonzero(home)
    assert ctx.ledger.month["shared_living_rooms"].tolist() == pytest.approx([40 * 600 / 12, 0, 0])


def test_no_dose_no_trace():
    ctx = flats()
    SharedLiving({"strength": 0.0}, target=NORTH).step(ctx)
    assert not ctx.effects.acts
