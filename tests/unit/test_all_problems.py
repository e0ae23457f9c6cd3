"""All problems of a file at once: what cannot be read hides nothing else, and nothing that follows from it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from wijksim.core.documents import load_text
from wijksim.core.errors import InputError
from wijksim.model.known import all_parameters, load_scenario
from wijksim.runs.sweeps.load import load_experiment
from wijksim.scenario.prices import load_prices


def _told(file: Path, read=load_scenario) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(file)
    return [str(problem).removeprefix(f"{file}:") for problem in caught.value.problems]


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "bad.yaml") -> Path:
        Path(name).write_text(text)
        return Path(name)

    return write


def test_a_duplicate_key_and_a_number_out_of_reach_hide_nothing(written):
    file = written(
        "schema: 1\ntitel: Bad\nmonths: 12\nmonths: 13\nworld: {size: .nan}\n"
        "set: {debt.entry_rate: 1e400, debt.entri_rate: 0.02}\nlevers:\n  - lever: stafing\n"
    )
    assert _told(file) == [
        "2:1: unknown key 'titel', did you mean 'title'?",
        "4:1: key 'months' is already used on line 3",
        "5:15: 'world.size' must be a whole number, not nan",
        "6:24: this number is too large",
        "6:31: there is no parameter 'debt.entri_rate', did you mean 'debt.entry_rate'?",
        "8:12: there is no lever 'stafing', did you mean 'staffing'?",
    ]


HEAD = "schema: 1\ntitle: Bad\n"
LARGE = "this number is too large"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("months: 1e400\nlevers: [{lever: staffing, start: 900}]\n", [f"3:9: {LARGE}"]),
        ("months: 12\nmonths: 240\nlevers: [{lever: staffing, start: 100}]\n", ["4:1: key 'months'"]),
        ("levers: [{lever: staffing, change: 1e400}]\n", [f"3:36: {LARGE}"]),
        ("levers: [{lever: staffing, strength: 1e400, ramp: -1}]\n", [f"3:38: {LARGE}", "3:51: 'ramp'"]),
        ("set: {debt.entry_rate: {value: 1e400}}\n", [f"3:32: {LARGE}"]),
        ("set: {1e400: 1}\n", [f"3:7: {LARGE}"]),
        ("series: {labour_market: {2025: 1e400, 2026: 9}}\n", [f"3:32: {LARGE}", "3:45: series"]),
        ("monhts: 300\nlevers: [{lever: staffing, start: 290}]\n", ["3:1: unknown key 'monhts'"]),
        (
            "world: {districts: [{place: vulnerable-urban, name: a}]}\n"
            "world: {districts: [{place: vulnerable-urban, name: b}]}\n"
            "levers: [{lever: staffing, target: {districts: [b]}}]\n",
            ["4:1: key 'world'"],
        ),
        (
            "world: {size: 1e400}\nlevers: [{lever: staffing, target: {districts: [nowhere]}}]\n",
            [f"3:15: {LARGE}"],
        ),
        ("<<: {months: 3}\nlevers: [{lever: stafing}]\n", ["3:1: merge keys", "4:18: there is no lever"]),
    ],
)
def test_nothing_follows_from_what_could_not_be_read(written, body, told):
    found = _told(written(HEAD + body))
    assert len(found) == len(told), found
    assert all(one.startswith(words) for one, words in zip(found, told, strict=True)), found


def test_a_parent_and_the_files_of_a_scenario_are_read_on_too(written):
    written("schema: 1\ntitle: Parent\nmonths: 12\nmonths: 13\nlevers: [{lever: stafing}]\n", "parent.yaml")
    written("{2025: 1e400, 2026: 9}\n", "points.yaml")
    file = written(
        "schema: 1\ntitle: Child\nextends: parent\nseries: {labour_market: points.yaml}\nloops: {nope: false}\n",
        "child.yaml",
    )
    told = _told(file)
    assert [one.split(" ")[0] for one in told] == [
        "5:9:",
        "parent.yaml:4:1:",
        "parent.yaml:5:18:",
        "points.yaml:1:8:",
    ]


def test_prices_and_experiments_too(written):
    prices = written("nothing.here: 3\nx: 1e400\nx: 2\n", "prices.yaml")
    told = _told(prices, lambda file: load_prices(file, all_parameters().parameters))
    assert [one.split(" ")[0] for one in told] == ["1:1:", "2:1:", "2:4:", "3:1:"]
    experiment = written(
        "schema: 1\nquestion: What?\nscenarios: [baseline]\nmonths: 12\nmonths: 24\nmeasures: [problem_dept]\n",
        "experiment.yaml",
    )
    told = _told(experiment, load_experiment)
    assert [one.split(" ")[0] for one in told] == ["5:1:", "6:12:"]


def test_who_does_not_ask_for_more_is_refused_at_once():
    with pytest.raises(InputError, match="already used"):
        load_text("a: 1\na: 2\n", "x.yaml")
    document = load_text("a: 1\nb: {c: 1e400}\na: 2\n", "x.yaml", lenient=True)
    assert document.data == {"a": 1, "b": {"c": None}}
    assert document.doubtful == {"a", "b"}
    assert len(document.problems) == 2
    with pytest.raises(InputError, match="not valid YAML"):
        load_text("a: 1\na: 2\nb: [\n", "x.yaml", lenient=True)
