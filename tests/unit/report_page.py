"""Reads a page back for the tests: structure, cells of tables, references."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "path", "use", "line", "rect", "circle", "stop"}


@dataclass
class Cell:
    """A table cell: its text, and the exact numbers behind it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    numbers: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


@dataclass
class Table:
    """A table: its attributes, caption and rows (attributes of the row and its cells)."""

    attributes: dict[str, str | None]
    caption: str = ""
    rows: list[tuple[dict[str, str | None], list[Cell]]] = field(default_factory=list)


class Reader(HTMLParser):
    """Collects what the tests ask about; refuses tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[Table] = []
        self.text: list[str] = []
        self.faults: list[str] = []
        self.feed(page)
        self.close()
        if self.open:
            self.faults.append(f"not closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "table":
            self.tables.append(Table(attributes))
        elif tag == "tr":
            self.tables[-1].rows.append((attributes, []))
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1][1].append(Cell(tag, attributes))
        elif tag == "data":
            cell = self.tables[-1].rows[-1][1][-1]
            cell.numbers.append(float(attributes["value"] or "nan"))
            cell.shown.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self.open[-1:]:
            return
        self.text.append(data)
        if self.open and self.open[-1][0] == "h" and self.open[-1][1:].isdigit():
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        if "caption" in self.open:
            self.tables[-1].caption += data
        elif "td" in self.open or "th" in self.open:
            cell = self.tables[-1].rows[-1][1][-1]
            cell.text += data
            if self.open[-1] == "data":
                cell.shown[-1] += data

    def table(self, start: str) -> Table:
        """First table whose caption begins with a text."""
        return next(table for table in self.tables if table.caption.strip().startswith(start))

    @property
    def plain(self) -> str:
        """All text, white space made single."""
        return " ".join("".join(self.text).split())
