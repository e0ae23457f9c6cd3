"""Renovation: dwellings get better, people and owners stay."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target
from wijksim.levers.housing.renovation import Renovation
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import Tenure

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
