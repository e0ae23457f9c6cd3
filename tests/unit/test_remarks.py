"""What is said of scenarios that are right, but may not do what was meant."""

from __future__ import annotations

from pathlib import Path

from wijksim.model.known import load_scenario
from wijksim.model.remarks import remarks
from wijksim.runs.sweeps.load import load_experiment, shipped_experiments
from wijksim.scenario.load import shipped_scenarios

HEAD = "schema: 1\ntitle: Tried\nextends: baseline\nmonths: 60\nlevers:\n"
PLACE = "target: {districts: [vulnerable]}"


def said(tmp_path: Path, *uses: str) -> list[str]:
    """Remarks on a scenario with these uses of levers, without the path of its file."""
    path = tmp_path / "tried.yaml"
    path.write_text(HEAD + "".join(f"  - {{{use}}}\n" for use in uses))
    return [remark.replace(str(path), "tried") for remark in remarks(load_scenario(path))]


def test_a_lever_that_does_nothing_is_named_with_its_line(tmp_path: Path) -> None:
    for name, what in (("strength", "it changes nothing"), ("coverage", "nobody is approached")):
        told = [f"tried:6:5: lever 'budget-talk' has {name} 0, so that {what}"]
        assert said(tmp_path, f"lever: budget-talk, {name}: 0") == told
    assert said(tmp_path, "lever: nudges, uptake: 0") == [
        "tried:6:5: lever 'nudges' has uptake 0, so that nobody takes part"
    ]
    # one that approaches nobody in person is only as strong as it is
    assert said(tmp_path, f"lever: staffing, {PLACE}, strength: 0") == [
        "tried:6:5: lever 'staffing' has strength 0, so that it changes nothing"
    ]
    assert said(tmp_path, f"lever: staffing, {PLACE}, coverage: 0") == []


def test_a_lever_that_ends_before_its_full_dose_is_told_how_far_it_came(tmp_path: Path) -> None:
    use = f"lever: budget-talk, {PLACE}, ramp: 12, start: 2026-01"
    assert said(tmp_path, f"{use}, end: 2026-04") == [
        "tried:6:5: lever 'budget-talk' has come to 25% of its full dose when it ends: "
        "its ramp is 12 months, its window 3"
    ]
    assert said(tmp_path, f"{use}, end: 2027-01") == []
    assert said(tmp_path, use) == []


def test_one_lever_twice_in_the_same_place_and_months_is_told_of(tmp_path: Path) -> None:
    first = f"id: first, lever: budget-talk, {PLACE}, ramp: 1, end: 2027-01"
    for second, both in (
        (f"{PLACE}, start: 2026-01", "12 to 23"),
        ("start: 2026-07", "18 to 23"),
        (f"{PLACE}, start: 2027-01", ""),
        ("target: {districts: [average]}, start: 2026-01", ""),
    ):
        told = said(tmp_path, first, f"id: second, lever: budget-talk, {second}")
        assert told == (
            [
                "tried:7:5: lever 'second' and lever 'first' are both 'budget-talk' and hold in the same place "
                f"from month {both}: each does its part there"
            ]
            if both
            else []
        )


def test_one_that_does_nothing_meets_nobody(tmp_path: Path) -> None:
    one, other = (f"id: {name}, lever: budget-talk, strength: {k}" for name, k in (("one", 0), ("other", 1)))
    assert len(said(tmp_path, one, other)) == 1


def test_there_is_nothing_to_say_of_what_is_shipped() -> None:
    assert [word for name in shipped_scenarios() for word in remarks(load_scenario(name))] == []
    specs = [spec for name in shipped_experiments() for spec in load_experiment(name).scenarios]
    assert [word for spec in specs for word in remarks(spec)] == []
