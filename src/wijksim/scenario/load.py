"""From the name of a scenario to a checked scenario: nothing is written, all problems come at once."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wijksim.core.documents import Document, Node, from_data, load
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.resources import shipped
from wijksim.scenario.check import Check
from wijksim.scenario.findings import listed
from wijksim.scenario.known import Known
from wijksim.scenario.layers import PROSE, Layer, defaults, merge, shape
from wijksim.scenario.resolve import Scenario

COMMAND_LINE = "command line"
LONGEST_CHAIN = 20

_ACTING = frozenset({"levers", "strategies", "world", "world.districts", "start", "months"})
"""Keys that decide what acts where and when."""

type KnownSource = Known | Callable[[], Known]
"""What exists, or a function that says so after the plug-ins of a scenario have been imported."""

type MoreChecks = Sequence[Callable[[Scenario], list[Problem]]]
"""What is wrong with a scenario as a whole; it may lack the parts with which something is wrong already."""


def load_scenario(
    source: str | Path, *, known: KnownSource, overrides: Mapping[str, Any] | None = None
) -> Scenario:
    """Load and check one scenario.

    Parameters
    ----------
    source
        Name of a shipped scenario, or path of a file.
    known
        What may be named; a function is called after plug-ins are imported.
    overrides
        What the command line says, in the grammar of a file: ``{"world": {"size": 2000}, "months": 60}``; a
        dotted key is one entry of a mapping (``{"world.size": 2000, "set.debt.onset_rate": 0.03}``).

    Raises
    ------
    InputError
        With every problem of the file, its parents and the files that they name.
    """
    return load_scenarios([source], known=known, overrides=overrides)[0]


def load_scenarios(
    sources: Iterable[str | Path],
    *,
    known: KnownSource,
    overrides: Mapping[str, Any] | None = None,
    checks: MoreChecks = (),
) -> tuple[Scenario, ...]:
    """Load and check several scenarios; the problems of all of them are reported together.

    ``checks`` look at every scenario as a whole.

    Raises
    ------
    InputError
        As :func:`load_scenario`.
    """
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            path = find_scenario(source)
            document = load(path, lenient=True)
            scenarios.append(check(document, known, folder=path.parent, overrides=overrides, checks=checks))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(scenarios)


SHELVES = ("", "levers", "focus-areas")
"""Folders of the library whose scenarios are known by name alone."""


def shipped_scenarios() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, in alphabetical order."""
    return tuple(sorted(shipped_files()))


def shipped_files() -> dict[str, Path]:
    """Return the file of every shipped scenario by name."""
    library = shipped("scenarios")
    return {path.stem: path for shelf in SHELVES for path in sorted((library / shelf).glob("*.yaml"))}


def find_scenario(source: str | Path) -> Path:
    """Return the file that a name or path stands for.

    Raises
    ------
    InputError
        If a bare name is neither a shipped scenario nor a file in the current folder, or a missing file has the name
        of a shipped scenario.
    """
    text = str(source)
    if not text.strip():
        raise InputError([Problem(COMMAND_LINE, 1, 1, "the name of a scenario is empty")])
    if isinstance(source, Path) or _is_path(text):
        file = Path(source)
        if file.stem in shipped_files() and not _is_there(file):
            message = "there is no such file, but a shipped scenario goes by its name alone"
            raise InputError([Problem(text, 1, 1, message, file.stem)])
        return file
    if (path := shipped_files().get(text)) is not None:
        return _short(path)
    try:
        for candidate in (Path(f"{text}.yaml"), Path(text)):
            if candidate.is_file():
                return candidate
    except (OSError, ValueError):
        pass  # a text that cannot be a file name is no scenario either
    names = shipped_scenarios()
    guess = did_you_mean(text, names)
    message = "there is no scenario of this name" + ("" if guess else f", shipped are {listed(names)}")
    raise InputError([Problem(text, 1, 1, message, guess)])


def check(
    document: Document,
    known: KnownSource,
    *,
    folder: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    checks: MoreChecks = (),
) -> Scenario:
    """Check a document that was read, with its parents, and return the scenario.

    Parameters
    ----------
    document
        The scenario.
    known
        What may be named.
    folder
        Where relative paths start; the folder of the document if omitted.
    overrides, checks
        As in :func:`load_scenarios`.

    Raises
    ------
    InputError
        As :func:`load_scenario`.
    """
    chain = _Chain()
    chain.add(document, Path(document.path).parent if folder is None else folder)
    layers = [defaults(), *reversed(chain.layers)]
    own = len(layers) - 1
    problems = chain.problems
    written, more = merge(layers, own)
    problems += more if chain.whole else []
    nodes = written
    if overrides:
        layer, found = _command_line(overrides)
        nodes, more = merge([*layers, layer], own)
        problems += found + [problem for problem in more if problem.file == COMMAND_LINE]
    problems += _import_plugins(nodes)
    checked = Check(
        nodes,
        known() if callable(known) else known,
        chain.folders,
        written_months=int(written.find(("months",)).value or 0),
        whole=chain.whole,
        doubtful=chain.doubtful,
    )
    scenario = checked.scenario(Path(document.path).stem, chain.ids[1:])
    problems += checked.findings.problems
    # with a parent or a value that nobody could read, what looks wrong may be what is missing
    if chain.whole and not chain.doubtful & _ACTING:
        problems += [problem for more in checks for problem in more(scenario)]
    if problems:
        raise InputError(chain.and_what_follows(problems))
    return scenario


