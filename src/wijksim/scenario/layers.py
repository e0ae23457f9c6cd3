"""The layers of a scenario laid over each other: defaults, parents, the scenario itself, the command line.

Merging works on nodes, so every value keeps the file, line and column it was written at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from wijksim.core.documents import Document, KeyPath, Node, load_text
from wijksim.core.errors import Problem
from wijksim.scenario.messages import Keys, keys_at, problems_of
from wijksim.scenario.schema import KEYS, LEVER_FIELDS, SCHEMA_VERSION, ScenarioFile

DEFAULTS = Path(__file__).parent / "defaults.yaml"
DEFAULTS_NAME = "default"

PROSE = ("schema", "title", "question", "source", "assumed", "would_change_our_mind")
"""Keys that a scenario says for itself and never inherits."""

_HEAD: dict[str, int | str] = {"schema": SCHEMA_VERSION, "title": "-"}
_NEEDED = (*_HEAD, "place", "value", "lever")
_BY_KEY = ("world", "record")
_BY_ENTRY = ("set", "strategies", "series", "loops", "budget")


@dataclass(frozen=True)
class Layer:
    """One file, or the command line, after the check of its shape.

    Attributes
    ----------
    root
        Its content without the parts that are malformed.
    folder
        Where relative paths in it start.
    doubtful
        Keys at its head below which something could not be read or is malformed (of ``world`` the key below it):
        they may have been meant otherwise.
    """

    root: Node
    folder: Path
    doubtful: frozenset[str | int] = frozenset()


@lru_cache(maxsize=1)
def defaults() -> Layer:
    """Return the layer below all others."""
    document = load_text(DEFAULTS.read_text(encoding="utf-8"), DEFAULTS_NAME)
    ScenarioFile.model_validate(document.data)
    return Layer(document.positions, DEFAULTS.parent)


def shape(document: Document, folder: Path, *, whole: bool = True) -> tuple[Layer, list[Problem]]:
    """Check the shape of one layer; return what is well formed, and the problems.

    Parameters
    ----------
    document
        The file as read.
    folder
        Where relative paths in it start.
    whole
        False for the command line, which has no ``schema`` and ``title``.
    """
    root = copied(document.positions)
    _drop_empty(root, ())
    if not whole:
        _complete(root, _HEAD)
    found = _fit(root, ScenarioFile, _HEAD, KEYS)
    doubtful = {_doubt(path) for _, path in found} | {
        _doubt((*path[:-1], problem.hint)) for problem, path in found if path and problem.hint
    }
    problems = document.and_what_follows(problem for problem, _ in found)
    return Layer(root, folder, document.doubtful | doubtful), problems


def fit(
    root: Node, model: type[BaseModel], needed: Mapping[str, int | str], keys: Keys = KEYS
) -> list[Problem]:
    """Cut out of a tree what is malformed, until it fits a grammar.

    Parameters
    ----------
    root
        The tree; it is changed.
    model, keys
        The grammar, and its keys by the place they stand in.
    needed
        What stands in for keys that may not be left out.

    Returns
    -------
    list of Problem
        All that is wrong with the shape of the tree as it was.
    """
    return [problem for problem, _ in _fit(root, model, needed, keys)]


def _fit(
    root: Node, model: type[BaseModel], needed: Mapping[str, int | str], keys: Keys
) -> list[tuple[Problem, tuple[str | int, ...]]]:
    first: list[tuple[Problem, tuple[str | int, ...]]] | None = None
    while True:
        try:
            model.model_validate(root.data())
        except ValidationError as error:
            found = problems_of(error, root, keys)
            # The first pass sees everything; later ones only see the gaps that the cuts left.
            first = found if first is None else first
            for path in sorted({path for _, path in found}, key=_cut_order, reverse=True):
                _cut(root, path)
            _complete(root, needed)
        else:
            return first or []


def merge(layers: Sequence[Layer], scenario: int) -> tuple[Node, list[Problem]]:
    """Lay layers over each other, the last on top.

    Mappings merge by key; lists replace; an entry of ``set``, ``strategies``, ``series``, ``loops`` and
    ``budget`` replaces the entry of that name as a whole. Of ``levers``, an entry replaces the one with the
    same ``id`` (its ``lever`` if it has no id), ``remove: true`` takes one away, and the rest is added.

    Parameters
    ----------
    layers
        From the bottom to the top.
    scenario
        Index of the layer that is the scenario itself; prose comes from there alone.
    """
    problems: list[Problem] = []
    top = layers[scenario].root
    merged = Node(top.file, top.line, top.column, entries={})
    assert merged.entries is not None
    uses: dict[str, Node] = {}
    for index, layer in enumerate(layers):
        for key, (key_node, value) in (layer.root.entries or {}).items():
            if key in PROSE:
                if index == scenario:
                    merged.entries[key] = (key_node, value)
            elif key == "levers":
                problems += _merge_levers(uses, value)
                merged.entries[key] = (key_node, value)
            elif key in merged.entries and key in (*_BY_KEY, *_BY_ENTRY):
                merged.entries[key] = (key_node, _union(merged.entries[key][1], value))
            elif key != "extends":
                merged.entries[key] = (key_node, value)
    if "levers" in merged.entries:
        key_node, value = merged.entries["levers"]
        ordered = [uses[name] for name in sorted(uses)]
        merged.entries["levers"] = (key_node, Node(value.file, value.line, value.column, items=ordered))
    return merged, problems


def use_id(entry: Node) -> str:
    """Return the id of an entry of ``levers``: its own, or the name of its lever."""
    own = entry.child("id") or entry.child("lever")
    return str(own.value) if own is not None else ""


def _merge_levers(uses: dict[str, Node], entries: Node) -> list[Problem]:
    problems = []
    here: set[str] = set()
    for entry in entries.items or []:
        name = use_id(entry)
        removal = entry.child("remove")
        if removal is not None and removal.value is True:
            problems += _remove(uses, entry, name)
        elif name in here:
            problems.append(
                entry.problem(f"'{name}' stands twice among the levers; give each use its own 'id'")
            )
        else:
            here.add(name)
            uses[name] = entry
    return problems


def _remove(uses: dict[str, Node], entry: Node, name: str) -> list[Problem]:
    extra = [key for key in entry.entries or {} if key not in ("lever", "id", "remove")]
    problems = [
        entry.key_node((key,)).problem(f"'{key}' has no meaning beside 'remove: true'") for key in extra
    ]
    lever = entry.child("lever")
    assert lever is not None
    gone = [
        key
        for key, use in uses.items()
        if (key == name if entry.child("id") else use.find(("lever",)).value == lever.value)
    ]
    if not gone:
        problems.append(entry.problem(f"there is no use of '{name}' in a parent to remove"))
    for key in gone:
        del uses[key]
    return problems


def _union(below: Node, above: Node) -> Node:
    entries = {**(below.entries or {}), **(above.entries or {})}
    return Node(above.file, above.line, above.column, entries=entries)


def copied(node: Node) -> Node:
    """Return a tree of its own, to be cut."""
    result = Node(node.file, node.line, node.column, node.value, size=node.size)
    if node.entries is not None:
        result.entries = {key: (at, copied(value)) for key, (at, value) in node.entries.items()}
    if node.items is not None:
        result.items = [copied(item) for item in node.items]
    return result


def _drop_empty(node: Node, path: tuple[str | int, ...]) -> None:
    """Take keys with nothing behind them away: 'levers:' says nothing. What is needed stays, to be refused."""
    optional = LEVER_FIELDS if _is_lever(path) else keys_at(path)
    for key, (_, value) in list((node.entries or {}).items()):
        if not (value.value is None and value.entries is None and value.items is None):
            _drop_empty(value, (*path, key))
        elif key in optional and key not in _NEEDED:
            assert node.entries is not None
            del node.entries[key]
    for index, item in enumerate(node.items or []):
        _drop_empty(item, (*path, index))


def _doubt(path: KeyPath) -> str | int:
    """Name what a path puts in doubt: a key at the head, of ``world`` only what is below it."""
    parts = path[:2] if path[:1] == ("world",) else path[:1]
    return ".".join(str(part) for part in parts)


def _is_lever(path: tuple[str | int, ...]) -> bool:
    return len(path) == 2 and path[0] == "levers"


def _complete(root: Node, needed: Mapping[str, int | str]) -> None:
    for key, value in needed.items():
        place = Node(root.file, root.line, root.column, value)
        assert root.entries is not None
        root.entries.setdefault(key, (place, place))


def _cut_order(path: KeyPath) -> list[tuple[bool, int, str]]:
    return [(isinstance(part, int), part, "") if isinstance(part, int) else (False, 0, part) for part in path]


def _cut(root: Node, path: KeyPath) -> None:
    """Take the value at a path out of the tree."""
    if not path:
        return
    parent, key = root.find(path[:-1]), path[-1]
    if parent.entries is not None:
        parent.entries.pop(key, None)
    elif parent.items is not None and isinstance(key, int) and key < len(parent.items):
        del parent.items[key]
