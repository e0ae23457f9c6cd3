"""The one reader of YAML: plain data, the place of every key and value, and every problem at once.

It follows the core schema of YAML 1.2: ``no``, ``on``, ``yes`` and ``off`` are text, so are dates and
``1_000``; ``1e3`` is a number, ``0o17`` is octal. PyYAML supplies the parser, its own resolvers (YAML 1.1)
are not used. Anchors and aliases work; merge keys (``<<``), several documents in one file, and keys that
are not text or whole numbers are refused. Size, depth and the number of values after expansion of aliases are
capped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.reads import note_read
from wijksim.core.scalars import NOT_PRINTABLE, ScalarError, resolve
from wijksim.core.syntax import place, syntax_problem

type KeyPath = Sequence[str | int]

MAX_BYTES = 10_000_000
MAX_NODES = 200_000
MAX_DEPTH = 60
FEW = 6  # files that are told by name where the one that was named is not there
HEAD = 2  # depth of the keys at the head of a file

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A piece of a document with its place.

    Attributes
    ----------
    file, line, column
        Where the value stands, counted from 1.
    value
        The value of a scalar; None for a mapping or a list.
    entries
        Key to (key node, value node), for a mapping; else None.
    items
        Items of a list; else None.
    size
        Number of nodes with aliases written out.
    """

    file: str
    line: int
    column: int
    value: str | int | float | bool | None = None
    entries: dict[str | int, tuple[Node, Node]] | None = None
    items: list[Node] | None = None
    size: int = 1

    def data(self) -> Any:
        """Return the plain data; aliases become copies, so that nobody shares what they change."""
        if self.entries is not None:
            return {key: value.data() for key, (_, value) in self.entries.items()}
        if self.items is not None:
            return [item.data() for item in self.items]
        return self.value

    def find(self, path: KeyPath) -> Node:
        """Return the node at a key path, or the nearest one above it."""
        node = self
        for key in path:
            below = node.child(key)
            if below is None:
                break
            node = below
        return node

    def child(self, key: str | int) -> Node | None:
        """Return the value under a key or at an index, if there is one."""
        if self.entries is not None:
            return self.entries[key][1] if key in self.entries else None
        if self.items is not None and isinstance(key, int) and 0 <= key < len(self.items):
            return self.items[key]
        return None

    def key_node(self, path: KeyPath) -> Node:
        """Return the node of the last key of a path; the value itself for items of a list."""
        if path:
            parent = self.find(path[:-1])
            if parent.entries is not None and path[-1] in parent.entries:
                return parent.entries[path[-1]][0]
        return self.find(path)

    def problem(self, message: str, hint: str | None = None) -> Problem:
        """Return a problem at this place."""
        return Problem(self.file, self.line, self.column, message, hint)


