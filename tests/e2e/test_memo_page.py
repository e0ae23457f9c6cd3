"""The whole memo in a real browser: it opens without a network, without errors, on a phone and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.e2e.browser import CHROMIUM, NARROW, chromium, measured
from tests.unit.report_example import example

from wijksim.report.memo import write_memo

LARGEST = 1_500_000
CLOSE = 2 * (6 + 1) + 3 + 1 + 4 + 1  # maps, contacts, hours, each with its legend


@pytest.fixture(scope="module")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("memo") / "memo.html"
    write_memo(example(closely=True), path, command="./wijk memo")
    return path


def test_size(memo: Path) -> None:
    assert memo.stat().st_size < LARGEST


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
class TestInChromium:
    def test_opens_without_a_word_of_complaint(self, memo: Path, tmp_path: Path) -> None:
        done = chromium(tmp_path, "--dump-dom", "--enable-logging=stderr", memo.as_uri())
        assert "<h1>Variantenmemo</h1>" in done.stdout
        assert "CONSOLE" not in done.stderr

    @pytest.mark.parametrize("width", [NARROW, 768, 1280])
    def test_fits(self, memo: Path, tmp_path: Path, width: int) -> None:
        scroll, wide, pictures, heading = measured(memo, tmp_path, width)
        assert wide == ""
        assert int(scroll) <= width
        assert int(pictures) == 15 * 3 + 15 + 3 + 3 + 6 * 3 + CLOSE
        assert heading == "Variantenmemo"

    def test_prints(self, memo: Path, tmp_path: Path) -> None:
        pdf = tmp_path / "memo.pdf"
        chromium(tmp_path, f"--print-to-pdf={pdf}", "--no-pdf-header-footer", memo.as_uri())
        told = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
        # long parts are folded on the screen and printed; numbers behind a picture stay folded
        assert "Verschil met het nulalternatief: de gemiddelde wijk" in told
        assert "Getallen bij deze figuur" not in told
