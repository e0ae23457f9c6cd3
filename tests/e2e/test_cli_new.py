"""Stubs: they work as written, and nothing that exists is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.kernel.lever import LEVERS
from wijksim.model.known import load_scenario

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


def test_a_new_scenario_passes_the_check(call):
    done = call("new", "scenario", "my-idea")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "my-idea.yaml\n"
    assert call("check", "my-idea.yaml").stdout == "my-idea.yaml: ok\n"


def test_what_the_stub_offers_in_comments_is_right_too(call):
    call("new", "scenario", "my-idea")
    text = Path("my-idea.yaml").read_text()
    head, commented = text.split("# levers:\n")
    lines = ["levers:", *(line.removeprefix("# ").removeprefix("#") for line in commented.splitlines())]
    used = "\n".join(
        line for line in lines if line == "levers:" or (":" in line and not line.startswith("Other"))
    )
    Path("all.yaml").write_text(head + used.replace("# levers:", "") + "\n")
    done = call("check", "all.yaml")
    assert done.exit_code == 0, done.stderr


PROSE = ("question", "source", "assumed", "would_change_our_mind")


@pytest.mark.parametrize(
    ("words", "told"), [(("scenario",), True), (("lever",), False), (("lever", "--governing"), False)]
)
def test_what_a_scenario_must_tell_of_itself_stands_in_every_stub(call, words, told):
    """In a new scenario as keys; in that of a new lever as remarks, so that a test still misses what nobody said."""
    call("new", words[0], "reading-club", *words[1:])
    head, extends, _ = Path("reading-club.yaml").read_text().partition("extends: baseline\n")
    for key in PROSE:
        assert f"\n{'' if told else '# '}{key}:" in head
    for taken, said in (("", told), ("# ", True)):
        lines = [
            one.removeprefix(taken) if one[2:].startswith(PROSE) else one for one in head.splitlines(True)
        ]
        Path("head.yaml").write_text("".join(lines) + extends)  # without the plug-in, which would stay
        found = load_scenario("head.yaml")
        assert all(bool(getattr(found, key)) == said for key in PROSE)


def test_a_folder_is_made(call):
    assert call("new", "scenario", "my-idea", "--dir", "ideas/of/mine").exit_code == 0
    assert Path("ideas/of/mine/my-idea.yaml").is_file()


@pytest.mark.parametrize(
    "name", ["My Idea", "my_idea", "9lives", "-", "a--b", "idea.yaml", "x" * 60, "../up", "é"]
)
@pytest.mark.parametrize("kind", ["scenario", "lever"])
def test_bad_names_are_refused(call, kind, name):
    done = call("new", kind, "--", name)
    assert done.exit_code == 2
    assert "no good name" in " ".join(done.stderr.replace("│", " ").split())
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("kind", "name"),
    [("scenario", "baseline"), ("lever", "staffing"), ("lever", "baseline"), ("lever", "class")],
)
def test_names_in_use_are_refused(call, kind, name):
    assert call("new", kind, name).exit_code == 2
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("kind", "file"), [("scenario", "my-idea.yaml"), ("lever", "my_idea.py"), ("lever", "test_my_idea.py")]
)
def test_an_existing_file_is_never_touched(call, kind, file):
    Path(file).write_text("mine")
    assert call("new", kind, "my-idea").exit_code == 2
    assert [path.name for path in Path().iterdir()] == [file]
    assert Path(file).read_text() == "mine"


def _run(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_lever_registers(call, tmp_path):
    done = call("new", "lever", "reading-club")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["reading_club.py", "test_reading_club.py", "reading-club.yaml"]
    lines = Path("reading-club.yaml").read_text().splitlines()
    assert len([line for line in lines if not line.startswith("#")]) == 5
    checked = _run(tmp_path, "wijksim", "check", "reading-club.yaml")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout == "reading-club.yaml: ok\n"


def test_a_new_lever_that_governs_registers(call, tmp_path):
    done = call("new", "lever", "steady-course", "--governing")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["steady_course.py", "test_steady_course.py", "steady-course.yaml"]
    assert "GOVERN" in Path("steady_course.py").read_text()
    checked = _run(tmp_path, "wijksim", "check", "steady-course.yaml")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
def test_the_test_of_a_new_lever_that_governs_passes(call, tmp_path):
    call("new", "lever", "steady-course", "--governing")
    done = _run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "test_steady_course.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.slow
def test_the_test_of_a_new_lever_passes(call, tmp_path):
    call("new", "lever", "reading-club")
    done = _run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "test_reading_club.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_in_a_checkout_the_files_go_where_they_belong(call):
    Path("src/wijksim/levers").mkdir(parents=True)
    done = call("new", "lever", "street-party")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == [
        "src/wijksim/levers/street_party.py",
        "tests/levers/test_street_party.py",
        "scenarios/street-party.yaml",
    ]
    assert "plugins" not in Path("scenarios/street-party.yaml").read_text()
    assert "street-party" not in LEVERS


@pytest.mark.parametrize("options", [(), ("--governing",)])
def test_the_stub_of_a_lever_is_clean(call, tmp_path, options):
    Path("src/wijksim/levers").mkdir(parents=True)
    call("new", "lever", "street-party", *options)
    for part in (("check",), ("format", "--check")):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *part, "--config", str(ROOT / "pyproject.toml"), "--no-cache",
             "--config", f"src=['{tmp_path}/src', '{ROOT}/src']", "src", "tests"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def _as_a_process(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "wijksim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_lever_of_ones_own_can_be_looked_up(tmp_path):
    made = _as_a_process(tmp_path, "new", "lever", "reading-club")
    assert "levers reading-club" in made.stderr
    shown = _as_a_process(tmp_path, "levers", "reading-club")
    assert shown.returncode == 0, shown.stderr
    assert "Lowers the chance that somebody out of work" in " ".join(shown.stdout.split())
    assert "lever: reading-club" in shown.stdout


def test_a_file_that_is_no_lever_is_not_run(tmp_path):
    (tmp_path / "reading_club.py").write_text("open('was-run', 'w').close()\n")
    shown = _as_a_process(tmp_path, "levers", "reading-club")
    assert shown.returncode == 2
    assert "there is no lever 'reading-club'" in shown.stderr
    (tmp_path / "broken.py").write_text("from wijksim.kernel.lever import LEVERS\nraise SystemExit(3)\n")
    shown = _as_a_process(tmp_path, "levers", "broken")
    assert shown.returncode == 2
    assert "broken.py:1:1: plug-in 'broken' cannot be imported: it ends the program" in shown.stderr
    assert not (tmp_path / "was-run").exists()
