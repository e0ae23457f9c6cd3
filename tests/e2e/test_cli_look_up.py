"""Looking things up: strategies, series, families of levers, and each municipality its own focus area."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.strategy import STRATEGIES
from wijksim.model.series import SERIES
from wijksim.places.load import load_place, place_names


def call(*words: str):
    return CliRunner().invoke(app, list(words), prog_name="wijksim")


def listed(*words: str) -> list[dict[str, object]]:
    found = json.loads(call(*words, "--json").stdout)
    return found if isinstance(found, list) else [found]


def test_every_strategy_and_series_can_be_looked_up():
    assert {one["name"] for one in listed("strategies")} == set(STRATEGIES.names())
    assert {one["name"] for one in listed("series")} == set(SERIES)
    kinds = [one["decision"] for one in listed("strategies")]
    assert kinds == sorted(kinds)
    policy = [one["decision"] for one in listed("strategies") if one["current_policy"]]
    assert sorted(set(kinds)) == sorted(policy)


def test_a_series_says_what_it_drives_and_within_what_bounds():
    one = listed("series", "labour_market")[0]
    assert (one["parameter"], one["range"], one["unit"]) == ("work.cycle", [0.6, 1.8], "ratio")
    low, high = one["range"]
    assert low <= one["value"] <= high


def test_a_family_of_levers_alone():
    names = {one["name"] for one in listed("levers", "--family", "Governance")}
    assert names == {name for name, lever in LEVERS.items() if lever.family == "governance"}
    wrong = call("levers", "--family", "gvernance")
    assert wrong.exit_code == 2
    assert "did you mean 'governance'?" in wrong.stderr
    assert call("levers", "staffing", "--family", "work").exit_code == 2


def test_a_lever_says_where_it_can_be_aimed_and_which_rows_it_carries():
    one = listed("levers", "cooperation")[0]
    assert one["targets"] == ["districts"]
    assert [row["row"] for row in one["rows"]] == [row.row for row in LEVERS.get("cooperation").carries]
    shown = call("levers", "cooperation").stdout
    for word in ("targets", "G004", "odds ratio, from 0.34 to 3"):
        assert word in shown


TOWNS = sorted({str(town) for name in place_names() if (town := load_place(name).municipality)})


def test_nineteen_municipalities_have_focus_areas():
    assert len(TOWNS) == 19


@pytest.mark.parametrize("town", TOWNS)
def test_every_municipality_finds_its_own(town: str):
    for words in (("--municipality", town), (town.lower(),)):
        found = listed("places", *words)
        assert found
        assert {one["municipality"] for one in found} == {town}


def test_a_municipality_without_focus_area_is_refused_with_a_guess():
    for words in (("--municipality", "Utrect"), ("Utrect",)):
        wrong = call("places", *words)
        assert wrong.exit_code == 2
        assert "did you mean 'Utrecht'?" in wrong.stderr


def test_part_of_a_name_will_do():
    assert {one["name"] for one in listed("places", "zaandam")} == {"zaandam-oost"}
