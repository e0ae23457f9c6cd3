"""Building elsewhere: the city has more corporation dwellings, seekers are housed there, the target gets fewer."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target
from wijksim.kernel.prices import price_of
from wijksim.levers.housing.affordable_elsewhere import AffordableElsewhere
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import Tenure

NORTH = Target(districts=("north",))
RICH = {"construction.investment": 3000.0}
LAG = 12 + 20


def ran(months=LAG + 1, *, values=RICH, **given):
    ctx = town(dwellings=1200, values=values)
    lever = AffordableElsewhere({"ramp": 0.0, "per_1000": 200.0, **given}, target=NORTH)
    return Months(ctx, (lever,)).run(months)


def test_the_rest_of_the_city_gets_the_dwellings_when_they_are_ready():
    """A fifth of 400 dwellings, once permit and building are over; the ledger closes."""
    before = town(dwellings=1200, values=RICH).world.stores["housing.rest"].dwellings.copy()
    waiting, done = ran(LAG), ran(LAG + 1)
    ledgers = [one.ctx.world.stores["housing.rest"] for one in (waiting, done)]
    assert np.array_equal(ledgers[0].dwellings, before)
    assert (ledgers[1].dwellings - before).tolist() == pytest.approx([80, 0, 0])
    assert ledgers[1].error() < 1e-6
    assert len(done.ctx.world.dwelling) == 1200


def test_costs_are_booked_in_the_target_and_paid_by_the_corporation():
    done = ran(13, subsidy=10_000)
    price = price_of(done.ctx, "construction.new_dwelling")
    assert done.booked["new_dwelling_corporation"] == pytest.approx(80 * price)
    assert done.booked["works_subsidy"] == pytest.approx(80 * 10_000 * done.ctx.values["prices.cpi_2021"])
    assert done.ctx.ledger.month["new_dwelling_corporation"][1:].tolist() == [0, 0]
    poor = ran(1, values={"construction.investment": 0.0})
    assert book_of(poor.ctx).answers["affordable-elsewhere"] == {"accepted": 0, "delayed": 80, "refused": 0}


def test_more_dwellings_elsewhere_house_more_of_the_queue_of_the_city():
    queues = []
    for per_1000 in (0.0, 200.0):
        done = ran(LAG + 24, per_1000=per_1000)
        queues.append(len(done.ctx.world.seeker))
    assert queues[1] < queues[0] - 40


def test_or_the_district_with_the_dearest_dwellings_gets_them():
    ctx = town(dwellings=1200, values=RICH)
    table = ctx.world.dwelling
    table.value[table.district == 2] *= 2
    lever = AffordableElsewhere({"ramp": 0.0, "where": "affluent", "per_1000": 80.0}, target=NORTH)
    Months(ctx, (lever,)).run(LAG + 1)
    new = np.flatnonzero(table.replaced)
    assert new.size == pytest.approx(0.08 * 400, abs=4)
    assert np.all(table.district[new] == 2)
    assert np.all(table.owner[new] == Tenure.CORPORATION)
    assert np.all(table.rent[new] <= ctx.values["housing.rent_cap"])


def test_no_dose_no_trace():
    done = ran(3, strength=0.0)
    assert not done.ctx.effects.acts
    assert not book_of(done.ctx).projects
