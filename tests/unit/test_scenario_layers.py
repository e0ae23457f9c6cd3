from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.scenario_known import KNOWN, Desk

from wijksim.core.errors import InputError
from wijksim.scenario.load import LONGEST_CHAIN, load_scenario
from wijksim.scenario.resolve import SetValue, StrategyChoice


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


PARENT = """\
question: of the parent
start: 2026-01
months: 120
world:
  size: 5000
  districts: [{place: overvecht}]
set: {debt.onset_rate: {value: 0.02, from: 12}, work.job_loss_rate: 0.06}
strategies: {allocation: {name: capped, cap: 0.4}}
levers:
  - {lever: basic-job, places_per_1000: 5}
  - {lever: staffing, role: youth_worker, id: youth}
  - {lever: staffing, role: social_worker, id: social}
"""


def test_child_lies_over_its_parent(desk: Desk) -> None:
    desk.write(PARENT, "parent.yaml")
    scenario = desk.load(
        "extends: parent\nmonths: 60\nworld: {warmup: 6}\n"
        "set: {debt.onset_rate: 0.05}\nstrategies: {allocation: standard}\n"
    )
    assert scenario.extends == ("parent",)
    assert scenario.question == ""  # prose is one's own
    assert (scenario.months, scenario.world.size, scenario.world.warmup, scenario.world.rest) == (
        60,
        5000,
        6,
        10,
    )
    assert [district.name for district in scenario.world.districts] == ["overvecht"]
    # an entry replaces as a whole: no 'from' and no 'cap' are left of the parent's
    assert scenario.set == {"debt.onset_rate": SetValue(0.05), "work.job_loss_rate": SetValue(0.06)}
    assert scenario.strategies == {"allocation": StrategyChoice("standard", {})}
    assert [use.id for use in scenario.levers] == ["basic-job", "social", "youth"]


def test_levers_are_added_replaced_and_removed(desk: Desk) -> None:
    desk.write(PARENT, "parent.yaml")
    scenario = desk.load(
        "extends: parent\nlevers:\n"
        "  - {lever: basic-job, start: 3}\n"
        "  - {lever: staffing, remove: true}\n"
        "  - {lever: allocation-mixing}\n"
    )
    assert [(use.id, use.start, dict(use.arguments)) for use in scenario.levers] == [
        ("allocation-mixing", 0, {}),
        ("basic-job", 3, {}),
    ]
    scenario = desk.load("extends: parent\nlevers: [{lever: staffing, id: youth, remove: true}]\n")
    assert [use.id for use in scenario.levers] == ["basic-job", "social"]


def test_mistakes_with_ids(desk: Desk) -> None:
    desk.write(PARENT, "parent.yaml")
    assert desk.refused(
        "extends: parent\nlevers:\n"
        "  - {lever: basic-job}\n"
        "  - {lever: basic-job}\n"
        "  - {lever: staffing, id: nobody, remove: true}\n"
        "  - {lever: staffing, id: youth, remove: true, change: 1}\n"
    ) == [
        "try.yaml:6:5: 'basic-job' stands twice among the levers; give each use its own 'id'",
        "try.yaml:7:5: there is no use of 'nobody' in a parent to remove",
        "try.yaml:8:48: 'change' has no meaning beside 'remove: true'",
    ]


def test_problems_and_origins_point_into_the_parent(desk: Desk) -> None:
    desk.write(PARENT.replace("value: 0.02", "value: 2"), "parent.yaml")
    (message,) = desk.refused("extends: parent\n")
    assert message.startswith("parent.yaml:9:32: 'debt.onset_rate' must lie in 0.01 to 0.1 1/year, not 2")
    desk.write(PARENT, "parent.yaml")
    scenario = desk.load(
        "extends: parent\nmonths: 60\nlevers: [{lever: basic-job, start: 2}]\n", **{"world.size": 300}
    )
    parent = str(desk.folder / "parent.yaml")
    assert str(scenario.origin(("months",))) == f"{desk.folder}/try.yaml:4:9"
    assert str(scenario.origin(("world", "size"))) == "command line:1:1"
    assert scenario.origin(("world", "districts", 0, "place")).file == parent
    assert str(scenario.origin(("levers", "youth", "role"))) == f"{parent}:13:29"
    assert scenario.origin(("levers", "basic-job", "start")).file == str(desk.folder / "try.yaml")
    assert scenario.origin(("world", "warmup")).file == "default"


def test_a_chain_of_three_and_its_problems(desk: Desk) -> None:
    desk.write("months: 24\nset: {debt.onset_rate: 0.02}\nlever: 3\n", "c.yaml")
    desk.write("extends: c.yaml\nset: {work.job_los_rate: 0.1}\n", "b.yaml")
    assert desk.refused("extends: ./b.yaml\nlevers: [{lever: basic-job, start: 24}]\n") == [
        "b.yaml:4:7: there is no parameter 'work.job_los_rate', did you mean 'work.job_loss_rate'?",
        "c.yaml:5:1: unknown key 'lever', did you mean 'levers'?",
        "try.yaml:4:36: 'start' is month 24, outside the run: months 0 to 23 from 2025-01",
    ]


