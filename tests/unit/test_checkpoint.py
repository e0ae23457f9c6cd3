"""A run that goes on from a checkpoint is the run that was never interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import wijksim
from wijksim.cli.app import app
from wijksim.kernel.context import Context
from wijksim.runs.checkpoints import files, keeper
from wijksim.runs.checkpoints.keeper import Checkpoints
from wijksim.runs.run import Course, RunResult, run
from wijksim.scenario.resolve import LeverUse, Scenario, Target

ROOT = Path(__file__).resolve().parents[2]
MONTHS, SEED = 9, 5


def _spec() -> Scenario:
    """Two levers, one of them already in force at the first checkpoint, a read-out, and loops that are off."""
    base = wijksim.load_scenario(
        "baseline",
        overrides={"world.size": 200, "world.warmup": 1, "months": MONTHS, "record.readouts": [4]},
    )
    levers = tuple(
        LeverUse(name, name, start, None, Target(), {})
        for name, start in (("allocation-mixing", 5), ("staffing", 0))
    )
    return replace(base, levers=levers, loops_off=("trust",))


@pytest.fixture(scope="module")
def spec() -> Scenario:
    return _spec()


@pytest.fixture(scope="module")
def whole(spec: Scenario) -> RunResult:
    """The run without an interruption and without checkpoints."""
    return run(spec, seed=SEED)


@pytest.fixture(scope="module")
def every_month(spec: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a checkpoint after every month."""
    folder = tmp_path_factory.mktemp("every")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "KEPT", MONTHS)
        run(spec, seed=SEED, checkpoints=Checkpoints(folder, 1))
    return folder


def copied(folder: Path, target: Path, *months: int) -> Path:
    """A folder with the checkpoints of some months."""
    target.mkdir(exist_ok=True)
    for month in months:
        for path in folder.glob(f"checkpoint-{month:04d}.*"):
            (target / path.name).write_bytes(path.read_bytes())
    return target


def same(found: RunResult, expected: RunResult) -> bool:
    return (
        found.digest == expected.digest
        and repr(found.manifest) == repr(expected.manifest)
        and found.budget.table().equals(expected.budget.table())
    )


@given(month=st.integers(1, MONTHS))
@settings(max_examples=4)
def test_a_run_goes_on_from_any_month(
    spec: Scenario, whole: RunResult, every_month: Path, tmp_path_factory: pytest.TempPathFactory, month: int
) -> None:
    folder = copied(every_month, tmp_path_factory.mktemp("resumed"), month)
    said: list[str] = []
    checkpoints = Checkpoints(folder, MONTHS + 1, resume=True, say=said.append)
    assert same(run(spec, seed=SEED, checkpoints=checkpoints), whole)
    assert said == [f"going on after month {month}"]


def test_writing_changes_nothing_and_the_last_two_stay(
    spec: Scenario, whole: RunResult, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    (tmp_path / "run").mkdir()
    for name in ("checkpoint-0120.json", "checkpoint-0120.npz", ".checkpoint-0003.npz.1.tmp"):
        (folder / name).write_text("of an earlier run")
    assert same(run(spec, seed=SEED, checkpoints=Checkpoints(folder, 2)), whole)
    assert sorted(path.name for path in folder.iterdir()) == [
        "checkpoint-0006.json", "checkpoint-0006.npz", "checkpoint-0008.json", "checkpoint-0008.npz",
    ]  # fmt: skip


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_cut, _flip, Path.unlink], ids=["cut", "flip", "gone"])
@pytest.mark.parametrize("suffix", ["npz", "json"])
def test_a_broken_newest_gives_way_to_the_one_before(
    spec: Scenario, every_month: Path, tmp_path: Path, damage: Callable[[Path], None], suffix: str
) -> None:
    folder = copied(every_month, tmp_path / "run", 7, 8)
    damage(folder / f"checkpoint-0008.{suffix}")
    said: list[str] = []
    checkpoints = Checkpoints(folder, resume=True, say=said.append)
    found = checkpoints.begin(spec, SEED, MONTHS)
    assert found is not None
    course, _ = found
    assert isinstance(course, Course)
    assert course.engine.ctx.month == 7
    assert checkpoints.every == 1
    # without its structure a checkpoint does not count: that is no damage
    if (folder / "checkpoint-0008.json").exists():
        assert "checkpoint 8 is broken and passed over" in said[0]


