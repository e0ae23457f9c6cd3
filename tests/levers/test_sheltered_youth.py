"""Sheltered housing: few places, for youths at risk, whose chances of dropout and recruitment change."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.crime_world import city
from wijksim.kernel.lever import Target
from wijksim.levers.housing.sheltered_youth import ShelteredYouth
from wijksim.state.codes import Activity
from wijksim.state.column import Column

NORTH = Target(districts=("north",))


def place(dwellings=2400):
    """Everybody between 8 and 18 is 17; half of the homes have problem debt."""
    ctx = city(dwellings=dwellings, setup=False)
    ctx.world.declare(Column("resident.trust", np.float32, "share", "Trust", default=0.6))
    ctx.world.resident.trust[:] = 0.6
    if "attendance" not in ctx.world.resident.columns:
        ctx.world.declare(Column("resident.attendance", np.float32, "share", "Owned by school"))
    ctx.world.resident.attendance[:] = 1
    for item in ShelteredYouth.costs:
        ctx.ledger.declare(item)
    table, household = ctx.world.resident, ctx.world.household
    table.age[(table.age >= 8) & (table.age <= 18)] = 17
    table.activity[table.age == 17] = Activity.PUPIL
    household.problem_debt[::2] = True
    table.crime_stage[:] = 0
    return ctx


def step(ctx, **given):
    ctx.effects.clear()
    ctx.ledger.clear()
    ShelteredYouth({"ramp": 0.0, **given}, target=NORTH).step(ctx)
    ctx.effects.prepare(ctx.world, 0.1, 10)
    offset = ctx.effects.offsets("crime.fringe", "resident")
    return np.empty(0, int) if offset is None else np.flatnonzero(offset)


def test_as_many_places_as_there_are_on_average_for_youths_at_risk_in_the_target():
    ctx = place()
    found = step(ctx, places_per_1000=5.0)
    table = ctx.world.resident
    places = 5 * np.count_nonzero(table.alive & (table.district == 0)) / 1000
    assert found.size == pytest.approx(places, abs=2.5 * places**0.5)
    assert np.all(table.district[found] == 0)
    assert np.all((table.age[found] >= 16) & (table.age[found] <= 23))
    assert np.all(ctx.world.household.problem_debt[table.household[found]])
    month = found.size * 22_302 * ctx.values["prices.cpi_2016"] / 12
    assert ctx.ledger.month["sheltered_youth_place"].tolist() == pytest.approx([month, 0, 0])


def test_dropout_and_recruitment_of_those_placed_and_of_nobody_else():
    ctx = place()
    found = step(ctx, risk_ratio=0.5)
    for rate in (*(f"school.dropout_{one}" for one in ("secondary", "vocational", "entry")), "crime.active"):
        offset = ctx.effects.offsets(rate, "resident")
        assert np.exp(offset[found]) == pytest.approx(0.5)
        assert np.count_nonzero(offset) == found.size
    assert not np.any(np.isin(found, step(ctx, risk_ratio=1.0))), "no effect is in the range"


def test_places_stay_with_who_has_them_and_more_money_adds_to_them():
    ctx = place()
    first, again = step(ctx), step(ctx)
    assert np.array_equal(first, again)
    assert set(first) <= set(step(ctx, places_per_1000=8.0))


def test_a_pupil_who_stays_away_is_seen_and_one_in_crime_is_not():
    ctx = place()
    table = ctx.world.resident
    ctx.world.household.problem_debt[:] = False
    table.crime_stage[:] = 1
    assert not step(ctx, places_per_1000=10.0).size
    table.attendance[::2] = 0.5
    found = step(ctx, places_per_1000=10.0)
    assert found.size
    assert np.all(found % 2 == 0)


def test_no_dose_and_nobody_at_risk_leave_no_trace():
    ctx = place()
    assert not step(ctx, strength=0.0).size
    ctx.world.household.problem_debt[:] = False
    assert not step(ctx).size
    assert not ctx.ledger.month
