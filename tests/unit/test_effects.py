"""Effects by party add up to the costs by payer, and what is contested or assumed is not passed off as known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.unit.memo_run import small
from tests.unit.report_page import Reader

from wijksim.kernel.ledger import PARTIES, CostItem
from wijksim.report.background import parameters
from wijksim.report.costs import party_costs
from wijksim.report.effects import CONTESTED, Matrix, grade_of, matrix
from wijksim.report.memo import render_memo
from wijksim.report.money import parties_in
from wijksim.runs.flows import MoneyFlows

RATE = 0.0225


def _found(rate: float, variant: int = 1) -> Matrix:
    found = matrix(small(), variant, parameters(), rate)
    assert found is not None
    return found


@pytest.mark.parametrize(("rate", "what"), [(RATE, "present"), (0.0, "total")])
def test_they_are_the_costs_by_payer_taken_apart(rate: float, what: str) -> None:
    one = _found(rate)
    *payers, everybody = party_costs(small(), 1, RATE)
    for place, cost in enumerate(payers):
        contested = sum(post.booked[place] for post in one.contested)
        assert one.spent.cells[place].mean + contested == pytest.approx(
            getattr(cost, what).mean, rel=1e-9, abs=1e-9
        )
    booked = sum(sum(post.booked) for post in one.contested)
    assert one.spent.total.mean + booked == pytest.approx(getattr(everybody, what).mean, rel=1e-9, abs=1e-9)


def test_rows_and_columns_make_up_the_sums() -> None:
    one = _found(RATE)
    assert one.resources
    assert one.transfers
    for rows, whole in ((one.resources, one.used), (one.transfers, one.moved)):
        for place in range(len(PARTIES)):
            assert sum(row.cells[place].mean for row in rows) == pytest.approx(
                whole.cells[place].mean, abs=1e-9
            )
        for row in (*rows, whole):
            assert sum(cell.mean for cell in row.cells) == pytest.approx(row.total.mean, abs=1e-9)
    for row in (*one.transfers, one.moved):
        assert row.total.mean == pytest.approx(0, abs=1e-9)
    assert one.used.total.mean + one.moved.total.mean == pytest.approx(one.spent.total.mean, abs=1e-9)
    assert one.used.total.mean != 0


def _with(items: dict[str, CostItem], euros: dict[str, tuple[float, float]]) -> Matrix:
    """Effects of a comparison in which an item costs so many euros a month without and with the variant."""
    base = small()
    futures = []
    for future in base.futures:
        ledgers = list(future.ledgers)
        for place in (0, 1):
            flows = {name: np.full(base.months, pair[place]) for name, pair in euros.items()}
            ledgers[place] = dataclasses.replace(ledgers[place], flows=MoneyFlows(items, flows))
        futures.append(dataclasses.replace(future, ledgers=tuple(ledgers)))
    found = matrix(dataclasses.replace(base, futures=futures), 1, parameters(), 0.0)
    assert found is not None
    return found


def _item(
    name: str, payer: str, *, receiver: str = "", grade: str = "B", kind: str = "programme"
) -> CostItem:
    return CostItem(
        name, name, name, ((payer, 1.0),), ((receiver, 1.0),) if receiver else (), grade, (), kind
    )


def test_a_known_sum() -> None:
    months = small().months
    items = {
        "help": _item("help", "municipality"),
        "benefit": _item("benefit", "state", receiver="residents", kind="benefits"),
    }
    one = _with(items, {"help": (0.0, 1e6), "benefit": (2e6, 1e6)})
    cells = dict(zip(PARTIES, one.spent.cells, strict=True))
    assert cells["municipality"].mean == pytest.approx(months)
    assert cells["state"].mean == pytest.approx(-months)
    assert cells["residents"].mean == pytest.approx(months)
    assert one.used.total.mean == one.spent.total.mean == pytest.approx(months)
    assert one.resources[0].gains == ("residents",)


def test_a_contested_item_is_a_range_and_in_no_row() -> None:
    eviction = CostItem(
        "eviction",
        "Evictions",
        "Huisuitzettingen",
        (("corporation", 0.3), ("municipality", 0.7)),
        kind="debt",
    )
    one = _with({"eviction": eviction}, {"eviction": (0.0, 1e6)})
    price = parameters()[CONTESTED["eviction"]]
    months = small().months
    assert not one.resources
    assert one.spent.total.mean == 0
    assert one.total_low == pytest.approx(months * price.low / price.value)
    assert one.total_high == pytest.approx(months * price.high / price.value)
    assert one.contested[0].booked[PARTIES.index("municipality")] == pytest.approx(0.7 * months)
    saved = _with({"eviction": eviction}, {"eviction": (1e6, 0.0)})
    assert saved.total_low == pytest.approx(-months * price.high / price.value)


def test_a_variant_that_rests_on_assumed_prices_is_not_ranked() -> None:
    items = {"known": _item("known", "state"), "guess": _item("guess", "state", grade="D")}
    assert _with(items, {"known": (0.0, 5.0), "guess": (0.0, 4.0)}).ranked
    left_out = _with(items, {"known": (0.0, 4.0), "guess": (0.0, -5.0)})
    assert left_out.assumed == pytest.approx(5 / 9)
    assert not left_out.ranked
    assert _with(items, {"known": (1.0, 1.0)}).ranked


def test_the_grade_is_the_weakest_of_item_and_price() -> None:
    known = parameters()
    flows = small().futures[0].ledgers[1].flows
    crises = flows.items["crisis_police"]
    assert grade_of(crises, known) == max(
        crises.grade, known["prices.crisis_police"].grade, known["prices.crisis_police_patrol"].grade
    )
    assert all(grade_of(item, known) >= item.grade for item in flows.items.values())


def test_the_page_shows_them() -> None:
    page = Reader(render_memo(small(), command="again"))
    one = _found(RATE)
    table = next(found for found in page.tables if found.attributes.get("data-matrix") == "contant-0")
    rows = [(attributes["data-kind"], cells) for attributes, cells in table.rows if "data-kind" in attributes]
    shown_parties = parties_in([_found(RATE, variant) for variant in (1, 2)])
    assert len(shown_parties) > 4
    shown = [*one.resources, one.used, *one.transfers, one.moved, one.spent]
    assert [kind for kind, _ in rows] == [row.kind or "sum" for row in shown]
    for row, (_, cells) in zip(shown, rows, strict=True):
        assert [cell.numbers for cell in cells[2 : len(shown_parties) + 2]] == [
            [row.cells[place].mean] for place, _ in shown_parties
        ]
        assert cells[1].numbers == [row.total.mean, row.total.low, row.total.high]
    posts = {
        attributes["data-contested"]: cells
        for attributes, cells in table.rows
        if "data-contested" in attributes
    }
    for post in one.contested:
        assert posts[post.item.name][1].numbers == list(post.totals)
    if one.contested:
        assert posts["all"][1].numbers == [one.total_low, one.total_high]
