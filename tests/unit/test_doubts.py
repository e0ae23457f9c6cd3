"""The caveats of the memo are those of the score card and of the gates, in Dutch."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tests.unit.memo_run import small
from tests.unit.report_page import Reader

from wijksim.analysis import validation
from wijksim.report.doubts import CARD, GATES, doubts, locale, read, table
from wijksim.report.memo import render_memo

FACTS = Path(validation.__file__).parent / "facts.csv"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_they_are_counted_as_on_the_pages() -> None:
    found = doubts()
    card, gates = ((DOCS / name).read_text(encoding="utf-8") for name in (CARD, GATES))
    failed = card.split("## Not reproduced")[1].split("\n## ")[0]
    assert len(found.facts) == sum(line.startswith("| ") for line in failed.splitlines()) - 1
    assert found.measured == found.passed + len(found.facts)
    assert found.rows == found.measured + found.given + found.unmeasured
    verdicts = [row["verdict"] for row in table(gates, "gate")]
    assert found.claims == len(verdicts)
    assert len(found.gates) == len([one for one in verdicts if one != "pass"])


def test_all_of_them_are_in_dutch() -> None:
    found = doubts()
    with FACTS.open(encoding="utf-8") as file:
        assert {row["id"] for row in csv.DictReader(file)} == set(locale("facts"))
    assert not [one.claim for one in found.gates if not one.translated]
    assert not [one.name for one in found.blocks if re.search(r"\b(moves|wellbeing|crime|debt)\b", one.name)]


def test_a_fact_that_nobody_translated_is_shown_in_english() -> None:
    first = doubts().facts[0]
    card = (DOCS / CARD).read_text(encoding="utf-8").replace(f"| {first.id} |", "| NEW01 |")
    one = read(card, (DOCS / GATES).read_text(encoding="utf-8")).facts[0]
    assert (one.id, one.translated) == ("NEW01", False)
    assert one.text != first.text
    assert one.text in card


def test_a_page_of_another_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="how many facts"):
        read("# Score card", "# Gates")
    with pytest.raises(ValueError, match="no table"):
        table("| a | b |\n|---|---|\n", "gate")


def test_they_come_first_among_the_caveats() -> None:
    page = Reader(render_memo(small(), command="again"))
    found = doubts()
    assert f"{found.passed} komen eruit en {len(found.facts)} niet" in page.plain
    rows = page.table("Feiten die het model niet laat zien").rows[1:]
    assert [cells[0].text for _, cells in rows] == [one.id for one in found.facts]
    assert page.plain.index("Wat het model niet goed doet") < page.plain.index(
        "Wat dit model niet kan zeggen"
    )


def test_no_number_is_written_as_a_power_of_ten() -> None:
    facts = doubts().facts
    assert facts
    assert [one.id for one in facts if re.search(r"\de[+-]?\d", f"{one.simulated} {one.band}")] == []
