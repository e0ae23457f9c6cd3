"""The whole memo in a real browser: it opens without a network, without errors, on a phone and on paper."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.unit.report_example import example

from wijksim.report.memo import write_memo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LARGEST = 1_500_000
NARROW = 360
CLOSE = 2 * (6 + 1) + 3 + 1 + 4 + 1  # maps, contacts, hours, each with its legend

PROBE = """<!DOCTYPE html><title>probe</title>
<iframe style="width:{width}px;height:800px;border:0" srcdoc="{page}"></iframe>
<script>
addEventListener("load", () => {{
  const inner = document.querySelector("iframe").contentDocument;
  const wide = [...inner.querySelectorAll("body *")].filter(
    (e) => !e.closest(".scroll, svg") && e.getBoundingClientRect().right > {width} + 1);
  document.title = [inner.documentElement.scrollWidth, wide.map((e) => e.tagName).join(" "),
    inner.querySelectorAll("svg").length, inner.querySelector("h1").textContent].join("|");
}});
</script>
"""


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
        done = _chromium(tmp_path, "--dump-dom", "--enable-logging=stderr", memo.as_uri())
        assert "<h1>Variantenmemo</h1>" in done.stdout
        assert "CONSOLE" not in done.stderr

    @pytest.mark.parametrize("width", [NARROW, 768, 1280])
    def test_fits(self, memo: Path, tmp_path: Path, width: int) -> None:
        probe = tmp_path / "probe.html"
        page = html.escape(memo.read_text(encoding="utf-8"))
        probe.write_text(PROBE.format(width=width, page=page), encoding="utf-8")
        done = _chromium(tmp_path, "--dump-dom", "--window-size=1400,900", probe.as_uri())
        found = re.search(r"<title>(.*?)</title>", done.stdout)
        assert found is not None
        scroll, wide, pictures, heading = found.group(1).split("|")
        assert wide == ""
        assert int(scroll) <= width
        assert int(pictures) == 15 * 3 + 15 + 3 + 3 + 6 * 3 + CLOSE
        assert heading == "Variantenmemo"

    def test_prints(self, memo: Path, tmp_path: Path) -> None:
        pdf = tmp_path / "memo.pdf"
        _chromium(tmp_path, f"--print-to-pdf={pdf}", "--no-pdf-header-footer", memo.as_uri())
        assert pdf.read_bytes().startswith(b"%PDF")


def _chromium(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    return subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", *arguments,
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
