"""Errors of the schema in plain words, each at its line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wijksim.core.documents import Node
from wijksim.core.errors import Problem, did_you_mean
from wijksim.core.scalars import core_value
from wijksim.scenario.schema import KEYS

_KEY = "[key]"
_LONGEST = 20  # characters of a text that is looked at to see whether it is a number


def _not(error: ErrorDetails) -> str:
    return f", not {shown(error['input'])}"


def _not_number(error: ErrorDetails) -> str:
    given = error["input"]
    quoted = isinstance(given, str) and not isinstance(core_value(given[:_LONGEST]), str)
    return f"{_not(error)}{' (take the quotes away)' if quoted and given else ''}"


_WORDS: Mapping[str, Callable[[ErrorDetails, Mapping[str, Any]], str]] = {
    "int_type": lambda error, _: f"must be a whole number{_not_number(error)}",
    "int_from_float": lambda error, _: f"must be a whole number{_not(error)}",
    "float_type": lambda error, _: f"must be a number{_not_number(error)}",
    "bool_type": lambda error, _: f"must be true or false{_not(error)}",
    "string_type": lambda error, _: f"must be text{_not(error)}",
    "list_type": lambda error, _: f"must be a list{_not(error)}",
    "dict_type": lambda error, _: f"must be keys with values{_not(error)}",
    "model_type": lambda error, _: f"must be keys with values{_not(error)}",
    "model_attributes_type": lambda error, _: f"must be keys with values{_not(error)}",
    "finite_number": lambda error, _: f"must be a finite number{_not(error)}",
    "greater_than": lambda error, ctx: f"must be more than {_bound(ctx['gt'])}{_not(error)}",
    "greater_than_equal": lambda error, ctx: f"must be at least {_bound(ctx['ge'])}{_not(error)}",
    "less_than_equal": lambda error, ctx: f"must be at most {_bound(ctx['le'])}{_not(error)}",
    "string_too_short": lambda *_: "must not be empty",
    "too_short": lambda *_: "must not be empty",
    "too_long": lambda _, ctx: f"must not have more than {ctx['max_length']} items",
    "string_pattern_mismatch": lambda error, _: f"must be the name of a Python module{_not(error)}",
    "literal_error": lambda error, ctx: f"must be {ctx['expected']}{_not(error)}",
    "plain": lambda error, _: f"{error['msg']}{_not(error)}",
}


Keys = Mapping[tuple[str, ...], tuple[str, ...]]


def problems_of(
    error: ValidationError, root: Node, keys: Keys = KEYS
) -> list[tuple[Problem, tuple[str | int, ...]]]:
    """Turn a pydantic error into problems, each with the key path that is to blame.

    ``keys`` are those of the grammar, by the place they stand in; for suggestions. What is missing because it was
    misspelt is told once, where it stands.
    """
    every = [(details, *_problem(details, root, keys)) for details in error.errors(include_url=False)]
    meant = {(*path[:-1], problem.hint) for _, problem, path in every if path and problem.hint is not None}
    return [
        (problem, path)
        for details, problem, path in every
        if details["type"] != "missing" or (*path, details["loc"][-1]) not in meant
    ]


def shown(value: object) -> str:
    """Say in a few words what was given."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:37] + '...'}'"
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, Sequence):
        return "a list"
    return str(value)


def keys_at(path: Sequence[str | int], known: Keys = KEYS) -> tuple[str, ...]:
    """Return the keys that are allowed in the mapping at a key path; empty if any are."""
    for pattern, keys in known.items():
        if len(pattern) == len(path) and all(
            part in ("*", given) for part, given in zip(pattern, path, strict=True)
        ):
            return keys
    return ()


def _problem(details: ErrorDetails, root: Node, keys: Keys) -> tuple[Problem, tuple[str | int, ...]]:
    location = details["loc"]
    kind = details["type"]
    at_key = bool(location) and location[-1] == _KEY
    path = _path(location[:-1] if at_key or kind == "missing" else location, root)
    if kind == "missing":
        name = location[-1]
        where = root.find(path)
        return where.problem(f"'{name}' is missing" + (f" in {_name(path)}" if path else "")), path
    if kind == "extra_forbidden":
        options = keys_at(path[:-1], keys)
        guess = did_you_mean(str(path[-1]), options)
        choice = "" if guess or len(path) == 1 else f", choose from {', '.join(options)}"
        message = f"unknown key '{path[-1]}'{choice}"
        return root.key_node(path).problem(message, guess), path
    words = _WORDS.get(kind)
    text = (
        words(details, details.get("ctx", {})) if words else details["msg"][:1].lower() + details["msg"][1:]
    )
    node = root.key_node(path) if at_key else root.find(path)
    return node.problem(f"{'the key ' if at_key else ''}{_name(path)} {text}"), path


def _path(location: Sequence[str | int], root: Node) -> tuple[str | int, ...]:
    """Keep the parts of a pydantic location that exist in the document; it also names its own models."""
    node, path = root, []
    for part in location:
        below = node.child(part)
        if below is not None:
            path.append(part)
            node = below
    return tuple(path)


def _name(path: Sequence[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) and text else f".{part}" if text else str(part)
    return f"'{text}'"


def _bound(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"
