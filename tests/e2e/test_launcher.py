"""The launcher finds a Python that is new enough, whatever the machine's PATH looks like."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DASH = shutil.which("dash") or shutil.which("sh") or "/bin/sh"
TOOLS = ("cat", "cksum", "dirname", "readlink", "rm", "sed", "tr")
REAL = Path(sys.executable).resolve()

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the launcher is a POSIX shell script")


@pytest.fixture
def machine(tmp_path):
    """Make a folder that is the whole machine: a checkout, and a ``bin`` with no Python in it."""
    checkout = tmp_path / "a check out"
    checkout.mkdir()
    shutil.copy2(ROOT / "wijk", checkout / "wijk")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name} here"))
    return tmp_path


def _write(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def _dead_shim(path: Path) -> Path:
    return _write(path, 'echo "command not found" >&2; exit 127')


def _old_python(path: Path) -> Path:
    """Write a Python 3.11: it runs the probe, but tells an older version than it is."""
    return _write(path, f"shift 2; exec '{REAL}' -I -c \"import sys; sys.version_info = (3, 11, 2)\n$1\"")


def _good_python(path: Path) -> Path:
    return _write(path, f"exec '{REAL}' \"$@\"")


def _choose(machine: Path, *folders: Path, cwd: Path | None = None, **env: str):
    path = os.pathsep.join(str(folder) for folder in (*folders, machine / "bin"))
    return subprocess.run(
        [DASH, str(machine / "a check out" / "wijk"), "memo"],
        cwd=cwd or machine,
        env={"PATH": path, "WIJK_PRINT_PYTHON": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def _chosen(done: subprocess.CompletedProcess[str]) -> Path:
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return Path(done.stdout.strip()).resolve()


def test_a_shim_that_answers_127_is_passed_over(machine):
    _dead_shim(machine / "dead" / "python3.12")
    _good_python(machine / "later" / "python3.12")
    assert _chosen(_choose(machine, machine / "dead", machine / "later")) == REAL


def test_a_python_that_is_too_old_is_passed_over(machine):
    _old_python(machine / "first" / "python3")
    _good_python(machine / "later" / "python3")
    assert _chosen(_choose(machine, machine / "first", machine / "later")) == REAL


def test_without_home_the_shims_on_path_tell_where_pyenv_is(machine):
    _dead_shim(machine / "pyenv" / "shims" / "python3.12")
    _good_python(machine / "pyenv" / "versions" / "3.12.1" / "bin" / "python")
    assert _chosen(_choose(machine, machine / "pyenv" / "shims")) == REAL


def test_pyenv_root_is_searched(machine):
    _good_python(machine / "else where" / "versions" / "3.13.0" / "bin" / "python")
    assert _chosen(_choose(machine, PYENV_ROOT=str(machine / "else where"))) == REAL


def test_pyenv_in_home_is_searched(machine):
    _old_python(machine / ".pyenv" / "versions" / "3.11.7" / "bin" / "python")
    _good_python(machine / ".pyenv" / "versions" / "3.14.0" / "bin" / "python")
    assert _chosen(_choose(machine, HOME=str(machine))) == REAL


def test_with_no_python_it_says_what_it_tried(machine):
    old = _old_python(machine / "first" / "python3")
    shim = _dead_shim(machine / "first" / "python3.13")
    done = _choose(machine, machine / "first")
    assert done.returncode == 1
    assert done.stdout == ""
    assert str(old) in done.stderr
    assert str(shim) in done.stderr
    assert "Python 3.12 or newer" in done.stderr
    assert not (machine / "a check out" / ".venv").exists()


def test_it_is_plain_posix_shell():
    assert subprocess.run([DASH, "-n", str(ROOT / "wijk")], check=False).returncode == 0
    words = (ROOT / "wijk").read_text().split()
    assert not {"[[", "local", "function", "declare", "source", "=="} & set(words)


@pytest.fixture
def made(machine):
    """Give the checkout an environment that is already made, with tools that only report their call."""
    checkout = machine / "a check out"
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout / name)
    # Fails when its arguments hold $FAIL; prints its folder and arguments, each closed by a bar.
    report = 'case "$*" in *"$FAIL"*) [ -z "$FAIL" ] || bad=1 ;; esac\n'
    report += 'printf "%s|" "$PWD" "$@"; echo; exit ${bad:-0}'
    _write(checkout / ".venv" / "bin" / "python", report)
    for name, file in (("packages", "requirements.lock"), ("project", "pyproject.toml")):
        with (checkout / file).open("rb") as handle:
            sum_ = subprocess.run(["cksum"], stdin=handle, capture_output=True, text=True, check=True).stdout
        (checkout / ".venv" / f"stamp-{name}").write_text(f"{sum_.strip()} {checkout}\n")
    return machine


def _calls(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """Return what was started: for each call its folder and its arguments."""
    return [line.split("|")[:-1] for line in done.stdout.splitlines()]


def _start(machine: Path, *arguments: str, fail: str = "", launcher: str = "a check out/wijk"):
    return subprocess.run(
        [DASH, str(machine / launcher), *arguments],
        cwd=machine / "bin",
        env={"PATH": str(machine / "bin"), "FAIL": fail},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_command_runs_in_the_folder_of_the_caller_with_its_arguments_whole(made):
    done = _start(made, "run", "my scenario.yaml", "--size", "200")
    assert done.returncode == 0, done.stderr
    tool = str(made / "a check out" / ".venv" / "bin" / "wijksim")
    assert _calls(done) == [[str(made / "bin"), tool, "run", "my scenario.yaml", "--size", "200"]]
    assert done.stderr == ""


def test_a_link_to_the_launcher_finds_the_checkout(made):
    (made / "links").mkdir()
    (made / "links" / "wijk").symlink_to(Path("..") / "a check out" / "wijk")
    (made / "wijk").symlink_to(made / "links" / "wijk")
    done = _start(made, "levers", launcher="wijk")
    assert done.returncode == 0, done.stderr
    assert _calls(done)[0][1:] == [str(made / "a check out" / ".venv" / "bin" / "wijksim"), "levers"]


def test_no_arguments_are_passed_on_as_none(made):
    """The command itself then shows what to start with."""
    assert _calls(_start(made))[0][1:] == [str(made / "a check out" / ".venv" / "bin" / "wijksim")]


def test_every_part_of_the_tests_runs_even_when_one_fails(made):
    done = _start(made, "test", "-k", "debt or work", fail="mypy")
    assert done.returncode == 1
    checkout = str(made / "a check out")
    assert _calls(done) == [
        [checkout, "-m", "ruff", "check", "."],
        [checkout, "-m", "mypy", "--strict"],
        [checkout, f"{checkout}/.venv/bin/lint-imports", "--no-logo"],
        [checkout, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not slow", "-k", "debt or work"],
    ]
    assert "failed: mypy" in done.stderr


def test_all_leaves_no_test_out_and_success_is_zero(made):
    done = _start(made, "test", "--all")
    assert done.returncode == 0, done.stderr
    assert _calls(done)[-1][1:] == ["-m", "pytest", "-n", "2", "--dist", "loadfile"]
    assert "wijksim.core.ahead" in done.stderr  # it says what it is called with there


def test_one_part_alone(made):
    assert [call[1:] for call in _calls(_start(made, "test", "--only", "ruff"))] == [
        ["-m", "ruff", "check", "."]
    ]
    assert _start(made, "test", "--only", "nothing").returncode == 1


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_other_packages_or_settings_mean_that_the_environment_is_brought_up_to_date(made, file):
    with (made / "a check out" / file).open("a") as handle:
        handle.write("\n")
    done = _start(made, "run")
    # There is no Python on this PATH, so it gets no further than looking for one.
    assert done.returncode == 1
    assert "Python 3.12 or newer" in done.stderr