def test_none_that_can_be_read_is_an_error_and_none_at_all_a_beginning(
    spec: Scenario, every_month: Path, tmp_path: Path
) -> None:
    folder = copied(every_month, tmp_path / "run", 8)
    _cut(folder / "checkpoint-0008.npz")
    with pytest.raises(wijksim.InputError, match="no checkpoint here can be read"):
        Checkpoints(folder, resume=True).begin(spec, SEED, MONTHS)
    said: list[str] = []
    assert Checkpoints(tmp_path / "new", resume=True, say=said.append).begin(spec, SEED, MONTHS) is None
    assert "the run starts at month 0" in said[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": SEED + 1}, "the seed is another"),
        ({"months": MONTHS + 1}, "the number of months is another"),
        ({"spec": replace(_spec(), loops_off=())}, "the scenario is another"),
        ({"package_version": "0.0.1"}, "the version of wijksim is another"),
        ({"code_digest": "other"}, "the code of wijksim has changed"),
        ({"parameters_digest": "other"}, "parameters have changed"),
        ({"cpu_features": ["AVX9"]}, "the processor has other instruction sets"),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(
    spec: Scenario,
    every_month: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    words: str,
) -> None:
    for name, value in change.items():
        if hasattr(keeper, name):
            monkeypatch.setattr(keeper, name, lambda value=value: value)
    asked = {"seed": SEED, "months": MONTHS, "spec": spec} | change
    with pytest.raises(wijksim.InputError, match=words):
        Checkpoints(every_month, resume=True).begin(asked["spec"], asked["seed"], asked["months"])


def test_a_checkpoint_that_names_something_else_is_refused(
    spec: Scenario, every_month: Path, tmp_path: Path
) -> None:
    folder = copied(every_month, tmp_path / "run", 8)
    path = folder / "checkpoint-0008.json"
    head, graph = path.read_text().split("\n")[:2]
    forged = graph.replace("wijksim.runs.run:Course", "os:system")
    assert forged != graph
    sums = (files._sum(text.removeprefix('"graph": ')) for text in (graph, forged))
    path.write_text("\n".join([head.replace(*sums), forged, "}", ""]))
    with pytest.raises(wijksim.InputError, match="refused: 'os:system' belongs neither to wijksim"):
        Checkpoints(folder, resume=True).begin(spec, SEED, MONTHS)


def test_what_a_plug_in_keeps_that_cannot_be_kept_is_named(spec: Scenario, tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path, 1)
    checkpoints.begin(spec, SEED, MONTHS)

    def observer(ctx: Context) -> None: ...

    with pytest.raises(wijksim.InputError, match=r"a checkpoint cannot hold .*observer"):
        checkpoints.after_month(1, [observer], {})
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the command

SMALL = """\
schema: 1
title: A small world
extends: staffing-cut
months: {months}
world: {{size: 200, warmup: 1}}
record: {{measures: [problem_debt, crises, residents], readouts: [5]}}
"""


def test_the_command_writes_checkpoints_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL.format(months=6))

    def call(*words: str) -> Any:
        return CliRunner().invoke(app, ["run", "small.yaml", *words], prog_name="wijksim")

    for option in (("--checkpoint-every", "2"), ("--resume",)):
        refused = call(*option)
        assert refused.exit_code == 2
        assert "--out" in refused.stderr
    assert call("--out", "a", "--checkpoint-every", "2").exit_code == 0
    files.remove(Path("a"), 6)
    first = json.loads(Path("a/manifest.json").read_text())
    resumed = call("--out", "a", "--resume")
    assert resumed.exit_code == 0
    assert "going on after month 4" in resumed.stderr
    assert json.loads(Path("a/manifest.json").read_text()) == first
    assert files.months_in(Path("a")) == [6, 4]
    other = call("--out", "a", "--resume", "--seed", "9")
    assert other.exit_code == 2
    assert "the seed is another" in other.stderr
    Path("mine").mkdir()
    Path("mine/kept.txt").write_text("mine")
    assert call("--out", "mine", "--resume").exit_code == 2


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_to_the_same_results(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL.format(months=60))

    def start(folder: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "wijksim", "run", "small.yaml", "--out", folder, *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    whole = start("whole")
    killed = start("killed", "--checkpoint-every", "3")
    deadline = time.monotonic() + 300
    while not files.months_in(tmp_path / "killed") and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "killed" / "manifest.json").exists()
    resumed = start("killed", "--resume")
    _, said = resumed.communicate()
    assert resumed.returncode == 0, said
    assert "going on after month" in said
    whole.communicate()
    names = ["results.parquet", "budget.parquet", "measures.json", "manifest.json", "scenario.yaml"]
    for name in names:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    kept = {path.name for path in (tmp_path / "killed").iterdir()} - set(names)
    assert kept == {f"checkpoint-{month:04d}.{suffix}" for month in (57, 60) for suffix in ("json", "npz")}
