"""Arrival district: newcomers with low incomes come first, who has risen moves on more readily."""

from __future__ import annotations

import numpy as np
import pytest

from tests.levers.letting_city import busy_city, let
from wijksim.kernel.context import Context
from wijksim.kernel.lever import Target
from wijksim.levers.allocation.arrival_district import MOVING_ON, ArrivalDistrict
from wijksim.mechanisms.housing.columns import SeekerKind
from wijksim.state.codes import Tenure

NORTH = Target(districts=("north",))
FULL = {"steered_share": 1.0, "fifth_most": 4.0, "ramp": 0.0}


def risen() -> Context:
    ctx = busy_city()
    table = ctx.world.resident
    table.climbed[:] = (table.age >= 25) & (table.uid % 3 == 0)
    table.uptake[:] = ctx.draws.life("test.uptake", table.uid)
    return ctx


def test_more_newcomers_come_in() -> None:
    def newcomers(levers: tuple[ArrivalDistrict, ...]) -> float:
        found = let(levers, 18, risen())
        return float(np.mean(found["kind"][found["district"] == 0] == int(SeekerKind.NEWCOMER)))

    assert newcomers((ArrivalDistrict(FULL, target=NORTH),)) > newcomers(()) + 0.05


def test_climbers_who_rent_there_move_so_much_more_often_and_nobody_else() -> None:
    ctx = risen()
    ctx.ledger.declare(MOVING_ON)
    lever = ArrivalDistrict({**FULL, "climb_ratio": 1.5}, target=NORTH)
    lever.step(ctx)
    ctx.effects.prepare(ctx.world, 1 / 3, 3)
    offsets = ctx.effects.offsets("housing.move_corporation", "household")
    assert offsets is not None
    world = ctx.world
    touched = np.flatnonzero(offsets)
    assert offsets[touched] == pytest.approx(np.full(touched.size, np.log(1.5)))
    climbed = np.zeros(world.household.size, bool)
    climbed[world.resident.household[world.resident.rows[world.resident.climbed[world.resident.rows]]]] = True
    meant = climbed & (world.household.tenure == Tenure.CORPORATION) & (world.household.district == 0)
    assert touched.size
    assert np.all(meant[touched])
    # trust is as usual and uptake full, so all of them are reached
    assert touched.size == np.count_nonzero(meant & world.household.alive)


def test_their_help_is_paid_by_the_month() -> None:
    ctx = risen()
    table = ctx.world.resident
    renting = (ctx.world.household.tenure[table.household] == Tenure.CORPORATION) & (table.district == 0)
    count = np.count_nonzero(table.alive & table.climbed & renting)
    found = let([ArrivalDistrict(FULL, target=NORTH)], 1, ctx)
    assert found.booked[MOVING_ON.name] == pytest.approx(count * 100 * 1.033 / 12)


def test_at_strength_zero_there_is_nothing() -> None:
    ctx = risen()
    ArrivalDistrict({**FULL, "strength": 0.0}).step(ctx)
    assert ctx.effects.touched() == set()
