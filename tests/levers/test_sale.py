"""Sale: at the speed of turnover, to buyers, and those who rent have fewer dwellings to choose from."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.building_town import Months, town
from wijksim.kernel.lever import Target, Window
from wijksim.levers.housing.sale import Sale
from wijksim.mechanisms.construction.book import book_of
from wijksim.state.codes import Tenure

NORTH = Target(districts=("north",))
BUSY = {"housing.move_rate_corporation": 0.2}


def sold_by(lever: Sale | None, months: int = 24) -> tuple[Months, set[int]]:
    ran = Months(town(dwellings=1200, values=BUSY), () if lever is None else (lever,)).run(months)
    return ran, {row for _, row in ran.events["sold"]}


def test_part_of_what_falls_vacant_is_sold_in_the_target():
    null, none = sold_by(None)
    ran, sold = sold_by(Sale({"share": 0.5, "ramp": 0.0}, target=NORTH))
    assert not none
    table = ran.ctx.world.dwelling
    assert len(sold) > 10
    assert np.all(table.district[list(sold)] == 0)
    assert np.all(table.owner[list(sold)] == Tenure.OWNER)
    fewer = [len([1 for _, row in one.lettings if table.district[row] == 0]) for one in (null, ran)]
    assert fewer[1] < 0.75 * fewer[0]
    assert np.array_equal(table.quality, null.ctx.world.dwelling.quality), "sale changes no dwelling"


def test_a_larger_share_sells_what_a_smaller_one_sells_at_first():
    sold = [sold_by(Sale({"share": share, "ramp": 0.0}, target=NORTH), 3)[1] for share in (0.2, 0.5, 1.0)]
    assert sold[0] <= sold[1] <= sold[2]
    assert len(sold[0]) < len(sold[2])


def test_no_more_than_agreed_and_not_after_the_end():
    ran, sold = sold_by(Sale({"share": 1.0, "most": 0.05, "ramp": 0.0}, target=NORTH))
    stock = book_of(ran.ctx).base["sale"][0]
    assert len(sold) == int(0.05 * stock)
    assert book_of(ran.ctx).answers["sale"]["refused"] > 0
    ran, _ = sold_by(Sale({"share": 1.0, "ramp": 0.0}, target=NORTH, window=Window(2, 6)))
    assert {month for month, _ in ran.events["sold"]} <= set(range(2, 6))


def test_the_price_is_a_transfer_to_the_corporation():
    ran, sold = sold_by(Sale({"share": 0.5, "ramp": 0.0}, target=NORTH), 6)
    item = ran.ctx.ledger.items["dwelling_sale"]
    assert item.transfer
    assert item.receivers == (("corporation", 1.0),)
    values = ran.ctx.world.dwelling.value[list(sold)].sum() * 1000
    assert ran.booked["dwelling_sale"] == pytest.approx(values, rel=0.05)
