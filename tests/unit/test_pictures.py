"""Pictures show what was recorded, in the drawing, in its table and in words; the same every time."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.unit import closeup_example as near
from tests.unit.report_example import example
from tests.unit.report_page import Reader

from wijksim.analysis.compare import Comparison
from wijksim.kernel.measure import MEASURES
from wijksim.report import memo, pictures, plots, texts
from wijksim.report.pictures import circle, gallery, ground, hours, overview, town
from wijksim.report.pictures.districts import small_multiples
from wijksim.report.pictures.picture import Picture
from wijksim.report.pictures.words import DUTCH, Language, Words
from wijksim.report.tables import blocks, course, read_lines
from wijksim.runs.closeup import HOURS, MAPPED, Standing

NAMES = ("liveability_index", "problem_debt", "moves_out", "stress", "trust", "share_in_work")
VARIANTS = ("Huidig", "Eén", "Twee", "Drie")
ENGLISH = Words("en")
ROOT = Path(__file__).resolve().parents[2]
POINTS = 72


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return example(pairs=6, months=96, names=NAMES, costs=False, closely=True)


def whole(comparison: Comparison, words: Words = DUTCH) -> gallery.Gallery:
    measures = tuple(MEASURES.get(name) for name in NAMES)
    found = blocks(measures, read_lines(comparison, comparison.table()), "vulnerable", comparison.years)
    return gallery.gallery(comparison, measures[:2], found, names=VARIANTS, district=0, words=words)


@pytest.fixture(scope="module")
def drawn(comparison: Comparison) -> gallery.Gallery:
    return whole(comparison)


def every(found: gallery.Gallery) -> Iterator[Picture]:
    yield found.overview
    yield from found.districts
    yield from found.close


def by_key(found: gallery.Gallery, key: str) -> Picture:
    return next(picture for picture in every(found) if picture.key == key)


def shapes(svg: str) -> list[tuple[str, str]]:
    """Style and outline of each path of a drawing, in the order of drawing."""
    found = []
    for tag in re.findall(r"<path\b[^>]*>", svg):
        style, line = re.search(r'style="([^"]*)"', tag), re.search(r'\bd="([^"]*)"', tag)
        found.append((style.group(1) if style else "", line.group(1) if line else ""))
    return found


def starts(line: str) -> list[tuple[float, float]]:
    """Where each part of an outline begins."""
    return [(float(x), float(y)) for x, y in re.findall(r"M (-?[\d.]+) (-?[\d.]+)", line)]


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", line)]


def filled(svg: str, colour: str) -> int:
    """Rectangles with a fill."""
    return sum(len(starts(line)) for style, line in shapes(svg) if f"fill: {colour}" in style)


def used(svg: str, colour: str) -> list[tuple[float, float]]:
    """Where markers stand that are drawn in a colour."""
    found = []
    for tag in re.findall(r"<use\b[^>]*>", svg):
        if f"fill: {colour}" in tag:
            x, y = re.search(r'\bx="([^"]*)"', tag), re.search(r'\by="([^"]*)"', tag)
            assert x is not None
            assert y is not None
            found.append((float(x.group(1)), float(y.group(1))))
    return found


def hatches(svg: str) -> list[tuple[str, str]]:
    """Id and ground colour of each hatch."""
    return re.findall(r'<pattern id="([^"]+)"[^>]*>\s*<rect [^>]*fill="([^"]+)"', svg)


def box(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return float(found.group(1)), float(found.group(2))


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
        assert "Eén: zero outside the interval, better: " + MEASURES.get(name).label in panel.svg


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


# ---------------------------------------------------------------- the map


def test_the_ground_is_the_same_at_all_times_and_nothing_overlaps() -> None:
    seen = [doors for one in near.closeups(3) for doors in one.doors]
    found = ground.lay_out(seen, 0)
    assert found.uid.tolist() == [11, 12, 13, 21, 22, 31]
    assert found.complex.tolist() == [1, 1, 1, 2, 2, 3]
    again = ground.lay_out(seen[::-1], 0)
    assert np.array_equal(again.spots, found.spots)
    gaps = np.abs(found.spots[:, None] - found.spots[None]).max(axis=2)[np.triu_indices(6, 1)]
    assert (gaps >= found.tile).all()
    for (x, y), number in zip(found.spots.tolist(), found.complex.tolist(), strict=True):
        left, top, width, height = found.plots[number - 1]
        assert left < x
        assert top < y
        assert x + found.tile < left + width
        assert y + found.tile < top + height


@pytest.mark.parametrize("count", range(1, 30))
def test_a_complex_leaves_few_places_over(count: int) -> None:
    columns = ground._columns(count)
    rows = -(-count // columns)
    assert columns >= rows
    assert 0 <= columns * rows - count < max(rows, 2)


def test_classes_begin_at_their_bounds() -> None:
    shares = np.array([0.0, 9.9, 10.0, 24.9, 25.0, 49.9, 50.0, 100.0, np.nan])
    assert town.classes(shares).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, -1]
    assert len(town.SHADES) == len(town.BOUNDS) + 1 == len(town._STROKES)


@pytest.mark.parametrize("measure", MAPPED)
def test_the_map_is_what_was_seen(drawn: gallery.Gallery, measure: str) -> None:
    picture, seen = by_key(drawn, f"kaart-{measure}"), near.closeups(4)
    shown = [doors for one in (seen[0], seen[3]) for doors in one.doors]
    (table,) = picture.tables
    places = ground.lay_out(shown, 0)
    assert len(picture.panels) == len(shown) == len(table.heads) == 6
    for row, uid in zip(table.rows, places.uid.tolist(), strict=True):
        for cell, doors in zip(row.cells, shown, strict=True):
            position = doors.uid.tolist().index(uid)
            if doors.households[position]:
                assert cell.value == doors.share(measure)[position]
                assert ("nieuw" in cell.text) is bool(doors.replaced[position])
            else:
                assert cell.value is None
                assert cell.text == ("gesloopt" if doors.sites[position] else "niemand woont er")
    for panel, doors in zip(picture.panels, shown, strict=True):
        here = doors.district == 0
        counts = np.bincount(town.classes(doors.share(measure))[here] + 1, minlength=5)
        for number, shade in enumerate(town.SHADES):
            assert filled(panel.svg, shade) == counts[number + 1]
        empty = int((here & (doors.households == 0)).sum())
        assert filled(panel.svg, "#ffffff") == empty
        new = [line for style, line in shapes(panel.svg) if "stroke-width: 1.5" in style]
        assert sum(len(starts(line)) for line in new) == int((doors.replaced[here] > 0).sum())
        strokes = [
            line
            for style, line in shapes(panel.svg)
            if "stroke-width: 0.8" in style and "fill: none" in style
        ]
        expected = sum(len(town._STROKES[number]) * int(counts[number + 1]) for number in range(4))
        assert sum(len(starts(line)) for line in strokes) == expected


def test_the_map_says_what_it_shows(drawn: gallery.Gallery) -> None:
    last = by_key(drawn, "kaart-nuisance_often").panels[4].svg
    assert (
        "Kaart van de kwetsbare wijk na 2 jaar, Drie. Aantal portieken naar “Huishoudens met vaak burenoverlast”: "
        "minder dan 10 %: 0, 10 tot 25 %: 0, 25 tot 50 %: 2, 50 % of meer: 1; niemand woont er: 1; gesloopt: 2; "
        "nieuw gebouwd: 0."
    ) in last


def test_the_variant_that_is_drawn_is_the_one_with_other_doors() -> None:
    seen = near.closeups(4)
    assert gallery.most_changed(seen, 0) == 3
    assert gallery.most_changed((seen[0], seen[3], seen[1]), 0) == 1
    assert gallery.most_changed(seen, 1) == 1  # no difference in that district: the first
    assert gallery.most_changed((), 0) == 1


# ---------------------------------------------------------------- contacts


def test_everybody_stands_at_one_place_in_every_drawing(drawn: gallery.Gallery) -> None:
    places = circle.places((near.START, near.START, near.LATER))
    assert set(places) == {*range(1, 9), 20, 21}
    spots = np.array(list(places.values()))
    assert np.abs(spots).max() <= 1
    gaps = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))[np.triu_indices(len(spots), 1)]
    assert gaps.min() > 0.05
    for panel, one in zip(
        by_key(drawn, "contacten").panels, (near.START, near.START, near.LATER), strict=True
    ):
        width, height = box(panel.svg)
        edge = circle._EDGE
        expected = sorted(
            (width * (x + edge) / 2 / edge, height * (edge - y) / 2 / edge)
            for x, y in (places[uid] for uid in one.uid.tolist())
        )
        found = [
            spot for standing in Standing for spot in used(panel.svg, circle.MARKS[standing][1].lower())
        ] + used(panel.svg, "#ffffff")
        assert np.array(sorted(found)) == pytest.approx(np.array(expected), abs=0.02)


def test_signs_of_people_and_widths_of_ties(drawn: gallery.Gallery) -> None:
    before = set(near.START.uid.tolist())
    for panel, one in zip(
        by_key(drawn, "contacten").panels, (near.START, near.START, near.LATER), strict=True
    ):
        uids = one.uid.tolist()
        stayed = [uid in before for uid in uids]
        for standing in Standing:
            mine = sum(
                here and kind == standing for here, kind in zip(stayed, one.standing.tolist(), strict=True)
            )
            assert len(used(panel.svg, circle.MARKS[standing][1].lower())) == mine
        assert len(used(panel.svg, "#ffffff")) == len(uids) - sum(stayed)
        found = circle.tie_classes(one.strength, one.strong)
        for number, (_, grey) in enumerate(circle.WIDTHS):
            drawn_ties = [
                line for style, line in shapes(panel.svg) if f"stroke: {grey}" in style and "none" in style
            ]
            assert sum(len(starts(line)) for line in drawn_ties) == int((found == number).sum())


def test_tables_of_contacts_count_what_was_seen(drawn: gallery.Gallery) -> None:
    together, people = by_key(drawn, "contacten").tables
    facts = {row.heads[0]: [cell.value for cell in row.cells] for row in together.rows}
    assert facts["Volwassenen"] == [8, 8, 5]
    assert facts["Daarvan bij het begin"] == [8, 8, 3]
    assert facts["Contacten"] == [5, 5, 3]
    assert facts["Sterke contacten"] == [2, 2, 2]
    assert facts["Volwassenen zonder contact"] == [2, 2, 0]
    assert facts["Geeft overlast"] == [1, 1, 1]
    assert len(people.rows) == 10
    third = people.rows[2].cells  # uid 3
    assert [cell.text for cell in third] == [
        "drager: helpt buren", "2", "1,3", "drager: helpt buren", "2", "1,3", "drager: helpt buren", "2", "1,7",
    ]  # fmt: skip
    assert third[2].value == pytest.approx(0.4 + 0.9)
    assert [cell.text for cell in people.rows[7].cells[6:]] == ["woont er niet", "–", "–"]


def test_a_complex_that_is_gone_is_drawn_empty() -> None:
    picture = circle.circle_picture((near.START, near.GONE), ("a", "b"), (None, 0), where="x", words=ENGLISH)
    assert "Adults: 0, of whom 0 lived there at the start. Ties: 0" in picture.panels[1].svg
    assert len(used(picture.panels[1].svg, "#ffffff")) == 0
    assert circle.places((near.GONE,)) == {}


# ---------------------------------------------------------------- hours


def test_hours_are_those_of_the_look(drawn: gallery.Gallery) -> None:
    picture, seen = by_key(drawn, "uren"), near.closeups(4)
    (table,) = picture.tables
    assert len(table.rows) == 4
    expected = np.stack([one.hours[:, :, 0].reshape(4, 12, len(HOURS)).mean(axis=1) for one in seen])
    for year, row in enumerate(table.rows):
        values = [
            expected[scenario, year, HOURS.index(part)] for scenario in range(4) for part in hours.STACK
        ]
        assert [cell.value for cell in row.cells] == pytest.approx(values)
    tallest = 1.06 * expected.sum(axis=2).max()
    for scenario, panel in enumerate(picture.panels):
        _, height = box(panel.svg)
        for part in hours.STACK:
            colour = hours.FILLS[part][0].lower()
            fill = next((f"url(#{name})" for name, tint in hatches(panel.svg) if tint == colour), colour)
            (line,) = (one for style, one in shapes(panel.svg) if f"fill: {fill}" in style)
            bars = np.array(points(line)).reshape(4, -1, 2)
            tall = bars[:, :, 1].max(axis=1) - bars[:, :, 1].min(axis=1)
            share = expected[scenario, :, HOURS.index(part)] / tallest
            assert tall == pytest.approx(share * 0.83 * height, abs=0.03)


def test_a_last_year_may_be_a_part_of_one() -> None:
    (one,) = near.closeups(1, months=30)
    found = hours.yearly_hours(one, 1)
    assert found.shape == (3, len(HOURS))
    assert found[2] == pytest.approx(one.hours[24:, :, 1].mean(axis=0))


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


PRINT = """
import hashlib
from tests.unit.report_example import example
from wijksim.report.memo import render_memo
found = example(pairs=2, months=24, names=("stress",), costs=False, closely=True)
print(hashlib.sha256(render_memo(found, command="x").encode()).hexdigest())
"""


def test_same_bytes_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINT], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(("src", "."))},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1