def test_circles(desk: Desk) -> None:
    assert desk.refused("extends: try.yaml\n") == [
        "try.yaml:3:10: 'extends' runs in a circle: try.yaml -> try.yaml"
    ]
    desk.write("extends: try\n", "b.yaml")
    desk.write("extends: b\n", "a.yaml")
    assert desk.refused("extends: a\n") == [
        "b.yaml:3:10: 'extends' runs in a circle: try.yaml -> a.yaml -> b.yaml -> try.yaml"
    ]


def test_chains_have_an_end(desk: Desk) -> None:
    for number in range(LONGEST_CHAIN + 2):
        desk.write(f"extends: s{number + 1}\n", f"s{number}.yaml")
    (message,) = desk.problems(desk.folder / "s0.yaml")
    assert f"more than {LONGEST_CHAIN}" in message


def test_missing_parent_is_reported_where_it_is_named(desk: Desk) -> None:
    desk.write("", "parents.yaml")
    # what the parent may have said (the district, the use to remove, the horizon) is not called missing
    assert desk.refused(
        "extends: parentz\nlevers: [{lever: staffing, remove: true}, "
        "{lever: basic-job, start: 500, target: {districts: [west]}}, {lever: basic-jo}]\n"
    ) == [
        "try.yaml:3:10: there is no scenario 'parentz' to extend, did you mean 'parents'?",
        "try.yaml:4:112: there is no lever 'basic-jo', did you mean 'basic-job'?",
    ]
    (message,) = desk.refused("extends: elsewhere/parent.yaml\n")
    assert message == "try.yaml:3:10: there is no scenario 'elsewhere/parent.yaml' to extend"
    (message,) = desk.refused(f"extends: {'x' * 5000}\n")
    assert message.startswith("try.yaml:3:10: ")


def test_broken_parent_is_reported_as_itself(desk: Desk) -> None:
    desk.write("levers: [\n", "parent.yaml")
    (message,) = desk.refused("extends: parent\n")
    assert message.startswith("parent.yaml:")


def test_shipped_parent_and_own_file_of_the_same_name(desk: Desk) -> None:
    own = desk.write("extends: baseline\nmonths: 60\n", "baseline.yaml")
    scenario = load_scenario(own, known=KNOWN)
    assert (scenario.months, scenario.extends) == (60, ("baseline",))
    child = desk.write("extends: baseline\n", "child.yaml")
    assert load_scenario(child, known=KNOWN).months == 60  # the file beside it comes before the shipped one


# ---------------------------------------------------------------- command line


def test_command_line_wins(desk: Desk) -> None:
    path = desk.write("months: 60\nworld: {size: 500}\nset: {debt.onset_rate: 0.02}\n")
    scenario = load_scenario(
        path,
        known=KNOWN,
        overrides={"months": 24, "world": {"size": 800}, "world.warmup": 2, "set.work.job_loss_rate": 0.1},
    )
    assert (scenario.months, scenario.world.size, scenario.world.warmup) == (24, 800, 2)
    assert scenario.set["work.job_loss_rate"].value == 0.1
    assert scenario.set["debt.onset_rate"].value == 0.02


def test_a_shorter_run_cuts_windows_and_readouts_without_a_problem(desk: Desk) -> None:
    lever = "{lever: basic-job, start: year 6, end: year 9}"
    text = f"months: 120\nlevers: [{lever}]\nrecord: {{readouts: [11, year 10]}}\n"
    scenario = desk.load(text, months=24)
    assert (scenario.months, scenario.levers[0].start, scenario.record.readouts) == (24, 60, (11,))
    assert desk.load(text, months=6).record.readouts == (5,)


def test_mistakes_on_the_command_line(desk: Desk) -> None:
    assert desk.refused("", **{"month": 3, "world.size": 3, "set.debt.onset": 1, "title": "x"}) == [
        "command line:1:1: 'title' can only be said in a scenario file",
        "command line:1:1: 'world.size' must be at least 200, not 3",
        "command line:1:1: there is no parameter 'debt.onset', did you mean 'debt.onset_rate'?",
        "command line:1:1: unknown key 'month', did you mean 'months'?",
    ]


def test_names_that_stand_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("baselin", "nobody", "a\0b", "x" * 5000):
        with pytest.raises(InputError) as caught:
            load_scenario(name, known=KNOWN)
        (problem,) = caught.value.problems
        assert problem.file == name
        assert "no scenario of this name" in problem.message
    with pytest.raises(InputError, match="the name of a scenario is empty"):
        load_scenario("", known=KNOWN)
    Desk(tmp_path).write("months: 12\n", "mine.yaml")
    assert load_scenario("mine", known=KNOWN).months == load_scenario("mine.yaml", known=KNOWN).months == 12
