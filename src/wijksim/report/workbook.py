"""The tables of a memo as an Excel workbook: every table a native one, with filters and headings that stay in view."""

from __future__ import annotations

import datetime
import io
import math
from typing import TYPE_CHECKING

from wijksim.report.sheets import Sheet, Value
from wijksim.report.whole import write_whole
from wijksim.report.words import DUTCH, Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_NAME = 31  # of a sheet, in Excel
_FIRST = 3  # row of the headings: title, notice and an empty row come before
_NARROWEST, _WIDEST = 9, 60  # characters
_STAMP = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)


def workbook_bytes(sheets: Sequence[Sheet], words: Words = DUTCH) -> bytes:
    """The workbook; the same bytes for the same tables."""
    import xlsxwriter  # only who wants a workbook waits for it

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        # who made it when belongs to the command on the sheet of account, not to the file
        book.set_properties({"title": words._("Variantenmemo"), "comments": words.notice, "created": _STAMP})
        bold, soft = book.add_format({"bold": True, "font_size": 13}), book.add_format({"italic": True})
        names = sheet_names(sheets)
        contents = book.add_worksheet(words._("Inhoud"))
        contents.set_column(0, 0, _WIDEST)
        contents.write_string(0, 0, words._("Variantenmemo: alle tabellen"), bold)
        contents.write_string(1, 0, _warning(words), soft)
        for number, (name, sheet) in enumerate(zip(names, sheets, strict=True)):
            contents.write_url(_FIRST + number, 0, f"internal:'{name}'!A1", string=sheet.title)
        for number, (name, sheet) in enumerate(zip(names, sheets, strict=True), start=1):
            _fill(book.add_worksheet(name), sheet, number, words, bold=bold, soft=soft)
    return buffer.getvalue()


def write_workbook(sheets: Sequence[Sheet], path: Path, words: Words = DUTCH) -> None:
    """Write the workbook; the file appears whole or not at all."""
    write_whole(path, workbook_bytes(sheets, words))


def _warning(words: Words) -> str:
    return words._("Let op: {notice}.", notice=words.notice)


def sheet_names(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Names of the sheets: short enough for Excel, and all different."""
    found: list[str] = []
    for sheet in sheets:
        whole = sheet.tab or sheet.key
        name, number = whole[:LONGEST_NAME], 1
        while name.lower() in {other.lower() for other in found}:
            number += 1
            name = f"{whole[: LONGEST_NAME - len(str(number)) - 1]}-{number}"
        found.append(name)
    return tuple(found)


def _fill(page: Worksheet, sheet: Sheet, number: int, words: Words, *, bold: Format, soft: Format) -> None:
    page.write_string(0, 0, sheet.title, bold)
    page.write_string(1, 0, _warning(words), soft)
    last = _FIRST + len(sheet.rows)
    page.add_table(
        _FIRST, 0, last, len(sheet.columns) - 1,
        {
            "name": words._("tabel_{number}", number=number),
            "style": "Table Style Light 1",
            "columns": [{"header": name} for name in sheet.columns],
        },
    )  # fmt: skip
    for r, row in enumerate(sheet.rows, start=_FIRST + 1):
        for c, value in enumerate(row):
            _write(page, r, c, value)
    page.freeze_panes(_FIRST + 1, 0)
    for c, name in enumerate(sheet.columns):
        longest = max((len(row[c]) for row in sheet.rows if isinstance(row[c], str)), default=0)  # type: ignore[arg-type]
        page.set_column(c, c, min(max(len(name) + 3, longest + 1, _NARROWEST), _WIDEST))


def _write(page: Worksheet, row: int, column: int, value: Value) -> None:
    """Write a value; what is no number stays empty, since Excel knows no NaN."""
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None and math.isfinite(value):
        page.write_number(row, column, value)
