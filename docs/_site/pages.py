"""Hooks of the documentation site: files that live outside ``docs/``, and folders in the navigation.

Nothing is copied into ``docs/``: a page that is read in the repository too (the changelog, the index of scenarios)
stays where it is and is handed to MkDocs from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("CONTRIBUTING.md", "CHANGELOG.md")
FOLDERS = ("scenarios", "experiments")
SHOWN = (".md", ".yaml", ".csv", ".svg", ".png", ".py")
_INTO_DOCS = re.compile(r"\]\((?P<up>(?:\.\./)*)docs/")
_OUT_OF_SITE = re.compile(r"\[(?P<words>[^\]]+)\]\((?:\.\./)+(?:src|tests|notebooks)/[^)]*\)")


def outside() -> Iterator[Path]:
    """Files outside ``docs/`` that are part of the site, relative to the root."""
    yield from map(Path, PAGES)
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SHOWN and path.is_file():
                yield path.relative_to(ROOT)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Replace every folder in the navigation by its pages, in the order of their names."""
    config.nav = [_with_pages(entry) for entry in config.nav or []]
    return config


def _with_pages(entry: Any) -> Any:
    if isinstance(entry, list):
        return [_with_pages(one) for one in entry]
    if isinstance(entry, dict):
        return {title: _with_pages(below) for title, below in entry.items()}
    if isinstance(entry, str) and entry.endswith("/"):
        base = ROOT if entry.rstrip("/") in FOLDERS else ROOT / "docs"
        found = sorted((base / entry).rglob("*.md"), key=lambda path: (len(path.parts), path))
        return [path.relative_to(base).as_posix() for path in found]
    return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies outside ``docs/``."""
    for path in outside():
        files.append(File.generated(config, path.as_posix(), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links into ``docs/`` lose that folder; of links to code, which is not on the site, the words stay."""
    del page, config, files
    return _OUT_OF_SITE.sub(r"\g<words>", _INTO_DOCS.sub(r"](\g<up>", markdown))
