"""``validate`` and ``knockout`` from the command line, on the smallest worlds that show anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app

RUN = CliRunner(env={"WIJKSIM_CACHE": ""})
SMALL = ["--districts", "8", "--years", "2", "--residents", "200", "--workers", "1"]


@pytest.mark.slow
def test_a_card_lists_every_fact(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["validate", *SMALL, "--json", "--out", str(tmp_path / "card")])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert len(found["patterns"]) == 157
    keys = {"id", "status", "simulated", "interval", "low", "high", "use", "block"}
    assert all(keys <= set(one) for one in found["patterns"])
    assert {one["status"] for one in found["patterns"]} == {"pass", "fail", "input", "unmeasurable"}
    assert (tmp_path / "card" / "card.md").read_text().startswith("# Score card")
    assert json.loads((tmp_path / "card" / "card.json").read_text()) == found


@pytest.mark.slow
def test_the_screen_shows_facts_in_full_and_says_why_one_could_not_be_compared(tmp_path: Path) -> None:
    head = "use,id,pattern,statistic,value,low,high,unit,year,source,url,note"
    long = "share of storks that nest on chimneys in a neighbourhood with many gardens and few cats"
    path = tmp_path / "facts.csv"
    path.write_text(f"{head}\ncheck,X1,storks,{long},5,4,6,%,2020,none,,\n")
    done = RUN.invoke(app, ["validate", *SMALL, "--patterns", str(path)])
    assert done.exit_code == 0, done.output
    words = " ".join(done.stdout.split())
    assert "nothing in the model could be compared with" in words
    assert "X1" in words
    assert "…" not in words
    for word in long.split():
        assert word in words


@pytest.mark.parametrize("option", ["--patterns", "--places"])
def test_a_table_that_is_none_is_refused(tmp_path: Path, option: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    done = RUN.invoke(app, ["validate", *SMALL, option, str(path)])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_knockout_names_parts_and_refuses_unknown_loops() -> None:
    small = ["--size", "300", "--months", "12", "--pairs", "1", "--workers", "1"]
    done = RUN.invoke(
        app, ["knockout", "staffing-cut", *small, "--loop", "trust", "--measure", "trust", "--json"]
    )
    assert done.exit_code == 0, done.output
    parts = {row["part"] for row in json.loads(done.stdout)[0]["effects"]}
    assert parts == {"total", "first_order", "trust", "remainder"}
    wrong = RUN.invoke(app, ["knockout", "staffing-cut", "--loop", "trus"])
    assert wrong.exit_code == 2
    assert "did you mean 'trust'" in wrong.output
