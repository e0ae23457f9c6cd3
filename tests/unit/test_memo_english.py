"""The memo in English: no Dutch is left, every number is that of the Dutch page, and no page disturbs the other."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.unit.memo_beside import beside
from tests.unit.memo_run import small, small_twins
from tests.unit.memo_seen import Visible, leaves, words_of
from tests.unit.report_example import example
from tests.unit.report_page import VOID
from typer.testing import CliRunner

from wijksim.analysis.intervals import VERDICTS
from wijksim.analysis.precision import Precision, reached
from wijksim.cli.app import app
from wijksim.kernel.ledger import KINDS
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.measure import MEASURES
from wijksim.mechanisms.accounts import PM_ITEMS
from wijksim.model.known import known
from wijksim.report import texts
from wijksim.report.language import Language, read_catalogue
from wijksim.report.memo import Page, render_memo, render_page
from wijksim.report.paper import on_paper
from wijksim.report.sections import Beside
from wijksim.report.sheets import document, sheets
from wijksim.report.words import Words
from wijksim.report.workbook import sheet_names, write_workbook
from wijksim.scenario.load import load_scenarios, shipped_scenarios

NAMES = ("problem_debt", "crises", "moves_out")
NUMBERS = ("wellbeing.trust_promise", "mobility.memory_half_life")
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """aan bij dat de deze dit een eerste er geen gaat geeft haar hebben heeft het hij hun ieder iemand jaar keer
        kunnen maar meer minder moet naar naast niet nog nul om onder ook op samen sinds staan staat te tegen tot tussen
        uit veel voor waar waarin wat welke wie wijk wijken wordt worden ze zich zijn zo zonder zoals zou""",
    )
)
"""Words of which no Dutch sentence is without one, and that English does not have."""


@lru_cache(maxsize=1)
def _dutch() -> frozenset[str]:
    """Words of the Dutch texts that no English text has."""
    catalogue = [one for one in read_catalogue("en") if one.id]
    english = [*leaves(texts.locale("en")), *texts.locale("nl")["prose"]]
    dutch = [*leaves(texts.locale("nl")), *VERDICTS.values(), *leaves([one.id for one in catalogue])]
    english += leaves([one.string for one in catalogue])
    for pair in KINDS.values():
        english.append(pair[0])
        dutch.append(pair[1])
    for one in [*(kind for _, kind in MEASURES.items()), *PM_ITEMS]:
        english.append(one.label)
        dutch.append(one.label_nl)
    for name, lever in LEVERS.items():
        english += [name, lever.title, lever.explain]
        dutch += [lever.title_nl, lever.explain_nl]
    for one in load_scenarios(list(shipped_scenarios()), known=known()):
        english += [one.title, one.question or "", *one.source, *one.assumed, *one.would_change_our_mind]
    return frozenset(set().union(*map(words_of, dutch)) - set().union(*map(words_of, english)))


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    comparison = example(
        pairs=12, months=96, scenarios=("baseline", "basic-jobs", "staffing-cut"), names=NAMES, closely=True
    )
    done = reached(comparison, Precision(relative=0.1), NAMES)
    found = beside(comparison, NUMBERS)
    return {lang: Page(comparison, "wijksim memo", done, found, lang) for lang in ("nl", "en")}


@pytest.fixture(scope="module")
def told(pages: dict[str, Page]) -> dict[str, str]:
    return {lang: render_page(page) for lang, page in pages.items()}


def test_the_list_knows_dutch() -> None:
    assert len(_dutch()) > 1500
    assert {"wijk", "huishoudens", "leefbaarheid", "nulalternatief", "maatregel"} <= _dutch()
    assert len(FUNCTION_WORDS & _dutch()) > 50
    assert not _dutch() & {"the", "a", "households", "district", "surely", "variant", "index"}


def test_no_dutch_is_left(told: dict[str, str]) -> None:
    page = Visible(told["en"])
    assert page.language == "en"
    assert len(page.words) > 500
    assert page.words & (_dutch() | FUNCTION_WORDS) == set()
    assert page.foreign == []


@pytest.mark.slow
def test_no_dutch_is_left_in_the_whole_memo() -> None:
    found = Beside(beside(small(), NUMBERS).stored, small_twins())
    page = render_memo(small(), command="wijksim memo", beside=found, lang="en")
    assert Visible(page).words & (_dutch() | FUNCTION_WORDS) == set()
    _same_numbers(render_memo(small(), command="wijksim memo", beside=found), page)


def test_no_dutch_is_left_in_the_tables_for_other_programs(pages: dict[str, Page]) -> None:
    page = pages["en"]
    names = {*MEASURES.names(), *(one.id for one in page.comparison.scenarios), *page.comparison.districts}
    made = document(page)
    shown = [str(made["notice"])]
    for sheet in sheets(page):
        cells = [value for row in sheet.rows for value in row]
        shown += [one for one in (sheet.title, sheet.tab, *sheet.columns, *cells) if isinstance(one, str)]
    left = [text for text in shown if text not in names and words_of(text) & _dutch()]
    assert len(shown) > 500
    assert left == []


def test_tables_of_both_languages_hold_the_same(pages: dict[str, Page]) -> None:
    dutch, english = sheets(pages["nl"]), sheets(pages["en"])
    assert [sheet.key for sheet in dutch] == [sheet.key for sheet in english]
    assert {sheet.key for sheet in dutch} == {sheet.tab for sheet in dutch}
    for mine, other in zip(dutch, english, strict=True):
        assert len(mine.columns) == len(other.columns)
        assert [_numbers(row) for row in mine.rows] == [_numbers(row) for row in other.rows]


def _numbers(row: tuple[Any, ...]) -> str:
    return repr([value for value in row if isinstance(value, int | float)])


def test_the_workbook_is_in_english(pages: dict[str, Page], tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    write_workbook(sheets(pages["en"]), path, Words("en"))
    with zipfile.ZipFile(path) as book:
        contents = book.read("xl/workbook.xml").decode()
        table = book.read("xl/tables/table1.xml").decode()
    assert {"core", "costs", "account"} <= set(sheet_names(sheets(pages["en"])))
    assert 'name="Contents"' in contents
    assert 'name="table_1"' in table
    assert "Null alternative" in table


def test_paper_is_in_the_language_of_the_page(told: dict[str, str]) -> None:
    english, dutch = on_paper(told["en"], Words("en")), on_paper(told["nl"])
    assert '"page " counter(page) " of " counter(pages)' in english
    assert '"bladzijde " counter(page) " van " counter(pages)' in dutch
    assert 'content: "Contents"' in english


class Blocks(HTMLParser):
    """Numbers per block of text, in the order of the page; prose of scenarios, codes and the list of terms apart."""

    BLOCKS = frozenset(
        (
            "p",
            "li",
            "td",
            "th",
            "dt",
            "dd",
            "caption",
            "figcaption",
            "summary",
            "h1",
            "h2",
            "h3",
            "h4",
            "title",
            "text",
        )
    )
    LEFT_OUT = frozenset(("code", "pre", "style"))
    OWN_WORDS = frozenset(("card", "number-name", "begrippen", "aanleiding"))
    BY_NAME = "onderwerpen"  # rows in the order of the alphabet: taken as one block

    def __init__(self, page: str, number: str, thousands: str, point: str) -> None:
        super().__init__(convert_charrefs=True)
        self.number, self.thousands, self.point = re.compile(number), thousands, point
        self.open: list[tuple[bool, bool]] = []  # per open element: left out, inside one block
        self.found: list[tuple[str, Counter[float]]] = []
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        known = dict(attrs)
        quiet, whole = self.open[-1] if self.open else (False, False)
        marks = {known.get("class"), known.get("aria-labelledby")}
        quiet = quiet or tag in self.LEFT_OUT or bool(marks & self.OWN_WORDS)
        starts = not whole and (tag in self.BLOCKS or self.BY_NAME in marks)
        self.open.append((quiet, whole or self.BY_NAME in marks))
        if tag == "data":
            self.values.append(known["value"] or "")
        if starts and not quiet:
            self.found.append((tag, Counter()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.found and self.open and not self.open[-1][0] and "Python" not in data:
            for text in self.number.findall(data):
                plain = text.replace(self.thousands, "").replace(self.point, ".").replace("−", "-")
                self.found[-1][1][float(plain)] += 1


def _same_numbers(dutch: str, english: str) -> None:
    mine = Blocks(dutch, r"−?\d+(?:\.\d{3})*(?:,\d+)?", ".", ",")
    other = Blocks(english, r"−?\d+(?:,\d{3})*(?:\.\d+)?", ",", ".")
    assert mine.values == other.values
    assert [tag for tag, _ in mine.found] == [tag for tag, _ in other.found]
    apart = [pair for pair in zip(mine.found, other.found, strict=True) if pair[0] != pair[1]]
    assert apart == []
    assert sum(len(found) for _, found in mine.found) > 1000


def test_every_number_is_that_of_the_dutch_page(told: dict[str, str]) -> None:
    _same_numbers(told["nl"], told["en"])


def test_another_number_is_seen(told: dict[str, str]) -> None:
    changed = told["en"].replace("12 pairs", "13 pairs", 1)
    assert changed != told["en"]
    with pytest.raises(AssertionError):
        _same_numbers(told["nl"], changed)


@pytest.mark.parametrize("place", ["label", "verdict", "heard", "sentence"])
def test_a_text_that_was_forgotten_is_seen(told: dict[str, str], place: str) -> None:
    kind = MEASURES.get("problem_debt")
    old, new = {
        "label": (kind.label, kind.label_nl),
        "verdict": (Words("en").verdict("likely_better"), VERDICTS["likely_better"]),
        "heard": ('aria-label="Parts of this page"', 'aria-label="Onderdelen"'),
        "sentence": ("With fewer than", "Met minder dan"),
    }[place]
    assert old in told["en"] or place == "sentence"
    page = (
        told["en"].replace(old, new)
        if old in told["en"]
        else told["en"].replace("</main>", f"<p>{new}</p></main>")
    )
    assert Visible(page).words & (_dutch() | FUNCTION_WORDS)


def test_both_languages_in_one_process(pages: dict[str, Page], told: dict[str, str]) -> None:
    small_one = example(pairs=2, months=12, scenarios=("baseline", "basic-jobs"), names=("problem_debt",))

    def made(lang: Language) -> str:
        return render_memo(small_one, command="wijksim memo", lang=lang)

    first = made("nl")
    assert '<html lang="nl">' in first
    assert '<html lang="en">' in made("en")
    assert made("nl") == first == render_memo(small_one, command="wijksim memo")
    del pages, told


def test_json_tells_keys_that_do_not_hang_on_the_language(pages: dict[str, Page]) -> None:
    dutch, english = (json.loads(json.dumps(document(pages[lang]))) for lang in ("nl", "en"))
    assert set(dutch) == set(english)
    assert [one["key"] for one in dutch["tables"]] == [one["key"] for one in english["tables"]]
    assert english["tables"][0]["columns"][0] == "District"
    assert "not a tool" in english["notice"]


@pytest.mark.parametrize(
    ("word", "hint"), [("eng", "did you mean 'en'"), ("NL", "did you mean 'nl'"), ("fr", "nl, en")]
)
def test_a_language_that_does_not_exist(
    word: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["memo", "staffing-cut", "--lang", word], prog_name="wijksim")
    assert done.exit_code == 2
    assert f"there is no '{word}'" in done.stderr
    assert hint in done.stderr
    assert list(tmp_path.iterdir()) == []
