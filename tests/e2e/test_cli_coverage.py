"""``coverage --row``: one row again, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from wijksim.analysis.coverage import refresh as module
from wijksim.analysis.coverage.refresh import refresh
from wijksim.analysis.coverage.table import Table, read_table
from wijksim.cli.app import app


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--refresh", "--row", "M280"], "did you mean 'M028'"),
        (["--row", "M280"], "did you mean 'M028'"),
    ],
)
def test_rows_that_cannot_be_run_are_refused(asked: list[str], words: str) -> None:
    before = read_table().text()
    found = CliRunner().invoke(app, ["coverage", *asked])
    assert found.exit_code == 2
    assert words in " ".join(found.output.split())
    assert read_table().text() == before


def test_rows_are_shown_alone_with_all_that_is_known() -> None:
    asked = ["coverage", "--row", "M028", "--row", "O03"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0
    assert [line.split()[1] for line in found.output.splitlines() if line.strip().startswith("row  ")] == [
        "M028",
        "O03",
    ]
    said = " ".join(found.output.split())
    assert "level, without any lever" in said
    assert "smallest that matters" in said
    assert f"{read_table().pairs} pairs" in said
    assert CliRunner().invoke(app, ["coverage", "--row", "m028", "--row", "o03"]).output == found.output
    known = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert [line["row"] for line in known["lines"]] == ["M028", "O03"]


def test_a_row_that_is_run_again_leaves_the_others_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = read_table()
    chosen = next(one for one in kept.effects if one.digest)

    def again(wanted, **setting):  # type: ignore[no-untyped-def]
        assert {case.row for case in wanted} == {chosen.row}
        assert (setting["pairs"], setting["seed"], setting["outcomes"]) == (
            kept.pairs,
            kept.seed,
            {chosen.row},
        )
        mine = [one for one in kept.effects if one.row == chosen.row and one.digest]
        return Table(
            tuple(replace(one, effect=one.effect + 1) for one in mine),
            kept.pairs, kept.months, kept.residents, kept.seed,
        )  # fmt: skip

    monkeypatch.setattr(module, "refresh", again)
    found = module.refresh_rows(kept, {chosen.row})
    was = {(one.row, one.carrier, one.measure, one.digest): one for one in kept.effects}
    now = {(one.row, one.carrier, one.measure, one.digest): one for one in found.effects}
    assert set(was) == set(now)
    assert len(found.effects) == len(kept.effects)
    moved = {one.row for key, one in now.items() if one != was[key]}
    assert moved == {chosen.row}
    assert found.text().splitlines()[0] != kept.text().splitlines()[0]  # the hash follows


def test_an_outcome_is_read_again_in_the_plain_world_alone() -> None:
    small = refresh([], pairs=2, overrides={"world.size": 400, "months": 12}, outcomes={"O19"})
    assert {one.row for one in small.effects} == {"O19"}
    assert {one.measure for one in small.effects} >= {"social_climbers", "social_fallers"}
    assert all(one.low <= one.level <= one.high for one in small.effects)
