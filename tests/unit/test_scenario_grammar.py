from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from tests.unit.scenario_known import HEAD, Desk

from wijksim.scenario.months import is_month, month_index
from wijksim.scenario.schema import ScenarioFile


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_whole_grammar_exists() -> None:
    keys = [info.alias or name for name, info in ScenarioFile.model_fields.items()]
    assert " ".join(keys) == (
        "schema title question source assumed would_change_our_mind extends start months world set levers "
        "strategies series loops record budget plugins"
    )


def test_smallest_scenario_takes_every_default(desk: Desk) -> None:
    scenario = desk.load("")
    assert (scenario.id, scenario.title, scenario.months) == ("try", "Try", 240)
    assert scenario.start == datetime.date(2025, 1, 1)
    assert (scenario.world.size, scenario.world.warmup, scenario.world.rest) == (12000, 24, 10)
    assert [district.place for district in scenario.world.districts] == [
        "vulnerable-urban",
        "average-urban",
        "affluent-suburban",
    ]
    assert sum(scenario.world.shares) == pytest.approx(1)
    assert scenario.record.readouts == (47, 95, 239)
    assert (scenario.levers, scenario.loops_off, scenario.set) == ((), (), {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("monhts: 12", "try.yaml:3:1: unknown key 'monhts', did you mean 'months'?"),
        ("Months: 12", "try.yaml:3:1: unknown key 'Months', did you mean 'months'?"),
        ("world:\n  sise: 300", "try.yaml:4:3: unknown key 'sise', did you mean 'size'?"),
        (
            "world: {districts: [{place: overvecht, aandeel: 1}]}",
            "try.yaml:3:40: unknown key 'aandeel', choose from place, share, name",
        ),
        ("world: {districts: [{share: 1}]}", "try.yaml:3:21: 'place' is missing in 'world.districts[0]'"),
        ("world: {districts: []}", "try.yaml:3:20: 'world.districts' must not be empty"),
        (
            "months: '240'",
            "try.yaml:3:9: 'months' must be a whole number, not the text '240' (take the quotes away)",
        ),
        ("months: 12.5", "try.yaml:3:9: 'months' must be a whole number, not 12.5"),
        ("months: true", "try.yaml:3:9: 'months' must be a whole number, not true"),
        ("months: 0", "try.yaml:3:9: 'months' must be at least 1, not 0"),
        ("months: 1201", "try.yaml:3:9: 'months' must be at most 1,200, not 1201"),
        ("world: {size: 199}", "try.yaml:3:15: 'world.size' must be at least 200, not 199"),
        ("world: {size: 2000001}", "try.yaml:3:15: 'world.size' must be at most 2,000,000, not 2000001"),
        ("world: 3", "try.yaml:3:8: 'world' must be keys with values, not 3"),
        ("world: {rest: .nan}", "try.yaml:3:15: 'world.rest' must be a finite number, not nan"),
        ("start: 2025-13", "try.yaml:3:8: 'start' must be a month as '2025-01', not the text '2025-13'"),
        ("start: 2025", "try.yaml:3:8: 'start' must be a month as '2025-01', not 2025"),
        ("loops: {trust: no}", "try.yaml:3:16: 'loops.trust' must be true or false, not the text 'no'"),
        ("levers: {lever: basic-job}", "try.yaml:3:9: 'levers' must be a list, not keys with values"),
        (
            "levers: [basic-job]",
            "try.yaml:3:10: 'levers[0]' must be keys with values, not the text 'basic-job'",
        ),
        ("levers: [{start: 3}]", "try.yaml:3:10: 'lever' is missing in 'levers[0]'"),
        ("set: {2025: 3}", "try.yaml:3:7: the key 'set[2025]' must be text, not 2025"),
        (
            "set: {debt.onset_rate: {valeu: 1, value: 0.03}}",
            "try.yaml:3:25: unknown key 'valeu', did you mean 'value'?",
        ),
        (
            "set: {debt.onset_rate: no}",
            "try.yaml:3:24: 'set.debt.onset_rate' must be a number, not the text 'no'",
        ),
        ("strategies: {triage: {cap: 1}}", "try.yaml:3:22: 'name' is missing in 'strategies.triage'"),
        (
            "record: {groups: age_band}",
            "try.yaml:3:18: 'record.groups' must be a list, not the text 'age_band'",
        ),
        (
            "plugins: [a b]",
            "try.yaml:3:11: 'plugins[0]' must be the name of a Python module, not the text 'a b'",
        ),
        ("title: again", "try.yaml:3:1: key 'title' is already used on line 2"),
    ],
)
def test_shape_errors_in_plain_words(desk: Desk, text: str, expected: str) -> None:
    assert desk.refused(text) == [expected]


def test_a_bad_month_says_what_a_month_is(desk: Desk) -> None:
    (message,) = desk.refused("levers: [{lever: basic-job, start: soon}]")
    assert message.startswith("try.yaml:3:36: 'levers[0].start' must be a month number")
    assert message.endswith("not the text 'soon'")


def test_schema_and_title_are_needed(desk: Desk) -> None:
    assert desk.problems(desk.write("months: 12\n", head=False)) == [
        "try.yaml:1:1: 'schema' is missing",
        "try.yaml:1:1: 'title' is missing",
    ]


