"""Which classes and functions a checkpoint may name, and how.

Reading a checkpoint must not be able to run what somebody wrote into it. A name is therefore looked up and never
called on the say-so of a file, and only names of wijksim, of the plug-ins of the scenario and of a short list are.
"""

from __future__ import annotations

import collections
import datetime
import functools
import importlib
import operator
import sys
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

ROOT = "wijksim"


class NotKeptError(TypeError):
    """Something that a checkpoint cannot hold; ``where`` leads to it from the outside in."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.where: list[str] = []

    def __str__(self) -> str:
        return f"{self.what} (in {'.'.join(self.where)})" if self.where else self.what


class NotAllowedError(ValueError):
    """A checkpoint names what it may not name, or what does not exist."""


_NUMBERS = (
    np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64,
)  # fmt: skip
_PLAIN = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset, object)
# made again from their arguments: plain values that hold nothing which could refer back to them
MADE: tuple[type, ...] = (
    collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque, datetime.date,
    datetime.datetime, datetime.timedelta, functools.partial, operator.itemgetter, range, slice,
)  # fmt: skip


def _full(found: Any) -> str:
    return f"{found.__module__}:{found.__qualname__}"


_KNOWN: dict[str, type] = {_full(kind): kind for kind in (*_NUMBERS, *_PLAIN, *MADE)}


def name_of(found: Any, plugins: Iterable[str]) -> str:
    """Name under which a class or function is found again.

    Raises
    ------
    NotKeptError
        If it would not be found, or not allowed.
    """
    name = _full(found)
    try:
        again = resolve(name, plugins)
    except NotAllowedError as error:
        raise NotKeptError(str(error)) from error
    if again is not found:
        raise NotKeptError(f"another '{name}' has taken the name of this one")
    return name


def resolve(name: str, plugins: Iterable[str]) -> Any:
    """Return the class or function of that name.

    Parameters
    ----------
    name
        ``module:qualified name``.
    plugins
        Modules that the scenario names; what they hold is allowed too.

    Raises
    ------
    NotAllowedError
        If the name is not one of those allowed, or nothing there defines it.
    """
    if name in _KNOWN:
        return _KNOWN[name]
    module, _, path = name.partition(":")
    roots = (ROOT, *plugins)
    if not any(module == root or module.startswith(f"{root}.") for root in roots):
        raise NotAllowedError(f"'{name}' belongs neither to {ROOT} nor to a plug-in of the scenario")
    if module.rpartition(".")[2] == "__main__":
        raise NotAllowedError(f"'{name}' is in a program, not in a module")
    try:
        found: Any = sys.modules.get(module) or importlib.import_module(module)
        for part in path.split("."):
            found = vars(found)[part]
    except (ImportError, KeyError, TypeError) as error:
        raise NotAllowedError(f"there is no '{name}'") from error
    # a module also holds what it imports: only what it defines itself is meant
    defined = isinstance(found, type | types.FunctionType) and _full(found) == name
    if not defined:
        raise NotAllowedError(f"'{name}' is not a class or function that its module defines")
    return found


def arguments_of(made: Any) -> tuple[Any, ...]:
    """Arguments from which something of :data:`MADE` is made again."""
    if isinstance(made, collections.deque):
        return (list(made), made.maxlen)
    if isinstance(made, collections.defaultdict):
        return (made.default_factory, dict(made))
    if isinstance(made, dict):
        return (dict(made),)
    if isinstance(made, functools.partial):
        return (made.func, made.args, made.keywords)
    if isinstance(made, range | slice):
        return (made.start, made.stop, made.step)
    if isinstance(made, datetime.timedelta):
        return (made.days, made.seconds, made.microseconds)
    if isinstance(made, datetime.datetime):
        if made.tzinfo is not None:
            raise NotKeptError("a time with a time zone")
        return (made.year, made.month, made.day, made.hour, made.minute, made.second, made.microsecond)
    if isinstance(made, datetime.date):
        return (made.year, made.month, made.day)
    return tuple(made.__reduce__()[1])


def make(kind: type, arguments: list[Any]) -> Any:
    """Make something of :data:`MADE` again.

    Raises
    ------
    NotAllowedError
        If ``kind`` is something else.
    """
    if kind not in MADE:
        raise NotAllowedError(f"'{_full(kind)}' is not made from arguments")
    if kind is functools.partial:
        function, positional, named = arguments
        return functools.partial(function, *positional, **named)
    return kind(*arguments)
