"""``notebook``: copy the shipped notebooks to a folder of one's own and open them in Jupyter."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from wijksim.cli.console import out, python, say, tool
from wijksim.cli.options import WRITING, register, writable_folder

DEFAULT_FOLDER = Path("wijksim-notebooks")
JUPYTERS = ("jupyterlab", "notebook")
"""Modules that open a folder of notebooks when they are run, the best first."""

_KINDS = ("*.ipynb", "*.md")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of your own; made if it is not there.")]
NoOpen = Annotated[bool, typer.Option("--no-open", metavar=" ", help="Copy only; do not open Jupyter.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", metavar=" ", help="Replace files that you changed, too.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    register(
        app,
        "notebook",
        WRITING,
        examples=("wijksim notebook", "wijksim notebook lessons --no-open"),
        then="open 01-first-run.ipynb and run its cells from top to bottom.",
    )(notebook)


def notebook(folder: Folder = DEFAULT_FOLDER, no_open: NoOpen = False, overwrite: Overwrite = False) -> None:
    """Copy the notebooks of the classroom to a folder of your own, and open Jupyter there.

    A file that differs from the shipped one is yours: it is left as it is, and the command says so.
    """
    from wijksim.core.resources import shipped

    source = shipped("notebooks")
    if folder.exists() and folder.resolve() == source.resolve():
        say(f"'{folder}' is where they ship from: nothing is copied")
    else:
        writable_folder(folder, "DIR")
        _copy(source, folder, overwrite=overwrite)
    if not no_open:
        _open(folder)


def _copy(source: Path, folder: Path, *, overwrite: bool) -> None:
    """Bring every shipped file to a folder; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    originals = sorted(path for kind in _KINDS for path in source.glob(kind))
    if all(_same(path, folder / path.name) for path in originals):
        say(f"'{folder}' holds all {len(originals)} files as they ship")
    for original in originals:
        target = folder / original.name
        if target.is_dir():
            say(f"'{target}' is a folder and stays one; {original.name} is not copied")
            continue
        if target.exists():
            if _same(original, target):
                continue
            if not overwrite:
                say(f"'{target}' is not as shipped and is left as it is (--overwrite replaces it)")
                continue
            say(f"'{target}' was not as shipped and is replaced")
        partial = target.with_suffix(target.suffix + ".tmp")
        partial.write_bytes(original.read_bytes())
        partial.replace(target)
        out().print(str(target), soft_wrap=True, markup=False)


def _same(original: Path, target: Path) -> bool:
    return target.is_file() and target.read_bytes() == original.read_bytes()


def _open(folder: Path) -> None:
    """Run Jupyter in a folder until it is stopped; say how to install it where it is missing."""
    module = next((name for name in JUPYTERS if find_spec(name) is not None), None)
    if module is None:
        say(
            f"Jupyter is not installed beside wijksim. To install it: {python()} -m pip install 'wijksim[notebook]'"
        )
        say(f"then: {tool()} notebook {folder}; or open the files in an editor that knows notebooks")
        return
    say(f"opening Jupyter in '{folder}'; Ctrl-C here stops it")
    with _left_to_child():
        code = subprocess.run([sys.executable, "-m", module], cwd=folder, check=False).returncode
    if code != 0:
        say(f"Jupyter ended with code {code}; what it wrote above says why")
        raise typer.Exit(1)


@contextmanager
def _left_to_child() -> Iterator[None]:
    """Leave Ctrl-C to the program that is running: Jupyter asks whether to stop, and needs to hear the answer."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
