"""From plain data back to objects, in the order of a pickle and with none of its powers.

An object is made empty and then given its state; no constructor runs but those of the few types of
:data:`wijksim.runs.checkpoints.names.MADE`.
"""

from __future__ import annotations

import enum
import math
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.runs.checkpoints.encode import Node, Value
from wijksim.runs.checkpoints.names import NotAllowedError, make, resolve

_UNMADE = object()


class Decoder:
    """Makes the objects of one checkpoint.

    Parameters
    ----------
    nodes, arrays
        As an :class:`~wijksim.runs.checkpoints.encode.Encoder` laid them out.
    plugins
        Modules that may be named beside those of wijksim.
    """

    def __init__(
        self, nodes: Sequence[Node], arrays: Mapping[str, NDArray[Any]], plugins: Sequence[str] = ()
    ) -> None:
        self._nodes = nodes
        self._pools = [arrays[f"pool{number}"] for number in range(len(arrays))]
        self._plugins = tuple(plugins)
        self._made: list[Any] = [_UNMADE] * len(nodes)
        self._filled: dict[str, Callable[[int, Node], None]] = {
            "list": self._list, "set": self._set, "dict": self._dict, "object": self._object,
        }  # fmt: skip
        self._whole: dict[str, Callable[[Node], Any]] = {
            "float": lambda node: float(node[1]),
            "bytes": lambda node: bytes.fromhex(node[1]),
            "tuple": lambda node: tuple(self._all(node[1])),
            "frozenset": lambda node: frozenset(self._all(node[1])),
            "proxy": lambda node: types.MappingProxyType(self.value(node[1])),
            "array": self._array,
            "objects": self._objects,
            "number": lambda node: self._pools[node[1]][node[2]],
            "dtype": lambda node: np.dtype(node[1]),
            "named": lambda node: resolve(node[1], self._plugins),
            "enum": self._enum,
            "method": self._method,
            "record": self._record,
            "made": lambda node: make(self._class(node[1]), self._all(node[2])),
        }

    def value(self, value: Value) -> Any:
        """Object of a value.

        Raises
        ------
        NotAllowedError
            If the checkpoint names what it may not name, or is not made like one.
        """
        if type(value) is not list:
            return value
        (number,) = value
        if self._made[number] is _UNMADE:
            self._make(number)
        return self._made[number]

    def _make(self, number: int) -> None:
        node = self._nodes[number]
        fill = self._filled.get(node[0])
        if fill is not None:
            fill(number, node)
            return
        whole = self._whole.get(node[0])
        if whole is None:
            raise NotAllowedError(f"a checkpoint has no nodes of kind {node[0]!r}")
        made = whole(node)
        # what holds something that refers back to it has been made on the way: there must be one of it
        if self._made[number] is _UNMADE:
            self._made[number] = made

    def _all(self, values: Sequence[Value]) -> list[Any]:
        return [self.value(value) for value in values]

    def _list(self, number: int, node: Node) -> None:
        made: list[Any] = []
        self._made[number] = made
        made.extend(self._all(node[1]))

    def _set(self, number: int, node: Node) -> None:
        made: set[Any] = set()
        self._made[number] = made
        made.update(self._all(node[1]))

    def _dict(self, number: int, node: Node) -> None:
        made: dict[Any, Any] = {}
        self._made[number] = made
        for place in range(1, len(node), 2):
            key = self.value(node[place])
            # attributes are found quicker by the very string of the source
            made[sys.intern(key) if type(key) is str else key] = self.value(node[place + 1])

    def _object(self, number: int, node: Node) -> None:
        kind = self._class(node[1])
        made: Any = object.__new__(kind)
        self._made[number] = made
        state = self.value(node[2])
        restore = getattr(kind, "__setstate__", None)
        if restore is not None:
            restore(made, state)
            return
        plain, slots = state if isinstance(state, tuple) else (state, None)
        made.__dict__.update(plain or {})
        for name, value in (slots or {}).items():
            object.__setattr__(made, name, value)

    def _class(self, value: Value) -> type:
        kind = self.value(value)
        if not isinstance(kind, type):
            raise NotAllowedError(f"{kind!r} is not a class")
        return kind

    def _array(self, node: Node) -> NDArray[Any]:
        _, pool, start, shape, order = node
        flat = self._pools[pool][start : start + math.prod(shape)]
        return flat.reshape(shape, order=order).copy(order=order)

    def _objects(self, node: Node) -> NDArray[Any]:
        made: NDArray[Any] = np.empty(math.prod(node[1]), dtype=object)
        for place, value in enumerate(node[2]):
            made[place] = self.value(value)
        return made.reshape(node[1])

    def _enum(self, node: Node) -> Any:
        kind = self._class(node[1])
        if not issubclass(kind, enum.Enum):
            raise NotAllowedError(f"{kind!r} has no codes")
        return kind[node[2]]

    def _method(self, node: Node) -> Any:
        owner, name = self.value(node[1]), node[2]
        function = getattr(type(owner), name, None)
        if not isinstance(function, types.FunctionType):
            raise NotAllowedError(f"{type(owner).__qualname__} has no method {name!r}")
        return types.MethodType(function, owner)

    def _record(self, node: Node) -> Any:
        kind = self._class(node[1])
        if not issubclass(kind, tuple):
            raise NotAllowedError(f"{kind!r} is not a record")
        return tuple.__new__(kind, self._all(node[2]))
