"""The files that ``memo`` writes: its page, and on request a workbook, a PDF and the tables as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import out, progress, write_json
from wijksim.cli.options import known_names, writable_file
from wijksim.cli.outputs import SWEPT, below, plugin_files, refuse_overwriting

if TYPE_CHECKING:
    from wijksim.report.language import Language
    from wijksim.report.memo import Page
    from wijksim.scenario.resolve import Scenario

PageFile = Annotated[
    Path, typer.Option("--out", metavar="FILE.html", help="Page to write; an older one is replaced.")
]
ExcelFile = Annotated[
    Path | None,
    typer.Option(
        "--excel",
        metavar="FILE.xlsx",
        show_default=False,
        help="Workbook with every table of the page as well.",
    ),
]
PdfFile = Annotated[
    Path | None,
    typer.Option(
        "--pdf",
        metavar="FILE.pdf",
        show_default=False,
        help="The page as a tagged PDF as well, with everything opened; needs the extra 'pdf', takes a minute.",
    ),
]
PageLanguage = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="nl|en",
        help="Language of the page and of its tables: Dutch or English.",
    ),
]


def language_of(text: str) -> Language:
    """Read a language as it was typed; refuse one in which there is no memo."""
    from wijksim.report.language import LANGUAGES

    known_names("--lang", [text], LANGUAGES)
    return next(language for language in LANGUAGES if language == text)


@dataclass(frozen=True)
class MemoFiles:
    """Where a memo goes.

    Attributes
    ----------
    page
        The page itself, always written.
    excel, pdf
        Workbook and PDF; None if not asked.
    """

    page: Path
    excel: Path | None = None
    pdf: Path | None = None

    @property
    def asked(self) -> list[tuple[str, Path]]:
        """Options with the files that they name."""
        every = (("--out", self.page), ("--excel", self.excel), ("--pdf", self.pdf))
        return [(option, path) for option, path in every if path is not None]

    def refuse_early(self) -> None:
        """Refuse before anything runs what could not be written in the end.

        Raises
        ------
        typer.BadParameter
            If a file cannot be written where it is wanted.
        InputError
            If a PDF is asked and nothing here can make one.
        """
        for option, path in self.asked:
            writable_file(path, option)
        if self.pdf is not None:
            from wijksim.report.paper import printer

            printer()

    def refuse_loss(self, scenarios: Iterable[Scenario], read: Sequence[Path], stored: Path) -> None:
        """Refuse to replace what was read for the memo, or is about to be.

        Parameters
        ----------
        scenarios, read
            What is compared, and the files it was read from: parents, places and prices among them.
        stored
            Folder of results of other analyses.

        Raises
        ------
        InputError
            If a file would be lost, with all of them.
        """
        beside = below([stored], ("*.json", *(f"{deep}{name}" for deep in ("", "*/") for name in SWEPT)))
        refuse_overwriting(self.asked, [*read, *plugin_files(scenarios), *beside])

    def write(self, page: Page, *, json: bool) -> None:
        """Write the files, each whole or not at all; print their names, or the tables themselves as JSON."""
        from wijksim.report.memo import render_page
        from wijksim.report.sheets import document, sheets
        from wijksim.report.whole import write_whole
        from wijksim.report.workbook import write_workbook

        paths = [path for _, path in self.asked]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        text = render_page(page)
        write_whole(self.page, text.encode())
        if self.excel is not None:
            write_workbook(sheets(page), self.excel, page.words)
        if self.pdf is not None:
            from wijksim.report.paper import write_pdf

            with progress("PDF"):
                write_pdf(text, self.pdf, page.words)
        if json:
            write_json(document(page))
            return
        for path in paths:
            out().print(str(path), soft_wrap=True, markup=False)
