"""What somebody new meets: hints that can be copied, and pages that fit on 80 columns."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from wijksim.analysis.drift import Interval, Stock
from wijksim.cli import drift, headlines
from wijksim.cli.app import app
from wijksim.cli.console import whole_console

ROOT = Path(__file__).resolve().parents[2]
SMALL = """\
schema: 1
title: A small world
extends: staffing-cut
months: 2
world: {size: 300, warmup: 1}
record: {measures: [problem_debt], readouts: [1]}
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("small.yaml").write_text(SMALL)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], prog_name="wijksim")


def _typed(*words, folder):
    return subprocess.run(
        [sys.executable, "-m", "wijksim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "WIJKSIM_STARTED_AS": "./wijk"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_hints_name_the_tool_as_it_was_typed(tmp_path):
    start, page = _typed(folder=tmp_path), _typed("run", "--help", folder=tmp_path)
    assert "  ./wijk memo " in start
    assert "Usage: ./wijk run" in page
    assert "$ ./wijk run baseline" in page
    assert "wijksim" not in page


@pytest.mark.parametrize("words", [(), ("run",), ("new",), ("new", "lever")])
def test_help_is_no_option_with_a_value(call, words):
    assert "<bool>" not in call(*words, "--help").stdout


def test_a_suggested_resident_is_found_by_the_command_that_is_suggested(call):
    suggested = call("trace", "small.yaml", "--size", 240, "--months", 3, "--seed", 2)
    command = suggested.stderr.split("follow one: wijksim ")[1].split()
    assert {"--size", "--months", "--seed"} < set(command)
    assert call(*command).exit_code == 0


def test_a_memo_makes_the_folder_it_is_to_be_in(call):
    done = call("memo", "small.yaml", "--null", "small.yaml", "--out", "new/page.html")
    assert done.exit_code == 2  # refused before anything ran, so nothing was made
    assert not Path("new").exists()
    Path("null.yaml").write_text(SMALL.replace("staffing-cut", "baseline"))
    done = call("memo", "small.yaml", "--null", "null.yaml", "--pairs", 1, "--out", "new/page.html")
    assert done.exit_code == 0, done.stderr
    assert "in 1 future," in done.stderr
    assert [path.name for path in Path("new").iterdir()] == ["page.html"]


def test_parameters_fit_on_80_columns(call):
    shown = call("parameters")
    assert " share " in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert len(json.loads(call("parameters", "analysis", "--json").stdout)[0]["range"]) == 2


def test_a_long_label_is_spread_over_its_rows():
    label = "Households with frequent nuisance from neighbours (%)"
    assert headlines._spread(label, 1) == [label]
    for rows in (2, 3, 5):
        lines = headlines._spread(label, rows)
        assert len(lines) == rows
        assert " ".join(lines).strip() == label
    assert headlines._spread("Trust", 3) == ["Trust", "", ""]


@pytest.mark.parametrize("width", [80, 120])
def test_the_stocks_of_a_drift_are_never_cut_short(width):
    slope = Interval(-0.0123, -0.0456, 0.0789)
    stock = Stock(
        measure="vacancy_corporation", unit="per 100 dwellings", place="national mixture",
        levels={1: 12.65, 4: 12.65, 8: 12.65, 20: 12.65}, slope=slope, lowest=12.65, highest=21.09,
        band=(12.65, 21.09), kept=True,
    )  # fmt: skip
    written = io.StringIO()
    drift._show_stocks(whole_console()(width=width, file=written), SimpleNamespace(stocks=(stock,)))
    text = written.getvalue()
    for whole in (
        "vacancy_corporation",
        "(per 100 dwellings)",
        "-0.0123",
        "[-0.0456, +0.0789]",
        "12.65-21.09",
        "kept",
    ):
        assert whole in text
