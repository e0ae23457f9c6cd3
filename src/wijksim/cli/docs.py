"""``docs``: the pages that are made from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wijksim.cli.console import out, say, tool
from wijksim.cli.options import WRITING, Verbose, register, writable_folder


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    register(
        app,
        "docs",
        WRITING,
        examples=("wijksim docs", "wijksim docs --check", "wijksim docs my-pages"),
        then="commit what changed: the tests compare these pages with the code.",
    )(docs)


def docs(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the pages; its 'reference' is rewritten.")
    ] = Path("docs"),
    *,
    check: Annotated[
        bool,
        typer.Option("--check", metavar=" ", help="Write nothing; exit code 1 if a page is out of date."),
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Write the reference pages from what the code declares.

    Order of the month, mechanisms, columns, parameters, loops with their picture, levers, strategies, measures,
    sources, and the trace from source to process. Only pages that differ are written.
    """
    del verbose
    from wijksim.report.reference import stale, write_pages

    writable_folder(folder, "DIR")
    if check:
        names = stale(folder)
        for name in names:
            out().print(str(folder / name), soft_wrap=True, markup=False)
        if names:
            say(f"{len(names)} pages out of date; {tool()} docs writes them")
            raise typer.Exit(1)
        say("all pages are up to date")
        return
    written = write_pages(folder)
    for path in written:
        out().print(str(path), soft_wrap=True, markup=False)
    say(f"{len(written)} pages written" if written else "all pages were up to date")
