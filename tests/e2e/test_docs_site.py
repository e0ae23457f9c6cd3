"""The documentation as a site: built strictly and without network, and nothing in it asks for the network."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("material") is None, reason="the extra 'docs' is not installed"
)

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_NETWORK = """
import socket

def refuse(*_, **__):
    raise OSError("the site is built without network")

socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from mkdocs.__main__ import cli
cli()
"""
LOADS = {  # attributes whose address a browser fetches by itself
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data", "link": "href"
}  # fmt: skip


class Reader(HTMLParser):
    """What one page loads, where it leads, and which places in it have a name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.names: set[str] = set()
        self.images = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.names.update(found[key] for key in ("id", "name") if key in found)
        self.images += tag == "img"
        if tag in LOADS and LOADS[tag] in found and found.get("rel") not in ("next", "prev"):
            self.loads.append(found[LOADS[tag]])
        if tag == "a" and "href" in found:
            self.leads.append(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site").resolve()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Reader]:
    # the page for a wrong address knows no folder of its own, and its links begin at the root of a server
    found = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    return {path: Reader(path.read_text(encoding="utf-8")) for path in found}


def test_no_page_loads_anything_from_elsewhere(site: Path, pages: dict[Path, Reader]) -> None:
    loads = {(path.name, one) for path, page in pages.items() for one in page.loads}
    assert len(loads) > len(pages)  # each has at least its style and its script
    away = [(name, one) for name, one in loads if urlsplit(one).netloc or one.startswith("//")]
    assert away == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text), style
    # the script of the theme fetches a library for these, and for nothing else
    assert not any('class="mermaid' in path.read_text(encoding="utf-8") for path in pages)


def test_links_and_pictures_lead_to_what_is_there(site: Path, pages: dict[Path, Reader]) -> None:
    broken = []
    for path, page in pages.items():
        for address in (*page.loads, *page.leads):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            there = target.is_file() and target.is_relative_to(site.resolve())
            if parts.fragment and target in pages:
                there = unquote(parts.fragment) in pages[target].names
            if not there:
                broken.append((str(path.relative_to(site)), address))
    assert broken == []
    assert sum(page.images for page in pages.values()) >= 4


def test_every_page_can_be_found_by_words(site: Path, pages: dict[Path, Reader]) -> None:
    script = (site / "search" / "search_index.js").read_text(encoding="utf-8")  # for pages opened from disk
    index = json.loads(script.removeprefix("var __index = "))
    found = {urlsplit(entry["location"]).path for entry in index["docs"]}
    assert found == {path.relative_to(site).as_posix() for path in pages}
    assert any("waterbed" in entry["text"] for entry in index["docs"])


def test_dutch_says_that_it_is_dutch(site: Path) -> None:
    text = (site / "start" / "beleidsadviseur.html").read_text(encoding="utf-8")
    assert '<div lang="nl">' in text


def test_what_lies_outside_docs_is_there_too(site: Path) -> None:
    for path in (
        "scenarios/index.html",
        "scenarios/staffing-cut.yaml",
        "CONTRIBUTING.html",
        "CHANGELOG.html",
    ):
        assert (site / path).is_file()
    decisions = {path.stem for path in (ROOT / "docs" / "decisions").glob("*.md")}
    assert {path.stem for path in (site / "decisions").glob("*.html")} == decisions