def test_what_is_misspelt_is_not_called_missing_too(desk: Desk) -> None:
    assert desk.problems(desk.write("titel: Try\n", head=False)) == [
        "try.yaml:1:1: 'schema' is missing",
        "try.yaml:1:1: unknown key 'titel', did you mean 'title'?",
    ]
    assert desk.problems(desk.write("schema: 2\ntitle:\n", head=False)) == [
        "try.yaml:1:9: 'schema' must be 1, not 2",
        "try.yaml:2:7: 'title' must be text, not nothing",
    ]


def test_empty_keys_say_nothing(desk: Desk) -> None:
    scenario = desk.load("levers:\nset:\nquestion:\nmonths:\nextends:\n")
    assert (scenario.levers, scenario.question, scenario.months) == ((), "", 240)
    text = "world: {size: , districts: [{place: overvecht, share: , name: }]}\nrecord: {readouts: }\n"
    scenario = desk.load(text + "levers: [{lever: basic-job, start: , target: {districts: }}]\n")
    assert (scenario.world.size, scenario.record.readouts) == (12000, (47, 95, 239))
    assert desk.refused(
        "world: {districts: [{place: }]}\nset: {debt.onset_rate: }\nlevers: [{lever: }]\n"
    ) == [
        "try.yaml:3:29: 'world.districts[0].place' must be text, not nothing",
        "try.yaml:4:24: 'set.debt.onset_rate' must be a number, not nothing",
        "try.yaml:5:18: 'levers[0].lever' must be text, not nothing",
    ]


def test_prose_may_be_one_text_or_a_list(desk: Desk) -> None:
    scenario = desk.load("source: a\nassumed: [b, c]\nwould_change_our_mind: d\n")
    assert (scenario.source, scenario.assumed, scenario.would_change_our_mind) == (("a",), ("b", "c"), ("d",))


def test_no_and_on_stay_text(desk: Desk) -> None:
    scenario = desk.load("question: no\nworld: {districts: [{place: overvecht, name: on}]}\n")
    assert scenario.question == "no"
    assert scenario.world.districts[0].name == "on"


def test_mistakes_of_shape_do_not_hide_mistakes_of_meaning(desk: Desk) -> None:
    text = """\
monts: 3
world: {size: tiny, districts: [{place: overvegt}, {plaats: x}, 3]}
set: {debt.onset_rat: 0.03, debt.onset_rate: 7, work.job_loss_rate: no}
levers:
  - {lever: basic-jobs, start: 3}
  - 7
  - {lever: staffing, role: social-worker, start: x}
"""
    messages = desk.refused(text)
    assert [message.split(": ")[0] for message in messages] == [
        "try.yaml:3:1",
        "try.yaml:4:15",
        "try.yaml:4:41",
        "try.yaml:4:52",
        "try.yaml:4:53",
        "try.yaml:4:65",
        "try.yaml:5:7",
        "try.yaml:5:46",
        "try.yaml:5:69",
        "try.yaml:7:13",
        "try.yaml:8:5",
        "try.yaml:9:29",
        "try.yaml:9:51",
    ]


def test_a_cut_list_leaves_no_second_problem_behind(desk: Desk) -> None:
    assert desk.refused("world: {districts: [{share: 1}, {share: 2}]}") == [
        "try.yaml:3:21: 'place' is missing in 'world.districts[0]'",
        "try.yaml:3:33: 'place' is missing in 'world.districts[1]'",
    ]


def test_all_problems_of_three_broken_files_at_once(desk: Desk) -> None:
    one = desk.write("months: 0\nset: {nothing: 1}\n", "one.yaml")
    two = desk.write("a: 1\na: 2\n", "two.yaml")
    three = desk.write("levers: [\n", "three.yaml")
    missing = desk.folder / "four.yaml"
    fine = desk.write("", "fine.yaml")
    messages = desk.problems(one, fine, two, three, missing)
    assert [message.split(":")[0] for message in messages] == [
        "four.yaml",
        "one.yaml",
        "one.yaml",
        "three.yaml",
        "two.yaml",  # a key that nobody knows,
        "two.yaml",  # and the same once more
    ]
    assert not set(desk.folder.iterdir()) - {one, two, three, fine}


# ---------------------------------------------------------------- months

START = datetime.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("value", "role", "index"),
    [
        (0, "start", 0),
        (-24, "start", -24),
        ("2025-07", "start", 0),
        ("2025-07-01", "start", 0),
        ("2026-01", "end", 6),
        ("2024-06", "start", -13),
        ("year 1", "start", 0),
        ("year 5", "start", 48),
        ("year 5", "end", 60),
        ("year 5", "readout", 59),
        ("year  20", "readout", 239),
    ],
)
def test_month_index(value: int | str, role: str, index: int) -> None:
    assert month_index(value, START, role) == index  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [True, 1.0, None, "2025", "2025-00", "2025-07-02", "year 0", "year", "Year 5", "0000-01", []]
)
def test_not_a_month(value: object) -> None:
    assert not is_month(value)
    with pytest.raises(ValueError, match="is not a month"):
        month_index(value, START)  # type: ignore[arg-type]


def test_head_is_a_scenario(desk: Desk) -> None:
    assert desk.write("").read_text() == HEAD
