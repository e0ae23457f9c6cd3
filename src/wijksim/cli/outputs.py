"""Files that a command writes: none of them may be a file that it reads, and no two of them one file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijksim.scenario.resolve import Scenario

SWEPT = (
    "sweep.json",
    "design.csv",
    "measures.json",
    "prices.yaml",
    "scenarios/*.yaml",
    "results/*.parquet",
    "runs/*.parquet",
)
"""What is read of the folder of a sweep."""


def refuse_overwriting(outputs: Iterable[tuple[str, Path]], inputs: Iterable[Path]) -> None:
    """Refuse to lose a file, before anything is run or written.

    Parameters
    ----------
    outputs
        Options with the files that they make the command write.
    inputs
        Files that the command reads; those that are not there do not matter.

    Raises
    ------
    InputError
        With every output that is an input, and every two outputs that are one file.
    """
    from wijksim.core.errors import InputError, Problem

    written = list(outputs)
    read = {str(path): path for path in inputs}
    found = []
    for place, (option, path) in enumerate(written):
        source = next((one for one in read.values() if one.exists() and same_file(path, one)), None)
        if source is not None:
            found.append(f"{option}: '{path}' would replace '{source}', which this command reads")
        twin = next((name for name, other in written[:place] if same_file(path, other)), None)
        if twin is not None:
            found.append(f"{option}: '{path}' is the file of {twin} too; each needs a file of its own")
    if found:
        raise InputError([Problem("command line", 1, 1, message) for message in found])


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, which need not be there yet."""
    try:
        if one.samefile(other):
            return True
    except OSError:
        pass  # one of them is not there yet
    return one.resolve() == other.resolve()


def plugin_files(scenarios: Iterable[Scenario]) -> list[Path]:
    """Modules that scenarios name as plug-ins."""
    names = dict.fromkeys(name for spec in scenarios for name in spec.plugins)
    files = (getattr(sys.modules.get(name), "__file__", None) for name in names)
    return [Path(file) for file in files if file]


def in_folder(option: str, folder: Path, names: Iterable[str]) -> list[tuple[str, Path]]:
    """Files that a command writes to a folder, for :func:`refuse_overwriting`."""
    return [(option, folder / name) for name in names]


def below(folders: Sequence[Path], patterns: Sequence[str]) -> list[Path]:
    """Files in folders that a command may read there, by patterns of their names."""
    return [path for folder in folders if folder.is_dir() for one in patterns for path in folder.glob(one)]
