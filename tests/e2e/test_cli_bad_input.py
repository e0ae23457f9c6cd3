"""Bad input: every problem at its place, exit code 2, nothing written, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
HEAD = "schema: 1\ntitle: Bad\nextends: baseline\n"

# what is written after the head, where the problem is, and words of the message
CASES = {
    "misspelt key": ("monhts: 12\n", "4:1", "did you mean 'months'?"),
    "unknown lever": ("levers:\n  - lever: stafing\n", "5:12", "did you mean 'staffing'?"),
    "unknown measure": ("record:\n  measures: [problem_dept]\n", "5:14", "did you mean 'problem_debt'?"),
    "unknown parameter": (
        "set:\n  health.onset_hr_stres: 2\n",
        "5:3",
        "did you mean 'health.onset_hr_stress'?",
    ),
    "unknown argument": ("levers:\n  - lever: staffing\n    chnage: 0.1\n", "6:5", "did you mean 'change'?"),
    "value outside its range": ("world:\n  size: 50\n", "5:9", "at least 200"),
    "argument outside its range": ("levers:\n  - lever: staffing\n    change: -3\n", "6:13", "-1 to 2"),
    "parameter outside its range": ("set:\n  health.psychiatric_share: 0.9\n", "5:29", "must lie in"),
    "wrong type": ("months: soon\n", "4:9", "whole number"),
    "duplicate key": ("months: 12\nmonths: 24\n", "5:1", "months"),
    "window outside the horizon": (
        "months: 12\nlevers:\n  - lever: staffing\n    start: 12\n",
        "7:12",
        "outside the run",
    ),
    "missing parent": (None, "3:10", "there is no scenario 'nowhere'"),
    "missing place file": ("world:\n  districts:\n    - place: none.yaml\n", "6:14", "there is no file"),
    "not YAML": ("world: {size: 300\n", None, ""),
    "room that is still to come": ("record: {measures: [newbuild]}\n", "4:21", "not in this version"),
}


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


def _write(name, body):
    text = HEAD.replace("baseline", "nowhere") if body is None else HEAD + body
    Path(name).write_text(text)


@pytest.mark.parametrize(
    "command", [("check",), ("run", "--out", "out"), ("memo", "--out", "out"), ("trace",)]
)
@pytest.mark.parametrize("what", CASES)
def test_the_battery(call, what, command):
    body, place, words = CASES[what]
    _write("bad.yaml", body)
    done = call(command[0], "bad.yaml", *command[1:])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith("bad.yaml:"))
    if place is not None:
        assert line.startswith(f"bad.yaml:{place}: ")
    assert words in line
    assert [path.name for path in Path().iterdir()] == ["bad.yaml"]


def test_a_circle_of_parents(call):
    Path("one.yaml").write_text("schema: 1\ntitle: One\nextends: two\n")
    Path("two.yaml").write_text("schema: 1\ntitle: Two\nextends: one\n")
    done = call("check", "one.yaml")
    assert done.exit_code == 2
    assert "two.yaml:3:10: 'extends' runs in a circle" in done.stderr


def test_an_unreadable_place(call):
    Path("place.yaml").write_text("name: here\ntitle: [\n")
    _write("bad.yaml", "world:\n  districts:\n    - place: place.yaml\n")
    done = call("check", "bad.yaml")
    assert done.exit_code == 2
    assert any(line.startswith("place.yaml:") for line in done.stderr.splitlines())


def test_a_place_with_a_bad_figure(call):
    good = (ROOT / "src/wijksim/places/overvecht.yaml").read_text()
    line = next(n for n, text in enumerate(good.splitlines(), start=1) if "flat_share" in text)
    Path("place.yaml").write_text(good.replace("flat_share: {value: 0.795", "flat_share: {value: 7.95"))
    _write("bad.yaml", "world:\n  districts:\n    - place: place.yaml\n")
    done = call("run", "bad.yaml")
    assert done.exit_code == 2
    found = [text for text in done.stderr.splitlines() if f"place.yaml:{line}:" in text]
    assert len(found) == 1
    assert "flat_share" in found[0]


@pytest.mark.parametrize("command", ["check", "run", "trace", "memo"])
def test_a_missing_file(call, command):
    done = call(command, "none.yaml")
    assert done.exit_code == 2
    assert done.stderr.startswith("none.yaml:1:1: ")
    assert not list(Path().iterdir())


def test_a_misspelt_name_of_a_shipped_scenario(call):
    done = call("run", "stafing-cut")
    assert done.exit_code == 2
    assert "did you mean 'staffing-cut'?" in done.stderr


def test_all_problems_of_all_files_come_at_once(call):
    _write("a.yaml", "monhts: 12\nworld: {size: 3}\n")
    _write("b.yaml", "levers: [{lever: stafing}]\n")
    _write("c.yaml", "months: 12\n")
    done = call("check", "a.yaml", "b.yaml", "c.yaml")
    assert done.exit_code == 2
    assert done.stdout == "c.yaml: ok\n"
    places = [line.split(": ")[0] for line in done.stderr.splitlines() if ".yaml:" in line]
    assert places == ["a.yaml:4:1", "a.yaml:5:15", "b.yaml:4:18"]
    assert "3 problems" in done.stderr


def test_the_command_line_is_checked_like_a_file(call):
    done = call("run", "baseline", "--size", 3)
    assert done.exit_code == 2
    assert done.stderr == "wijksim: 'world.size' must be at least 200, not 3\n"


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "baseline", "--months", "0"),
        ("run", "baseline", "--seed", "-1"),
        ("run", "baseline", "--sede", "1"),
        ("memo", "--pairs", "0"),
        ("memo", "--out", "."),
        ("trace", "baseline", "--resident", "me"),
        ("variance", "--pairs", "1"),
        ("rum", "baseline"),
    ],
)
def test_wrong_words_on_the_command_line(call, words):
    done = call(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error" in done.stderr
    assert not list(Path().iterdir())


def test_as_a_process_there_is_no_traceback(tmp_path):
    (tmp_path / "bad.yaml").write_text(HEAD + "monhts: 12\n")
    done = subprocess.run(
        [sys.executable, "-m", "wijksim", "run", "bad.yaml", "--out", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "bad.yaml:4:1: unknown key 'monhts', did you mean 'months'?",
        "1 problem; nothing was run or written",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_an_unexpected_failure_is_one_line_unless_more_is_asked_for(call, monkeypatch):
    import wijksim.runs.run
    from wijksim.cli import console

    def broken(*_, **__):
        raise ZeroDivisionError("of the test")

    monkeypatch.setattr(wijksim.runs.run, "run", broken)
    monkeypatch.setattr(console, "_verbose", False)
    done = call("run", "baseline")
    assert done.exit_code == 1
    assert "ZeroDivisionError: of the test" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in call("run", "baseline", "-v").stderr


@pytest.mark.slow
@pytest.mark.parametrize(("code", "shown"), [("sys.exit(3)", "sys.exit(3)"), ("sys.exit()", "sys.exit()")])
@pytest.mark.parametrize("command", ["check", "run", "memo"])
def test_a_plug_in_that_ends_the_program_is_a_problem_of_its_file(tmp_path, command, code, shown):
    (tmp_path / "a_script_of_mine.py").write_text(f"import sys\n{code}\n")
    (tmp_path / "bad.yaml").write_text(HEAD + "plugins: [a_script_of_mine]\nmonhts: 12\n")
    done = subprocess.run(
        [sys.executable, "-m", "wijksim", command, "bad.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "bad.yaml:4:11: plug-in 'a_script_of_mine' cannot be imported: "
        f"it ends the program when it is imported ({shown})",
        "bad.yaml:5:1: unknown key 'monhts', did you mean 'months'?",
        "2 problems; nothing was run or written",
    ]


def _line(done):
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return done.stderr.splitlines()[0]


def test_a_folder_is_called_a_folder(call):
    Path("dir.yaml").mkdir()
    for command in ("check", "run", "sweep"):
        assert "this is a folder" in _line(call(command, "dir.yaml"))
    Path("bad.yaml").write_text("schema: 1\ntitle: Bad\nextends: dir.yaml\n")
    assert (
        _line(call("check", "bad.yaml"))
        == "bad.yaml:3:10: 'dir.yaml' is a folder, a scenario file is expected"
    )


@pytest.mark.parametrize("command", ["check", "run", "memo"])
def test_a_shipped_name_with_an_extension(call, command):
    assert _line(call(command, "baseline.yaml")).endswith(", did you mean 'baseline'?")
    Path("baseline.yaml").write_text("schema: 1\ntitle: Mine\nmonths: 0\n")  # one's own goes first
    assert _line(call(command, "baseline.yaml")).startswith("baseline.yaml:3:9: 'months' must be")


def test_far_fetched_guesses_are_left_out_and_few_choices_are_told(call):
    Path("c.yaml").write_text("schema: 1\ntitle: C\n")
    assert (
        _line(call("check", "nonsuch.yaml"))
        == "nonsuch.yaml:1:1: there is no such file; beside it are c.yaml"
    )
    assert (
        _line(call("check", "nowhere/x.yaml"))
        == "nowhere/x.yaml:1:1: there is no such file: there is no folder 'nowhere'"
    )
    assert "did you mean" not in _line(call("measures", "nope"))
    told = _line(call("parameters", "crime.x"))
    assert "did you mean" not in told
    assert "choose from crime." in told


@pytest.mark.parametrize(
    "words",
    [("check",), ("run",), ("memo",), ("trace",), ("sweep",), ("levers",), ("parameters",), ("places",)],
)
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_called_empty(call, words, name):
    told = _line(call(*words, name))
    assert told.startswith("wijksim: the name of ")
    assert told.endswith(" is empty")
