"""The catalogue of the memo: every message is in it, once, translated with the same placeholders and nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from wijksim.analysis.intervals import VERDICTS
from wijksim.report import texts
from wijksim.report.language import LANGUAGES, catalogue_file, messages, read_catalogue
from wijksim.report.numbers import written
from wijksim.report.words import DUTCH, Words
from wijksim.runs.manifest import NOTICE

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "counted": (2, 3)}
PLACE = re.compile(r"\{\w+\}|%\(\w+\)s|%%|</?[a-z]+")
ENGLISH = Words("en")
OTHERS = [language for language in LANGUAGES if not Words(language).is_dutch]
BY_TEXT = (("prose",), ("validation", "gates", "claims"))
"""Sections whose keys are English texts, which need no English."""


@lru_cache(maxsize=1)
def _extracted() -> dict[Any, int]:
    """Messages of code and templates, and how many forms each has."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    found = Catalog()
    for _, _, message, _, _ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(message)  # a message with and without a plural becomes one with a plural
    return {one.id: 2 if one.pluralizable else 1 for one in found if one.id}


def _messages(language: Any) -> list[Message]:
    return [one for one in read_catalogue(language) if one.id]


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_none_is_left_over(language: Any) -> None:
    catalogue = read_catalogue(language)
    known = {one.id: one for one in catalogue if one.id}
    assert len(known) > 300
    assert set(known) == set(_extracted())
    assert not catalogue.obsolete
    assert [one.id for one in known.values() if one.fuzzy] == []
    for key, one in known.items():
        shown = one.string if isinstance(one.string, tuple) else (one.string,)
        assert len(shown) == _extracted()[key], key
        assert all(text.strip() for text in shown), key


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_and_tags_are_the_same_on_both_sides(language: Any) -> None:
    seen = 0
    for one in _messages(language):
        theirs = one.string if isinstance(one.string, tuple) else (one.string,)
        mine = one.id if isinstance(one.id, tuple) else (one.id,)
        for text, other in zip(mine, theirs, strict=True):
            assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(other)), text
            assert text.count("|") == other.count("|"), text  # headings of a table
            assert text[:1].isspace() == other[:1].isspace(), text
            seen += len(PLACE.findall(text))
    assert seen > 200


def test_no_compiled_catalogue_is_kept() -> None:
    folder = catalogue_file("en").parent
    assert [path.name for path in folder.iterdir()] == ["memo.po"]
    assert messages("en") is messages("en")
    assert messages("nl").gettext("Samenvatting") == "Samenvatting"
    assert messages("en").gettext("Samenvatting") == "Summary"


def _shape(content: Any, path: tuple[str, ...] = ()) -> Any:
    """Keys all the way down; what hangs on a language is left out."""
    if path in BY_TEXT or path[-1:] == ("forms",) or path == ("breaks",):
        return None
    if isinstance(content, dict):
        return {key: _shape(value, (*path, str(key))) for key, value in content.items()}
    return type(content).__name__


@pytest.mark.parametrize("language", OTHERS)
def test_words_by_key_are_there_in_every_language(language: Any) -> None:
    dutch, other = _shape(texts.locale("nl")), _shape(texts.locale(language))
    assert other.pop("verdicts") == dict.fromkeys(VERDICTS, "str")  # the Dutch is in the analysis room
    assert other["validation"]["gates"].setdefault("claims") is None
    dutch = {name: shape for name, shape in dutch.items() if name != "parameters"}
    assert other == dutch
    assert texts.locale(language)["prose"] == {}


def test_the_notice_is_that_of_every_output() -> None:
    assert DUTCH.notice == NOTICE
    assert ENGLISH.notice != NOTICE


def test_a_message_that_is_unknown_stays_dutch() -> None:
    assert ENGLISH._("Nog {more} erbij", more=3) == "Nog 3 erbij"


@pytest.mark.parametrize(
    ("value", "decimals", "dutch", "english"),
    [
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-0.15, 1, "−0,1", "−0.1"),  # the number itself lies below .15
        (0.25, 1, "0,2", "0.2"),
        (-0.04, 1, "0,0", "0.0"),
        (float("nan"), 1, "geen waarde", "no value"),
        (float("inf"), 1, "niet te bepalen", "cannot be determined"),
    ],
)
def test_numbers_follow_the_language(value: float, decimals: int, dutch: str, english: str) -> None:
    assert DUTCH.number(value, decimals) == dutch
    assert ENGLISH.number(value, decimals) == english


def test_words_of_numbers_follow_the_language() -> None:
    assert [one.percent(0.125, 1) for one in (DUTCH, ENGLISH)] == ["12,5 %", "12.5 %"]
    assert [one.tick(-0.25) for one in (DUTCH, ENGLISH)] == ["−0,25", "−0.25"]
    assert [one.interval(-1, 2000, 0) for one in (DUTCH, ENGLISH)] == ["−1 tot 2.000", "−1 to 2,000"]
    assert [one.bounded(5e6, 1, 1000) for one in (DUTCH, ENGLISH)] == ["meer dan 1.000", "more than 1,000"]
    assert [one.listed("abc") for one in (DUTCH, ENGLISH)] == ["a, b en c", "a, b and c"]
    assert [one.listed("a") + one.listed("") for one in (DUTCH, ENGLISH)] == ["a", "a"]
    assert [one.counted(1, "paar", "paren") for one in (DUTCH, ENGLISH)] == ["1 paar", "1 pair"]
    assert [one.counted(1200, "paar", "paren") for one in (DUTCH, ENGLISH)] == ["1.200 paren", "1,200 pairs"]
    assert written(0.0, 1, sign=True, language="en") == "0.0"
