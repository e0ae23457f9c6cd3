"""Tenancy fraud: what is looked into is found as staff go, people move on, and the dwelling is let by the rules."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target
from wijksim.levers.housing.tenancy_fraud import TenancyFraud
from wijksim.mechanisms.housing import unlawful
from wijksim.state.codes import Tenure
from wijksim.state.column import Column

NORTH = Target(districts=("north",))
OTHERS = (
    Column("resident.nuisance_source", np.bool_, "-", "Causes nuisance"),
    Column("resident.crime_stage", np.int8, "code", "Place in the world of crime"),
    Column("household.nuisance_report", np.bool_, "-", "Reports nuisance"),
)
STRONG = {"ramp": 0.0, "fte_per_1000": 1.0}


def city(**values):
    ctx = town(dwellings=2400, social=range(20), extra=OTHERS, values=values)
    for item in TenancyFraud.costs:
        ctx.ledger.declare(item)
    return ctx


def test_the_default_ends_about_half_a_per_cent_of_contracts_a_year():
    """0.15 fte per 1,000 x 71 x 0.45 = 4.8 per 1,000 dwellings a year; the row has 4.6 (4.4 to 4.9)."""
    ctx = city()
    TenancyFraud({"ramp": 0.0}, target=NORTH).step(ctx)
    ((_, owner, act, details),) = ctx.effects.acts
    assert (owner, act) == ("housing", "end_unlawful")
    stock = ctx.world.by_district("dwelling", ctx.world.dwelling.owner == Tenure.CORPORATION)
    yearly = details["finds"] * 12 / stock
    assert yearly.tolist() == pytest.approx([0.00479, 0, 0], abs=1e-4)
    assert ctx.ledger.month["tenancy_fraud_team"].tolist() == pytest.approx(
        [stock[0] * 0.15 / 1000 * 93_600 / 12, 0, 0]
    )


def test_reports_of_nuisance_take_time_of_the_staff():
    ctx = city()
    rows = np.flatnonzero((ctx.world.household.district == 0) & (ctx.world.household.tenure == 0))[:3]
    ctx.world.household.nuisance_report[rows] = True
    lever = TenancyFraud(STRONG, target=NORTH)
    lever.step(ctx)
    stock = np.count_nonzero((ctx.world.dwelling.owner == 0) & (ctx.world.dwelling.district == 0))
    made = stock / 1000 * 71 / 12 - 3 * 0.1
    assert ctx.effects.acts[0][3]["finds"][0] == pytest.approx(0.45 * made)


def test_unlawful_lettings_are_a_share_and_commoner_behind_doors_with_trouble():
    ctx = city(**{"housing.unlawful_share": 0.2, "housing.unlawful_trouble": 4.0})
    world = ctx.world
    rented = world.household.rows[world.household.tenure[world.household.rows] == Tenure.CORPORATION]
    bad = rented[::2]
    world.resident.nuisance_source[world.household.head[bad]] = True
    found = unlawful.lettings(ctx)
    assert np.all(world.household.tenure[found] == Tenure.CORPORATION)
    assert np.isin(bad, found).mean() == pytest.approx(0.8, abs=0.05)
    assert np.isin(rented[1::2], found).mean() == pytest.approx(0.2, abs=0.05)
    assert np.array_equal(found, unlawful.lettings(ctx)), "a state, not a new draw every month"


def test_who_lives_there_moves_and_the_dwelling_is_let_to_somebody_else():
    ctx = city(**{"housing.unlawful_share": 0.2})
    hidden = set(ctx.world.household.uid[unlawful.lettings(ctx)].tolist())
    ran = Months(ctx, (TenancyFraud(STRONG, target=NORTH),))
    ended = []
    for _ in range(24):
        ran.run(1)
        ended += list(
            zip(ctx.log.column("unlawful", "household"), ctx.log.column("unlawful", "district"), strict=True)
        )
    gone = {int(uid) for uid, _ in ended}
    assert {int(place) for _, place in ended} == {0}
    stock = np.count_nonzero((ctx.world.dwelling.owner == 0) & (ctx.world.dwelling.district == 0))
    assert len(gone) == pytest.approx(stock / 1000 * 71 * 0.45 * 2, rel=0.4)
    assert len(gone & hidden) > 0.8 * len(gone)
    assert not np.isin(list(gone), ctx.world.household.uid[ctx.world.household.rows]).any()
    assert ctx.world.stores["housing.rest"].error() < 1e-6
    assert ctx.world.stores["housing.rest"].from_districts[Tenure.PRIVATE] >= len(gone)


def test_hidden_lettings_change_nothing_until_they_are_looked_into():
    ends = []
    for share in (0.04, 0.2):
        ctx = city(**{"housing.unlawful_share": share})
        Months(ctx, (TenancyFraud({**STRONG, "strength": 0.0}),)).run(6)
        ends.append(ctx.world)
    assert np.array_equal(ends[0].dwelling.household, ends[1].dwelling.household)
    assert np.array_equal(ends[0].household.uid, ends[1].household.uid)
