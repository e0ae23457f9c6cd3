"""A run that is shorter than its scenario: what it cuts off is told, and what it leaves empty is not compared."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app

LATE = """\
schema: 1
title: Late
extends: baseline
world: {size: 200, warmup: 1}
levers:
  - {lever: staffing, start: year 10, change: 0.25, target: {districts: [vulnerable]}}
"""
NULL = "schema: 1\ntitle: Nothing\nextends: baseline\nworld: {size: 200, warmup: 1}\n"
BOTH = (
    "schema: 1\ntitle: Both\nextends: late.yaml\nlevers:\n"
    "  - {lever: staffing, id: now, change: 0.25, target: {districts: [average]}}\n"
)
SET = NULL.replace("Nothing", "Set") + "set: {debt.entry_rate: {value: 0.02, from: year 5}}\n"
BEGINS = "late.yaml:6:5: lever 'staffing' begins in month 108, but the run ends after 2"


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("late", LATE), ("null", NULL), ("both", BOTH), ("set", SET)):
        Path(f"{name}.yaml").write_text(text)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], prog_name="wijksim")


def test_a_run_tells_what_it_cuts_off(call):
    done = call("run", "late.yaml", "--months", 2)
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines().count(f"warning: {BEGINS}; it does nothing") == 1
    done = call("run", "set.yaml", "--months", 2)
    place = "set.yaml:5:24: 'debt.entry_rate' is set from month 48"
    assert f"warning: {place}, but the run ends after 2; it does nothing" in done.stderr
    assert "begins in month" not in call("check", "late.yaml").stderr


@pytest.mark.parametrize("name", ["late", "set"])
@pytest.mark.parametrize("words", [("memo",), ("variance",), ("precision",)])
def test_null_is_not_compared_with_null(call, words, name):
    done = call(*words, f"{name}.yaml", "--null", "null.yaml", "--months", 2, "--size", 200)
    assert done.exit_code == 2, done.output
    line = next(line for line in done.stderr.splitlines() if line.startswith(f"{name}.yaml:"))
    assert line.endswith(
        f"but the run ends after 2, and '{name}' is 'null' until then: there is nothing to compare"
    )
    assert not Path("memo.html").exists()


@pytest.mark.slow
def test_a_variant_that_does_something_is_compared_with_a_warning(call):
    done = call("memo", "both.yaml", "--null", "null.yaml", "--months", 2, "--pairs", 1, "--no-stories")
    assert done.exit_code == 0, done.output
    assert f"warning: {BEGINS}; it does nothing" in done.stderr


def test_a_sweep_warns_too(call):
    Path("asked.yaml").write_text(
        "schema: 1\nquestion: What?\nscenarios: [null.yaml, late.yaml]\nmonths: 2\nuncertainties: none\n"
    )
    done = call("sweep", "asked.yaml", "--dry-run")
    assert done.exit_code == 0, done.output
    assert f"warning: {BEGINS}; it does nothing" in done.stderr
