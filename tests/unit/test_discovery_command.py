"""``wijksim discover``: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import json

import pytest
from tests.unit.discovery_sweep import FACTORS, HIT, write_sweep
from typer.testing import CliRunner

from wijksim.cli.app import app


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return write_sweep(tmp_path_factory.mktemp("hand") / "sweep")


@pytest.fixture
def call(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("wijksim.analysis.prim.SHUFFLES", 19)  # enough for one in twenty
    return lambda *words: CliRunner().invoke(app, ["discover", *map(str, words)], prog_name="wijksim")


def test_two_tables_and_a_sentence(call, sweep):
    done = call(sweep, "--goal", "problem_debt < 8")
    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert "problem_debt in city at year 20 < 8: 400 futures" in words
    assert "largest regret" in words
    assert "staffing-cut misses its goal in 31 % of the 400 futures; in all of those" in words
    assert "basic-jobs meets its goal in all of the 400 futures" in words
    assert "staffing.strength above 0.4" in words
    assert "100 %  " not in done.stdout.split("baseline")[1].split("\n")[0]  # 399 of 400 are not all


def test_files_and_a_picture_per_variant_with_a_box(call, sweep, tmp_path):
    out = tmp_path / "found"
    done = call(sweep, "--goal", "problem_debt < 8", "--out", out, "--json")
    assert done.exit_code == 0
    stored = json.loads((out / "discover.json").read_text())
    assert stored == json.loads(done.stdout)
    assert stored["goals"][0]["text"] == "problem_debt in city at year 20 < 8"
    with (out / "boxes.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert {one["factor"] for one in lines} == {"debt.entry_rate", "staffing.strength"}
    assert all(one["scenario"] == HIT and one["high"] == "" for one in lines)
    assert sorted(path.name for path in out.iterdir()) == [
        "box-staffing-cut.png", "box-staffing-cut.svg", "boxes.csv", "discover.json",
    ]  # fmt: skip
    assert "misses the goal (123)" in (out / "box-staffing-cut.svg").read_text()


def test_the_same_question_gives_the_same_bytes(call, sweep, tmp_path):
    for name in ("a", "b"):
        call(sweep, "--goal", "problem_debt < 8", "--scenario", HIT, "--out", tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_everything_that_is_wrong_is_told_with_exit_code_2(call, sweep):
    done = call(
        sweep, "--goal", "problemdebt < 8 and trust > x", "--scenario", "staffing-cuts", "--district", "Ost"
    )
    assert done.exit_code == 2
    assert "did you mean 'problem_debt'" in done.stderr
    assert "did you mean 'staffing-cut'" in done.stderr
    assert "did you mean 'Oost'" in done.stderr
    assert "'x' is not a number" in done.stderr


def test_a_folder_that_is_no_sweep_is_refused(call, tmp_path):
    done = call(tmp_path, "--goal", "trust > 1")
    assert (done.exit_code, "no sweep lies in this folder" in done.stderr) == (2, True)


def test_the_grammar_is_in_the_help(call):
    assert "[change of] MEASURE [in DISTRICT] [at year N]" in " ".join(call("--help").stdout.split())


def test_the_hand_made_factors_exist():
    from wijksim.model.known import all_parameters

    known = all_parameters().parameters
    assert all(one.name in known or f"lever.{one.name}" in known for one in FACTORS)
