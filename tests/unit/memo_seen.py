"""What a reader sees or hears of a memo, for tests that hold its words against those of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from tests.unit.report_page import VOID

WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def leaves(content: Any) -> Iterator[str]:
    """Texts at the ends of a document."""
    if isinstance(content, dict):
        for value in content.values():
            yield from leaves(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from leaves(value)
    else:
        yield str(content)


class Visible(HTMLParser):
    """What is seen or heard of a page; what is said to be in another language, and code, apart."""

    SILENT = ("style", "script", "code")
    SAID = ("aria-label", "title", "alt")

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.open: list[str] = []  # per open element: how its text is taken
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        self.texts += [found[name] or "" for name in self.SAID if name in found]
        if tag == "td":  # a phone shows it as the head of the cell
            self.texts.append(found.get("data-label") or "")
        if tag == "meta" and found.get("name") == "description":
            self.texts.append(found["content"] or "")
        if tag in VOID:
            return
        above = self.open[-1] if self.open else "own"
        other = found.get("lang", self.language) != self.language
        own = "silent" if tag in self.SILENT else "foreign" if other else "own"
        self.open.append(above if above != "own" else own)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass  # parts of drawings

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        where = {"own": self.texts, "foreign": self.foreign}.get(self.open[-1] if self.open else "own")
        if where is not None:
            where.append(data)

    @property
    def words(self) -> set[str]:
        """Words outside passages that are said to be in another language."""
        return words_of(" ".join(self.texts).replace("\N{SOFT HYPHEN}", ""))
