"""Commands as processes: interrupted, ended from outside, and read by somebody who leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from wijksim.cli import interrupts
from wijksim.cli.app import guarded

ROOT = Path(__file__).resolve().parents[2]


def _process(*words, cwd, **env):
    return subprocess.Popen(
        [sys.executable, "-m", "wijksim", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_an_interrupt_that_a_library_turned_into_an_error_still_is_one(capsys, monkeypatch):
    monkeypatch.setattr(interrupts, "_asked", True)
    with pytest.raises(typer.Exit) as stopped, guarded():
        raise SystemError("a result with an exception set")
    assert stopped.value.exit_code == 130
    assert capsys.readouterr().err.startswith("stopped")


def test_an_interrupt_is_one_line_and_130(tmp_path):
    done = _process("run", "baseline", "--out", "results", cwd=tmp_path)
    time.sleep(2.5)
    os.killpg(done.pid, signal.SIGINT)
    out, err = done.communicate(timeout=60)
    assert done.returncode == 130, err
    assert out == ""
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("whole_group", "sent"), [(True, signal.SIGINT), (False, signal.SIGINT), (False, signal.SIGTERM)]
)
def test_workers_stop_with_the_command(tmp_path, whole_group, sent):
    done = _process("memo", "staffing-cut", "--workers", 2, "--pairs", 5, cwd=tmp_path)
    children = _at_work(done.pid)
    (os.killpg if whole_group else os.kill)(done.pid, sent)
    asked = time.monotonic()
    _, err = done.communicate(timeout=60)
    assert time.monotonic() - asked < 15
    assert done.returncode == 130, err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
    assert children
    until = time.monotonic() + 15
    while any(Path(f"/proc/{one}").exists() for one in children) and time.monotonic() < until:
        time.sleep(0.2)
    assert not [one for one in children if Path(f"/proc/{one}").exists()]


@pytest.mark.slow
def test_a_worker_that_dies_is_one_line_and_1(tmp_path):
    small = ("--size", 300, "--months", 24, "--no-stories")
    done = _process("memo", "staffing-cut", *small, "--workers", 2, "--pairs", 6, cwd=tmp_path)
    until = time.monotonic() + 90
    while not (workers := _workers(done.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(workers[0], signal.SIGKILL)
    out, err = done.communicate(timeout=60)
    assert done.returncode == 1, err
    assert out == ""
    line = err.splitlines()[-1]
    assert "one of 2 worker processes died after " in line
    assert " of 6 futures, most likely for lack of memory" in line
    assert line.endswith("Try again with fewer: --workers 1")
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
    until = time.monotonic() + 15
    while any(Path(f"/proc/{one}").exists() for one in workers) and time.monotonic() < until:
        time.sleep(0.2)
    assert not [one for one in workers if Path(f"/proc/{one}").exists()]


def _workers(pid):
    """Processes that a server has split off for a command."""
    try:
        return [two for one in _below(pid) for two in _below(one)]
    except FileNotFoundError:
        return []


def _below(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _at_work(pid):
    """Processes under a command, once the server and two workers are there."""
    until = time.monotonic() + 90
    while len(found := _children(pid)) < 1 + 2 and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(2)  # let them take up a future
    return found


def _children(pid):
    """Processes under a process, theirs included."""
    found = _below(pid)
    return [*found, *(below for one in found for below in _children(one))]


def test_a_reader_who_leaves_is_no_failure_worth_a_word(tmp_path):
    done = _process("parameters", "--json", cwd=tmp_path)
    done.stdout.close()
    assert done.stderr.read() == ""
    done.stderr.close()
    assert done.wait(timeout=60) == 141
