"""Which files were read of what people write, so that a command never replaces one of them by what it writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_HEARD: ContextVar[tuple[list[Path], ...]] = ContextVar("_HEARD", default=())


def note_read(path: Path) -> None:
    """Tell whoever keeps count that a file is read."""
    for files in _HEARD.get():
        files.append(path)


@contextmanager
def files_read() -> Iterator[list[Path]]:
    """Keep count of files that are read; the list grows as they are."""
    files: list[Path] = []
    token = _HEARD.set((*_HEARD.get(), files))
    try:
        yield files
    finally:
        _HEARD.reset(token)
