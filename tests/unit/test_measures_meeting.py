"""Acquaintances, weekly contact, initiatives and firms, with known answers."""

import numpy as np
import pytest
from tests.unit.test_measures import read, world

from wijksim.core.units import WEEKS_PER_MONTH
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.facilities.columns import Kind


def test_acquaintances_are_a_mean_over_adults():
    ctx = world()
    resident = ctx.world.resident
    resident.ties[:] = np.where(resident.age < 18, 50, 6)
    assert read(ctx, "acquaintances") == pytest.approx([6, 6, 6])


def test_weekly_contact_begins_at_once_a_week():
    ctx = world()
    resident = ctx.world.resident
    resident.contact[:] = WEEKS_PER_MONTH - 0.01
    assert read(ctx, "weekly_contact") == pytest.approx([0, 0, 0])
    adults = np.flatnonzero((resident.age >= 18) & (resident.district == 1))
    resident.contact[adults[: adults.size // 2]] = WEEKS_PER_MONTH + 0.01
    share = 100 * (adults.size // 2) / adults.size
    assert read(ctx, "weekly_contact") == pytest.approx([0, share, 0])


def test_firms_are_open_premises_of_shops_services_third_places_and_workspaces():
    ctx = world()
    table = ctx.world.facility
    rows = table.add(np.arange(1, 9) + 3 * 10**9)
    table.district[rows] = [0, 0, 0, 0, 0, 0, 1, 1]
    table.kind[rows] = [
        Kind.SHOP, Kind.SERVICE, Kind.THIRD_PLACE, Kind.WORKSPACE, Kind.CENTRE, Kind.INFORMAL, Kind.SHOP, Kind.SHOP,
    ]  # fmt: skip
    table.units[rows] = [1, 1, 1, 0.5, 1, 1, 1, 1]
    table.open[rows] = [1, 1, 1, 1, 1, 1, 1, 0]
    people = ctx.world.by_district("resident")
    assert read(ctx, "firms") == pytest.approx(1000 * np.array([3.5, 1, 0]) / people)


def test_initiatives_of_the_city_weigh_districts_by_residents():
    ctx = world()
    ctx.world.district.initiatives[:] = [2, 4, 0]
    assert read(ctx, "initiatives") == pytest.approx([2, 4, 0])
    top, bottom = (part.sum() for part in MEASURES.get("initiatives")().districts(ctx))
    people = ctx.world.by_district("resident")
    assert top / bottom == pytest.approx((2 * people[0] + 4 * people[1]) / people.sum())
