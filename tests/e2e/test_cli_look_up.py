"""Looking things up: strategies, series, families of levers, and each municipality its own focus area."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.kernel.arguments import Argument, fill_arguments
from wijksim.kernel.lever import LEVERS
from wijksim.kernel.strategy import STRATEGIES
from wijksim.model.known import all_parameters, load_scenario
from wijksim.model.series import SERIES
from wijksim.parameters.load import load_sources
from wijksim.places.load import load_place, place_names
from wijksim.report.catalogue import CITED


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


@pytest.mark.parametrize(
    ("plural", "key", "name"), [("levers", "title_nl", "staffing"), ("measures", "label_nl", "problem_debt")]
)
def test_dutch_names_stand_beside_english_ones(
    plural: str, key: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    dutch = {str(one["name"]): str(one[key]) for one in listed(plural)}
    assert all(dutch.values())
    shown = call(plural).stdout.splitlines()
    assert shown[0].rstrip().endswith("in Dutch")
    place = shown[0].index("in Dutch")
    first = next(number for number, line in enumerate(shown) if line.startswith(f"{name} "))
    cell = [shown[first][place:].strip()]
    for line in shown[first + 1 :]:
        if not line.startswith(" "):
            break
        cell.append(line[place:].strip())
    assert " ".join(cell).strip() == dutch[name]
    assert dutch[name] in call(plural, name).stdout


@pytest.mark.parametrize("name", LEVERS.names())
def test_the_example_of_every_lever_passes_a_check_as_it_is_pasted(name: str, tmp_path) -> None:
    shown = call("levers", name).stdout
    example = shown[shown.index("In a scenario") :].split("\n", 1)[1]
    file = tmp_path / "pasted.yaml"
    file.write_text(example, encoding="utf-8")
    (use,) = load_scenario(file).levers
    lever = LEVERS.get(name)
    assert use.lever == name
    can_differ = {
        key
        for key, one in lever.declared().items()
        if isinstance(one, Argument) or one.range[0] < one.range[1]
    }
    assert set(use.arguments) == can_differ
    assert {**fill_arguments(lever, {}), **use.arguments} == fill_arguments(lever, {})
    # so it does where it says of itself how it can be aimed, and when it ends
    file.write_text(example.replace("# target:", "target:").replace("# end:", "end:"), encoding="utf-8")
    (aimed,) = load_scenario(file).levers
    assert set(aimed.target.plain()) == set(lever.targets)
    assert aimed.end is not None


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


def test_a_parameter_says_what_its_sources_are():
    known = load_sources()
    name, key = next(
        (one.name, key)
        for one in all_parameters().parameters.values()
        for key in one.source
        if known.get(key, {}).get("url") and known[key]["year"]
    )
    shown = call("parameters", name).stdout
    for field in ("what", "text", "year", "url"):
        assert str(known[key][field]) in " ".join(shown.split())
    (one,) = listed("parameters", name)
    assert key in one["source"]
    assert {"key": key, **{field: str(known[key][field]) for field in CITED}} in one["sources"]
    names = {str(found["name"]) for found in listed("parameters", key)}
    assert names == {other.name for other in all_parameters().parameters.values() if key in other.source}


def test_a_source_on_which_nothing_rests_is_told_so():
    used = {key for one in all_parameters().parameters.values() for key in one.source}
    idle = next(key for key in load_sources() if key not in used)
    done = call("parameters", idle)
    assert done.exit_code == 2
    assert f"no parameter rests on source '{idle}'" in done.stderr
