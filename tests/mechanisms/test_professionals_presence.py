"""Stairwells that staff stay away from, tenants who are watched, and all of it gone when nobody asks any more."""

import numpy as np
import pytest

from tests.care_world import hire, residents_of
from tests.mechanisms.access_world import ask, month, needy, still_world
from wijksim.mechanisms.professionals import Professionals, access
from wijksim.state.codes import Tenure
from wijksim.state.column import Column
from wijksim.state.roles import Profession

SOCIAL = Profession.SOCIAL_WORKER
COLUMNS = ("resident.extra_open_hours", "resident.relations_hurt", "resident.watched", "entrance.withdrawn",
           "professional.language_skill")  # fmt: skip


# ---------------------------------------------------------------- unsafe stairwells
def unsafe_world():
    ctx = still_world()
    felt = Column("resident.felt_safety", np.float32, "share", "from safety")
    ctx.world.resident.declare(felt)
    ctx.world.resident.felt_safety[:] = 0.9
    table = ctx.world.resident
    bad = np.unique(table.entrance[residents_of(ctx)])[:3]
    table.felt_safety[np.isin(table.entrance, bad)] = 0.3
    ctx.world.dwelling.owner[ctx.world.dwelling.entrance == bad[0]] = Tenure.CORPORATION
    return ctx, bad


def test_staff_withdraw_by_stairwell_below_the_limit():
    ctx, bad = unsafe_world()
    ask(ctx, "withdraw", districts=np.array([True, False, False]), safe_from=0.6, share=0.5)
    access.prepare(ctx)
    entrance = ctx.world.entrance
    np.testing.assert_allclose(entrance.withdrawn[bad], 0.25, rtol=1e-5)
    assert entrance.withdrawn.sum() == pytest.approx(0.25 * bad.size, rel=1e-5)
    rows = residents_of(ctx)
    _, _, present = access.shifts(ctx, rows)
    inside = np.isin(ctx.world.resident.entrance[rows], bad)
    np.testing.assert_allclose(present, np.where(inside, np.log(0.75), 0.0), atol=1e-6)


def test_caretakers_give_fewer_hours_where_they_stay_away():
    hours = []
    for share in (None, 0.5):
        ctx, _ = unsafe_world()
        hire(ctx, Profession.CARETAKER, 1.0)
        if share:
            ask(ctx, "withdraw", districts=np.ones(3, bool), safe_from=0.6, share=share)
        month(ctx)
        hours.append(float(ctx.world.district.caretaker_hours[0]))
        left = 1.0
        if share:
            dwelling = ctx.world.dwelling
            mine = (dwelling.owner == Tenure.CORPORATION) & (dwelling.district == 0) & dwelling.alive
            left = 1 - float(ctx.world.entrance.withdrawn[dwelling.entrance[mine]].mean())
    assert 0 < hours[1] < hours[0]
    assert hours[1] == pytest.approx(left * hours[0], rel=1e-5)


# ---------------------------------------------------------------- watched, and all of it gone again
def test_being_watched_is_known_at_once_and_forgotten_by_half_in_a_year():
    ctx = still_world()
    rows = residents_of(ctx)[:10]
    ask(ctx, "watch", residents=rows)
    month(ctx)
    table = ctx.world.resident
    assert (table.watched[rows] == 1).all()
    assert table.watched.sum() == rows.size
    for _ in range(12):
        month(ctx)
    np.testing.assert_allclose(table.watched[rows], 0.5, rtol=1e-3)
    for _ in range(130):
        access.prepare(ctx)
    assert not table.watched.any()
    assert not ctx.world.stores[access.TOUCHED]


def test_when_nothing_is_asked_any_more_every_column_is_as_before():
    ctx, _ = unsafe_world()
    hire(ctx, SOCIAL, 1.0)
    rows = needy(ctx, need=0.9)
    ask(ctx, "withdraw", districts=np.ones(3, bool), safe_from=0.6, share=0.5)
    ask(ctx, "open_longer", residents=rows, hours=24.0, response=0.18)
    ask(ctx, "hire_bilingual", share=np.ones(3), reach=1.0)
    ask(ctx, "hear_late", residents=ctx.world.resident.rows, chance=1.0, from_need=0.8, loss=0.3)
    month(ctx)
    touched = [name for name in COLUMNS if ctx.world.column(name).any()]
    assert set(touched) == set(COLUMNS) - {"resident.watched"}
    month(ctx)
    assert not any(ctx.world.column(name).any() for name in COLUMNS)


def test_what_is_heard_is_declared():
    assert set(access.CHANNELS) <= set(Professionals.channels)
    assert {f"professionals.{act}" for act in access.ACTS} < set(access.CHANNELS)
