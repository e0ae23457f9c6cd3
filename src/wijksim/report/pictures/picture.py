"""What a picture of the memo is: panels with a text alternative each, and the table of what they show."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """One entry of a table: what is shown, and the exact number behind it if it is one."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, and its entries."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DataTable:
    """The numbers behind a picture.

    Attributes
    ----------
    key
        Part of its id on the page.
    stubs, heads
        Names of the columns that say what a line is about, and of the others.
    """

    key: str
    caption: str
    stubs: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Panel:
    """One drawing of a picture.

    Attributes
    ----------
    label
        What stands above it.
    svg
        The drawing, its text alternative inside.
    variant
        Place of the variant that it shows (0 is the first), for its colour and sign; None for the null alternative
        or for several.
    """

    label: str
    svg: Markup
    variant: int | None = None


@dataclass(frozen=True)
class Picture:
    """Panels that belong together.

    Attributes
    ----------
    key
        Part of its id on the page.
    title, explanation
        Above the panels.
    panels
        In reading order, three to a line where there is room.
    tables
        What is shown, in numbers.
    legend
        Drawing that explains the signs; None where the panels need none.
    """

    key: str
    title: str
    explanation: str
    panels: tuple[Panel, ...]
    tables: tuple[DataTable, ...]
    legend: Markup | None = None
