"""Costs by payer add up, are discounted as said, and are shown as computed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.kernel.ledger import PARTIES
from wijksim.report.costs import ALL_PARTIES, discount_factors, party_costs
from wijksim.report.memo import Page, render_memo, render_page
from wijksim.report.words import DUTCH

RATE = 0.0225
YEARS = 4


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return example(months=12 * YEARS, names=("problem_debt",), scenarios=("baseline", "basic-jobs"))


def test_a_known_stream() -> None:
    factors = discount_factors(240, RATE)
    assert factors[0] == pytest.approx(1.0225 ** (-1 / 24))
    # a euro a month for twenty years: the annuity in the middle of each month
    monthly = 1.0225 ** (-1 / 12)
    assert factors.sum() == pytest.approx(1.0225 ** (-1 / 24) * (1 - monthly**240) / (1 - monthly))
    assert np.all(discount_factors(240, 0.0) == 1)


def test_a_known_difference(comparison: Comparison) -> None:
    position = comparison.position("cost_municipality")
    top = comparison.numerator.copy()
    top[:, 1] = top[:, 0]
    top[:, 1, :, position, -1] += 50_000  # euros a month more for the municipality
    changed = Comparison(
        comparison.scenarios, comparison.measures, comparison.districts, comparison.seeds, top,
        comparison.denominator, comparison.futures,
    )  # fmt: skip
    costs = {cost.party: cost for cost in party_costs(changed, 1, RATE)}
    mine = costs["municipality"]
    assert mine.total.mean == pytest.approx(0.05 * 12 * YEARS)
    assert mine.total.low == pytest.approx(mine.total.high)
    assert mine.present.mean == pytest.approx(0.05 * discount_factors(12 * YEARS, RATE).sum())
    assert mine.yearly.mean == pytest.approx(50_000 * 12 / comparison.denominator[0, 0, 0, position, -1])
    assert mine.transfers is not None
    assert mine.transfers.mean == 0
    assert costs[ALL_PARTIES].total.mean == pytest.approx(mine.total.mean)
    assert costs["state"].total.mean == 0


def test_parties_add_up_and_transfers_cancel(comparison: Comparison) -> None:
    *parties, everybody = party_costs(comparison, 1, RATE)
    assert [cost.party for cost in parties] == list(PARTIES)
    for what in ("total", "present", "yearly"):
        assert sum(getattr(cost, what).mean for cost in parties) == pytest.approx(
            getattr(everybody, what).mean
        )
    assert everybody.transfers is not None
    assert everybody.transfers.mean == pytest.approx(0, abs=1e-9)
    used = comparison.yearly("resource_cost")[:, :, :, -1].mean(axis=2)
    assert everybody.yearly.mean == pytest.approx((used[:, 1] - used[:, 0]).mean())


def test_the_page_shows_them(comparison: Comparison) -> None:
    made = Page(comparison, "again")
    page, unit = Reader(render_page(made)), made.sums.unit
    table = next(table for table in page.tables if "per partij" in table.caption)
    shown = {
        attributes["data-party"]: cells for attributes, cells in table.rows if "data-party" in attributes
    }
    costs = party_costs(comparison, 1, RATE)
    assert list(shown) == [cost.party for cost in costs]
    for cost in costs:
        _, level, yearly, total, present, transfers = shown[cost.party]
        assert level.numbers == [cost.level]
        for cell, value, factor in (
            (yearly, cost.yearly, 1), (total, cost.total, unit.factor), (present, cost.present, unit.factor),
        ):  # fmt: skip
            assert cell.numbers == [value.mean, value.low, value.high]
            decimals = len(cell.shown[0].partition(",")[2])
            assert cell.shown[0] == DUTCH.number(value.mean * factor, decimals, sign=True)
        assert cost.transfers is not None
        assert transfers.numbers == [cost.transfers.mean]
    assert "met 2,25 % per jaar" in page.plain
    assert "meer kwijt: gemeente." in page.plain
    assert "Wat overlast buren kost: er is geen Nederlandse prijs" in page.plain


def test_nothing_booked_is_not_zero(comparison: Comparison) -> None:
    top = comparison.numerator.copy()
    for name in ("cost_owners", "transfer_owners"):
        top[:, :, :, comparison.position(name)] = 0
    page = Reader(render_memo(dataclasses.replace(comparison, numerator=top), command="again"))
    table = next(table for table in page.tables if "per partij" in table.caption)
    shown = [attributes["data-party"] for attributes, _ in table.rows if "data-party" in attributes]
    assert shown == [*(party for party in PARTIES if party != "owners"), ALL_PARTIES]
    assert "boekt het model nog niets, en dat is niet hetzelfde als nul: woningeigenaren." in page.plain
    assert "niet in de tabellen" not in page.plain
