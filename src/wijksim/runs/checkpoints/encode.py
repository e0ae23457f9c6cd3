"""From objects to plain data: a numbered list of nodes, and arrays laid end to end by type.

A value is a plain scalar, or ``[n]``: node number ``n``. Every object has one node, however many refer to it, so that
shared references and cycles come back as they were. Nothing is changed by looking at it.
"""

from __future__ import annotations

import enum
import math
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijksim.runs.checkpoints.names import MADE, NotKeptError, arguments_of, name_of

Value = Any  # None, bool, int, float, str or a list of one int
Node = list[Any]
_SCALARS = (type(None), bool, int, str)


class Encoder:
    """Lays out the objects reachable from one.

    Parameters
    ----------
    plugins
        Modules that may be named beside those of wijksim.

    Attributes
    ----------
    nodes
        In the order in which they were met.
    """

    def __init__(self, plugins: Sequence[str] = ()) -> None:
        self.nodes: list[Node] = []
        self._plugins = tuple(plugins)
        self._number: dict[int, int] = {}
        self._alive: list[Any] = []  # states made on the way: their addresses must not be given out again
        self._pools: dict[str, list[NDArray[Any]]] = {}
        self._length: dict[str, int] = {}
        self._by_type: dict[type, Callable[[Any], Node]] = {
            float: lambda value: ["float", repr(value)],
            bytes: lambda value: ["bytes", value.hex()],
            list: lambda items: ["list", self._all(items)],
            tuple: lambda items: ["tuple", self._all(items)],
            set: lambda items: ["set", self._all(items)],
            frozenset: lambda items: ["frozenset", self._all(items)],
            dict: self._dict,
            np.ndarray: self._array,
            types.FunctionType: self._named,
            types.MethodType: self._method,
            types.MappingProxyType: lambda proxy: ["proxy", self.value(dict(proxy))],
            **dict.fromkeys(MADE, self._made),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every type of number in one array; ``pool0`` holds the type met first."""
        return {
            f"pool{number}": np.concatenate(parts, dtype=parts[0].dtype)  # in their own order of bytes
            for number, parts in enumerate(self._pools.values())
        }

    def value(self, found: Any) -> Value:
        """Value of an object, its node laid out if it is new.

        Raises
        ------
        NotKeptError
            If it, or something that it refers to, cannot be kept.
        """
        kind = type(found)
        if kind in _SCALARS or (kind is float and math.isfinite(found)):
            return found
        number = self._number.get(id(found))
        if number is None:
            number = self._number[id(found)] = len(self.nodes)
            self._alive.append(found)
            self.nodes.append([])
            self.nodes[number] = self._node(found)
        return [number]

    def _node(self, found: Any) -> Node:
        encode = self._by_type.get(type(found))
        if encode is not None:
            return encode(found)
        if isinstance(found, enum.Enum):
            if found.name not in type(found).__members__:
                raise NotKeptError(f"a code without a name of its own, {found!r}")
            return ["enum", self.value(type(found)), found.name]
        if isinstance(found, np.generic):
            return ["number", *self._pooled(np.array(found))]
        if isinstance(found, np.dtype):
            return ["dtype", found.str]
        if isinstance(found, type):
            return self._named(found)
        return self._object(found)

    def _all(self, items: Any) -> list[Value]:
        return [self.value(item) for item in items]

    def _dict(self, found: dict[Any, Any]) -> Node:
        node: Node = ["dict"]
        for key, item in found.items():
            node.append(self.value(key))
            try:
                node.append(self.value(item))
            except NotKeptError as error:
                if isinstance(key, str):
                    error.where.insert(0, key)
                raise
        return node

    def _array(self, found: NDArray[Any]) -> Node:
        if found.dtype.hasobject:
            if found.dtype.names is not None:
                raise NotKeptError("an array of records of objects")
            return ["objects", list(found.shape), self._all(found.ravel().tolist())]
        turned = found.flags.f_contiguous and not found.flags.c_contiguous
        pool, start = self._pooled(found.ravel(order="F" if turned else "C"))
        return ["array", pool, start, list(found.shape), "F" if turned else "C"]

    def _pooled(self, found: NDArray[Any]) -> tuple[int, int]:
        """Pool and place of the numbers of an array."""
        if found.dtype.names is not None or found.dtype.hasobject:
            raise NotKeptError("an array of records")
        kind = found.dtype.str
        parts = self._pools.setdefault(kind, [])
        start = self._length.get(kind, 0)
        parts.append(found.reshape(-1))
        self._length[kind] = start + found.size
        return list(self._pools).index(kind), start

    def _named(self, found: Any) -> Node:
        return ["named", name_of(found, self._plugins)]

    def _method(self, found: types.MethodType) -> Node:
        name = found.__func__.__name__
        if getattr(type(found.__self__), name, None) is not found.__func__:
            raise NotKeptError(f"a method {name!r} that its class does not have")
        return ["method", self.value(found.__self__), name]

    def _made(self, found: Any) -> Node:
        return ["made", self.value(type(found)), self._all(arguments_of(found))]

    def _object(self, found: Any) -> Node:
        kind = type(found)
        own_way = any("__reduce__" in vars(one) or "__reduce_ex__" in vars(one) for one in kind.__mro__[:-1])
        try:
            if isinstance(found, tuple):
                return ["record", self.value(kind), self._all(tuple(found))]
            if own_way or isinstance(found, list | dict | set | frozenset | str | int | float | bytes):
                raise NotKeptError(f"a '{kind.__module__}.{kind.__qualname__}'")
            known = self.value(kind)
            return ["object", known, self.value(found.__getstate__())]
        except NotKeptError as error:
            error.where.insert(0, kind.__name__)
            raise
