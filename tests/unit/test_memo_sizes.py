"""Size beside certainty: what is smaller than matters is said to be, and what the variant leaves alone as well."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Cell, Reader

from wijksim.analysis.compare import Comparison
from wijksim.analysis.intervals import VERDICTS
from wijksim.kernel.measure import MEASURES
from wijksim.report.memo import render_memo
from wijksim.report.sizes import Size, size_of, smallest_of, thresholds
from wijksim.report.words import DUTCH

NAMES = ("problem_debt", "poverty", "share_in_work", "stress", "severe_loneliness", "moves_out")
SMALL, AVERAGE = "kleiner dan wat telt", "gemiddeld kleiner dan wat telt"


@pytest.mark.parametrize(
    ("verdict", "mean", "low", "high", "smallest", "size"),
    [
        ("surely_better", 0.3, 0.1, 0.5, 1.0, Size.SMALL),
        ("surely_worse", -0.3, -0.5, -0.1, 1.0, Size.SMALL),
        ("likely_better", 0.6, 0.1, 1.1, 1.0, Size.SMALL_ON_AVERAGE),
        ("likely_worse", -0.6, -1.1, -0.1, 1.0, Size.SMALL_ON_AVERAGE),
        ("likely_better", 0.6, 0.2, 1.0, 1.0, Size.SMALL_ON_AVERAGE),  # as large as the limit itself counts
        ("surely_better", 1.2, 0.9, 1.5, 1.0, Size.UNKNOWN),
        ("no_difference", 0.0, -0.4, 0.4, 1.0, Size.SMALL),
        ("no_difference", 0.0, -1.4, 1.4, 1.0, Size.UNKNOWN),
        ("too_few", 0.0, -0.4, 0.4, 1.0, Size.UNKNOWN),
        ("neutral", 0.0, -0.4, 0.4, 1.0, Size.UNKNOWN),
        ("surely_better", 0.3, 0.1, 0.5, None, Size.UNKNOWN),
        ("no_difference", math.nan, math.nan, math.nan, 1.0, Size.UNKNOWN),
        ("no_difference", 0.0, -math.inf, math.inf, 1.0, Size.UNKNOWN),
    ],
)
def test_size(verdict: str, mean: float, low: float, high: float, smallest: float | None, size: Size) -> None:
    assert size_of(verdict, mean, low, high, smallest) is size


def test_measures_of_one_unit_share_a_threshold() -> None:
    kinds = [MEASURES.get(name) for name in (*NAMES, "liveability_index")]
    found = {one.value: [kind.name for kind in one.measures] for one in thresholds(kinds)}
    assert found == {
        smallest_of(MEASURES.get("poverty")): [
            "problem_debt",
            "poverty",
            "share_in_work",
            "severe_loneliness",
        ],
        smallest_of(MEASURES.get("liveability_index")): ["liveability_index"],
    }


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Sixty futures in which debt falls by .2 point, poverty by 5 and work rises by .8 and a half; stress stays."""
    made = example(
        months=12, names=NAMES, scenarios=("baseline", "basic-jobs"), pairs=60, costs=False, seed=8
    )
    luck = np.random.default_rng(2)
    for name, effect, spread in (
        ("problem_debt", -0.002, 0.0002),
        ("poverty", -0.05, 0.001),
        ("share_in_work", 0.008, 0.01),
        ("stress", 0.0, 0.0),
        ("severe_loneliness", 0.0, 0.002),
        ("moves_out", 0.0, 0.0),
    ):
        k = made.position(name)
        shift = effect + spread * luck.normal(size=(60, 1, 1))
        made.numerator[:, 1, :, k] = made.numerator[:, 0, :, k] + shift * made.denominator[:, 0, :, k]
    return made


def _cells(page: Reader) -> dict[str, Cell]:
    table = page.table("Verschil met het nulalternatief: de kwetsbare")
    return {str(a["data-measure"]): cells[-1] for a, cells in table.rows if "data-measure" in a}


def test_a_small_effect_is_said_to_be_small_and_keeps_its_verdict(comparison: Comparison) -> None:
    page = Reader(render_memo(comparison, command="again"))
    cells = _cells(page)
    assert VERDICTS["surely_better"] in cells["problem_debt"].text
    assert SMALL in cells["problem_debt"].text
    assert VERDICTS["surely_better"] in cells["poverty"].text
    assert SMALL not in cells["poverty"].text
    assert VERDICTS["no_difference"] in cells["severe_loneliness"].text
    assert SMALL in cells["severe_loneliness"].text
    assert "waarvan 1 kleiner dan wat telt" in page.plain
    glance = page.table("Oordeel per maat in jaar 1")
    told = {cells[0].text.replace("\N{SOFT HYPHEN}", ""): cells[1].text for _, cells in glance.rows[1:]}
    assert SMALL in told[MEASURES.get("problem_debt").label_nl]


def test_the_threshold_is_told(comparison: Comparison) -> None:
    page = Reader(render_memo(comparison, command="again"))
    assert "1 procentpunt bij 4 maten" in page.plain
    heads = [
        cell.text for table in page.tables for _, cells in table.rows for cell in cells if cell.tag == "th"
    ]
    assert any("lager is beter; telt vanaf 1 procentpunt" in text for text in heads)
    english = Reader(render_memo(comparison, command="again", lang="en"))
    assert "1 percentage point for 4 indicators" in english.plain
    assert "smaller than what counts" in _cells_of(english)


def _cells_of(page: Reader) -> str:
    return " ".join(cell.text for table in page.tables for _, cells in table.rows for cell in cells)


def test_what_never_differs_is_not_touched(comparison: Comparison) -> None:
    page = Reader(render_memo(comparison, command="again"))
    cells = _cells(page)
    assert "niet geraakt" in cells["stress"].text
    assert VERDICTS["no_difference"] not in cells["stress"].text
    assert SMALL not in cells["stress"].text
    assert VERDICTS["neutral"] in cells["moves_out"].text  # no direction to begin with
    assert "1 maat is in elke toekomst gelijk (niet geraakt)" in page.plain
    k = comparison.position("stress")
    before = comparison.numerator[0, 1, 0, k].copy()
    comparison.numerator[0, 1, 0, k] *= 1.001
    try:
        assert "niet geraakt" not in _cells(Reader(render_memo(comparison, command="again")))["stress"].text
    finally:
        comparison.numerator[0, 1, 0, k] = before


def test_a_variant_that_does_nothing_is_said_to_do_nothing() -> None:
    made = example(months=12, names=NAMES[:2], scenarios=("baseline", "basic-jobs"), pairs=6, costs=False)
    made.numerator[:, 1] = made.numerator[:, 0]
    plain = Reader(render_memo(made, command="again")).plain
    assert "is niets veranderd; 2 maten zijn in elke toekomst gelijk (niet geraakt)." in plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plan", "“Plan”"),
        ('Het "plan"', "“Het ‘plan’”"),
        ("Het “plan”", "“Het ‘plan’”"),
        ('5" buis', '“5" buis”'),
    ],
)
def test_quotation_marks_do_not_pile_up(text: str, shown: str) -> None:
    assert DUTCH.quoted(text) == shown
