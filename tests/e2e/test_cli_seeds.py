"""Seeds that no future has: a plain message and exit code 2, wherever one is typed or written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import wijksim
from wijksim.cli.app import app
from wijksim.runs.batch import in_seeds
from wijksim.runs.sweeps.load import load_experiment

FAR = "99999999999999999999999999"
WORDS = "a seed must lie in 0 to 2**64 - 1"
COMMANDS = (
    ("run", "baseline"),
    ("memo", "staffing-cut"),
    ("variance",),
    ("drift", "baseline"),
    ("trace", "baseline"),
    ("knockout", "staffing-cut"),
    ("shapley", "staffing-cut"),
    ("precision", "staffing-cut"),
    ("validate",),
)


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], prog_name="wijksim")


def _plain(text):
    """What a terminal shows, without the frame that a usage error has and the lines it is broken into."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("seed", [FAR, "-1"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_seed_out_of_range_is_refused_at_once(call, command, seed):
    done = call(*command, "--seed", seed)
    assert done.exit_code == 2, done.output
    assert WORDS in _plain(done.stderr)
    assert "unexpected" not in done.output
    assert not list(Path().iterdir())


def test_the_last_future_runs(call):
    done = call("run", "baseline", "--seed", 2**64 - 1, "--months", 1, "--size", 200, "--out", "out")
    assert done.exit_code == 0, done.output


def test_a_future_after_the_last_is_refused_before_any_is_run(call):
    done = call("memo", "staffing-cut", "--pairs", 2, "--seed", 2**64 - 1, "--months", 1, "--size", 200)
    assert done.exit_code == 2, done.output
    assert WORDS in _plain(done.stderr)
    assert not list(Path().iterdir())
    worked = []
    with pytest.raises(ValueError, match="2\\*\\*64"):
        in_seeds(worked.append, range(2**64 - 1, 2**64 + 1))
    assert not worked


def test_from_python_too():
    with pytest.raises(ValueError, match="0 to 2\\*\\*64 - 1"):
        wijksim.run("baseline", seed=2**70, months=1)


def test_the_seed_of_an_experiment(tmp_path):
    file = tmp_path / "far.yaml"
    file.write_text(f"schema: 1\nquestion: Far?\nscenarios: [baseline]\nseed: {FAR}\n")
    with pytest.raises(wijksim.InputError, match=r"far\.yaml:4:7: .*at most"):
        load_experiment(file)