@dataclass
class _Chain:
    """A scenario and its parents, the scenario first."""

    layers: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    folders: dict[str, Path] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    whole: bool = True
    doubtful: frozenset[str | int] = frozenset()
    documents: list[Document] = field(default_factory=list)

    def and_what_follows(self, problems: list[Problem]) -> list[Problem]:
        """Leave out what is only found because a place could not be read."""
        for document in self.documents:
            problems = document.and_what_follows(problems)
        return problems

    def add(self, document: Document, folder: Path) -> None:
        seen = [Path(document.path).resolve()]
        while True:
            layer, problems = shape(document, folder)
            self.layers.append(layer)
            self.documents.append(document)
            self.doubtful |= layer.doubtful
            self.problems += problems
            self.folders[document.path] = folder
            self.ids.append(Path(document.path).stem)
            node = layer.root.child("extends")
            if node is None:
                # A malformed 'extends' was cut away; what the parent says is then unknown.
                self.whole = not layer.doubtful & {"extends", "<<"}
                return
            parent = self._parent(node, folder, seen)
            if parent is None:
                self.whole = False
                return
            try:
                document = load(parent, lenient=True)
            except InputError as error:
                self.problems += error.problems
                self.whole = False
                return
            folder = parent.parent
            seen.append(parent.resolve())

    def _parent(self, node: Node, folder: Path, seen: Sequence[Path]) -> Path | None:
        name = str(node.value)
        try:
            path = _beside(name, folder, seen[-1])
        except (OSError, ValueError) as error:
            self.problems.append(node.problem(f"'{name[:80]}' is no name of a file: {error}"))
            return None
        if path is None and _is_path(name) and (folder / name).is_dir():
            self.problems.append(node.problem(f"'{name}' is a folder, a scenario file is expected"))
            return None
        if path is None:
            beside = [entry.stem for entry in folder.glob("*.yaml")] if folder.is_dir() else []
            guess = did_you_mean(name, {*shipped_scenarios(), *beside})
            message = f"there is no scenario '{name}' to extend"
            self.problems.append(node.problem(message, guess))
            return None
        if path.resolve() in seen:
            names = [*(entry.name for entry in seen[seen.index(path.resolve()) :]), path.name]
            self.problems.append(node.problem(f"'extends' runs in a circle: {' -> '.join(names)}"))
            return None
        if len(seen) > LONGEST_CHAIN:
            self.problems.append(node.problem(f"more than {LONGEST_CHAIN} scenarios extend each other"))
            return None
        return path


def _beside(name: str, folder: Path, this: Path) -> Path | None:
    if _is_path(name):
        path = folder / name
        return _short(path) if path.is_file() else None
    beside = folder / f"{name}.yaml"
    # A file of one's own called baseline.yaml may extend the shipped baseline.
    if beside.is_file() and beside.resolve() != this:
        return _short(beside)
    known = shipped_files().get(name)
    if known is not None:
        return _short(known)
    return _short(beside) if beside.is_file() else None


def _command_line(overrides: Mapping[str, Any]) -> tuple[Layer, list[Problem]]:
    data: dict[str, Any] = {}
    problems = []
    for key, value in overrides.items():
        head, dot, rest = key.partition(".")
        if head in (*PROSE, "extends"):
            problems.append(Problem(COMMAND_LINE, 1, 1, f"'{head}' can only be said in a scenario file"))
        elif dot:
            below = data.setdefault(head, {})
            if isinstance(below, dict):
                below[rest] = value
        elif isinstance(value, Mapping):
            data[key] = {**data.get(key, {}), **value}
        else:
            data[key] = value
    layer, found = shape(from_data(data, COMMAND_LINE), Path(), whole=False)
    return layer, problems + found


def _import_plugins(nodes: Node) -> list[Problem]:
    found = ((node, import_plugin(str(node.value))) for node in nodes.find(("plugins",)).items or [])
    return [node.problem(message) for node, message in found if message]


def import_plugin(name: str) -> str | None:
    """Import a plug-in by the name of its module; return what is wrong with it, None if nothing is."""
    try:
        importlib.import_module(name)
    except SystemExit as error:  # a script with 'sys.exit' at its end; it must not end whoever reads about it
        code = "" if error.code is None else error.code
        return (
            f"plug-in '{name}' cannot be imported: it ends the program when it is imported (sys.exit({code}))"
        )
    except Exception as error:
        return f"plug-in '{name}' cannot be imported: {error}"
    return None


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith((".yaml", ".yml"))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _short(path: Path) -> Path:
    """Return a path as people would write it from the current folder."""
    resolved = path.resolve()
    return resolved.relative_to(Path.cwd()) if resolved.is_relative_to(Path.cwd()) else resolved
