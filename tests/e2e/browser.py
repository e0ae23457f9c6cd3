"""A real browser for the tests of pages: Chromium without a window, if this machine has it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NARROW = 360

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


def chromium(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Chromium once, with a profile of its own in ``folder``."""
    assert CHROMIUM is not None
    return subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", *arguments,
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


def measured(page: Path, folder: Path, width: int) -> list[str]:
    """How wide a page is when it has ``width`` pixels, what sticks out, how many pictures it has, and its heading."""
    probe = folder / "probe.html"
    text = html.escape(page.read_text(encoding="utf-8"))
    probe.write_text(PROBE.format(width=width, page=text), encoding="utf-8")
    done = chromium(folder, "--dump-dom", "--window-size=1400,900", probe.as_uri())
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None
    return found.group(1).split("|")
