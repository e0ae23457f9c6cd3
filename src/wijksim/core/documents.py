"""The one reader of YAML: plain data, the place of every key and value, and every problem at once.

It follows the core schema of YAML 1.2: ``no``, ``on``, ``yes`` and ``off`` are text, so are dates and
``1_000``; ``1e3`` is a number, ``0o17`` is octal. PyYAML supplies the parser, its own resolvers (YAML 1.1)
are not used. Anchors and aliases work; merge keys (``<<``), several documents in one file, and keys that
are not text or whole numbers are refused. Size, depth and the number of values after expansion of aliases are
capped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.core.scalars import NOT_PRINTABLE, ScalarError, resolve

type KeyPath = Sequence[str | int]

MAX_BYTES = 10_000_000
MAX_NODES = 200_000
MAX_DEPTH = 60

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_COLON = "a ':' is not expected here (wrong indentation, or text that needs quotes)"
_PLAIN_WORDS = {
    "found character that cannot start any token": "this character cannot start a value "
    "(a tab may not indent; text that starts with % @ ` needs quotes)",
    "found character '\\t' that cannot start any token": "a tab may not indent, use spaces",
    "mapping values are not allowed here": _COLON,
    "mapping values are not allowed in this context": _COLON,
    "found unexpected ':'": "a space is missing after this ':'",
    "did not find expected key": "a key is expected here (check the indentation)",
    "could not find expected ':'": "a ':' is missing after this key",
    "did not find expected ',' or ']'": "a ',' or ']' is missing",
    "did not find expected ',' or '}'": "a ',' or '}' is missing",
    "found unexpected end of stream": "a quote is not closed",
    "did not find expected node content": "a value is expected here",
    "did not find expected '-' indicator": "an item '- ...' is expected here (check the indentation)",
}


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
    """

    path: str
    data: dict[Any, Any]
    positions: Node = field(repr=False)

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


def load(path: str | Path) -> Document:
    """Read one YAML file.

    Raises
    ------
    InputError
        If it is missing, unreadable, not UTF-8, too large, empty, not YAML or not a mapping, or has duplicate
        or unusable keys. Never anything else.
    """
    name = str(path)

    def refuse(message: str, hint: str | None = None) -> InputError:
        return InputError([Problem(name, 1, 1, message, hint)])

    try:
        file = Path(path)
        if file.is_dir():
            raise refuse("this is a folder, a YAML file is expected")
        if not file.exists():
            raise refuse("there is no such file", _neighbour(file))
        if not file.is_file():
            raise refuse("this is not an ordinary file")
        if file.stat().st_size > MAX_BYTES:
            raise refuse(f"the file is larger than {MAX_BYTES:,} bytes")
        raw = file.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refuse(f"the file cannot be read: {reason}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        line, column = _place(before, len(before))
        raise InputError([Problem(name, line, column, "the file is not UTF-8 text")]) from None
    return load_text(text, name)


def load_text(text: str, name: str) -> Document:
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
        line, column = _place(text, bad.start())
        message = f"the file holds a character that is not text (U+{ord(bad.group()):04X})"
        raise InputError([Problem(name, line, column, message)])
    composer = _Composer(name)
    root: Node | None = None
    try:
        root = composer.compose(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        composer.problems.append(_syntax_problem(name, text, error))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The parser written in Python lets a bad escape such as "\U00110000" through as a ValueError.
        composer.problems.append(Problem(name, 1, 1, f"not valid YAML: {error}"))
    except _RefusedError:
        pass
    if composer.problems:
        raise InputError(composer.problems)
    if root is None or (root.entries is None and root.items is None and root.value is None):
        raise InputError([Problem(name, 1, 1, "the file is empty")])
    if root.entries is None:
        raise InputError([root.problem("the file must hold keys with values ('key: value')")])
    return Document(name, root.data(), root)


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
        key_node = self._node(event, events, depth)
        value = self._node(next(events), events, depth)
        self._grow(node, key_node.size + value.size, event)
        key = key_node.value
        if key_node.entries is not None or key_node.items is not None:
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


def _place(text: str, index: int) -> tuple[int, int]:
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _syntax_problem(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or "the parser gives no reason"
    # The parser notices an unclosed quote or bracket at the end of the file; people look for where it opens.
    if error.context_mark is not None and mark is not None and mark.line >= text.rstrip().count("\n") + 1:
        mark = error.context_mark
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    if 0 < line <= len(lines) and "cannot start any token" in reason and "\t" in lines[line - 1][:column]:
        reason = "found character '\\t' that cannot start any token"
    return Problem(name, line, column, f"not valid YAML: {_PLAIN_WORDS.get(reason, reason)}")


def _neighbour(file: Path) -> str | None:
    folder = file.parent
    if not folder.is_dir():
        return None
    guess = did_you_mean(file.name, (entry.name for entry in folder.iterdir()))
    return None if guess is None else str(folder / guess)
