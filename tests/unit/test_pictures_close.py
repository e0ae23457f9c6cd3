"""Map, contacts and hours: what was seen from nearby is what is drawn and tabled."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit import closeup_example as near
from tests.unit.picture_reading import (
    NAMES,
    box,
    by_key,
    filled,
    hatches,
    points,
    shapes,
    starts,
    used,
    whole,
)
from tests.unit.report_example import example

from wijksim.report.pictures import circle, gallery, ground, hours, town
from wijksim.report.words import Words
from wijksim.runs.closeup import HOURS, MAPPED, Standing

ENGLISH = Words("en")


@pytest.fixture(scope="module")
def drawn() -> gallery.Gallery:
    return whole(example(pairs=6, months=96, names=NAMES, costs=False, closely=True))


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
