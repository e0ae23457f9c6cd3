"""Homes for middle groups: added beside what stands, paid by who owns them, taken by who can pay."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from tests.worlds import check_structure
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.levers.housing.middle_homes import MiddleHomes
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import Tenure

NORTH = Target(districts=("north",))
LAG = 12 + 20


def built(months=LAG + 2, **given):
    ctx = town(dwellings=1200, values={"construction.investment": 0.0})
    return Months(ctx, (MiddleHomes({"ramp": 0.0, **given}, target=NORTH),)).run(months)


def test_a_twentieth_is_added_in_the_target_and_nobody_has_to_leave():
    """400 dwellings: 20 come, in complexes of 40 that get 8 each, after permit and building."""
    ran = built()
    table = ran.ctx.world.dwelling
    new = np.flatnonzero(table.replaced)
    assert new.size == len(ran.events["added"])
    assert new.size == pytest.approx(0.05 * 400, abs=4)
    assert {month for month, _ in ran.events["added"]} == {LAG}
    assert np.all(table.district[new] == 0)
    assert not ran.events["demolished"]
    counts = np.bincount(table.owner[new], minlength=3)
    assert counts[Tenure.CORPORATION] == 0
    assert counts[Tenure.OWNER] == pytest.approx(counts[Tenure.PRIVATE], abs=1)
    assert np.all(
        table.rent[new][table.owner[new] == Tenure.PRIVATE] == ran.ctx.values["construction.middle_rent"]
    )
    check_structure(ran.ctx.world)
    assert np.array_equal(
        np.bincount(table.entrance[table.alive], minlength=ran.ctx.world.entrance.size),
        ran.ctx.world.entrance.dwellings,
    )


def test_who_owns_them_pays_and_the_corporation_needs_no_money():
    ran = built()
    new = np.count_nonzero(ran.ctx.world.dwelling.replaced)
    price = price_of(ran.ctx, "construction.new_dwelling")
    assert ran.booked["new_dwelling_market"] == pytest.approx(new * price)
    assert "new_dwelling_corporation" not in ran.booked
    assert book_of(ran.ctx).answers["middle-homes"]["delayed"] == 0


def test_they_are_taken_by_who_can_pay():
    ran = built(LAG + 24)
    world = ran.ctx.world
    new = np.flatnonzero(world.dwelling.replaced & (world.dwelling.owner == Tenure.OWNER))
    lived = world.dwelling.household[new]
    assert np.count_nonzero(lived >= 0) >= 0.7 * new.size
    income = world.household.income[lived[lived >= 0]]
    price = world.dwelling.value[new][lived >= 0] * 1000
    assert (income * 12 * ran.ctx.values["housing.loan_income_multiple"] >= price).mean() > 0.7


def test_places_are_refused_and_a_smaller_dose_lies_in_a_larger():
    sites = []
    for share in (0.02, 0.05, 0.15):
        ran = built(2, share=share)
        sites.append({row for _, row in book_of(ran.ctx).sites})
    assert sites[0] <= sites[1] <= sites[2]
    assert len(sites[0]) < len(sites[2])
    ctx = town(values={"construction.permit_refused": 1.0})
    ran = Months(ctx, (MiddleHomes({"ramp": 0.0}, target=NORTH),)).run(3)
    answers = book_of(ran.ctx).answers["middle-homes"]
    assert answers["accepted"] == 0 < answers["refused"]


def test_no_dose_no_trace():
    ran = built(3, strength=0.0)
    assert not ran.ctx.effects.acts
    assert not book_of(ran.ctx).projects
