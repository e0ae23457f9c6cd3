"""Find and read place profiles; report everything that is wrong with one, with its place in the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from wijksim.core.documents import Document, load
from wijksim.core.errors import InputError, Problem, did_you_mean
from wijksim.places.schema import Place

SHIPPED = Path(__file__).parent
SUFFIXES = (".yaml", ".yml")

_WORDS = {
    "missing": "this figure is missing",
    "float_type": "a number is expected here",
    "float_parsing": "a number is expected here",
    "int_type": "a whole number is expected here",
    "int_parsing": "a whole number is expected here",
    "int_from_float": "a whole number is expected here",
    "string_type": "text is expected here",
    "model_type": "a mapping is expected here",
    "model_attributes_type": "a mapping is expected here",
    "dict_type": "a mapping is expected here",
}


def place_names() -> tuple[str, ...]:
    """Return the names of the shipped places, sorted."""
    return _names(SHIPPED)


@cache
def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_place(name_or_path: str | Path) -> Place:
    """Read a shipped place by name, or a place file by path.

    Text is a path if it ends in ``.yaml`` or ``.yml``, else a name.

    Raises
    ------
    InputError
        If there is no such place, or with every missing, misspelt, out-of-range or contradictory
        figure of the file.
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(SUFFIXES):
        return read_place(Path(name_or_path))
    if name_or_path not in place_names():
        message = f"there is no place '{name_or_path}' (shipped: {', '.join(place_names())})"
        raise InputError([Problem("place", 1, 1, message, did_you_mean(name_or_path, place_names()))])
    return _shipped(name_or_path)


def base_places() -> tuple[Place, ...]:
    """Return the shipped places that stand by themselves: no figure is drawn from other places."""
    return tuple(place for place in map(load_place, place_names()) if not place.on_lines)


@cache
def places_saying(key: str) -> tuple[str, ...]:
    """Return the names of the shipped places whose file has a key: bytes are searched sooner than files are read."""
    word = key.encode()
    return tuple(name for name in place_names() if word in (SHIPPED / f"{name}.yaml").read_bytes())


@cache
def _shipped(name: str) -> Place:
    return read_place(SHIPPED / f"{name}.yaml")


def read_place(path: Path) -> Place:
    """Read one place file.

    Raises
    ------
    InputError
        With all problems of the file at once.
    """
    document = load(path, lenient=True)
    try:
        place = Place.model_validate(document.data)
    except ValidationError as error:
        found = [_problem(document, dict(item)) for item in error.errors()]
        raise InputError(document.and_what_follows(found)) from None
    if document.problems:  # with a figure that could not be read, what contradicts it may be right
        raise InputError(document.problems)
    contradictions = place.inconsistencies()
    if contradictions:
        raise InputError(document.problem(keys, message) for keys, message in contradictions)
    return place


def _problem(document: Document, error: dict[str, Any]) -> Problem:
    keys = tuple(error["loc"])
    kind = str(error["type"])
    name = ".".join(str(key) for key in keys)
    if kind == "extra_forbidden":
        known = _fields(keys[:-1])
        return document.problem(
            keys, f"unknown key '{name}'", did_you_mean(str(keys[-1]), known), at_key=True
        )
    message = _WORDS.get(kind, str(error["msg"]).removeprefix("Value error, "))
    if kind in _WORDS or not message.startswith("shares of"):
        message = f"{name}: {message[:1].lower()}{message[1:]}"
        if kind not in ("missing", "value_error"):
            message += f", not {error['input']!r}"
    return document.problem(keys, message)


def _fields(keys: tuple[str | int, ...]) -> list[str]:
    """Names that are known at a key path."""
    model: Any = Place
    for key in keys:
        if isinstance(model, type) and issubclass(model, BaseModel) and str(key) in model.model_fields:
            model = model.model_fields[str(key)].annotation
        candidates = [model, *get_args(model)]
        models = [item for item in candidates if isinstance(item, type) and issubclass(item, BaseModel)]
        if not models:
            return []
        model = models[0]
    return list(model.model_fields)
