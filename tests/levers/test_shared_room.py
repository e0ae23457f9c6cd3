"""Shared rooms: in corporation complexes of the target, for those who use them, as long as they are kept up."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.test_contacts import world
from tests.worlds import run_months
from wijksim.kernel.lever import Target, Window
from wijksim.levers.housing.shared_room import SharedRoom
from wijksim.mechanisms.contacts import Contacts, people
from wijksim.state.codes import Tenure
from wijksim.state.column import Column

NORTH = Target(districts=("north",))
FULL = {"ramp": 0.0, "share": 1.0}


def place(owned=(0, 1, 2, 3)):
    ctx = world()
    ctx.world.declare(Column("resident.trust", np.float32, "share", "Trust", default=0.6))
    ctx.world.resident.trust[:] = 0.6
    table = ctx.world.dwelling
    table.owner[:] = Tenure.OWNER
    table.owner[np.isin(table.complex, owned)] = Tenure.CORPORATION
    for item in SharedRoom.costs:
        ctx.ledger.declare(item)
    return ctx


def months(ctx, lever, number=1):
    machine, bills = Contacts(), []
    for _ in range(number):
        ctx.effects.clear()
        ctx.ledger.clear()
        lever.step(ctx)
        bills.append(ctx.ledger.month.get("shared_room", np.zeros(3)).copy())
        run_months(ctx, [machine], 1)
    return bills


def test_rooms_open_in_corporation_complexes_of_the_target_and_a_part_uses_them():
    """Four complexes of the corporation in the north; 0.4 of the adults never come."""
    ctx = place(owned=(0, 1, 2, 3, 8))
    (bill,) = months(ctx, SharedRoom(FULL, target=NORTH))
    table = ctx.world.resident
    assert np.flatnonzero(ctx.world.complex.shared_room).tolist() == [0, 1, 2, 3]
    lives = np.isin(ctx.world.household.complex[table.household], [0, 1, 2, 3]) & table.alive
    grown = lives & (table.age >= 18)
    assert np.all(grown[table.room_user])
    assert table.room_user.sum() / grown.sum() == pytest.approx(0.6, abs=0.1)
    assert bill.tolist() == pytest.approx([4 * 8_000 * ctx.values["prices.cpi_2021"] / 12, 0, 0])


def test_a_smaller_dose_opens_part_of_the_same_complexes():
    opened = []
    for share in (0.25, 0.5, 1.0):
        ctx = place()
        months(ctx, SharedRoom({"ramp": 0.0, "share": share}, target=NORTH))
        opened.append(set(np.flatnonzero(ctx.world.complex.shared_room).tolist()))
    assert opened[0] < opened[1] < opened[2]
    assert [len(one) for one in opened] == [1, 2, 4]


def test_users_are_about_more_and_others_are_not():
    ends = []
    for strength in (0.0, 1.0):
        ctx = place()
        months(ctx, SharedRoom({**FULL, "strength": strength}, target=NORTH))
        ends.append(people.activity(ctx, people.adults(ctx)) ** 2)
    before, after = ends
    users = ctx.world.resident.room_user & (before > 0)
    ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    assert ratio[users] == pytest.approx(1 + ctx.values["contacts.room_bonus"], rel=1e-4)
    assert ratio[~users] == pytest.approx(1, rel=1e-4)


def test_rooms_close_when_nobody_keeps_them_open():
    ctx = place()
    lever = SharedRoom({**FULL, "decay": 0.0}, target=NORTH, window=Window(0, 2))
    bills = months(ctx, lever, 3)
    assert [bool(bill.sum()) for bill in bills] == [True, True, False]
    assert not ctx.world.complex.shared_room.any()
    assert not ctx.world.resident.room_user.any()


def test_no_dose_no_trace():
    ctx = place()
    SharedRoom({**FULL, "strength": 0.0}, target=NORTH).step(ctx)
    assert not ctx.effects.acts
    assert not ctx.ledger.month
