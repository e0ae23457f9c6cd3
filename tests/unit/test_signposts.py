"""Signposts: the figures that tell a variant best, and bounds that a tenth of its futures lie beyond."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.analysis.signposts import MOST_FEARED, MOST_HOPED, YEARS, signposts
from wijksim.report.headlines import headlines
from wijksim.report.memo import render_memo

NAMES = ("nuisance_often", "problem_debt", "share_in_work", "poverty", "stress", "trust", "moves_out")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Twenty futures in which the variant halves debt at once and raises stress a little."""
    made = example(months=96, names=NAMES, scenarios=("baseline", "basic-jobs"), pairs=20, costs=False)
    for name, factor in (("problem_debt", 0.5), ("stress", 1.05)):
        k = made.position(name)
        made.numerator[:, 1, 12:, k] = made.numerator[:, 0, 12:, k] * factor
        made.numerator[:, 1, :12, k] = made.numerator[:, 0, :12, k]
    return made


def test_what_changes_most_clearly_comes_first(comparison: Comparison) -> None:
    found = signposts(comparison, 1, headlines(comparison), 0)
    hoped = [post.measure.name for post in found if post.hoped]
    feared = [post.measure.name for post in found if not post.hoped]
    assert hoped[0] == "problem_debt"
    assert "stress" in feared
    assert len(set(hoped)) <= MOST_HOPED
    assert len(set(feared)) <= MOST_FEARED
    assert {post.year for post in found} == set(YEARS)
    assert all(post.measure.direction for post in found)


def test_bounds_are_changes_that_a_tenth_of_the_futures_exceed(comparison: Comparison) -> None:
    for post in signposts(comparison, 1, headlines(comparison), 0):
        values = comparison.yearly(post.measure.name)[:, :, :, 0]
        change = values[:, 1, post.year - 1] - values[:, 1, 0]
        beyond = change > post.bound if post.above else change < post.bound
        assert post.above == (post.measure.direction < 0)
        assert np.count_nonzero(beyond) == 2
        assert post.variant == pytest.approx(change.mean())


def test_few_futures_have_no_tenth() -> None:
    made = example(months=96, names=NAMES, scenarios=("baseline", "basic-jobs"), pairs=8, costs=False)
    k = made.position("problem_debt")
    made.numerator[:, 1, :, k] = made.numerator[:, 0, :, k] * 0.5
    found = [post for post in signposts(made, 1, headlines(made), 0) if post.measure.name == "problem_debt"]
    assert found
    assert all(np.isnan(post.bound) for post in found)
    assert all(post.futures == 8 for post in found)
    page = Reader(render_memo(made, command="again"))
    table = next(one for one in page.tables if one.attributes["class"] == "data posts")
    rows = [cells for a, cells in table.rows if a.get("data-measure") == "problem_debt"]
    assert len(rows) == len(found)
    for cells in rows:
        assert cells[-1].text == "te weinig toekomsten met een waarde: 8, en nodig zijn er 10"
        assert not [number for cell in cells for number in cell.numbers]


def test_a_row_with_too_few_values_says_so_among_rows_that_have_enough() -> None:
    made = example(months=96, names=NAMES[:2], scenarios=("baseline", "basic-jobs"), pairs=20, costs=False)
    k = made.position("problem_debt")
    made.numerator[:, 1, :, k] = made.numerator[:, 0, :, k] * 0.5
    made.denominator[:13, 1, 12:24, k] = 0  # nobody to count in year 2 of thirteen futures
    page = Reader(render_memo(made, command="again"))
    table = next(one for one in page.tables if one.attributes["class"] == "data posts")
    rows = {a["data-year"]: cells for a, cells in table.rows if a.get("data-measure") == "problem_debt"}
    assert "waarde: 7, en nodig zijn er 10" in rows["2"][-1].text
    assert len(rows["4"][-1].numbers) == 1


def test_columns_are_named_after_what_is_compared(comparison: Comparison) -> None:
    page = Reader(render_memo(comparison, command="again"))
    table = next(one for one in page.tables if one.attributes["class"] == "data posts")
    heads = [cell.text for cell in table.rows[0][1]]
    assert heads[0] == "Maat"
    assert heads[2].startswith("Huidig beleid gaat door")
    assert "Basisbanen in de kwetsbare wijk" in heads[3]


def test_without_an_effect_there_is_no_bound(comparison: Comparison) -> None:
    made = example(months=48, names=NAMES[:2], scenarios=("baseline", "basic-jobs"), pairs=10, costs=False)
    made.numerator[:, 1] = made.numerator[:, 0]
    assert signposts(made, 1, headlines(made), 0) == ()
    assert "Er valt dus geen grens te noemen" in Reader(render_memo(made, command="again")).plain


def test_the_page_shows_them(comparison: Comparison) -> None:
    page = Reader(render_memo(comparison, command="again"))
    table = next(one for one in page.tables if one.attributes["class"] == "data posts")
    rows = {
        (a["data-measure"], int(a["data-year"] or 0)): cells for a, cells in table.rows if "data-year" in a
    }
    found = signposts(comparison, 1, headlines(comparison), 0)
    assert len(rows) == len(found)
    for post in found:
        null, variant, bound = rows[post.measure.name, post.year][-3:]
        assert null.numbers == [post.null]
        assert variant.numbers == [post.variant]
        assert bound.numbers == [post.bound]
        assert ("boven" in bound.text) is post.above
