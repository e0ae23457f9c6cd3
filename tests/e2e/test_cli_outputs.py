"""No command replaces a file that it reads, or writes two things to one file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.outputs import SWEPT, below, refuse_overwriting
from wijksim.core.errors import InputError
from wijksim.core.reads import files_read, note_read

SMALL = "schema: 1\ntitle: Small\nextends: baseline\nmonths: 14\nworld: {size: 300, warmup: 1}\n"
PRICES = "prices.mental_illness_year: 20000\n"


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("null.yaml").write_text(SMALL)
    Path("parent.yaml").write_text(SMALL)
    Path("mine.yaml").write_text(SMALL.replace("baseline", "parent"))
    Path("prices.yaml").write_text(PRICES)
    Path("out").mkdir()
    Path("out/scenario.yaml").write_text(SMALL)
    Path("out/prices.yaml").write_text(PRICES)
    Path("out/card.csv").write_text("id\n")
    Path("out/knockout-mine.json").write_text("{}")
    Path("linked.html").symlink_to("mine.yaml")
    os.link("mine.yaml", "hard.html")
    from wijksim.cli.app import app

    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


MEMO = ("memo", "mine.yaml", "--null", "null.yaml", "--pairs", "2")
REFUSED = {
    "variant": ((*MEMO, "--out", "mine.yaml"), ["--out: 'mine.yaml' would replace 'mine.yaml'"]),
    "null": ((*MEMO, "--excel", "null.yaml"), ["--excel: 'null.yaml' would replace 'null.yaml'"]),
    "parent": ((*MEMO, "--excel", "./out/../parent.yaml"), ["would replace 'parent.yaml'"]),
    "prices": ((*MEMO, "--prices", "prices.yaml", "--out", "prices.yaml"), ["would replace 'prices.yaml'"]),
    "symbolic link": ((*MEMO, "--out", "linked.html"), ["would replace 'mine.yaml'"]),
    "hard link": ((*MEMO, "--out", "hard.html"), ["would replace 'mine.yaml'"]),
    "stored result": (
        (*MEMO, "--stored", "out", "--out", "out/knockout-mine.json"),
        ["would replace 'out/knockout-mine.json'"],
    ),
    "two outputs": ((*MEMO, "--out", "z.html", "--excel", "./z.html"), ["is the file of --out too"]),
    "all at once": (
        (*MEMO, "--out", "mine.yaml", "--excel", "null.yaml"),
        ["--out: 'mine.yaml'", "--excel: 'null.yaml'"],
    ),
    "run": (("run", "out/scenario.yaml", "--out", "out", "--force"), ["would replace 'out/scenario.yaml'"]),
    "run with prices": (
        ("run", "mine.yaml", "--prices", "out/prices.yaml", "--out", "out", "--force"),
        ["would replace 'out/prices.yaml'"],
    ),
    "facts": (("validate", "--patterns", "out/card.csv", "--out", "out"), ["would replace 'out/card.csv'"]),
    "places": (("validate", "--places", "out/card.csv", "--out", "out"), ["would replace 'out/card.csv'"]),
}


def _state() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_lose_a_file_is_refused_before_anything_runs(call, case):
    words, said = REFUSED[case]
    before = _state()
    done = call(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    for part in said:
        assert part in done.stderr
    assert "Traceback" not in done.stderr
    assert _state() == before


def test_a_plug_in_is_read_too(call, monkeypatch):
    monkeypatch.syspath_prepend(".")
    Path("kept_plug_in.py").write_text('"""Nothing."""\n')
    Path("mine.yaml").write_text(SMALL + "plugins: [kept_plug_in]\n")
    before = _state()
    done = call(*MEMO, "--out", "kept_plug_in.py")
    assert done.exit_code == 2
    assert "which this command reads" in done.stderr
    assert {name: text for name, text in _state().items() if "__pycache__" not in name} == before


def test_a_sweep_keeps_the_files_of_its_experiment(call):
    Path("data").mkdir()
    Path("data/prices.yaml").write_text(PRICES)
    Path("data/scenarios").mkdir()
    Path("data/scenarios/mine.yaml").write_text(SMALL)
    Path("experiment.yaml").write_text(
        "question: Does it matter?\nscenarios: [null.yaml, data/scenarios/mine.yaml]\nreplications: 1\n"
    )
    before = _state()
    done = call("sweep", "experiment.yaml", "--prices", "data/prices.yaml", "--out", "data")
    assert done.exit_code == 2
    assert "would replace 'data/prices.yaml'" in done.stderr
    assert "would replace 'data/scenarios/mine.yaml'" in done.stderr
    assert _state() == before


def test_what_is_read_of_a_sweep_is_no_place_for_survivors(tmp_path):
    (tmp_path / "scenarios").mkdir()
    for name in ("sweep.json", "scenarios/mine.yaml", "sobol.yaml"):
        (tmp_path / name).write_text("")
    read = below([tmp_path], SWEPT)
    assert sorted(path.name for path in read) == ["mine.yaml", "sweep.json"]
    refuse_overwriting([("--survivors", tmp_path / "sobol.yaml")], read)
    with pytest.raises(InputError, match=r"would replace"):
        refuse_overwriting([("--survivors", tmp_path / "sweep.json")], read)


def test_counting_reads_ends_with_the_block():
    with files_read() as outer:
        with files_read() as inner:
            note_read(Path("one"))
        note_read(Path("two"))
    note_read(Path("three"))
    assert inner == [Path("one")]
    assert outer == [Path("one"), Path("two")]
