"""The memo with all its sections: as it is typed, and as it opens on a phone and a desk."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from tests.e2e.browser import CHROMIUM, NARROW, measured
from tests.e2e.small import SMALL
from tests.unit.memo_run import small, small_twins
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.report.memo import write_memo
from wijksim.report.sections import Beside

LARGEST = 1_500_000


@pytest.fixture(scope="module")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "memo.html"
    write_memo(small(), path, command="./wijk memo", beside=Beside(twins=small_twins()))
    return path


@pytest.mark.slow
def test_size(memo: Path) -> None:
    assert memo.stat().st_size < LARGEST


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_fits(memo: Path, tmp_path: Path, width: int) -> None:
    text = memo.read_text(encoding="utf-8").replace("<details", "<details open")
    whole = tmp_path / "open.html"
    whole.write_text(text, encoding="utf-8")
    scroll, wide, _, heading = measured(whole, tmp_path, width)
    assert wide == ""
    assert int(scroll) <= width
    assert heading == "Variantenmemo"


@pytest.mark.slow
def test_tables_go_to_a_workbook_and_to_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for parent in ("baseline", "staffing-cut"):
        Path(f"small-{parent}.yaml").write_text(SMALL.format(parent=parent), encoding="utf-8")
    words = [
        "memo",
        "small-staffing-cut.yaml",
        "--null",
        "small-baseline.yaml",
        "--pairs",
        "2",
        "--workers",
        "1",
    ]
    runner = CliRunner()
    done = runner.invoke(app, [*words, "--excel", "new/tables.xlsx", "--no-stories"], prog_name="wijksim")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "memo.html\nnew/tables.xlsx\n"
    page = Path("memo.html").read_text(encoding="utf-8")
    assert "--no-stories</code>" in page
    assert "Eén bewoner, twee levens" not in page
    with zipfile.ZipFile("new/tables.xlsx") as book:
        assert "xl/tables/table1.xml" in book.namelist()
    done = runner.invoke(app, [*words, "--json"], prog_name="wijksim")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    keys = [one["key"] for one in told["tables"]]
    assert {"kern", "groepen", "waterbed", "effecten", "levens", "verantwoording"} <= set(keys)
    assert Path("memo.html").read_text(encoding="utf-8").count("geen selectie-instrument") >= 2
    done = runner.invoke(
        app, [*words, "--lang", "en", "--out", "english.html", "--json"], prog_name="wijksim"
    )
    assert done.exit_code == 0, done.stderr
    english = json.loads(done.stdout)
    assert [one["key"] for one in english["tables"]] == keys
    assert english["command"] == f"{told['command']} --lang en"
    page = Path("english.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert page.count("not a tool for selecting people") >= 2
    assert "One resident, two lives" in page


def test_a_folder_is_no_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["memo", "staffing-cut", "--excel", "."], prog_name="wijksim")
    assert done.exit_code == 2
    assert "is a folder" in done.stderr
