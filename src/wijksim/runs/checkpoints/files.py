"""The two files of a checkpoint, and which of a folder count.

``checkpoint-MMMM.npz`` holds the arrays, ``checkpoint-MMMM.json`` the structure, with the checksums of both. The
structure is written last: a checkpoint without it does not count, so that one is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from wijksim.runs.checkpoints.encode import Encoder, Node, Value

SCHEMA = 1
KEPT = 2  # the newest, and the one before in case the newest cannot be read
_FILE = re.compile(r"checkpoint-\d+\.(json|npz)")
_NAME = re.compile(r"checkpoint-(\d+)\.json")


class BrokenError(Exception):
    """A checkpoint that cannot be read: cut off, changed or gone."""


@dataclass(frozen=True)
class Stored:
    """What the files of a checkpoint say.

    Attributes
    ----------
    head
        Plain facts about the run that wrote it.
    nodes, root, arrays
        The state, for a :class:`~wijksim.runs.checkpoints.decode.Decoder`.
    """

    head: dict[str, Any]
    nodes: list[Node]
    root: Value
    arrays: dict[str, NDArray[Any]]


def months_in(folder: Path) -> list[int]:
    """Months after which a checkpoint counts, the newest first."""
    if not folder.is_dir():
        return []
    found = (_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted((int(one[1]) for one in found if one), reverse=True)


def write(folder: Path, month: int, head: dict[str, Any], encoder: Encoder, root: Value) -> None:
    """Write a checkpoint; older ones than the last :data:`KEPT` go when it counts."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays, structure = _paths(folder, month)
    with _whole(arrays) as file:
        np.savez(file, allow_pickle=False, **encoder.arrays())
    graph = json.dumps({"root": root, "nodes": encoder.nodes}, separators=(",", ":"))
    head = {**head, "schema": SCHEMA, "month": month, "arrays": _sum_of_file(arrays), "graph": _sum(graph)}
    with _whole(structure) as file:
        # the state on the second line, exactly as it was summed
        file.write(f'{{"head": {json.dumps(head)},\n"graph": {graph}\n}}\n'.encode("ascii"))
    for old in months_in(folder)[KEPT:]:
        remove(folder, old)


def read_head(folder: Path, month: int) -> dict[str, Any]:
    """Plain facts of a checkpoint.

    Raises
    ------
    BrokenError
        If they cannot be read.
    """
    _, structure = _paths(folder, month)
    try:
        first = structure.read_text("ascii").partition("\n")[0]
        head: Any = json.loads(first.removeprefix('{"head": ').removesuffix(","))
    except (OSError, ValueError) as error:
        raise BrokenError(f"{structure.name} cannot be read") from error
    if not isinstance(head, dict) or not {"origin", "schema"} <= head.keys():
        raise BrokenError(f"{structure.name} does not say of which run it is")
    return head


def read(folder: Path, month: int) -> Stored:
    """Read a checkpoint and hold it against its checksums.

    Raises
    ------
    BrokenError
        If it is not what was written.
    """
    head = read_head(folder, month)
    arrays, structure = _paths(folder, month)
    try:
        second = structure.read_text("ascii").split("\n")[1]
        graph = second.removeprefix('"graph": ')
        if _sum(graph) != head["graph"]:
            raise BrokenError(f"{structure.name} is not what was written")
        if _sum_of_file(arrays) != head["arrays"]:
            raise BrokenError(f"{arrays.name} is not what was written")
        with np.load(arrays, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        content = json.loads(graph)
        return Stored(head, content["nodes"], content["root"], found)
    except (OSError, EOFError, ValueError, TypeError, LookupError, BadZipFile) as error:
        raise BrokenError(f"checkpoint {month} cannot be read: {error}") from error


def remove(folder: Path, month: int) -> None:
    """Take a checkpoint away: first what makes it count."""
    arrays, structure = _paths(folder, month)
    structure.unlink(missing_ok=True)
    arrays.unlink(missing_ok=True)


def is_temporary(path: Path) -> bool:
    """Whether a file is what a process that was killed left of a checkpoint half written."""
    return path.name.startswith(".checkpoint-") and path.suffix == ".tmp"


def clear(folder: Path, *, temporary: bool = False) -> None:
    """Remove all checkpoints of a folder, or (``temporary``) only what was left half written."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        if is_temporary(path) or (not temporary and _FILE.fullmatch(path.name)):
            path.unlink(missing_ok=True)


def _paths(folder: Path, month: int) -> tuple[Path, Path]:
    stem = f"checkpoint-{month:04d}"
    return folder / f"{stem}.npz", folder / f"{stem}.json"


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _sum_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place, force it to the disk and only then give it its name."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        if os.name == "posix":
            place = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(place)  # the name too
            finally:
                os.close(place)
    finally:
        partial.unlink(missing_ok=True)
