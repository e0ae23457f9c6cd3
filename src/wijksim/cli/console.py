"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import logging
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table

_MINUTE = 60
COMPILING = "compiling the loops of the month"
STARTED_AS = "WIJKSIM_STARTED_AS"  # set by the launcher: what was typed to start the tool
WIDE = 110  # columns from which a table shows everything
_WORD, _GAP = 10, 2  # letters of a name that is not broken, and columns between two cells
PIPE_WIDTH = 120  # columns where there is no terminal: nothing is cut short that a reader could have seen

Tick = Callable[[int, int], None]
"""Called with steps done and steps in all."""


def out() -> Console:
    """Console of results."""
    return _console(stderr=False)


def err() -> Console:
    """Console of messages and progress."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    Console = whole_console()  # noqa: N806 (a class)
    stream = sys.stderr if stderr else sys.stdout
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=PIPE_WIDTH if piped else None, highlight=False)


@lru_cache(maxsize=1)
def whole_console() -> type[Console]:
    """A console that never cuts a figure short: a table that does not fit runs over the edge instead."""
    from rich.console import Console as Plain
    from rich.table import Table

    class Whole(Plain):
        def print(self, *objects: Any, **how: Any) -> None:
            if len(objects) == 1 and isinstance(objects[0], Table):
                needed = _needed(objects[0])
                if needed > self.width:
                    before, self.width = self.width, needed
                    super().print(*objects, **{**how, "crop": False})
                    self.width = before
                    return
            super().print(*objects, **how)

    return Whole


def _needed(table: Table) -> int:
    """Columns that a table needs: for what may not be broken all of it, for the rest a word."""
    widths = []
    for column in table.columns:
        words = [word for cell in column.cells for word in str(cell).split()]
        widths.append(column.min_width or min(max(map(len, words), default=1), _WORD))
    return sum(widths) + _GAP * len(widths)


def tool() -> str:
    """Name of the tool as it was started: ``./wijk`` from a checkout, where no ``wijksim`` is on the path."""
    return os.environ.get(STARTED_AS) or "wijksim"


def python() -> str:
    """The Python that has wijksim, as it would be typed here."""
    running = Path(sys.executable)
    try:
        return str(running.relative_to(Path.cwd()))
    except ValueError:
        return shlex.quote(str(running)) if STARTED_AS in os.environ else "python"


def say(text: str) -> None:
    """Write one message to standard error, unwrapped, so that ``file:line:col`` stays clickable."""
    err().print(text, soft_wrap=True, markup=False)


def write_json(data: Any) -> None:
    """Write data to standard output as JSON that every program can read (no NaN)."""
    sys.stdout.write(json.dumps(plain(data), indent=2, ensure_ascii=False) + "\n")


def plain(data: Any) -> Any:
    """Data of which JSON can be made: plain types, nothing where there is no number."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(item) for item in data]
    if hasattr(data, "item"):  # a NumPy scalar
        data = data.item()
    if isinstance(data, float) and (data != data or abs(data) == float("inf")):
        return None
    return data


def grid(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
    wrap: bool = False,
) -> Table:
    """Make a plain table: no vertical lines, numbers to the right, names in one piece unless ``wrap``.

    Cells of ``numbers``, of ``whole`` and of the first column are never broken.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    lines = [list(row) for row in rows]
    for place, name in enumerate(columns):
        justify: JustifyMethod = "right" if name in numbers else "left"
        unbroken = name in (*numbers, *whole) or (place == 0 and not wrap)
        parts = [part for cell in (name, *(line[place] for line in lines)) for part in cell.splitlines()]
        table.add_column(
            name,
            justify=justify,
            overflow="fold",
            no_wrap=unbroken,
            min_width=max(map(len, parts), default=1) if unbroken else None,
        )
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    return table


def pairs(rows: Iterable[Sequence[str]]) -> Table:
    """Make a table of names and what they are, without a head."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(value))
    return table


def compile_first() -> None:
    """Compile what the month needs of compiled loops, if that has not been done, and say so."""
    from wijksim.core import ahead

    if ahead.is_wanted():
        if not err().is_terminal:
            say(ahead.NOTICE)
        with _bar(COMPILING) as tick:
            ahead.compile_ahead(tick)


@contextmanager
def progress(doing: str) -> Iterator[Tick]:
    """Show a bar with the time left on standard error while something long runs; nothing without a terminal.

    What the month needs of compiled loops is compiled first, if that has not been done.
    """
    compile_first()
    with _bar(doing, first=f"{doing}: building") as tick:
        yield tick


@contextmanager
def _bar(doing: str, *, first: str = "") -> Iterator[Tick]:
    """Show one bar; until the first step is done it may say something else."""
    from rich.progress import BarColumn, Progress, TextColumn

    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[left]}"))
    with Progress(
        *columns, console=console, transient=True, refresh_per_second=4, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(first or doing, total=None, left="")
        begun = time.monotonic()

        def tick(done: int, total: int) -> None:
            # a first step that is long (one future of ten) must give an estimate too
            left = (time.monotonic() - begun) * (total - done) / done if done else None
            words = f"{done} of {total}" + ("" if left is None else f", {_duration(left)} left")
            bar.update(task, completed=done, total=total, description=doing, left=words)

        yield tick


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _MINUTE else f"{seconds / _MINUTE:.0f} min"


_verbose = False


def set_verbose(on: bool) -> None:
    """Let log messages through, and show where an unexpected failure comes from."""
    global _verbose
    if on:
        _verbose = True
        logging.basicConfig(
            level=logging.DEBUG, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
        )
        for noisy in ("matplotlib", "PIL", "asyncio", "fontTools"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        logging.getLogger("weasyprint").setLevel(logging.ERROR)  # warns of every line of a picture


def verbose() -> bool:
    """Tell whether the user asked for more."""
    return _verbose


def number(value: float) -> str:
    """Write a number with three or four significant figures, and '-' where there is none."""
    if value != value:
        return "-"
    if abs(value) == float("inf"):
        return "inf" if value > 0 else "-inf"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 100 else f"{value:.2f}" if size >= 1 or value == 0 else f"{value:.3g}"


def counted(count: int, one: str, several: str) -> str:
    """Write a number with the word for one or for several."""
    return f"{count:,} {one if count == 1 else several}"
