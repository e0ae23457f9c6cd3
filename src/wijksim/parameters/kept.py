"""Parameters as they were read, kept beside their files so that the next start need not read YAML.

Like bytecode and compiled loops: a file in ``__pycache__`` that may be thrown away at any time, and that is trusted
only if it was made of the very bytes that lie there now, values and reader alike.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

from wijksim.core import documents, scalars
from wijksim.parameters import load, schema
from wijksim.parameters.schema import Parameter

_READERS = (documents, scalars, load, schema)
_FIELDS = tuple(field.name for field in fields(Parameter))
_SOURCE, _DATED = _FIELDS.index("source"), _FIELDS.index("dated")


def load_kept(folder: Path = load.VALUES) -> dict[str, Parameter]:
    """Do what :func:`wijksim.parameters.load.load_values` does, from what was kept if nothing has changed since."""
    kept, stamp = folder / "__pycache__" / "values.json", _stamp(folder)
    found = _read(kept, stamp)
    if found is None:
        found = load.load_values(folder)
        _write(kept, stamp, found)
    return found


def _stamp(folder: Path) -> str:
    """Digest of the files and of the modules that read them."""
    digest = blake2b(digest_size=16)
    for path in [*sorted(folder.glob("*.yaml")), *(Path(str(module.__file__)) for module in _READERS)]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(kept: Path, stamp: str) -> dict[str, Parameter] | None:
    """Parameters of that stamp, or None if there are none or they cannot be read."""
    try:
        data = json.loads(kept.read_bytes())
        if data["stamp"] != stamp:
            return None
        return {row[0]: _parameter(row) for row in data["parameters"]}
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def _parameter(row: list[Any]) -> Parameter:
    """Parameter of its fields; JSON knows no tuples."""
    row[_SOURCE] = tuple(row[_SOURCE])
    row[_DATED] = tuple([(since, value) for since, value in row[_DATED]])
    return Parameter(*row)


def _write(kept: Path, stamp: str, parameters: dict[str, Parameter]) -> None:
    """Keep parameters; where nobody may write, the next start reads YAML again."""
    rows = [[getattr(parameter, name) for name in _FIELDS] for parameter in parameters.values()]
    partial = kept.with_suffix(f".{os.getpid()}.tmp")  # several processes may start at once
    with contextlib.suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        partial.write_text(json.dumps({"stamp": stamp, "parameters": rows}), encoding="utf-8")
        partial.replace(kept)