@dataclass(frozen=True)
class Document:
    """A file that was read.

    Attributes
    ----------
    path
        The file, as given.
    data
        Plain data: dict, list, str, int, float, bool, None.
    positions
        The same as a tree of nodes that know their place.
    problems
        What could not be read though the rest could: a key twice (the first holds), a number out of reach.
    doubtful
        Keys at the head of the file below which something of that kind stands.
    """

    path: str
    data: dict[Any, Any]
    positions: Node = field(repr=False)
    problems: tuple[Problem, ...] = ()
    doubtful: frozenset[str | int] = frozenset()

    def and_what_follows(self, found: Iterable[Problem]) -> list[Problem]:
        """Return the problems of reading and those found since; a place that could not be read is told once."""
        told = {(one.file, one.line, one.column) for one in self.problems}
        return [*self.problems, *(one for one in found if (one.file, one.line, one.column) not in told)]

    def position(self, path: KeyPath) -> tuple[int, int]:
        """Return (line, column) of the value at a key path, or of the nearest value above it."""
        node = self.positions.find(path)
        return node.line, node.column

    def key_position(self, path: KeyPath) -> tuple[int, int]:
        """Return (line, column) of the key that ends a path; of the item itself in a list."""
        node = self.positions.key_node(path)
        return node.line, node.column

    def problem(
        self, path: KeyPath, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> Problem:
        """Return a problem at a key path."""
        line, column = self.key_position(path) if at_key else self.position(path)
        return Problem(self.path, line, column, message, hint)


def load(path: str | Path, *, lenient: bool = False) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path
        The file.
    lenient
        Read on past duplicate or unusable keys and values out of reach; they are ``problems`` of the document,
        for whoever can tell more of the rest.

    Raises
    ------
    InputError
        If it is missing, unreadable, not UTF-8, too large, empty, not YAML or not a mapping, or, unless
        ``lenient``, has duplicate or unusable keys. Never anything else.
    """
    name = str(path)

    def refuse(message: str, hint: str | None = None) -> InputError:
        return InputError([Problem(name, 1, 1, message, hint)])

    try:
        file = Path(path)
        if file.is_dir():
            raise refuse("this is a folder, a YAML file is expected")
        if not file.exists():
            guess, beside = _neighbour(file)
            raise refuse(f"there is no such file{beside}", guess)
        if not file.is_file():
            raise refuse("this is not an ordinary file")
        if file.stat().st_size > MAX_BYTES:
            raise refuse(f"the file is larger than {MAX_BYTES:,} bytes")
        raw = file.read_bytes()
        note_read(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refuse(f"the file cannot be read: {reason}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        line, column = place(before, len(before))
        raise InputError([Problem(name, line, column, "the file is not UTF-8 text")]) from None
    return load_text(text, name, lenient=lenient)


def load_text(text: str, name: str, *, lenient: bool = False) -> Document:
    """Read YAML from a text; ``name`` stands for the file in messages.

    Raises
    ------
    InputError
        As :func:`load`.
    """
    if len(text) > MAX_BYTES:
        raise InputError([Problem(name, 1, 1, f"the text is longer than {MAX_BYTES:,} characters")])
    bad = NOT_PRINTABLE.search(text)
    if bad is not None:
        line, column = place(text, bad.start())
        message = f"the file holds a character that is not text (U+{ord(bad.group()):04X})"
        raise InputError([Problem(name, line, column, message)])
    composer = _Composer(name)
    root: Node | None = None
    broken = True
    try:
        root = composer.compose(yaml.parse(text, Loader=_LOADER))
        broken = False
    except yaml.MarkedYAMLError as error:
        composer.problems.append(syntax_problem(name, text, error))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The parser written in Python lets a bad escape such as "\U00110000" through as a ValueError.
        composer.problems.append(Problem(name, 1, 1, f"not valid YAML: {error}"))
    except _RefusedError:
        pass
    if composer.problems and (broken or not lenient or root is None or root.entries is None):
        raise InputError(composer.problems)
    if root is None or (root.entries is None and root.items is None and root.value is None):
        raise InputError([Problem(name, 1, 1, "the file is empty")])
    if root.entries is None:
        raise InputError([root.problem("the file must hold keys with values ('key: value')")])
    return Document(name, root.data(), root, tuple(composer.problems), frozenset(composer.doubtful))


def from_data(data: Mapping[str, Any], name: str) -> Document:
    """Make a document of plain data, such as options of a command line; every place is 1:1.

    Raises
    ------
    TypeError
        If the data holds anything but mappings, lists, text, numbers, booleans and None.
    """
    root = node_of(data, name)
    return Document(name, root.data(), root)


def node_of(data: object, file: str, line: int = 1, column: int = 1) -> Node:
    """Make a node of plain data with one place for all of it."""
    if isinstance(data, Mapping):
        entries = {
            key: (Node(file, line, column, key), node_of(value, file, line, column))
            for key, value in data.items()
        }
        return Node(file, line, column, entries=entries)
    if isinstance(data, list | tuple):
        return Node(file, line, column, items=[node_of(item, file, line, column) for item in data])
    if data is None or isinstance(data, str | int | float | bool):
        return Node(file, line, column, data)
    raise TypeError(f"{type(data).__name__} is not plain data")


class _RefusedError(Exception):
    """Reading further makes no sense; the reason is among the problems."""


class _Composer:
    """Makes nodes of parser events, so that depth and expansion are bounded before anything is built."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.doubtful: set[str | int] = set()

    def compose(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._add(event, "a second document starts here; one file holds one document")
                    raise _RefusedError
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        return root

    def _add(self, event: Any, message: str, hint: str | None = None) -> None:
        mark = event.start_mark
        self.problems.append(Problem(self.name, mark.line + 1, mark.column + 1, message, hint))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        mark = event.start_mark  # made anew each time it is asked for
        node = Node(self.name, mark.line + 1, mark.column + 1)
        if depth > MAX_DEPTH:
            self._add(event, f"nested more than {MAX_DEPTH} levels deep")
            raise _RefusedError
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            self._fill_scalar(node, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._check_tag(event, "tag:yaml.org,2002:seq")
            node.items = []
            while not isinstance(below := next(events), yaml.SequenceEndEvent):
                item = self._node(below, events, depth + 1)
                node.items.append(item)
                self._grow(node, item.size, below)
        else:
            self._check_tag(event, "tag:yaml.org,2002:map")
            node.entries = {}
            while not isinstance(below := next(events), yaml.MappingEndEvent):
                self._entry(node, below, events, depth + 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _fill_scalar(self, node: Node, event: Any) -> None:
        try:
            node.value = resolve(event.value, event.tag, plain=event.implicit[0])
        except ScalarError as error:
            self._add(event, str(error))

    def _entry(self, node: Node, event: Any, events: Iterator[Any], depth: int) -> None:
        before = len(self.problems)
        key_node = self._node(event, events, depth)
        unread = len(self.problems) > before
        value = self._node(next(events), events, depth)
        self._grow(node, key_node.size + value.size, event)
        key = key_node.value
        if unread:
            pass
        elif key_node.entries is not None or key_node.items is not None:
            self._add(event, "a key must be a word, not a list or a mapping")
        elif isinstance(key, bool | float) or key is None:
            self._add(event, f"a key must be text or a whole number, not {_shown(key)}; quotes make it text")
        elif key == "<<":
            self._add(event, "merge keys '<<' are not supported; write the values out or use 'extends'")
        elif node.entries is not None and key in node.entries:
            first = node.entries[key][0]
            self._add(event, f"key '{key}' is already used on line {first.line}")
        elif node.entries is not None:
            node.entries[key] = (key_node, value)
        if depth == HEAD and len(self.problems) > before and isinstance(key, str | int):
            self.doubtful.add(key)

    def _alias(self, event: Any) -> Node:
        mark = event.start_mark
        if event.anchor not in self.anchors:
            self._add(
                event, f"alias '*{event.anchor}' has no anchor", did_you_mean(event.anchor, self.anchors)
            )
            raise _RefusedError
        target = self.anchors[event.anchor]
        if target is None:
            self._add(event, f"alias '*{event.anchor}' lies inside its own anchor")
            raise _RefusedError
        return Node(
            self.name, mark.line + 1, mark.column + 1, target.value, target.entries, target.items, target.size
        )

    def _grow(self, node: Node, size: int, event: Any) -> None:
        node.size += size
        if node.size > MAX_NODES:
            self._add(event, f"more than {MAX_NODES:,} values with aliases written out")
            raise _RefusedError

    def _check_tag(self, event: Any, expected: str) -> None:
        if event.tag not in (None, "!", expected):
            self._add(event, f"tag '{event.tag}' is not supported here")


def _shown(value: bool | float | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else str(value)


def _neighbour(file: Path) -> tuple[str | None, str]:
    """Return the file that was perhaps meant; if there is none, words for the few of its kind that are there."""
    folder = file.parent
    if not folder.is_dir():
        return None, f": there is no folder '{folder}'"
    names = sorted(entry.name for entry in folder.iterdir())
    by_stem = {Path(name).stem: name for name in names}
    stem = file.stem if file.stem in by_stem else did_you_mean(file.stem, by_stem)
    if stem is not None:
        return str(folder / by_stem[stem]), ""
    alike = [name for name in names if Path(name).suffix == file.suffix]
    return None, f"; beside it are {', '.join(alike)}" if 0 < len(alike) <= FEW else ""
