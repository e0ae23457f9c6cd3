"""Dutch numbers, words and translations."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

import wijksim.measures  # noqa: F401  (registers the measures)
from wijksim.analysis.intervals import VERDICTS
from wijksim.kernel.ledger import PARTIES
from wijksim.kernel.loops import LOOPS
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.accounts import PM_ITEMS
from wijksim.model.known import known
from wijksim.places.load import place_names
from wijksim.report import numbers, texts
from wijksim.report.headlines import HEADLINES
from wijksim.report.numbers import decimals_for, resolving
from wijksim.report.words import DUTCH
from wijksim.scenario.load import load_scenarios, shipped_scenarios


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "text"),
    [
        (0.0, 1, True, "0,0"),
        (-0.04, 1, True, "0,0"),
        (0.05, 2, True, "+0,05"),
        (1234.5, 0, False, "1.234"),
        (-1_234_567.891, 2, False, "−1.234.567,89"),
        (math.nan, 2, True, "geen waarde"),
        (-math.inf, 2, False, "niet te bepalen"),
    ],
)
def test_dutch_numbers(value: float, decimals: int, sign: bool, text: str) -> None:
    assert DUTCH.number(value, decimals, sign=sign) == text


@pytest.mark.parametrize(
    ("widths", "levels", "decimals"),
    [
        ([0.0025], [], 4),
        ([0.0041], [], 3),
        ([0.5], [], 1),
        ([400.0], [], 0),
        ([1e-9], [], 4),
        ([0.0, math.inf, math.nan], [25.0], 1),
        ([], [], 1),
    ],
)
def test_decimals_follow_the_uncertainty(widths: list[float], levels: list[float], decimals: int) -> None:
    assert decimals_for(widths, levels) == decimals
    if widths and np.isfinite(widths).all() and min(widths) > 1e-4:
        assert any(digit in DUTCH.number(widths[0], decimals) for digit in "123456789")


@pytest.mark.parametrize(
    ("low", "high", "decimals"),
    [(-1.0, 1.0, 1), (0.004, 0.9, 3), (-0.9, -0.05, 2), (2.0, 3.0, 1), (1e-12, 1.0, 6), (-math.inf, -1.0, 1)],
)
def test_an_interval_without_zero_is_shown_without_zero(low: float, high: float, decimals: int) -> None:
    assert resolving(low, high, 1) == decimals


def test_shipped_scenarios_are_all_in_dutch() -> None:
    prose = texts.locale()["prose"]
    missing = [
        text
        for scenario in load_scenarios(list(shipped_scenarios()), known=known())
        for text in (
            scenario.title, scenario.question, *scenario.source, *scenario.assumed, *scenario.would_change_our_mind,
        )
        if text and " ".join(text.split()) not in prose
    ]  # fmt: skip
    assert not missing


def test_reasons_for_items_without_a_price_are_in_dutch() -> None:
    assert not [item.reason for item in PM_ITEMS if DUTCH.translated(item.reason) == item.reason]


def test_units_of_measures_are_in_dutch() -> None:
    known = texts.locale()["units"]
    assert not sorted({kind.unit for _, kind in MEASURES.items()} - set(known))
    for _, kind in MEASURES.items():
        assert "{" not in DUTCH.unit(kind) + DUTCH.difference_unit(kind)
    assert DUTCH.unit(MEASURES.get("crises")) == "per 1.000 inwoners per jaar"
    assert DUTCH.unit(MEASURES.get("evictions")) == "per 1.000 huishoudens per jaar"
    assert DUTCH.difference_unit(MEASURES.get("problem_debt")) == "procentpunt"


def test_headline_measures_exist_and_are_explained() -> None:
    for name in HEADLINES:
        assert DUTCH.explained(MEASURES.get(name)).endswith(".")


def test_parties_loops_and_places_have_names() -> None:
    assert set(texts.locale()["parties"]) == set(PARTIES)
    assert set(texts.locale()["loops"]) == set(LOOPS)
    assert set(texts.locale()["places"]) == set(place_names())


def test_every_verdict_has_its_own_word_and_symbol() -> None:
    assert set(texts.SYMBOLS) == set(texts.TONES) == {*VERDICTS, texts.UNTOUCHED}
    assert len(set(texts.SYMBOLS.values())) == len(texts.SYMBOLS)
    assert len({DUTCH.verdict(key) for key in texts.SYMBOLS}) == len(texts.SYMBOLS)


def test_unknown_texts_stay_as_they_are() -> None:
    assert DUTCH.translated("Mijn eigen   plan") == "Mijn eigen plan"
    assert DUTCH.place("Kanaleneiland") == "de wijk “Kanaleneiland”"
