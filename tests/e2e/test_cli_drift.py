"""``wijksim drift``: a table, a verdict and an exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli import drift as command
from wijksim.cli.app import app
from wijksim.runs import null

SMALL = "schema: 1\ntitle: Small null\nextends: baseline\nmonths: 14\nworld: {size: 300, warmup: 1}\n"


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    Path("small.yaml").write_text(SMALL)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, ["drift", *map(str, words)], prog_name="wijksim")


def test_table_json_and_exit_code_agree(call):
    words = ("small.yaml", "--seeds", 2, "--workers", 1)
    told = call(*words, "--json")
    found = json.loads(told.stdout)
    assert (found["scenario"], found["seeds"], found["months"], found["size"]) == ("small", 2, 14, 300)
    assert told.exit_code == (1 if found["broken"] else 0)
    assert {one["district"] for one in found["index"]} == {"vulnerable", "average", "affluent"}
    assert {one["measure"] for one in found["stocks"]} >= {
        "vacancy_private",
        "seekers",
        "caseload",
        "problem_debt",
    }
    shown = call(*words)
    assert shown.exit_code == told.exit_code
    for text in (
        "Ranking of the districts",
        "less national rise",
        "national mixture",
        "(per 100 dwellings)",
    ):
        assert text in shown.stdout
    assert "bound" in shown.stderr or "broken" in shown.stderr


def test_nothing_broken_is_exit_code_0(call, monkeypatch):
    from wijksim.analysis import drift as analysis

    monkeypatch.setattr(analysis.Drift, "broken", ())
    assert call("small.yaml", "--seeds", 2, "--workers", 1, "--months", 2).exit_code == 0


@pytest.mark.parametrize("words", [("--seeds", 1), ("--months", 1), ("basline",)])
def test_what_cannot_be_judged_is_refused(call, words):
    done = call(*words, "--workers", 1)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_the_results_do_not_depend_on_the_number_of_processes(call):
    from wijksim.model.known import load_scenario

    spec = load_scenario("small.yaml")
    one, two = (null.null_runs(spec, [4, 5], 2, workers=workers) for workers in (1, 2))
    assert one.numerator.tobytes() == two.numerator.tobytes()
    assert one.denominator.tobytes() == two.denominator.tobytes()
    assert one.by_conditions.tobytes() == two.by_conditions.tobytes()
    assert [kind.name for kind in one.measures[-4:]] == [kind.name for kind in null.EXTRA]


def test_an_interval_reads_rounding_as_nothing():
    from wijksim.analysis.drift import Interval

    assert command._interval(Interval(-4e-16, -1.0, 1.0), "+.3g") == "+0 [-1, +1]"
    assert command._interval(Interval(float("nan"), 0, 0), "+.3g") == "-"
