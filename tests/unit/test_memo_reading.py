"""How the page reads: titles of any kind, one word for one thing, no unknown version, length behind a fold."""

from __future__ import annotations

import dataclasses
import re

import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.report import background
from wijksim.report.language import Language
from wijksim.report.memo import Page, render_page
from wijksim.report.sheets import sheets

NAMES = ("problem_debt", "poverty", "moves_out")
ODD = ('Drie raderen: "wonen", school en werk', "Plan “B”")
SPLIT_BY_MEASURE = re.compile(r"\b(met|zonder) (de )?maatregel\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    made = example(pairs=6, months=48, scenarios=("baseline", "basic-jobs", "staffing-cut"), names=NAMES)
    null, *variants = made.scenarios
    odd = (dataclasses.replace(one, title=title) for one, title in zip(variants, ODD, strict=True))
    return dataclasses.replace(made, scenarios=(dataclasses.replace(null, title="Zoals: nu"), *odd))


@pytest.fixture(scope="module")
def told(comparison: Comparison) -> dict[Language, str]:
    return {
        "nl": render_page(Page(comparison, "again")),
        "en": render_page(Page(comparison, "again", lang="en")),
    }


def test_titles_with_colons_and_quotation_marks_read_as_titles(told: dict[Language, str]) -> None:
    page = Reader(told["nl"])
    plain = page.plain
    lead = plain[plain.index("Variantenmemo Wat verandert") : plain.index("Samenvatting")]
    assert (
        "Wat verandert er in 4 jaar vergeleken met het nulalternatief? NulalternatiefZoals: nu Varianten"
        in lead
    )
    assert ODD[0] in lead
    assert ODD[1] in lead
    assert "““" not in plain
    assert "””" not in plain
    assert "het nulalternatief “Zoals: nu”, 4 jaar vooruit" in plain
    assert "“Drie raderen: ‘wonen’, school en werk” en “Plan ‘B’”" in plain
    shown = Reader(re.sub(r"<title.*?</title>", "", told["nl"])).plain  # texts of pictures are heard
    assert f"{ODD[0]}:" not in shown  # no second colon behind the first
    assert f"{ODD[0]} –" in plain
    assert f"{ODD[1]}:" in plain


def test_what_is_compared_is_called_by_its_name(told: dict[Language, str]) -> None:
    plain = Reader(told["nl"]).plain
    assert not SPLIT_BY_MEASURE.findall(plain)
    assert "nulalternatief “Zoals: nu” (nul)" in plain
    english = Reader(told["en"]).plain
    assert not re.findall(r"\bwith(?:out)? (?:the|a) measure\b", english)


def test_one_word_for_one_thing(told: dict[Language, str]) -> None:
    dutch, english = Reader(told["nl"]).plain.lower(), Reader(told["en"]).plain.lower()
    assert "maat" in dutch
    assert not re.findall(r"\b(indicator\w*|maatstaf|maatstaven|cijfers? om te volgen)\b", dutch)
    assert "indicator" in english
    assert "figures to follow" not in english


@pytest.mark.parametrize(("version", "shown"), [("unknown", ""), ("1.2.3", "wijksim 1.2.3, Python")])
def test_a_version_that_nobody_knows_is_left_out(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch, version: str, shown: str
) -> None:
    monkeypatch.setattr(background, "package_version", lambda: version)
    page = Page(comparison, "again")
    plain = Reader(render_page(page)).plain
    assert "onbekend" not in plain
    assert shown in plain
    assert re.search(r"Versie(?:wijksim 1\.2\.3, )?Python 3", plain)
    account = next(one for one in sheets(page) if one.key == "verantwoording")
    told = [row[1] for row in account.rows if row[0] == "Versie"]
    assert told == ([version] if shown else [])


def test_small_figures_and_tables_by_district_are_folded_under_what_is_in_them(
    told: dict[Language, str],
) -> None:
    found = re.findall(r'<details class="(?:more|district)"><summary>(.*?)</summary>', told["nl"])
    assert "Verloop van 3 maten in 3 wijken, als figuur en als tabel" in found
    assert "Verschil op 3 maten in jaar 4, elke maat in een eigen figuur" in found
    assert sum("tabel met 3 maten in jaar 4" in text for text in found) == 2
    open_tables = re.sub(r"<details.*?</details>", "", told["nl"], flags=re.DOTALL)
    assert open_tables.count('<table class="core stack">') == 2
    assert 'id="beeld-wijken-' in told["nl"]
    assert 'id="beeld-wijken-' not in _outside(told["nl"])


def _outside(page: str) -> str:
    """The page without what is folded, folds within folds included."""
    depth, kept = 0, []
    for part in re.split(r"(<details\b|</details>)", page):
        depth += (part == "<details") - (part == "</details>")
        if depth == 0:
            kept.append(part)
    return "".join(kept)


def test_paper_shows_what_is_folded_for_its_length(told: dict[Language, str]) -> None:
    style = told["nl"].split("@media print", 1)[1]
    assert "details:not([open], .district, .more) { display: none; }" in style
    assert ".more::details-content { content-visibility: visible;" in style
