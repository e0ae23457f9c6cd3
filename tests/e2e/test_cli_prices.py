"""Prices of one's own: what they are for, and that nothing moves but the costs that rest on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.kernel.measure import MEASURES
from wijksim.model.known import all_parameters, load_scenario
from wijksim.runs.run import run
from wijksim.scenario.prices import only_booked, prices_among

SMALL = ("--size", 400, "--months", 12)
PRICE, PAYER, KIND = (
    "prices.mental_illness_year",
    "insurer",
    "care",
)  # a row of costs that rests on this price alone
SOURCE = "Jaarrekening Utrecht 2024"
SUMS = 3  # resources, transfers, both
CUT = """\
schema: 1
title: Half of the community builders
extends: baseline
levers:
  - {lever: staffing, role: community_builder, change: -0.5}
"""

type Tables = dict[str, dict[str, Any]]


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words], prog_name="wijksim")


def _doubled(name: str = PRICE) -> None:
    """A file with one price, twice what it is, in the very euros of the model."""
    price = all_parameters().parameters[name]
    Path("mine.yaml").write_text(
        f'{name}: {{value: {2 * price.value}, year: {price.price_year}, source: "{SOURCE}"}}\n',
        encoding="utf-8",
    )


class TestTheFile:
    @pytest.mark.parametrize(
        ("words", "file"),
        [
            ((), "prices.yaml"),
            (("utrecht",), "utrecht.yaml"),
            (("--out", "of/mine.yml"), "of/mine.yml"),
            (("--dir", "of"), "of/prices.yaml"),
        ],
    )
    def test_is_written_where_it_is_asked(self, call, words, file) -> None:
        done = call("new", "prices", *words)
        assert done.exit_code == 0, done.stderr
        assert done.stdout == f"{file}\n"
        assert f"--prices {Path(file).name}" in Path(file).read_text(encoding="utf-8")

    def test_is_never_written_over_another(self, call) -> None:
        Path("prices.yaml").write_text("mine")
        for words in ((), ("--out", "prices.yaml")):
            assert call("new", "prices", *words).exit_code == 2
        assert Path("prices.yaml").read_text() == "mine"

    @pytest.mark.parametrize(
        "words", [("My Prices",), ("mine", "--out", "a.yaml"), ("--dir", "a", "--out", "b.yaml")]
    )
    def test_says_one_thing_about_its_place(self, call, words) -> None:
        assert call("new", "prices", *words).exit_code == 2
        assert not list(Path().iterdir())


@pytest.mark.parametrize("command", ["run", "memo", "knockout", "shapley"])
def test_what_is_wrong_is_told_before_anything_runs(call, command) -> None:
    Path("bad.yaml").write_text(f"{PRICE}: -1\nprices.homeles_year: 2\n")
    done = call(command, "staffing-cut", "--prices", "bad.yaml", "--out", "out")
    assert done.exit_code == 2
    assert "bad.yaml:1:29: 'prices.mental_illness_year' must be at least 0, not -1" in done.stderr
    assert (
        "bad.yaml:2:1: there is no price 'prices.homeles_year', did you mean 'prices.homeless_year'?"
        in done.stderr
    )
    assert [path.name for path in Path().iterdir()] == ["bad.yaml"]
    assert call(command, "staffing-cut", "--prices", "none.yaml", "--out", "out").exit_code == 2


class TestARun:
    def test_doubles_the_row_that_rests_on_a_doubled_price_and_no_other(self, call) -> None:
        _doubled()
        found = []
        for words in ((), ("--prices", "mine.yaml", "--out", "out")):
            done = call("run", "baseline", *SMALL, *words, "--json")
            assert done.exit_code == 0, done.stderr
            found.append(json.loads(done.stdout))
        plain, mine = found
        assert "outside the 9000 to 16000 that sources name; it is taken as it is" in done.stderr
        rows = 0
        for before, after in zip(plain["budget"], mine["budget"], strict=True):
            keys = {key for key, value in before.items() if not isinstance(value, float)}
            assert {key: before[key] for key in keys} == {key: after[key] for key in keys}
            factor = 2 if (before["payer"], before["kind"]) == (PAYER, KIND) else 1
            rows += factor == 2
            for key in set(before) - keys:
                assert after[key] == factor * before[key], before
                assert before[key] != 0 or factor == 1
        assert rows > 0
        lives = [[row for row in one["headlines"] if "cost" not in row["measure"]] for one in found]
        assert lives[0] == lives[1]
        assert mine["manifest"]["scenario_digest"] != plain["manifest"]["scenario_digest"]
        assert mine["manifest"]["prices"][0]["source"] == SOURCE
        # the folder holds what it takes to do it again
        again = call("run", "out/scenario.yaml", "--prices", "out/prices.yaml", "--json")
        assert json.loads(again.stdout)["digest"] == mine["digest"]

    def test_no_price_of_the_books_alone_moves_anybody(self, tmp_path) -> None:
        prices = prices_among(all_parameters().parameters)
        path = tmp_path / "all.yaml"
        path.write_text(
            "".join(f"{name}: {3 * one.value}\n" for name, one in prices.items() if only_booked(name))
        )
        small: dict[str, Any] = {"overrides": {"world.size": 400, "months": 12}}
        tables = [
            run(load_scenario("basic-jobs", **small, **more), seed=2).table for more in ({}, {"prices": path})
        ]
        costs = [kind.name for name in MEASURES.names() if (kind := MEASURES.get(name)).theme == "costs"]
        lives = [table[~table["measure"].isin(costs)].reset_index(drop=True) for table in tables]
        assert lives[0].equals(lives[1])
        assert not tables[0].equals(tables[1])


@pytest.mark.slow
def test_a_memo_with_own_prices(call) -> None:
    """Effects on people are the same to the last digit; the row that the variant pays doubles; the page says why."""
    name = "prices.fte_community_builder"
    Path("cut.yaml").write_text(CUT, encoding="utf-8")
    _doubled(name)
    found = []
    for words in ((), ("--prices", "mine.yaml")):
        done = call("memo", "cut.yaml", *SMALL, "--pairs", 2, "--no-stories", "--json", *words)
        assert done.exit_code == 0, done.stderr
        found.append(json.loads(done.stdout))
    plain, mine = ({table["key"]: table for table in one["tables"]} for one in found)
    for key in set(plain) - {"kosten", "effecten", "effecten-gewoon", "verantwoording"}:
        assert mine[key] == plain[key] or key.startswith("beeld"), key
    payers = _moved(plain, mine, "kosten")
    assert {before[1] for before, _ in payers} == {"gemeente", "alle partijen"}
    for key in ("effecten", "effecten-gewoon"):
        rows = _moved(plain, mine, key)
        staff = [(before, after) for before, after in rows if before[2] == "personeel"]
        assert len(staff) == 1, rows
        for before, after in staff:
            assert [2 * value for value in before if isinstance(value, float)] == [
                value for value in after if isinstance(value, float)
            ]
            assert min(value for value in before if isinstance(value, float)) < 0
        # beside it only sums
        assert len(rows) <= 1 + SUMS
    (row,) = mine["prijzen"]["rows"]
    assert row == [
        "Een opbouwwerker, per fte",
        name,
        "euro per jaar",
        176800,
        2024,
        88400,
        80600,
        95800,
        2024,
        SOURCE,
    ]
    assert "prijzen" not in plain
    assert "--prices mine.yaml" in found[1]["command"]
    page = Path("memo.html").read_text(encoding="utf-8")
    assert "Eigen prijzen in de plaats van die van het model" in page
    assert "176.800 euro per jaar, prijspeil 2024; buiten de bandbreedte van de bronnen" in page
    assert "88.400 (bandbreedte 80.600 tot 95.800), prijspeil 2024" in page


def _moved(plain: Tables, mine: Tables, key: str) -> list[tuple[list[Any], list[Any]]]:
    """Rows of a table that the price has changed."""
    both = zip(plain[key]["rows"], mine[key]["rows"], strict=True)
    return [(before, after) for before, after in both if before != after]


def test_a_price_file_is_checked_as_one(call):
    _doubled()
    assert call("check", "mine.yaml").exit_code == 0
    Path("dear.yaml").write_text(f"{PRICE}: 1e9\n", encoding="utf-8")
    assert "that sources name; it is taken as it is" in " ".join(call("check", "dear.yaml").output.split())
    Path("wrong.yaml").write_text("prices.fte_social_wrker: 1\n", encoding="utf-8")
    wrong = call("check", "wrong.yaml")
    assert wrong.exit_code == 2
    assert "did you mean 'prices.fte_social_worker'" in " ".join(wrong.output.split())
    with Path("mine.yaml").open("a", encoding="utf-8") as file:
        file.write("prices.fte_youth_worke: 3\n")
    found = call("check", "mine.yaml")
    assert found.exit_code == 2
    assert "mine.yaml:2:1" in found.output
    assert "did you mean 'prices.fte_youth_worker'" in " ".join(found.output.split())
