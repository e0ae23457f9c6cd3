"""What is said of scenarios that are right, but may not do what was meant."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wijksim.model.known import load_scenario
from wijksim.model.remarks import remarks
from wijksim.runs.sweeps.load import load_experiment, shipped_experiments
from wijksim.scenario.load import shipped_scenarios

ROOT = Path(__file__).parents[2]
HEAD = "schema: 1\ntitle: Tried\nextends: baseline\nmonths: 60\nlevers:\n"
FIRST = HEAD.count("\n") + 1  # line of the first lever
PLACE = "target: {districts: [vulnerable]}"


def said(tmp_path: Path, *uses: str, whole: bool = True, months: int | None = None) -> list[str]:
    """Remarks on a scenario with these uses of levers, without the path of its file."""
    path = tmp_path / "tried.yaml"
    path.write_text(HEAD + "".join(f"  - {{{use}}}\n" for use in uses))
    spec = load_scenario(path, overrides={} if months is None else {"months": months})
    return [remark.replace(str(path), "tried") for remark in remarks(spec, whole=whole)]


@pytest.mark.parametrize(
    ("use", "what"),
    [
        ("lever: budget-talk, strength: 0", "has strength 0, so that it changes nothing"),
        ("lever: budget-talk, coverage: 0", "has coverage 0, so that nobody is approached"),
        ("lever: nudges, uptake: 0", "has uptake 0, so that nobody takes part"),
        ("lever: staffing, strength: 0", "has strength 0, so that it changes nothing"),
        ("lever: basic-job, places_per_1000: 0", "is given places_per_1000 0, with which it may do nothing"),
        ("lever: staffing, change: 0", "is given change 0, with which it may do nothing"),
        ("lever: stop-go, aim: school-hours", "governs none of the levers of this scenario"),
    ],
)
def test_a_lever_that_does_nothing_is_named_with_its_line(tmp_path: Path, use: str, what: str) -> None:
    name = use.split(",")[0].removeprefix("lever: ")
    assert said(tmp_path, use) == [f"tried:{FIRST}:5: lever '{name}' {what}"]


@pytest.mark.parametrize(
    "use",
    [
        f"lever: staffing, {PLACE}, coverage: 0",  # one that approaches nobody in person
        "lever: renovation, share: 0, share_others: 0.3",
        "lever: income-band, lowest: 0",  # the lowest fifth, not nothing
        "lever: budget-talk, ramp: 0",
    ],
)
def test_a_lever_that_does_something_is_let_be(tmp_path: Path, use: str) -> None:
    assert said(tmp_path, use) == []


def test_one_that_governs_needs_somebody(tmp_path: Path) -> None:
    assert said(tmp_path, "lever: stop-go, aim: school-hours", "lever: school-hours") == []


def test_a_lever_that_ends_before_its_full_dose_is_told_how_far_it_came(tmp_path: Path) -> None:
    use = f"lever: budget-talk, {PLACE}, ramp: 12"
    early = (
        f"tried:{FIRST}:5: lever 'budget-talk' has come to 25% of its full dose when it ends: "
        "its ramp is 12 months, of which it has 3; 'end' is the first month without it"
    )
    assert said(tmp_path, f"{use}, start: 2026-01, end: 2026-04") == [early]
    assert said(tmp_path, f"{use}, start: 2026-01, end: 2026-04", whole=False, months=36) == [early]
    assert said(tmp_path, f"{use}, start: 2026-01, end: 2027-01") == []
    late = f"{use}, start: 2029-10"
    assert said(tmp_path, late) == [
        f"tried:{FIRST}:5: lever 'budget-talk' has come to 25% of its full dose when the run ends: "
        "its ramp is 12 months, of which it has 3"
    ]
    assert said(tmp_path, late, whole=False) == []


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (PLACE, f"{PLACE}, start: 2026-01", "vulnerable from 2026-01 to 2026-12"),
        (PLACE, "start: 2026-07", "vulnerable from 2026-07 to 2026-12"),
        (
            "target: {groups: [age=18-29]}",
            "target: {groups: [tenure=corporation]}",
            "the whole city from 2025-01 to 2026-12",
        ),
        (PLACE, f"{PLACE}, start: 2027-01", ""),
        (PLACE, "target: {districts: [average]}", ""),
        ("target: {groups: [age=18-29]}", "target: {groups: [age=45-66, tenure=corporation]}", ""),
    ],
)  # fmt: skip
def test_one_lever_twice_in_the_same_place_and_months_is_told_of(
    tmp_path: Path, first: str, second: str, both: str
) -> None:
    told = said(
        tmp_path,
        f"id: last, lever: budget-talk, {first}, ramp: 1, end: 2027-01",
        f"id: first, lever: budget-talk, {second}, ramp: 1",
    )
    line = (
        f"tried:{FIRST + 1}:5: levers 'last' (line {FIRST}) and 'first' are both 'budget-talk' "
        f"for {both}: both act there"
    )
    assert told == ([line] if both else [])


def test_several_of_one_lever_are_told_of_once_and_in_the_order_of_lines(tmp_path: Path) -> None:
    told = said(
        tmp_path,
        *(f"id: {name}, lever: budget-talk, ramp: 1" for name in ("c", "b", "a")),
        "lever: nudges, uptake: 0",
    )
    assert told == [
        f"tried:{FIRST + 2}:5: levers 'c' (line {FIRST}), 'b' (line {FIRST + 1}) and 'a' are all 'budget-talk' "
        "and hold, some or all of them, for the same places and months: all act there",
        f"tried:{FIRST + 3}:5: lever 'nudges' has uptake 0, so that nobody takes part",
    ]  # fmt: skip


def test_other_roles_are_other_things(tmp_path: Path) -> None:
    roles = [
        f"id: {role}, lever: staffing, role: {role}, ramp: 1" for role in ("social_worker", "youth_worker")
    ]
    assert said(tmp_path, *roles) == []
    assert len(said(tmp_path, *roles, "id: every, lever: staffing, role: all, ramp: 1")) == 1


def test_one_that_does_nothing_meets_nobody(tmp_path: Path) -> None:
    one, other = (f"id: {name}, lever: budget-talk, strength: {k}" for name, k in (("one", 0), ("other", 1)))
    assert len(said(tmp_path, one, other)) == 1


def test_there_is_nothing_to_say_of_what_is_shipped() -> None:
    files: list[str | Path] = [*shipped_scenarios(), *ROOT.glob("scenarios/**/*.yaml")]
    specs = [load_scenario(name) for name in files]
    specs += [spec for name in shipped_experiments() for spec in load_experiment(name).scenarios]
    assert [word for spec in specs for word in remarks(spec, whole=True)] == []


def test_check_tells_programs_too(tmp_path: Path) -> None:
    path = tmp_path / "tried.yaml"
    path.write_text(f"{HEAD}  - {{lever: nudges, uptake: 0}}\n")
    command = [sys.executable, "-m", "wijksim", "check", str(path), "baseline", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert [one["warnings"] for one in found] == [
        [f"{path}:{FIRST}:5: lever 'nudges' has uptake 0, so that nobody takes part"],
        [],
    ]
    assert done.stderr == ""
