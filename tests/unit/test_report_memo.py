"""The memo says what the comparison says, whole, in Dutch, the same every time."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.analysis.intervals import VERDICTS
from wijksim.report import memo, texts
from wijksim.report.headlines import headlines, weakest_district
from wijksim.report.memo import render_memo, write_memo
from wijksim.report.tables import UNTOUCHED, gains
from wijksim.report.words import DUTCH
from wijksim.runs.manifest import NOTICE

COMMAND = "./wijk memo --pairs 10 --seed 0 --out <memo>.html"
FEW = ("nuisance_often", "problem_debt", "moves_out")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return example(months=108, names=("liveability_index", "share_in_work", *FEW))


@pytest.fixture(scope="module")
def html(comparison: Comparison) -> str:
    return render_memo(comparison, command=COMMAND)


@pytest.fixture(scope="module")
def page(html: str) -> Reader:
    return Reader(html)


def _small(**changes: object) -> Comparison:
    return example(**{"months": 48, "names": FEW, "scenarios": ("baseline", "basic-jobs"), **changes})


def _page(comparison: Comparison) -> Reader:
    return Reader(render_memo(comparison, command=COMMAND))


def test_every_number_of_the_core_tables_is_that_of_the_comparison(
    comparison: Comparison, page: Reader
) -> None:
    frame = comparison.table().set_index(["measure", "district", "year", "scenario"])
    ids = [scenario.id for scenario in comparison.scenarios[1:]]
    seen = 0
    for district in comparison.districts:
        table = page.table(f"Verschil met het nulalternatief: {DUTCH.place(district)}")
        for attributes, cells in table.rows:
            if "data-measure" not in attributes:
                continue
            key = (attributes["data-measure"], district, int(attributes["data-year"] or 0))
            level, *variants = [cell for cell in cells if cell.tag == "td"]
            for cell, scenario in zip(variants, ids, strict=True):
                row = frame.loc[(*key, scenario)]
                assert level.numbers == [row["null"]]
                assert cell.numbers == [row["difference"], row["low"], row["high"]]
                decimals = len(cell.shown[0].partition(",")[2])
                assert cell.shown == [
                    DUTCH.number(row["difference"], decimals, sign=True),
                    *(DUTCH.number(row[k], decimals) for k in ("low", "high")),
                ]  # fmt: skip
                level_decimals = len(level.shown[0].partition(",")[2])
                assert level.shown == [DUTCH.number(row["null"], level_decimals)]
                assert decimals >= level_decimals
                if decimals > level_decimals:  # else the page would show an interval up to 0 as if it held 0
                    assert row["low"] > 0 or row["high"] < 0
                assert VERDICTS[row["verdict"]] in cell.text
                if math.isfinite(row["share_better"]):
                    assert (
                        f"beter in {round(row['share_better'] * row['pairs'])} van {row['pairs']}"
                        in cell.text
                    )
                seen += 1
    assert seen == len(headlines(comparison)) * len(comparison.districts) * len(comparison.years) * len(ids)


def test_the_glance_repeats_the_verdicts_of_the_last_year(comparison: Comparison, page: Reader) -> None:
    frame = comparison.table([8]).set_index(["measure", "district", "scenario"])["verdict"]
    table = page.table("Oordeel per maat in jaar 8 in de kwetsbare wijk")
    rows = [cells for _, cells in table.rows[1:]]
    assert len(rows) == len(headlines(comparison))
    for kind, cells in zip(headlines(comparison), rows, strict=True):
        for scenario, cell in zip(comparison.scenarios[1:], cells[1:], strict=True):
            assert VERDICTS[frame[kind.name, "vulnerable", scenario.id]] in cell.text
            assert any(symbol in cell.text for symbol in texts.SYMBOLS.values())


def test_same_comparison_same_bytes() -> None:
    first = render_memo(_small(), command=COMMAND)
    assert render_memo(_small(), command=COMMAND) == first
    assert render_memo(_small(seed=4), command=COMMAND) != first


def test_nothing_is_loaded_and_nothing_runs(html: str, page: Reader) -> None:
    assert not re.findall(r"https?:", html)
    assert not {"script", "link", "img", "iframe", "object", "base"} & {tag for tag, _ in page.elements}
    assert "@import" not in html
    loads = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "href")
    ]
    assert loads
    assert all(value is not None and value.startswith("#") for value in loads)
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert all(match.startswith("#") for match in re.findall(r"url\(([^)]*)\)", html))


def test_structure(html: str, page: Reader) -> None:
    assert not page.faults
    assert html.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert [level for level, _ in page.headings].count(1) == 1
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "href"):
            target = attributes.get(name)
            if target is not None:
                assert target.removeprefix("#") in ids
    used = set(re.findall(r"url\(#([^)]+)\)", html))
    assert used <= set(ids)


def test_tables_have_captions_and_headers_with_scope(page: Reader) -> None:
    assert len(page.tables) > 10
    for table in page.tables:
        assert table.caption.strip()
        heads = [cell for _, cells in table.rows for cell in cells if cell.tag == "th"]
        assert heads
        assert all(cell.attributes.get("scope") in ("col", "row", "rowgroup") for cell in heads)


def test_pictures_have_a_text_alternative(page: Reader) -> None:
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert (
        len(pictures) == 5 * 3 + 5 + 3 + 1 + 5 * 3
    )  # bands, differences, costs, all at a glance, per district
    assert all(attributes["role"] == "img" and attributes["aria-labelledby"] for attributes in pictures)


def test_notice_stands_at_both_ends(page: Reader) -> None:
    assert page.plain.count(NOTICE) == 2
    assert page.plain.index(NOTICE) < page.plain.index("Samenvatting")
    assert page.plain.rindex(NOTICE) > page.plain.index("Verantwoording")


def test_accounts_for_itself(comparison: Comparison, html: str, page: Reader) -> None:
    assert COMMAND in page.plain
    assert "&lt;memo&gt;" in html
    for scenario in comparison.scenarios:
        assert scenario.digest in page.plain
    assert "10 paren, startgetallen 0 tot en met 9" in page.plain
    assert "income.low in de kwetsbare wijk werd 0,302 in plaats van 0,310" in page.plain


def test_summary_is_honest_about_power(page: Reader) -> None:
    assert "Met 10 paren kan deze memo hoogstens “waarschijnlijk” zeggen" in page.plain
    assert "ten minste 59 paren nodig" in page.plain
    assert "Gemengd toewijzen : in jaar 8" in page.plain or "Gemengd toewijzen: in jaar 8" in page.plain
    assert "te onderscheiden van het nulalternatief" in page.plain


@pytest.mark.parametrize("pairs", [1, 2, 4])
def test_too_few_pairs_is_said(pairs: int) -> None:
    plain = _page(_small(pairs=pairs)).plain
    assert "Er zijn te weinig paren" in plain
    assert "Nodig zijn ten minste 5 paren, en ten minste 59 paren" in plain
    assert "valt niets te zeggen, want er zijn te weinig paren" in plain
    assert not re.search(r"in jaar 4 in de kwetsbare wijk (waarschijnlijk|vrijwel)", plain)
    assert ("interval niet te bepalen" in plain) is (pairs == 1)


def test_sixty_pairs_may_be_certain() -> None:
    comparison = _small(pairs=60, months=12, names=FEW[:1], costs=False)
    comparison.numerator[:, 1, :, 0] = comparison.numerator[:, 0, :, 0] * 0.9
    plain = _page(comparison).plain
    assert "Met 60 paren kan deze memo elk oordeel uitspreken" in plain
    assert "vrijwel zeker beter op 1 maat (“huishoudens met vaak burenoverlast”)" in plain


def test_missing_values_are_named() -> None:
    comparison = _small()
    comparison.denominator[:, :, :, 1] = 0  # nobody is left to count
    comparison.denominator[:7, :, :, 0, 0] = 0  # and seven futures without a value in the first district
    reader = _page(comparison)
    rows = [
        row
        for row in reader.table("Verschil met het nulalternatief: de kwetsbare").rows
        if "data-measure" in row[0]
    ]
    by_measure = {attributes["data-measure"]: cells for attributes, cells in rows}
    assert "geen waarde" in by_measure["problem_debt"][-1].text
    assert "te weinig paren" in by_measure["problem_debt"][-1].text
    assert by_measure["nuisance_often"][-1].text.strip().endswith("van 3")
    assert not re.search(r"\b(nan|inf)\b", reader.plain)


def test_no_costs_is_not_no_cost() -> None:
    plain = _page(_small(costs=False)).plain
    assert "geen kosten bijgehouden" in plain
    assert "Dat betekent niet dat de varianten niets kosten" in plain


def test_equal_titles_stay_apart() -> None:
    comparison = _small(scenarios=("baseline", "basic-jobs", "basic-jobs"))
    other = comparison.scenarios[2]
    scenarios = (
        *comparison.scenarios[:2],
        dataclasses.replace(other, title="<b>Eigen & plan</b>", id="mine"),
    )
    plain = _page(dataclasses.replace(comparison, scenarios=scenarios))
    assert "<b>Eigen & plan</b>" in plain.plain
    assert "b" not in {tag for tag, _ in plain.elements}
    doubled = memo._names(comparison.scenarios, DUTCH)
    assert len(set(doubled)) == 3


def test_the_weakest_district_is_found_whatever_its_place() -> None:
    comparison = _small()
    assert weakest_district(comparison) == 0
    for values in (comparison.numerator, comparison.denominator):
        values[..., :3] = np.flip(values[..., :3], axis=-1)
    assert weakest_district(comparison) == 2


def test_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memo.html"
    comparison = _small(names=FEW[:1], costs=False, months=12)
    write_memo(comparison, path, command=COMMAND)
    assert path.read_text(encoding="utf-8") == render_memo(comparison, command=COMMAND)
    before = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_memo(comparison, path, command="another")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_gain_of_pairing_leaves_out_what_is_only_rounding() -> None:
    comparison = _small(pairs=8)
    kinds = [kind for kind in headlines(comparison) if kind.direction]
    before = gains(comparison, kinds, (4,))[0]
    assert before is not None
    assert before.untouched == 0
    position = comparison.position(kinds[0].name)
    comparison.numerator[:, 1, :, position] = comparison.numerator[:, 0, :, position] * (1 + 1e-15)
    after = gains(comparison, kinds, (4,))[0]
    assert after is not None
    assert after.untouched == len(comparison.districts)
    assert after.count == before.count - after.untouched
    assert after.highest < UNTOUCHED
    assert gains(_small(pairs=1), kinds, (4,)) == (None,)
