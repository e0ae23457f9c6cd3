"""Places from a table of key figures: consistent, like the shipped ones, and refused with their line if bad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wijksim.core.errors import InputError
from wijksim.places.load import base_places, load_place, place_names
from wijksim.places.schema import LINES
from wijksim.places.table import COLUMNS, place_of, read_table, unpublished

PLAIN = {
    "PC4": "1001", "inw": "8000", "hhgrootte": "2.0", "woningen": "4000", "p_koop": "32", "woz_k": "260", "sted": "1",
    "oad": "3100", "p_corp": "50", "p_flat": "69", "p_leeg": "4.5", "p_1p": "49.5", "p_eenouder": "11.4",
    "p_uitk_1564": "18.8", "p_0014": "16.5", "p_1524": "13.7", "p_2544": "30.9", "p_4564": "23.9", "p_65": "15",
    "afw2022": "-0.235", "onv2022": "-0.161", "soc2022": "-0.07", "won2022": "-0.079", "fys2022": "-0.014",
    "vrz2022": "0.09",
}  # fmt: skip


def write(path: Path, *rows: dict[str, str], head: tuple[str, ...] = COLUMNS) -> Path:
    lines = [",".join(head), *(",".join(row[name] for name in head if name in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_row_like_an_archetype_becomes_that_archetype(tmp_path: Path) -> None:
    rows, left_out = read_table(write(tmp_path / "t.csv", PLAIN))
    assert (len(rows), left_out) == (1, 0)
    made, known = place_of(rows[0]), load_place("vulnerable-urban")
    assert made.inconsistencies() == []
    assert rows[0].urban
    for path in (
        ("work", "assistance"),
        ("education", "higher"),
        ("incomes", "fifth_1"),
        ("households", "family"),
    ):
        own, other = (getattr(getattr(one, path[0]), path[1]).value for one in (made, known))
        assert own == pytest.approx(other, abs=0.02), path


@pytest.mark.parametrize("size", ["1.4", "2.0", "2.7"])
@pytest.mark.parametrize("young", ["5", "16.5", "30"])
def test_rounded_figures_never_contradict_each_other(tmp_path: Path, size: str, young: str) -> None:
    rows, _ = read_table(write(tmp_path / "t.csv", {**PLAIN, "hhgrootte": size, "p_0014": young}))
    assert place_of(rows[0]).inconsistencies() == []


def test_unpublished_figures_lie_near_those_of_the_shipped_places() -> None:
    for place in base_places():
        guess = unpublished(
            place.work.any_benefit.value, place.tenure.corporation.value, place.households.single.value
        )
        for group, parts in guess.items():
            for part, value in parts.items():
                assert value == pytest.approx(getattr(getattr(place, group), part).value, abs=0.02)
        assert np.isclose(sum(guess["education"].values()), 1)


def test_figures_of_places_on_the_lines_are_those_of_the_lines() -> None:
    for name in set(place_names()) - {place.name for place in base_places()}:
        place = load_place(name)
        guess = unpublished(
            place.work.any_benefit.value, place.tenure.corporation.value, place.households.single.value
        )
        figures = {path: figure for path, figure in place.figures() if figure.source == LINES}
        assert len(figures) >= 10
        for (group, part), figure in figures.items():
            assert figure.value == pytest.approx(guess[group][part], abs=0.0015), (name, part)


def test_rows_without_a_figure_are_left_out_and_counted(tmp_path: Path) -> None:
    rows, left_out = read_table(
        write(tmp_path / "t.csv", PLAIN, {**PLAIN, "woz_k": ""}, {**PLAIN, "oad": "nan"})
    )
    assert (len(rows), left_out) == (1, 2)


def test_bad_tables_are_refused_with_all_their_problems(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_table(write(tmp_path / "t.csv", {**PLAIN, "woz_k": "much"}, {**PLAIN, "oad": "x"}))
    assert [str(one) for one in caught.value.problems] == [
        f"{tmp_path / 't.csv'}:2:1: column 'woz_k': 'much' is no number",
        f"{tmp_path / 't.csv'}:3:1: column 'oad': 'x' is no number",
    ]
    head = tuple(name if name != "p_corp" else "p_corpo" for name in COLUMNS)
    with pytest.raises(InputError, match="column 'p_corp' is missing, did you mean 'p_corpo'"):
        read_table(write(tmp_path / "t.csv", head=head))
    with pytest.raises(InputError, match="no row has every figure"):
        read_table(write(tmp_path / "t.csv", {**PLAIN, "sted": ""}))
    with pytest.raises(InputError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
