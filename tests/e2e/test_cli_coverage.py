"""``coverage --row``: one row again, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from wijksim.analysis.coverage import refresh as module
from wijksim.analysis.coverage.table import Table, read_table
from wijksim.cli.app import app


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--refresh", "--row", "M280"], "did you mean 'M028'"),
        (["--refresh", "--row", "O03"], "refresh all rows"),
        (["--row", "M280"], "did you mean 'M028'"),
    ],
)
def test_rows_that_cannot_be_run_are_refused(asked: list[str], words: str) -> None:
    before = read_table().text()
    found = CliRunner().invoke(app, ["coverage", *asked])
    assert found.exit_code == 2
    assert words in " ".join(found.output.split())
    assert read_table().text() == before


def test_a_row_is_shown_alone() -> None:
    found = CliRunner().invoke(app, ["coverage", "--row", "M028", "--row", "O03"])
    assert found.exit_code == 0
    lines = [line for line in found.output.splitlines() if line.strip()]
    assert [line.split()[0] for line in lines if line.split()[0] in ("M028", "O03", "M001")] == [
        "M028",
        "O03",
    ]


def test_a_row_that_is_run_again_leaves_the_others_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = read_table()
    chosen = next(one for one in kept.effects if one.digest)

    def again(wanted, **setting):  # type: ignore[no-untyped-def]
        assert {case.row for case in wanted} == {chosen.row}
        assert (setting["pairs"], setting["seed"], setting["outcomes"]) == (kept.pairs, kept.seed, False)
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
