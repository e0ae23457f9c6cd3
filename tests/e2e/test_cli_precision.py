"""``precision``, ``memo --precision`` and ``shapley`` as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app

WORLD = "months: 12\nworld: {size: 300, warmup: 1}\n"
NULL = ("--null", "small.yaml", "--workers", 1)


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Run a command in an empty folder with a null, a variant and a package of two levers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    Path("small.yaml").write_text(f"schema: 1\ntitle: Small\nextends: baseline\n{WORLD}")
    Path("cut.yaml").write_text(f"schema: 1\ntitle: Cut\nextends: staffing-cut\n{WORLD}")
    Path("package.yaml").write_text(
        f"schema: 1\ntitle: Two\nextends: baseline\n{WORLD}levers:\n"
        "  - {lever: staffing, id: cut, start: 2025-01, role: social_worker, change: -0.5}\n"
        "  - {lever: basic-job, id: jobs, start: 2025-01, places_per_1000: 10}\n"
    )
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


@pytest.mark.parametrize("command", ["precision", "shapley"])
def test_every_help_page_fits_and_teaches(call, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    done = call(command, "--help")
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert f"$ wijksim {command}" in done.stdout
    assert "Next" in done.stdout


def test_precision_answers_how_many_pairs(call):
    words = ("precision", "cut.yaml", *NULL, "--pilot", 3, "--measure", "caseload", "--precision", "20%")
    done = call(*words, "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["precision"] == "20%"
    assert {row["district"] for row in told["differences"]} == {"vulnerable", "average", "affluent", "city"}
    assert set(told["answer"][0]["pairs"]) == {"50%", "75%", "90%", "100%"}
    plain = call(*words)
    assert "Pairs that are enough" in plain.stdout
    assert "itself uncertain" in plain.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--precision", "much"), "neither a share"),
        (("--measure", "caselod"), "did you mean 'caseload'"),
        (("--measure", "caselod", "--measure", "crisi"), "did you mean 'crises'"),
        (("--year", 5), "not 5"),
        (("--pilot", 1), "--pilot"),
    ],
)
def test_precision_refuses_what_it_cannot_use(call, words, says):
    done = call("precision", "cut.yaml", *NULL, *words)
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.slow
def test_a_memo_says_how_precise_it_came_out(call):
    done = call("memo", "cut.yaml", *NULL, "--pairs", 2, "--precision", "10%", "--out", "page.html")
    assert done.exit_code == 0, done.stderr
    assert "after 2 pairs" in done.stderr
    page = Path("page.html").read_text(encoding="utf-8")
    assert "Bereikte precisie per maat" in page
    assert "--precision 10%" in page


def test_shapley_forecasts_shares_out_and_stores(call):
    words = ("shapley", "package.yaml", *NULL, "--pairs", 2, "--measure", "caseload", "--out", "results")
    done = call(*words)
    assert done.exit_code == 0, done.stderr
    assert "2 levers, 4 runs a future: 8 runs, about" in done.stderr
    for kind in ("total", "contribution", "alone", "synergy", "interaction"):
        assert kind in done.stdout
    stored = json.loads(Path("results/shapley-package.json").read_text())
    assert stored["levers"] == ["cut", "jobs"]


def test_shapley_refuses_one_lever(call):
    done = call("shapley", "cut.yaml", *NULL)
    assert done.exit_code == 2
    assert "shared out among 2 to 6" in done.stderr
    assert "cut.yaml:" in done.stderr or "staffing-cut.yaml:" in done.stderr
