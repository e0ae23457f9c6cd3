"""Pictures show what was recorded, in the drawing, in its table and in words; the same every time."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.unit import closeup_example as near
from tests.unit.picture_reading import NAMES, VARIANTS, box, by_key, every, points, shapes, used, whole
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.kernel.measure import MEASURES
from wijksim.report import memo, pictures, plots, texts
from wijksim.report.language import Language
from wijksim.report.pictures import gallery, overview
from wijksim.report.pictures.districts import small_multiples
from wijksim.report.tables import blocks, course, read_lines
from wijksim.report.words import DUTCH, Words
from wijksim.runs.closeup import MAPPED

ENGLISH = Words("en")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return example(pairs=6, months=96, names=NAMES, costs=False, closely=True)


@pytest.fixture(scope="module")
def drawn(comparison: Comparison) -> gallery.Gallery:
    return whole(comparison)


# ---------------------------------------------------------------- words


def said(package: Path) -> list[str]:
    """English texts that the code of pictures says."""
    files = [*sorted(package.glob("*.py")), Path(plots.__file__)]
    calls = [
        node
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say"
    ]
    assert all(isinstance(call.args[0], ast.Constant) for call in calls)
    return [str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)]


def test_everything_that_pictures_say_is_in_dutch_with_the_same_places() -> None:
    known = texts.locale()["prose"]
    found = said(Path(pictures.__file__).parent)
    assert len(found) > 50
    for text in found:
        assert text in known
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", known[text]))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("nl", ["−1.234,5", "0,0", "+2,0", "geen waarde", "0,25"]),
        ("en", ["−1,234.5", "0.0", "+2.0", "no value", "0.25"]),
    ],
)
def test_numbers_in_both_languages(language: Language, shown: list[str]) -> None:
    words = Words(language)
    assert [
        words.number(-1234.5, 1), words.number(-0.01, 1), words.number(2, 1, sign=True), words.number(np.nan),
        words.tick(0.25),
    ] == shown  # fmt: skip


def test_moments_in_words() -> None:
    assert [DUTCH.moment(month) for month in (0, 12, 120, 14)] == [
        "bij het begin", "na 1 jaar", "na 10 jaar", "na 14 maanden",
    ]  # fmt: skip
    assert ENGLISH.moment(120) == "after 10 years"


def alternatives(found: gallery.Gallery) -> dict[str, str]:
    """Text alternative of every drawing by its id."""
    texts_by_id = {}
    for picture in every(found):
        drawings = [panel.svg for panel in picture.panels] + ([picture.legend] if picture.legend else [])
        assert drawings
        for svg in drawings:
            title = re.search(r'<title id="([^"]+)">([^<]+)</title>', svg)
            assert title is not None
            assert f'role="img" aria-labelledby="{title.group(1)}"' in svg
            assert title.group(1) not in texts_by_id
            texts_by_id[title.group(1)] = title.group(2)
    return texts_by_id


def test_every_drawing_has_words_for_who_cannot_see_it_in_both_languages(
    comparison: Comparison, drawn: gallery.Gallery
) -> None:
    dutch, english = alternatives(drawn), alternatives(whole(comparison, ENGLISH))
    assert dutch.keys() == english.keys()
    for key, text in dutch.items():
        assert len(text) > 20
        assert text != english[key]
        assert not re.search(r"[{}]", text + english[key])


def test_every_picture_has_its_table(drawn: gallery.Gallery) -> None:
    for picture in every(drawn):
        assert picture.tables
        assert all(table.rows and table.caption for table in picture.tables)
        for table in picture.tables:
            assert all(len(row.heads) == len(table.stubs) for row in table.rows)
            assert all(len(row.cells) == len(table.heads) for row in table.rows)


def test_bands_and_differences_speak_english_when_asked(comparison: Comparison) -> None:
    one = course(comparison, MEASURES.get("stress"), 0)
    panel = plots.band_panels(one, VARIANTS, where="district “x”", words=ENGLISH)[0]
    assert "against the null alternative" in panel
    assert ">null</text>" in panel
    assert ">year 8</text>" in panel
    assert "nulalternatief" not in panel


# ---------------------------------------------------------------- all variants at a glance


def test_the_overview_is_the_core_table_of_the_last_year(
    comparison: Comparison, drawn: gallery.Gallery
) -> None:
    frame = comparison.table([8]).set_index(["measure", "district", "scenario"])
    (table,) = drawn.overview.tables
    assert len(table.rows) == len(NAMES)
    for name, row in zip(NAMES, table.rows, strict=True):
        assert row.heads[0] == MEASURES.get(name).label_nl
        values = [cell.value for cell in row.cells]
        expected = [
            frame.loc[(name, "vulnerable", scenario.id)][part]
            for scenario in comparison.scenarios[1:]
            for part in ("difference", "low", "high")
        ]
        assert values == expected


def test_dots_of_the_overview_stand_where_the_numbers_are(
    comparison: Comparison, drawn: gallery.Gallery
) -> None:
    found = blocks(
        tuple(MEASURES.get(name) for name in NAMES),
        read_lines(comparison, comparison.table()),
        "vulnerable",
        comparison.years,
    )
    parts = [found[:5], found[5:]]
    assert len(drawn.overview.panels) == len(parts)
    for part, panel in zip(parts, drawn.overview.panels, strict=True):
        width, _ = box(panel.svg)
        for variant in range(3):
            spots = used(panel.svg, plots.look(variant).colour.lower())
            assert len(spots) == len(part)
            for block, (x, _) in zip(part, sorted(spots, key=lambda spot: spot[1]), strict=True):
                value = block.lines[-1].cells[variant].difference * (block.measure.direction or 1)
                share = value / overview.reach(block) / overview._ROOM
                assert x == pytest.approx(width * (0.5 + 0.48 * share), abs=0.02)


def test_better_is_to_the_right_whatever_the_direction(comparison: Comparison) -> None:
    for name, direction in (("stress", -1), ("trust", 1)):
        assert MEASURES.get(name).direction == direction
        k = comparison.position(name)
        shifted = example(pairs=6, months=96, names=NAMES, costs=False)
        shifted.numerator[:, 1, :, k] = (
            shifted.numerator[:, 0, :, k] + direction * shifted.denominator[:, 1, :, k]
        )
        found = blocks(
            (MEASURES.get(name),), read_lines(shifted, shifted.table()), "vulnerable", shifted.years
        )
        panel = overview.overview(found, VARIANTS[1:], where="x", words=ENGLISH).panels[0]
        ((x, _),) = used(panel.svg, plots.look(0).colour.lower())
        assert x > 0.9 * box(panel.svg)[0]
        assert "Eén: at least likely better: " + MEASURES.get(name).label in panel.svg


def test_the_words_of_the_overview_are_those_of_the_verdicts() -> None:
    few = example(pairs=2, months=96, names=NAMES, costs=False)
    k = few.position("trust")
    few.numerator[:, 1, :, k] = few.numerator[:, 0, :, k] - few.denominator[:, 1, :, k]
    found = blocks((MEASURES.get("trust"),), read_lines(few, few.table()), "vulnerable", few.years)
    cell = found[0].lines[-1].cells[0]
    assert cell.high < 0  # the interval alone would say worse
    svg = overview.overview(found, VARIANTS[1:], where="x", words=ENGLISH).panels[0].svg
    assert f"Eén: too few pairs to say: {MEASURES.get('trust').label}." in svg
    assert "worse:" not in svg


# ---------------------------------------------------------------- per district


def test_small_multiples_are_the_yearly_means(comparison: Comparison, drawn: gallery.Gallery) -> None:
    picture = by_key(drawn, "wijken-problem_debt")
    means = comparison.yearly("problem_debt").mean(axis=0)
    assert [panel.label for panel in picture.panels] == [
        "De kwetsbare wijk",
        "De gemiddelde wijk",
        "De welvarende wijk",
    ]
    rows = iter(picture.tables[0].rows)
    for district in range(3):
        for year in range(8):
            row = next(rows)
            assert row.heads[1] == str(year + 1)
            assert [cell.value for cell in row.cells] == pytest.approx(means[:, year, district].tolist())
    assert next(rows, None) is None


def test_lines_of_small_multiples_share_one_scale(comparison: Comparison, drawn: gallery.Gallery) -> None:
    """The line of the null alternative, read back from each drawing, lies on one straight line with its values."""
    values, heights = [], []
    means = comparison.yearly("problem_debt").mean(axis=0)
    for district, panel in enumerate(by_key(drawn, "wijken-problem_debt").panels):
        lines = [line for style, line in shapes(panel.svg) if f"stroke: {plots.NULL_COLOUR}" in style]
        (line,) = (one for one in lines if len(points(one)) == 8)
        heights += [y for _, y in points(line)]
        values += means[0, :, district].tolist()
    slope, start = np.polyfit(values, heights, 1)
    assert slope < 0
    assert np.array(heights) == pytest.approx(slope * np.array(values) + start, abs=0.02)


def test_a_measure_without_values_has_no_panels(comparison: Comparison) -> None:
    empty = example(pairs=2, months=24, names=NAMES[:1], costs=False)
    empty.denominator[:] = 0
    one = course(empty, MEASURES.get(NAMES[0]), 0)
    picture = small_multiples([one], ["vulnerable"], VARIANTS, DUTCH)
    assert picture.panels == ()
    assert {cell.text for row in picture.tables[0].rows for cell in row.cells} == {"geen waarde"}


# ---------------------------------------------------------------- on the page


def test_the_page_shows_them_all_and_says_that_it_is_one_future(comparison: Comparison) -> None:
    page = Reader(memo.render_memo(comparison, command="x"))
    assert not page.faults
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for key in (
        "overzicht",
        f"wijken-{NAMES[0]}",
        *(f"kaart-{name}" for name in MAPPED),
        "contacten",
        "uren",
    ):
        assert f"beeld-{key}" in ids
    assert "Deze figuren gaan over één toekomst (startgetal 0), niet over het gemiddelde." in page.plain
    table = page.table("Uren per maand van wijkteams in de kwetsbare wijk")
    (row,) = near.closeups(1)
    assert table.rows[1][1][1].numbers == pytest.approx([row.hours[:12, 0, 0].mean()])


def test_without_a_look_the_page_does_without() -> None:
    page = Reader(memo.render_memo(example(pairs=2, months=24, names=NAMES[:2], costs=False), command="x"))
    assert "Eén toekomst van dichtbij" not in page.plain
    assert not any(attributes.get("href") == "#dichtbij" for _, attributes in page.elements)


HASH = """
import hashlib
from tests.unit.report_example import example
from wijksim.report.memo import render_memo
found = example(pairs=2, months=24, names=("stress",), costs=False, closely=True)
print(hashlib.sha256(render_memo(found, command="x").encode()).hexdigest())
"""


@pytest.mark.slow
def test_same_bytes_in_every_process() -> None:
    """Two processes of their own: this one may hold levers of other tests, which a page counts among its numbers."""
    made = [
        subprocess.Popen(
            [sys.executable, "-c", HASH], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(("src", "."))},
        )
        for seed in ("7", "8")
    ]  # fmt: skip
    one, other = (process.communicate()[0].strip() for process in made)
    assert [process.returncode for process in made] == [0, 0]
    assert len(one) == hashlib.sha256().digest_size * 2
    assert one == other
