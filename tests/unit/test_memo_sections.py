"""The further sections of the memo: every number is that of its source, and nothing is told that nobody computed."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.memo_run import MONTHS, small, small_twins
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.groups import group_effects, readout_month
from wijksim.analysis.knockout import Knockout
from wijksim.analysis.shapley import Shapley
from wijksim.analysis.stored import Stored, stored_results
from wijksim.cli.console import plain
from wijksim.kernel.groups import GROUPS
from wijksim.kernel.measure import MEASURES
from wijksim.report import texts
from wijksim.report.memo import Page, render_memo, render_page
from wijksim.report.sections import Beside, decision, weakest_grade
from wijksim.report.sheets import Sheet, document, sheets
from wijksim.report.winners import MEASURES as OWN
from wijksim.report.words import DUTCH
from wijksim.report.workbook import LONGEST_NAME, sheet_names, workbook_bytes, write_workbook
from wijksim.runs.manifest import NOTICE

COMMAND = "wijksim memo sale basic-jobs"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(small(), COMMAND, None, Beside(twins=small_twins()))


@pytest.fixture(scope="module")
def reader(page: Page) -> Reader:
    return Reader(render_page(page))


# ---------------------------------------------------------------- the page as a whole


def test_sections_stand_in_the_order_of_a_memo(reader: Reader) -> None:
    wanted = [
        "Gevraagd besluit", "Aanleiding en doel", "Nulalternatief", "Varianten", "De kern in een tabel",
        "Hoe zeker is dit", "Wie wint en wie verliest", "Waterbed", "Kosten en baten", "Wat draagt het effect",
        "Kanttekeningen", "Volgen en bijsturen", "Verantwoording",
    ]  # fmt: skip
    headings = [text for level, text in reader.headings if level == 2]
    assert [text for text in headings if text in wanted] == wanted
    assert not reader.faults


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(page: Page) -> None:
    again = Page(small(), COMMAND, None, Beside(twins=small_twins()))
    assert render_page(page) == render_page(again)
    assert workbook_bytes(sheets(page)) == workbook_bytes(sheets(again))
    assert render_page(page) != render_memo(small(), command=COMMAND)


def test_the_decision_names_all_variants() -> None:
    assert decision(["A"], "nul") == "Besluit of “A” verder wordt uitgewerkt, of dat “nul” blijft gelden."
    assert decision(["A", "B"], "nul").endswith("“A” en “B”.")


def test_the_grade_is_that_of_the_weakest_lever(page: Page) -> None:
    null, sale, jobs = small().scenarios
    assert page.sections.grades == (weakest_grade(sale, null), weakest_grade(jobs, null))
    assert weakest_grade(jobs, null) == "C"
    both = dataclasses.replace(jobs, levers=(*jobs.levers, *sale.levers))
    assert weakest_grade(both, null) == max(page.sections.grades)
    assert weakest_grade(null, null) == ""


def test_without_books_each_section_says_so() -> None:
    made = example(months=48, names=("problem_debt",), scenarios=("baseline", "basic-jobs"), pairs=5)
    told = Reader(render_memo(made, command="again")).plain
    assert "geen groepen bijgehouden" in told
    assert "niet bijgehouden wie kwam en wie ging" in told
    assert "niet per post bijgehouden" in told
    assert "Eén bewoner, twee levens" not in told
    assert "hebben de getallen van het model in elke toekomst dezelfde waarde" in told


# ---------------------------------------------------------------- groups


def test_groups_are_read_in_the_last_month_of_their_year() -> None:
    assert readout_month(small()) == MONTHS - 1


def test_an_effect_in_a_group_is_that_of_its_figures() -> None:
    comparison = small()
    kind = MEASURES.get("problem_debt")
    found = {(one.group, one.label): one for one in group_effects(comparison, 1, [kind], "vulnerable")}
    assert set(found) == {(group.name, label) for group in GROUPS.values() for label in group.labels}
    values = np.full((len(comparison.futures), 2), np.nan)
    for f, future in enumerate(comparison.futures):
        for s in (0, 1):
            for month, measure, group, label, top, bottom in future.groups[s]:
                if (month, measure, group, label) == (MONTHS - 1, kind.name, "tenure", "corporation"):
                    values[f, s] = 100 * top[0] / bottom[0]
    one = found["tenure", "corporation"]
    assert one.null == pytest.approx(values[:, 0].mean())
    assert one.result.mean == pytest.approx((values[:, 1] - values[:, 0]).mean(), abs=1e-9)
    city = group_effects(comparison, 1, [kind], "city")
    assert sum(one.rows for one in city if one.group == "tenure") > sum(
        one.rows for one in found.values() if one.group == "tenure"
    )


def test_the_page_shows_the_groups(page: Page, reader: Reader) -> None:
    kinds = [kind for name in OWN for kind in small().measures if kind.name == name]
    effects = {
        (one.group, one.label, one.measure.name): one
        for one in group_effects(small(), 1, kinds, "vulnerable")
    }
    table = next(
        one for one in reader.tables
        if one.attributes["class"] == "groups" and one.attributes["data-variant"] == "0"
    )  # fmt: skip
    shown = page.sections.groups[0]
    assert shown is not None
    seen = 0
    for attributes, cells in table.rows:
        if "data-group" not in attributes:
            continue
        for kind, cell in zip(shown.measures, cells[2:], strict=True):
            one = effects.get((str(attributes["data-group"]), str(attributes["data-label"]), kind.name))
            if one is not None and np.isfinite(one.result.mean):
                assert cell.numbers == [one.result.mean, one.result.low, one.result.high]
                assert DUTCH.verdict(one.result.verdict) in cell.text
                seen += 1
    assert seen > 50


# ---------------------------------------------------------------- stored results


def _knockout(digests: dict[str, str]) -> Knockout:
    rows = [
        {"measure": "problem_debt", "district": "vulnerable", "year": 4, "part": part, "effect": effect,
         "low": effect - 0.1, "high": effect + 0.1}
        for part, effect in (("total", 1.25), ("first_order", 0.5), ("scarcity", 0.625), ("remainder", 0.125))
    ]  # fmt: skip
    return Knockout("sale", "baseline", digests, ("scarcity",), 8, 0, 36, pd.DataFrame(rows))


def _digests() -> dict[str, str]:
    return {"scenario": small().scenarios[1].digest, "null": small().null.digest}


@pytest.mark.slow
def test_a_stored_knockout_of_the_same_scenarios_is_shown(tmp_path: Path) -> None:
    _knockout(_digests()).save(tmp_path)
    found = stored_results(tmp_path, small(), ("problem_debt",), district="vulnerable")
    assert found[1] == Stored()
    reader = Reader(render_memo(small(), command="again", beside=Beside(found)))
    table = next(one for one in reader.tables if "per terugkoppeling" in one.caption)
    rows = {a["data-part"]: cells for a, cells in table.rows if "data-part" in a}
    assert {part: cells[1].numbers[0] for part, cells in rows.items()} == {
        "total": 1.25, "first_order": 0.5, "scarcity": 0.625, "remainder": 0.125,
    }  # fmt: skip
    assert "8 paren" in table.caption
    assert rows["scarcity"][0].text == texts.sentence(DUTCH.loop("scarcity"))


def test_a_result_of_another_version_is_passed_over(tmp_path: Path) -> None:
    _knockout({**_digests(), "scenario": "another"}).save(tmp_path)
    (tmp_path / "knockout-broken.json").write_text("{", encoding="utf-8")
    assert Knockout.stored(tmp_path, _digests()) is None
    assert stored_results(tmp_path, small(), ("problem_debt",), district="vulnerable") == (Stored(), Stored())
    assert stored_results(tmp_path / "nowhere", small(), (), district="vulnerable") == (Stored(), Stored())


def test_without_a_result_the_command_that_makes_it_is_shown(reader: Reader) -> None:
    command = "wijksim knockout sale --null baseline --pairs 2 --seed 5 --months 36 --size 900 --out results"
    assert command in reader.plain
    assert "één maatregel en geen pakket" in reader.plain


@pytest.mark.slow
def test_a_stored_shapley_shows_contributions_and_synergy(tmp_path: Path) -> None:
    parts = (
        ("total", "", 2.0),
        ("contribution", "sale", 1.5),
        ("alone", "sale", 1.0),
        ("synergy", "", -0.25),
    )
    table = pd.DataFrame(
        [
            {"measure": "problem_debt", "district": "vulnerable", "year": 4, "kind": kind, "part": part,
             "effect": effect, "low": effect - 0.1, "high": effect + 0.1}
            for kind, part, effect in parts
        ]
    )  # fmt: skip
    Shapley("sale", "baseline", _digests(), ("sale",), 6, 0, 36, table).save(tmp_path)
    found = stored_results(tmp_path, small(), ("problem_debt",), district="vulnerable")
    reader = Reader(render_memo(small(), command="again", beside=Beside(found)))
    shown = next(one for one in reader.tables if "per maatregel" in one.caption)
    told = {cells[0].text: cells[1].numbers[0] for a, cells in shown.rows if "data-part" in a}
    assert told == {
        "Hele pakket": 2.0,
        "Samenspel (synergie)": -0.25,
        "Bijdrage van “Verkoop van corporatiewoningen”": 1.5,
        "Alleen “Verkoop van corporatiewoningen”": 1.0,
    }


# ---------------------------------------------------------------- workbook and JSON


def test_every_number_of_the_page_is_in_the_tables(page: Page, reader: Reader) -> None:
    held = {
        value
        for sheet in sheets(page)
        for row in sheet.rows
        for value in row
        if isinstance(value, float | int)
    }
    missing = [
        (table.caption.strip(), number)
        for table in reader.tables
        for _, cells in table.rows
        for cell in cells
        for number in cell.numbers
        if number not in held
    ]
    assert not missing


def test_every_table_is_a_native_one_and_holds_its_numbers(page: Page, tmp_path: Path) -> None:
    made = sheets(page)
    write_workbook(made, tmp_path / "memo.xlsx")
    book = zipfile.ZipFile(BytesIO((tmp_path / "memo.xlsx").read_bytes()))
    assert book.testzip() is None
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for number, sheet in enumerate(made, start=1):
        table = ET.fromstring(book.read(f"xl/tables/table{number}.xml"))
        heads = [column.attrib["name"] for column in table.iter(f"{space}tableColumn")]
        assert heads == list(sheet.columns)
        root = ET.fromstring(book.read(f"xl/worksheets/sheet{number + 1}.xml"))
        held = sorted(
            float(cell.findtext(f"{space}v") or "nan")
            for cell in root.iter(f"{space}c")
            if cell.attrib.get("t") is None and cell.find(f"{space}v") is not None
        )
        wanted = sorted(
            float(value) for row in sheet.rows for value in row
            if isinstance(value, float | int) and np.isfinite(value)
        )  # fmt: skip
        assert np.allclose(held, wanted, rtol=1e-12, atol=0)
    assert NOTICE in book.read("xl/sharedStrings.xml").decode()
    assert [path.name for path in tmp_path.iterdir()] == ["memo.xlsx"]


def test_names_of_sheets_are_short_and_differ() -> None:
    made = [Sheet("a" * 40, "", ("x",), ()), Sheet("A" * 40, "", ("x",), ()), Sheet("b", "", ("x",), ())]
    names = sheet_names(made)
    assert len({name.lower() for name in names}) == 3
    assert max(map(len, names)) <= LONGEST_NAME


def test_columns_have_names_of_their_own(page: Page) -> None:
    for sheet in sheets(page):
        assert len(set(sheet.columns)) == len(sheet.columns), sheet.key
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}, sheet.key


def test_json_is_the_same_tables(page: Page) -> None:
    data = json.loads(json.dumps(plain(document(page)), allow_nan=False))
    assert data["notice"] == NOTICE
    assert data["command"] == COMMAND
    assert [one["key"] for one in data["tables"]] == [sheet.key for sheet in sheets(page)]
    core = next(one for one in data["tables"] if one["key"] == "kern")
    frame = small().table()
    assert len(core["rows"]) == len(page.measures) * len(small().districts) * len(small().years) * 2
    place = core["columns"].index("Verschil")
    known = set(frame["difference"].dropna())
    assert all(row[place] is None or row[place] in known for row in core["rows"])
