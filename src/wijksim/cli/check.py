"""``check`` and ``version``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijksim.cli.console import out, say, write_json
from wijksim.cli.options import READING, WRITING, Json, Verbose, register

if TYPE_CHECKING:
    from wijksim.core.errors import Problem


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    register(
        app,
        "check",
        WRITING,
        examples=(
            "wijksim check my-idea.yaml",
            "wijksim check scenarios/*.yaml",
            "wijksim check baseline",
            "wijksim check prices.yaml",
        ),
        then="wijksim run FILE --months 12 --size 500 for a first look.",
    )(check)


def add_version_to(app: typer.Typer) -> None:
    """Register ``version``."""
    register(app, "version", READING, examples=("wijksim version",), then="wijksim, for where to start.")(
        version
    )


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Scenario, experiment or price files, or names of shipped scenarios.",
        ),
    ],
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Check scenario, experiment and price files without running them.

    Every problem of every file is reported at once, as file:line:col, what is wrong, and what was perhaps meant. A
    file without problems gets an 'ok'. Exit code 2 if there is any problem. What is right but perhaps not meant is a
    warning: a lever that does nothing, ends before its full dose, or stands twice for the same places and months.
    'wijksim new prices' writes a price file.
    """
    from wijksim.core.errors import InputError

    del verbose
    found: dict[str, tuple[Problem, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for file in dict.fromkeys(files):
        try:
            words[file], found[file] = _load(file), ()
        except InputError as error:
            found[file] = error.problems
    if json:
        write_json([_report(file, problems, words.get(file, ())) for file, problems in found.items()])
    else:
        for file, remarks in words.items():
            for remark in remarks:
                say(f"warning: {remark}")
            out().print(f"{file}: ok", soft_wrap=True, markup=False)
    wrong = [problem for problems in found.values() for problem in problems]
    if wrong:
        raise InputError(wrong)


def _load(file: str) -> tuple[str, ...]:
    """Load a file as what it is, and return what is worth a word.

    With a question and scenarios it is an experiment, as is a folder or the name of a shipped one; with a dot in a name
    at its head a price file, as no key of a scenario has one.
    """
    from wijksim.core.documents import load
    from wijksim.core.errors import InputError, Problem
    from wijksim.model.known import all_parameters, load_scenario
    from wijksim.model.remarks import remarks
    from wijksim.runs.sweeps.load import load_experiment, shipped_experiments
    from wijksim.scenario.load import COMMAND_LINE, shipped_scenarios
    from wijksim.scenario.prices import load_prices

    if not file.strip():
        raise InputError([Problem(COMMAND_LINE, 1, 1, "the name of a file is empty")])
    path = Path(file)
    try:
        keys = set(load(path, lenient=True).data) if path.is_file() else set()
    except InputError:
        keys = set()
    named = file in shipped_experiments() and file not in shipped_scenarios() and not path.is_file()
    if {"question", "scenarios"} <= keys or path.is_dir() or named:
        specs = load_experiment(file).scenarios
        return tuple(dict.fromkeys(word for spec in specs for word in remarks(spec, whole=True)))
    elif any("." in str(key) for key in keys):
        return tuple(
            word for price in load_prices(file, all_parameters().parameters) for word in price.remarks
        )
    else:
        return remarks(load_scenario(file), whole=True)
    return ()


def _report(file: str, problems: Sequence[Problem], remarks: Sequence[str]) -> dict[str, object]:
    told = [asdict(problem) for problem in problems]
    return {"file": file, "ok": not problems, "problems": told, "warnings": list(remarks)}


def version(json: Json = False) -> None:
    """Print the version of wijksim and of what its results depend on."""
    import importlib.metadata
    import platform

    names = ("mesa", "numpy", "scipy", "pandas")
    found = {"wijksim": _version("wijksim"), "python": platform.python_version()}
    found |= {name: importlib.metadata.version(name) for name in names}
    if json:
        write_json(found)
    else:
        out().print("\n".join(f"{name} {number}" for name, number in found.items()))


def _version(name: str) -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "unknown (not installed)"
