"""``memo --pdf`` as it is typed: refused at once where nothing can print, otherwise a PDF of the very page."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.e2e.small import SMALL
from tests.unit.report_page import Reader
from typer.testing import CliRunner

from wijksim.cli.app import app
from wijksim.core.errors import InputError
from wijksim.report.paper import printer


def test_without_the_package_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    done = CliRunner().invoke(app, ["memo", "staffing-cut", "--pdf", "memo.pdf"], prog_name="wijksim")
    assert done.exit_code == 2
    assert done.stderr.startswith("wijksim: a PDF needs the package weasyprint")
    assert f"{sys.executable} -m pip install 'weasyprint>=" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["memo", "staffing-cut", "--pdf", "."], prog_name="wijksim")
    assert done.exit_code == 2
    assert "is a folder" in done.stderr


@pytest.mark.slow
def test_the_pdf_is_of_the_very_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        printer()
    except InputError as error:
        pytest.skip(str(error))
    monkeypatch.chdir(tmp_path)
    for parent in ("baseline", "staffing-cut"):
        Path(f"small-{parent}.yaml").write_text(SMALL.format(parent=parent), encoding="utf-8")
    words = [
        "memo", "small-staffing-cut.yaml", "--null", "small-baseline.yaml", "--pairs", "2", "--workers", "1",
        "--no-stories",
    ]  # fmt: skip
    done = CliRunner().invoke(app, [*words, "--pdf", "new/memo.pdf"], prog_name="wijksim")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "memo.html\nnew/memo.pdf\n"
    page = Path("memo.html").read_text(encoding="utf-8")
    assert "--pdf" not in page  # the page is the same with and without
    pdf = PdfReader(BytesIO(Path("new/memo.pdf").read_bytes()))
    assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    told = " ".join(" ".join(one.extract_text().split()) for one in pdf.pages)
    for table in Reader(page).tables:
        for _, cells in table.rows:
            for cell in cells:
                assert all(shown in told for shown in cell.shown)
    assert [path.name for path in Path("new").iterdir()] == ["memo.pdf"]
