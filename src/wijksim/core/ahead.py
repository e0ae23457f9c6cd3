"""Compile what a month needs before it is needed, on several processors.

A function is compiled at its first use, one after another, and by each of several workers that use it at the same
time. A list of the functions of a month, and of the types they are called with, lets processes share them out. What
the list lacks is compiled at its first use as ever, and nothing fails for a list that is out of date.

``python -m wijksim.core.ahead`` compiles the list if that has yet to be done; ``python -m wijksim.core.ahead PART OF``
compiles one part of it and writes a line for every function.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import llvmlite.binding as llvm
import numba
from numba import types

from wijksim.core import mixing
from wijksim.core.kept_code import FORM
from wijksim.core.kinds import read, written

LIST = Path(__file__).with_name("ahead.txt")
MOST = 4  # processes: a node of a cluster has many processors, and starting one takes a second
NOTICE = "compiling the loops of the month (one to five minutes, once)"
_MARK = "ahead-"

Tick = Callable[[int, int], None]
"""Called with functions done and functions in all."""


def used() -> list[str]:
    """Lines of the list for all functions that this process has compiled or read from disk so far, sorted."""
    lines = []
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("wijksim."):
            continue
        for function in vars(module).values():
            if getattr(getattr(function, "py_func", None), "__module__", None) == name:
                for kinds in function.overloads:
                    with contextlib.suppress(ValueError):
                        lines.append(f"{name} {function.__name__} {written(types.Tuple(kinds))}")
    return sorted(lines)


@cache
def listed() -> tuple[tuple[str, str, str], ...]:
    """Module, function and types of every line of the list."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    return tuple((module, name, kinds) for module, name, kinds in (line.split(" ", 2) for line in lines))


def compile_part(part: int, of: int, said: Callable[[str], object]) -> None:
    """Compile the functions of every ``of``-th file, beginning with the ``part``-th; say the name of each.

    Files are not divided: functions of one file call each other, and would be compiled twice.
    """
    sizes = {module: sum(one[0] == module for one in listed()) for module, _, _ in listed()}
    modules = sorted(sizes, key=lambda module: (-sizes[module], module))
    # there and back again, so that the parts are about as long as each other
    turns = [*range(of), *reversed(range(of))]
    mine = {module for place, module in enumerate(modules) if turns[place % len(turns)] == part}
    for module, name, kinds in listed():
        if module in mine:
            with contextlib.suppress(ImportError, AttributeError, ValueError, numba.core.errors.NumbaError):
                getattr(importlib.import_module(module), name).compile(tuple(read(kinds).types))
            said(name)


def is_wanted() -> bool:
    """Whether the list has yet to be compiled for these files, this Python and this processor."""
    mark = _mark()
    return mark is not None and not mark.exists()


def compile_ahead(tick: Tick = lambda done, total: None, *, workers: int | None = None) -> None:
    """Compile what is on the list, each part in a process of its own; what is on disk already takes no time.

    ``tick`` hears of the first step before anything is done.
    """
    mark, of, total = _mark(), workers or min(_processors(), MOST), len(listed())
    tick(0, total)
    command = [sys.executable, "-m", __spec__.name]
    source, sink = os.pipe()  # one for all: it ends when the last of them does
    parts = [
        subprocess.Popen([*command, str(part), str(of)], stdout=sink, stderr=subprocess.DEVNULL)
        for part in range(of)
    ]
    os.close(sink)
    try:
        with open(source, encoding="utf-8") as lines:  # noqa: PTH123 (a descriptor)
            for done, _ in enumerate(lines, start=1):
                tick(done, total)
    finally:
        for one in parts:
            one.kill()
            one.wait()
    if mark is None:
        return
    with contextlib.suppress(OSError):
        for old in mark.parent.glob(f"{_MARK}*"):
            old.unlink()
        mark.touch()


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _mark() -> Path | None:
    """File that says that the list has been compiled for these files, this Python and this processor.

    None where nothing can be kept, or a file of the list is gone: then each function is compiled when it is used.
    """
    seen = [
        FORM,
        sys.version,
        numba.__version__,
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    ]
    for module in sorted({module for module, _, _ in listed()}):
        place = Path(__file__).parents[1].joinpath(*module.split(".")[1:])
        path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        try:
            known = path.stat()
        except OSError:
            return None
        seen.append(f"{path} {known.st_mtime_ns} {known.st_size}")
    digest = hashlib.blake2b("\n".join(seen).encode(), digest_size=8).hexdigest()
    kept: str | None = mixing.below.stats.cache_path  # type: ignore[attr-defined]
    return None if kept is None else Path(kept) / f"{_MARK}{digest}"


def main() -> None:
    """Compile one part of the list, or all of it if that is wanted."""
    if sys.argv[1:]:
        part, of = map(int, sys.argv[1:])
        compile_part(part, of, lambda name: print(name, flush=True))  # noqa: T201 (to who started this)
    elif is_wanted():
        print(f"{NOTICE} meanwhile", file=sys.stderr, flush=True)  # noqa: T201 (to who waits)
        compile_ahead()


if __name__ == "__main__":
    main()
