"""Real processes that are really killed: the sweep itself, its workers, and those of a cluster."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sweeps.desk import broken, small, write
from wijksim.runs.sweeps.results import SweepResults
from wijksim.runs.sweeps.store import RUNS, shards
from wijksim.runs.sweeps.sweep import Manner, sweep

ROOT = Path(__file__).resolve().parents[2]
LONGER = """\
question: Does a kill lose anything?
scenarios: [baseline, staffing-cut]
world: {size: 200, warmup: 0}
months: 1
uncertainties: [debt.settle_rate]
design: {kind: lhs, rows: 12}
measures: [residents, problem_debt]
"""
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def start(*words, cwd, output=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, "-m", "wijksim", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"},
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def workers_of(pid):
    """Processes below one, by their place in the tree."""
    found, line = [], [pid]
    while line:
        one = line.pop()
        children = Path(f"/proc/{one}/task/{one}/children")
        try:
            below = [int(each) for each in children.read_text().split()]
        except OSError:
            below = []
        found += below
        line += below
    return found


def chunks_in(folder):
    return len(shards(folder, RUNS))


def begun(experiment, folder):
    """A sweep of which the first chunk is done: chunks of one row, so that a kill finds many of them."""
    sweep(experiment, folder, Manner(workers=1, per_chunk=1, limit=1))


@pytest.mark.slow
def test_twenty_kills_lose_nothing(tmp_path):
    experiment = small(tmp_path / "asked", LONGER)
    sweep(experiment, tmp_path / "whole", Manner(workers=1, per_chunk=1))
    whole = SweepResults.open(tmp_path / "whole").digest()
    folder = tmp_path / "killed"
    begun(experiment, folder)
    luck = random.Random(1)
    kills = 0
    for _ in range(20):
        process = start(
            "sweep", tmp_path / "asked", "--out", folder, "--resume", "--workers", 2, cwd=tmp_path
        )
        before = chunks_in(folder)
        deadline = time.monotonic() + 60
        while chunks_in(folder) == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(luck.random() * 0.4)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
        if chunks_in(folder) >= experiment.rows:  # all done: begin anew, to be killed at other moments
            assert SweepResults.open(folder).digest() == whole
            folder = tmp_path / f"killed-{kills}"
            begun(experiment, folder)
    assert kills >= 15
    done = start("sweep", tmp_path / "asked", "--out", folder, "--resume", cwd=tmp_path)
    assert done.wait(timeout=120) == 0
    results = SweepResults.open(folder)
    assert results.digest() == whole
    assert len(results.runs) == experiment.runs == results.runs["key"].nunique()


@pytest.mark.slow
def test_a_killed_worker_is_replaced(tmp_path):
    experiment = small(tmp_path / "asked", LONGER)
    sweep(experiment, tmp_path / "whole", Manner(workers=1, per_chunk=1))
    folder = tmp_path / "out"
    begun(experiment, folder)
    process = start("sweep", tmp_path / "asked", "--out", folder, "--resume", "--workers", 2, cwd=tmp_path)
    while chunks_in(folder) < 3 and process.poll() is None:
        time.sleep(0.02)
    below = workers_of(process.pid)
    assert below
    os.kill(below[-1], signal.SIGKILL)
    assert process.wait(timeout=120) == 0
    assert SweepResults.open(folder).digest() == SweepResults.open(tmp_path / "whole").digest()


@pytest.mark.slow
def test_no_worker_outlives_a_killed_sweep(tmp_path):
    write(tmp_path / "asked", LONGER.replace("months: 1", "months: 24"))
    folder = tmp_path / "out"
    begun(small(tmp_path / "asked", LONGER.replace("months: 1", "months: 24")), folder)
    process = start("sweep", tmp_path / "asked", "--out", folder, "--resume", "--workers", 2, cwd=tmp_path)
    while len(workers_of(process.pid)) < 3 and process.poll() is None:
        time.sleep(0.05)
    below = workers_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done(tmp_path):
    experiment = small(tmp_path / "asked", LONGER)
    folder = tmp_path / "out"
    begun(experiment, folder)
    process = start(
        "sweep",
        tmp_path / "asked",
        "--out",
        folder,
        "--resume",
        "--workers",
        2,
        cwd=tmp_path,
        output=subprocess.PIPE,
    )
    while chunks_in(folder) < 4 and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    words, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume goes on" in words
    assert "runs are stored" in words
    assert "Traceback" not in words
    assert chunks_in(folder) >= 4
    again = sweep(experiment, folder, Manner(workers=1, resume=True))
    assert again.done == experiment.runs


def cluster(folder, parts):
    """Start a scheduler and two workers, add them to ``parts`` in that order, and return the scheduler's file."""
    where = folder / "scheduler.json"
    asked = ("--scheduler-file", str(where), "--no-dashboard")

    def part(*words):
        started = subprocess.Popen(
            [sys.executable, "-m", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        parts.append(started)

    part("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *asked)
    while not where.exists():
        time.sleep(0.1)
    for _ in range(2):
        part("distributed.cli.dask_worker", *asked, "--nthreads", "1", "--no-nanny")
    return where


@pytest.mark.slow
def test_a_cluster_gives_the_same_after_one_of_its_workers_was_killed(tmp_path):
    experiment = small(tmp_path / "asked", LONGER)
    sweep(experiment, tmp_path / "whole", Manner(workers=1, per_chunk=1))
    folder = tmp_path / "out"
    begun(experiment, folder)
    parts = []
    try:
        where = cluster(tmp_path, parts)
        process = start(
            "sweep",
            tmp_path / "asked",
            "--out",
            folder,
            "--resume",
            "--scheduler",
            where,
            cwd=tmp_path,
            output=subprocess.PIPE,
        )
        while chunks_in(folder) < 3 and process.poll() is None:
            time.sleep(0.02)
        parts[1].kill()
        words, _ = process.communicate(timeout=180)
        assert process.returncode == 0, words
    finally:
        for one in parts:
            one.kill()
            one.wait()
    assert SweepResults.open(folder).digest() == SweepResults.open(tmp_path / "whole").digest()


@pytest.mark.slow
def test_a_broken_row_makes_the_exit_code_1_and_can_be_repeated(tmp_path):
    broken(tmp_path)
    process = start(
        "sweep", "experiment.yaml", "--out", "out", "--json", cwd=tmp_path, output=subprocess.PIPE
    )
    words, _ = process.communicate(timeout=120)
    assert process.returncode == 1, words
    told = json.loads(words[words.index("{") :])
    assert (told["done"], len(told["failed"])) == (6, 1)
    assert "the load was too much" in told["failed"][0]["reason"]
    again = start(
        "sweep", "experiment.yaml", "--run", told["failed"][0]["key"], cwd=tmp_path, output=subprocess.PIPE
    )
    words, _ = again.communicate(timeout=120)
    assert again.returncode == 1
    assert "ZeroDivisionError: the load was too much" in words
