"""Panels kept on disk, so that scoring other facts against the same ensemble takes no new runs.

The key holds everything that a panel depends on: code, parameter values, places, length and seed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from wijksim.analysis.validation.panel import Area, Panel
from wijksim.runs.manifest import cpu_features

FOLDER = "WIJKSIM_CACHE"
_PACKAGE = Path(__file__).resolve().parents[2]


def shelf() -> Path | None:
    """Folder in which panels are kept: ``$WIJKSIM_CACHE``, else the user's cache; None if it is set to nothing."""
    given = os.environ.get(FOLDER)
    if given is not None:
        return Path(given) if given else None
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "wijksim" / "validation"


@cache
def fingerprint() -> str:
    """Hash of the code and parameter values of the package, and of what its arithmetic depends on."""
    found = hashlib.sha256(json.dumps(cpu_features()).encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".yaml", ".json") and path.is_file():
            found.update(str(path.relative_to(_PACKAGE)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def stored(key: tuple[Any, ...], make: Callable[[], dict[str, Panel]]) -> dict[str, Panel]:
    """Return what is kept under a key, or make and keep it; a folder that cannot be used costs time, no more."""
    folder = shelf()
    if folder is None:
        return make()
    name = hashlib.sha256(json.dumps([fingerprint(), *key]).encode()).hexdigest()[:32]
    path = folder / f"{name}.npz"
    try:
        return read(path)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile):
        found = make()
    with suppress(OSError):
        write(path, found)
    return found


def write(path: Path, panels: Mapping[str, Panel]) -> None:
    """Keep panels in one file that appears whole or not at all: arrays, and the rest as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rest = {
        name: {"areas": [asdict(area) for area in panel.areas], "scale": dict(panel.scale)}
        for name, panel in panels.items()
    }
    arrays: dict[str, NDArray[Any]] = {"rest": np.frombuffer(json.dumps(rest).encode(), dtype=np.uint8)}
    for name, panel in panels.items():
        arrays |= {f"{name}/{figure}/top": values for figure, values in panel.top.items()}
        arrays |= {f"{name}/{figure}/bottom": values for figure, values in panel.bottom.items()}
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    partial.replace(path)


def read(path: Path) -> dict[str, Panel]:
    """Read panels back."""
    with np.load(path, allow_pickle=False) as arrays:
        rest = json.loads(arrays["rest"].tobytes())
        return {
            name: Panel(
                areas=tuple(Area(**area) for area in one["areas"]),
                top={figure: arrays[f"{name}/{figure}/top"] for figure in one["scale"]},
                bottom={figure: arrays[f"{name}/{figure}/bottom"] for figure in one["scale"]},
                scale=one["scale"],
            )
            for name, one in rest.items()
        }
