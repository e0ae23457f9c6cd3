"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_READABLE = 0o644


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the place where the file belongs, then put it there in one move.

    Parameters
    ----------
    path
        Where the file goes, in a folder that exists; an older file stays as it was until the new one is complete.
    content
        All of it.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(_READABLE)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
